"""The kit's first tables.

Revision ID: kit_0001
"""

from cellkit.db.migrate import run_all

revision = "kit_0001"
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS: list[str] = [
    """
CREATE EXTENSION IF NOT EXISTS pg_trgm
""",
    """
CREATE TABLE kit_audit (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    position BIGINT GENERATED ALWAYS AS IDENTITY,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    user_id TEXT NOT NULL,
    action TEXT NOT NULL,
    entity TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    before TEXT,
    after TEXT,
    request_id TEXT NOT NULL,
    address TEXT NOT NULL,
    row_hash BYTEA NOT NULL,
    sequence BIGINT,
    chain_hash BYTEA,
    PRIMARY KEY (tenant_id, id)
)
""",
    """
CREATE INDEX ix_kit_audit_at ON kit_audit USING brin (at) WITH (autosummarize = on)
""",
    """
CREATE INDEX ix_kit_audit_entity ON kit_audit (tenant_id, entity, entity_id)
""",
    """
CREATE INDEX ix_kit_audit_unsealed ON kit_audit (position) WHERE sequence IS NULL
""",
    """
CREATE UNIQUE INDEX uq_kit_audit_sequence ON kit_audit (tenant_id, sequence) WHERE sequence IS NOT NULL
""",
    """
ALTER TABLE "kit_audit" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_audit" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_audit_head (
    tenant_id UUID NOT NULL,
    sequence BIGINT NOT NULL,
    chain_hash BYTEA NOT NULL,
    PRIMARY KEY (tenant_id)
)
""",
    """
ALTER TABLE "kit_audit_head" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_audit_head" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_delivery (
    tenant_id UUID NOT NULL,
    event_id UUID NOT NULL,
    subscriber TEXT NOT NULL,
    position BIGINT NOT NULL,
    partition_key TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE NOT NULL,
    unreachable BOOLEAN DEFAULT false NOT NULL,
    last_error TEXT,
    delivered_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, event_id, subscriber),
    CONSTRAINT ck_kit_delivery_state CHECK (state IN ('pending', 'delivered', 'dead', 'discarded'))
)
""",
    """
CREATE INDEX ix_kit_delivery_dead ON kit_delivery (tenant_id, position) WHERE state = 'dead'
""",
    """
CREATE INDEX ix_kit_delivery_due ON kit_delivery (subscriber, next_at, position) WHERE state = 'pending'
""",
    """
CREATE INDEX ix_kit_delivery_order ON kit_delivery (tenant_id, subscriber, partition_key, position) WHERE state IN ('pending', 'dead')
""",
    """
ALTER TABLE "kit_delivery" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_delivery" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_inbox (
    tenant_id UUID NOT NULL,
    source TEXT NOT NULL,
    event_id TEXT NOT NULL,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    handled_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (tenant_id, source, event_id)
)
""",
    """
CREATE INDEX ix_kit_inbox_handled_at ON kit_inbox USING brin (handled_at) WITH (autosummarize = on)
""",
    """
ALTER TABLE "kit_inbox" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_inbox" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_number (
    tenant_id UUID NOT NULL,
    series TEXT NOT NULL,
    next BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, series)
)
""",
    """
ALTER TABLE "kit_number" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_number" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_outbox (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    position BIGINT GENERATED ALWAYS AS IDENTITY,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    partition_key TEXT NOT NULL,
    event TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    routed_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, id)
)
""",
    """
CREATE INDEX ix_kit_outbox_created_at ON kit_outbox USING brin (created_at) WITH (autosummarize = on)
""",
    """
CREATE INDEX ix_kit_outbox_unrouted ON kit_outbox (position) WHERE routed_at IS NULL
""",
    """
ALTER TABLE "kit_outbox" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_outbox" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_request (
    tenant_id UUID NOT NULL,
    user_id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    body_hash BYTEA NOT NULL,
    status INTEGER NOT NULL,
    headers JSON,
    body BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (tenant_id, user_id, request_id, method, path)
)
""",
    """
CREATE INDEX ix_kit_request_created_at ON kit_request USING brin (created_at) WITH (autosummarize = on)
""",
    """
ALTER TABLE "kit_request" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_request" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE FUNCTION kit_guard(holds boolean, reason text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF holds IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'KT001', MESSAGE = reason;
    END IF;
    RETURN true;
END $$
""",
    """
CREATE FUNCTION kit_audit_protect() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.sequence IS NULL AND NEW.sequence IS NOT NULL
        AND ROW(OLD.tenant_id, OLD.id, OLD.at, OLD.user_id, OLD.action, OLD.entity, OLD.entity_id, OLD.before,
                OLD.after, OLD.request_id, OLD.address, OLD.row_hash)
            IS NOT DISTINCT FROM
            ROW(NEW.tenant_id, NEW.id, NEW.at, NEW.user_id, NEW.action, NEW.entity, NEW.entity_id, NEW.before,
                NEW.after, NEW.request_id, NEW.address, NEW.row_hash)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'audit entries cannot be changed or deleted';
END $$
""",
    """
CREATE TRIGGER kit_audit_protect BEFORE UPDATE OR DELETE ON kit_audit
    FOR EACH ROW EXECUTE FUNCTION kit_audit_protect()
""",
]


def upgrade() -> None:
    run_all(STATEMENTS)
