"""Print templates.

Revision ID: kit_0008
"""

from cellkit.db.migrate import run_all

revision = "kit_0008"
down_revision = "kit_0007"
branch_labels = None
depends_on = None

STATEMENTS: list[str] = [
    """
CREATE TABLE kit_print_template (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    owner_id TEXT,
    department_id TEXT,
    source TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_by TEXT NOT NULL,
    name TEXT NOT NULL,
    entity TEXT NOT NULL,
    print TEXT NOT NULL,
    code TEXT,
    revision BIGINT,
    paper TEXT NOT NULL,
    mode TEXT,
    layout JSONB,
    program TEXT,
    logo UUID,
    note TEXT,
    search_text TEXT,
    extension JSONB,
    CONSTRAINT pk_kit_print_template PRIMARY KEY (tenant_id, id)
)
""",
    """
CREATE INDEX ix_kit_print_template_entity_print_code_state ON kit_print_template (tenant_id, entity, print, code, state)
""",
    """
CREATE INDEX ix_kit_print_template_state ON kit_print_template (tenant_id, state, id)
""",
    """
CREATE UNIQUE INDEX uq_kit_print_template_source ON kit_print_template (tenant_id, source) WHERE source IS NOT NULL
""",
    """
ALTER TABLE "kit_print_template" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_print_template" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE INDEX "ix_kit_print_template_search" ON "kit_print_template" USING gin (search_text gin_trgm_ops) WITH (gin_pending_list_limit = 128)
""",
    """
CREATE FUNCTION "kit_print_template_search"(pattern text, before uuid, most integer) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE 'SELECT id FROM "kit_print_template" WHERE tenant_id = nullif(current_setting(''cellkit.tenant'', true), '''')::uuid'
        ' AND search_text LIKE $1 AND ($2 IS NULL OR id < $2) ORDER BY id DESC LIMIT $3' USING pattern, before, most;
END $$
""",
    """
CREATE TABLE kit_print_count (
    tenant_id UUID NOT NULL,
    entity TEXT NOT NULL,
    entity_id UUID NOT NULL,
    print TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, entity, entity_id, print)
)
""",
    """
ALTER TABLE "kit_print_count" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_print_count" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_print_log (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    entity TEXT NOT NULL,
    entity_id UUID NOT NULL,
    print TEXT NOT NULL,
    format TEXT NOT NULL,
    copies INTEGER NOT NULL,
    count INTEGER NOT NULL,
    template_id UUID,
    revision INTEGER NOT NULL,
    printed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    printed_by TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
)
""",
    """
CREATE INDEX ix_kit_print_log_entity ON kit_print_log (tenant_id, entity, entity_id, id)
""",
    """
ALTER TABLE "kit_print_log" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_print_log" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
]


def upgrade() -> None:
    run_all(STATEMENTS)
