"""Reports made by users.

Revision ID: kit_0007
"""

from cellkit.db.migrate import run_all

revision = "kit_0007"
down_revision = "kit_0006"
branch_labels = None
depends_on = None

STATEMENTS: list[str] = [
    """
CREATE TABLE kit_report_definition (
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
    name TEXT NOT NULL,
    entity TEXT NOT NULL,
    definition JSONB NOT NULL,
    description TEXT,
    sharing TEXT NOT NULL,
    roles JSONB,
    search_text TEXT,
    extension JSONB,
    CONSTRAINT pk_kit_report_definition PRIMARY KEY (tenant_id, id)
)
""",
    """
CREATE INDEX ix_kit_report_definition_department_id ON kit_report_definition (tenant_id, department_id, id)
""",
    """
CREATE INDEX ix_kit_report_definition_entity ON kit_report_definition (tenant_id, entity, id)
""",
    """
CREATE INDEX ix_kit_report_definition_owner_id ON kit_report_definition (tenant_id, owner_id, id)
""",
    """
CREATE UNIQUE INDEX uq_kit_report_definition_source ON kit_report_definition (tenant_id, source) WHERE source IS NOT NULL
""",
    """
ALTER TABLE "kit_report_definition" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_report_definition" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE INDEX "ix_kit_report_definition_search" ON "kit_report_definition" USING gin (search_text gin_trgm_ops) WITH (gin_pending_list_limit = 128)
""",
    """
CREATE FUNCTION "kit_report_definition_search"(pattern text, before uuid, most integer) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE 'SELECT id FROM "kit_report_definition" WHERE tenant_id = nullif(current_setting(''cellkit.tenant'', true), '''')::uuid'
        ' AND search_text LIKE $1 AND ($2 IS NULL OR id < $2) ORDER BY id DESC LIMIT $3' USING pattern, before, most;
END $$
""",
    """
CREATE TABLE kit_report_subscription (
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
    name TEXT NOT NULL,
    report TEXT NOT NULL,
    parameters JSONB,
    cron TEXT NOT NULL,
    recipients JSONB NOT NULL,
    format TEXT NOT NULL,
    when_empty BOOLEAN,
    active BOOLEAN,
    next_at TIMESTAMP WITH TIME ZONE,
    last_at TIMESTAMP WITH TIME ZONE,
    extension JSONB,
    CONSTRAINT pk_kit_report_subscription PRIMARY KEY (tenant_id, id)
)
""",
    """
CREATE INDEX ix_kit_report_subscription_department_id ON kit_report_subscription (tenant_id, department_id, id)
""",
    """
CREATE INDEX ix_kit_report_subscription_next_at ON kit_report_subscription (tenant_id, next_at, id)
""",
    """
CREATE INDEX ix_kit_report_subscription_owner_id ON kit_report_subscription (tenant_id, owner_id, id)
""",
    """
CREATE UNIQUE INDEX uq_kit_report_subscription_source ON kit_report_subscription (tenant_id, source) WHERE source IS NOT NULL
""",
    """
ALTER TABLE "kit_report_subscription" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_report_subscription" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_report_delivery (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    user_id TEXT NOT NULL,
    subscription_id UUID NOT NULL,
    name TEXT NOT NULL,
    format TEXT NOT NULL,
    content BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (tenant_id, id)
)
""",
    """
CREATE INDEX ix_kit_report_delivery_created_at ON kit_report_delivery USING brin (created_at) WITH (autosummarize = on)
""",
    """
CREATE INDEX ix_kit_report_delivery_user ON kit_report_delivery (tenant_id, user_id, id)
""",
    """
ALTER TABLE "kit_report_delivery" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_report_delivery" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
]


def upgrade() -> None:
    run_all(STATEMENTS)
