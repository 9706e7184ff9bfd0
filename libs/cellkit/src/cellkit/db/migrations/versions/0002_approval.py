"""Approval.

Revision ID: kit_0002
"""

from cellkit.db.migrate import run_all

revision = "kit_0002"
down_revision = "kit_0001"
branch_labels = None
depends_on = None

STATEMENTS: list[str] = [
    """
CREATE TABLE kit_approval_delegation (
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
    user_id TEXT,
    delegate_id TEXT NOT NULL,
    valid_from TIMESTAMP WITH TIME ZONE,
    valid_to TIMESTAMP WITH TIME ZONE NOT NULL,
    entity TEXT,
    enabled BOOLEAN,
    reason TEXT,
    extension JSONB,
    CONSTRAINT pk_kit_approval_delegation PRIMARY KEY (tenant_id, id)
)
""",
    """
CREATE INDEX ix_kit_approval_delegation_delegate_id ON kit_approval_delegation (tenant_id, delegate_id, id)
""",
    """
CREATE INDEX ix_kit_approval_delegation_department_id ON kit_approval_delegation (tenant_id, department_id, id)
""",
    """
CREATE INDEX ix_kit_approval_delegation_owner_id ON kit_approval_delegation (tenant_id, owner_id, id)
""",
    """
CREATE INDEX ix_kit_approval_delegation_user_id ON kit_approval_delegation (tenant_id, user_id, id)
""",
    """
CREATE INDEX ix_kit_approval_delegation_user_id_enabled ON kit_approval_delegation (tenant_id, user_id, enabled)
""",
    """
CREATE UNIQUE INDEX uq_kit_approval_delegation_source ON kit_approval_delegation (tenant_id, source) WHERE source IS NOT NULL
""",
    """
ALTER TABLE "kit_approval_delegation" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_approval_delegation" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_approval_flow (
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
    verb TEXT,
    priority BIGINT,
    definition JSONB,
    published JSONB,
    published_version BIGINT,
    published_at TIMESTAMP WITH TIME ZONE,
    note TEXT,
    search_text TEXT,
    extension JSONB,
    CONSTRAINT pk_kit_approval_flow PRIMARY KEY (tenant_id, id)
)
""",
    """
CREATE INDEX ix_kit_approval_flow_entity ON kit_approval_flow (tenant_id, entity, id)
""",
    """
CREATE INDEX ix_kit_approval_flow_entity_state_priority ON kit_approval_flow (tenant_id, entity, state, priority)
""",
    """
CREATE INDEX ix_kit_approval_flow_state ON kit_approval_flow (tenant_id, state, id)
""",
    """
CREATE UNIQUE INDEX uq_kit_approval_flow_source ON kit_approval_flow (tenant_id, source) WHERE source IS NOT NULL
""",
    """
ALTER TABLE "kit_approval_flow" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_approval_flow" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE INDEX "ix_kit_approval_flow_search" ON "kit_approval_flow" USING gin (search_text gin_trgm_ops) WITH (gin_pending_list_limit = 128)
""",
    """
CREATE FUNCTION "kit_approval_flow_search"(pattern text, before uuid, most integer) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE 'SELECT id FROM "kit_approval_flow" WHERE tenant_id = nullif(current_setting(''cellkit.tenant'', true), '''')::uuid'
        ' AND search_text LIKE $1 AND ($2 IS NULL OR id < $2) ORDER BY id DESC LIMIT $3' USING pattern, before, most;
END $$
""",
    """
CREATE TABLE kit_approval_flow_version (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    position BIGINT GENERATED ALWAYS AS IDENTITY,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    flow_id UUID NOT NULL,
    flow_version BIGINT NOT NULL,
    entity TEXT NOT NULL,
    definition JSONB,
    CONSTRAINT pk_kit_approval_flow_version PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_kit_approval_flow_version_flow_id_flow_version UNIQUE (tenant_id, flow_id, flow_version),
    CONSTRAINT fk_kit_approval_flow_version_flow_id FOREIGN KEY(tenant_id, flow_id) REFERENCES kit_approval_flow (tenant_id, id)
)
""",
    """
CREATE INDEX ix_kit_approval_flow_version_position ON kit_approval_flow_version (tenant_id, position)
""",
    """
ALTER TABLE "kit_approval_flow_version" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_approval_flow_version" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_approval (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    entity TEXT NOT NULL,
    document_id UUID NOT NULL,
    title TEXT NOT NULL,
    verb TEXT,
    parameters JSONB,
    flow_id UUID,
    flow_version INTEGER NOT NULL,
    flow JSONB NOT NULL,
    state JSONB NOT NULL,
    status TEXT NOT NULL,
    step TEXT NOT NULL,
    starter_id TEXT NOT NULL,
    starter_name TEXT NOT NULL,
    owner_id TEXT,
    department_id TEXT,
    version BIGINT NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, id)
)
""",
    """
CREATE INDEX ix_kit_approval_document ON kit_approval (tenant_id, entity, document_id, id)
""",
    """
CREATE INDEX ix_kit_approval_starter ON kit_approval (tenant_id, starter_id, id)
""",
    """
CREATE UNIQUE INDEX uq_kit_approval_running ON kit_approval (tenant_id, entity, document_id) WHERE status = 'running'
""",
    """
ALTER TABLE "kit_approval" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_approval" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_approval_entry (
    tenant_id UUID NOT NULL,
    instance_id UUID NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    data JSONB NOT NULL,
    PRIMARY KEY (tenant_id, instance_id, number)
)
""",
    """
ALTER TABLE "kit_approval_entry" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_approval_entry" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_approval_part (
    tenant_id UUID NOT NULL,
    user_id TEXT NOT NULL,
    box TEXT NOT NULL,
    instance_id UUID NOT NULL,
    entity TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, user_id, box, instance_id)
)
""",
    """
ALTER TABLE "kit_approval_part" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_approval_part" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_approval_task (
    tenant_id UUID NOT NULL,
    instance_id UUID NOT NULL,
    number INTEGER NOT NULL,
    entity TEXT NOT NULL,
    document_id UUID NOT NULL,
    step TEXT NOT NULL,
    state TEXT NOT NULL,
    user_id TEXT,
    pool TEXT,
    barred TEXT[] NOT NULL,
    instead_of TEXT,
    fields JSONB,
    opened_at TIMESTAMP WITH TIME ZONE,
    due_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, instance_id, number)
)
""",
    """
CREATE INDEX ix_kit_approval_task_document ON kit_approval_task (tenant_id, document_id) WHERE state = 'open' AND fields IS NOT NULL
""",
    """
CREATE INDEX ix_kit_approval_task_due ON kit_approval_task (due_at) WHERE state = 'open' AND due_at IS NOT NULL
""",
    """
CREATE INDEX ix_kit_approval_task_pool ON kit_approval_task (tenant_id, pool, instance_id, number) WHERE state = 'open' AND user_id IS NULL
""",
    """
CREATE INDEX ix_kit_approval_task_todo ON kit_approval_task (tenant_id, user_id, instance_id, number) WHERE state = 'open'
""",
    """
ALTER TABLE "kit_approval_task" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_approval_task" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
]


def upgrade() -> None:
    run_all(STATEMENTS)
