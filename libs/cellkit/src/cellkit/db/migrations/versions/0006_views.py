"""Saved views.

Revision ID: kit_0006
"""

from cellkit.db.migrate import run_all

revision = "kit_0006"
down_revision = "kit_0005"
branch_labels = None
depends_on = None

STATEMENTS: list[str] = [
    """
CREATE TABLE kit_view (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    owner_id TEXT,
    department_id TEXT,
    source TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_by TEXT NOT NULL,
    entity TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    settings JSONB NOT NULL,
    sharing TEXT NOT NULL,
    roles JSONB,
    role_default BOOLEAN,
    search_text TEXT,
    extension JSONB,
    CONSTRAINT pk_kit_view PRIMARY KEY (tenant_id, id)
)
""",
    """
CREATE INDEX ix_kit_view_department_id ON kit_view (tenant_id, department_id, id)
""",
    """
CREATE INDEX ix_kit_view_entity_owner_id ON kit_view (tenant_id, entity, owner_id)
""",
    """
CREATE INDEX ix_kit_view_owner_id ON kit_view (tenant_id, owner_id, id)
""",
    """
CREATE UNIQUE INDEX uq_kit_view_source ON kit_view (tenant_id, source) WHERE source IS NOT NULL
""",
    """
ALTER TABLE "kit_view" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_view" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE INDEX "ix_kit_view_search" ON "kit_view" USING gin (search_text gin_trgm_ops) WITH (gin_pending_list_limit = 128)
""",
    """
CREATE FUNCTION "kit_view_search"(pattern text, before uuid, most integer) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE 'SELECT id FROM "kit_view" WHERE tenant_id = nullif(current_setting(''cellkit.tenant'', true), '''')::uuid'
        ' AND search_text LIKE $1 AND ($2 IS NULL OR id < $2) ORDER BY id DESC LIMIT $3' USING pattern, before, most;
END $$
""",
    """
CREATE TABLE kit_view_default (
    tenant_id UUID NOT NULL,
    user_id TEXT NOT NULL,
    entity TEXT NOT NULL,
    view TEXT NOT NULL,
    PRIMARY KEY (tenant_id, user_id, entity)
)
""",
    """
ALTER TABLE "kit_view_default" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_view_default" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
]


def upgrade() -> None:
    run_all(STATEMENTS)
