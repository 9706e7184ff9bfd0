"""Erasure and export of the audit trail.

Revision ID: kit_0011
"""

from cellkit.db.migrate import run_all

revision = "kit_0011"
down_revision = "kit_0010"
branch_labels = None
depends_on = None

STATEMENTS: list[str] = [
    """
CREATE TABLE kit_privacy_consent (
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
    subject TEXT NOT NULL,
    subject_blind BYTEA,
    mobile TEXT,
    mobile_blind BYTEA,
    purpose TEXT NOT NULL,
    channel TEXT,
    given_at TIMESTAMP WITH TIME ZONE NOT NULL,
    evidence TEXT,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    extension JSONB,
    CONSTRAINT pk_kit_privacy_consent PRIMARY KEY (tenant_id, id)
)
""",
    """
CREATE INDEX ix_kit_privacy_consent_given_at ON kit_privacy_consent (tenant_id, given_at, id)
""",
    """
CREATE INDEX ix_kit_privacy_consent_mobile_blind ON kit_privacy_consent (tenant_id, mobile_blind)
""",
    """
CREATE INDEX ix_kit_privacy_consent_state ON kit_privacy_consent (tenant_id, state, id)
""",
    """
CREATE INDEX ix_kit_privacy_consent_subject_blind ON kit_privacy_consent (tenant_id, subject_blind)
""",
    """
CREATE UNIQUE INDEX uq_kit_privacy_consent_source ON kit_privacy_consent (tenant_id, source) WHERE source IS NOT NULL
""",
    """
ALTER TABLE "kit_privacy_consent" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_privacy_consent" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_privacy_erasure (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    number TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    owner_id TEXT,
    department_id TEXT,
    source TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_by TEXT NOT NULL,
    reference TEXT NOT NULL,
    reason TEXT NOT NULL,
    documents JSONB NOT NULL,
    report JSONB,
    run_by TEXT,
    finished_at TIMESTAMP WITH TIME ZONE,
    extension JSONB,
    CONSTRAINT pk_kit_privacy_erasure PRIMARY KEY (tenant_id, id)
)
""",
    """
CREATE INDEX ix_kit_privacy_erasure_department_id ON kit_privacy_erasure (tenant_id, department_id, id)
""",
    """
CREATE INDEX ix_kit_privacy_erasure_owner_id ON kit_privacy_erasure (tenant_id, owner_id, id)
""",
    """
CREATE INDEX ix_kit_privacy_erasure_state ON kit_privacy_erasure (tenant_id, state, id)
""",
    """
CREATE UNIQUE INDEX uq_kit_privacy_erasure_number ON kit_privacy_erasure (tenant_id, number)
""",
    """
CREATE UNIQUE INDEX uq_kit_privacy_erasure_source ON kit_privacy_erasure (tenant_id, source) WHERE source IS NOT NULL
""",
    """
ALTER TABLE "kit_privacy_erasure" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_privacy_erasure" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_audit_archive (
    tenant_id UUID NOT NULL,
    last_sequence BIGINT NOT NULL,
    first_sequence BIGINT NOT NULL,
    chain_hash BYTEA NOT NULL,
    file TEXT NOT NULL,
    statement TEXT NOT NULL,
    signature BYTEA NOT NULL,
    archived_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (tenant_id, last_sequence)
)
""",
    """
ALTER TABLE "kit_audit_archive" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_audit_archive" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_audit_day (
    tenant_id UUID NOT NULL,
    sequence BIGINT NOT NULL,
    day DATE NOT NULL,
    head TEXT NOT NULL,
    signature BYTEA NOT NULL,
    exported_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, sequence)
)
""",
    """
CREATE INDEX ix_kit_audit_day_unexported ON kit_audit_day (tenant_id) WHERE exported_at IS NULL
""",
    """
ALTER TABLE "kit_audit_day" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_audit_day" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_audit_key (
    tenant_id UUID NOT NULL,
    audit_id UUID NOT NULL,
    entity TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    wrapped TEXT NOT NULL,
    PRIMARY KEY (tenant_id, audit_id)
)
""",
    """
CREATE INDEX ix_kit_audit_key_entity ON kit_audit_key (tenant_id, entity, entity_id)
""",
    """
ALTER TABLE "kit_audit_key" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_audit_key" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_rate (
    tenant_id UUID NOT NULL,
    user_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    began_at TIMESTAMP WITH TIME ZONE NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, user_id, purpose)
)
""",
    """
ALTER TABLE "kit_rate" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_rate" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
CREATE TABLE kit_tenant_key (
    tenant_id UUID NOT NULL,
    purpose TEXT NOT NULL,
    generation INTEGER NOT NULL,
    wrapped TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    destroyed_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, purpose, generation),
    CONSTRAINT ck_kit_tenant_key_purpose CHECK (purpose IN ('data', 'index'))
)
""",
    """
ALTER TABLE "kit_tenant_key" ENABLE ROW LEVEL SECURITY
""",
    """
CREATE POLICY tenant_wall ON "kit_tenant_key" USING ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid)) WITH CHECK ((tenant_id = nullif(current_setting('cellkit.tenant', true), '')::uuid OR nullif(current_setting('cellkit.tenant', true), '')::uuid = '00000000-0000-0000-0000-000000000000'::uuid))
""",
    """
ALTER TABLE kit_audit
    ADD COLUMN algorithm TEXT DEFAULT 'sha256-v1' NOT NULL,
    ADD COLUMN agent TEXT DEFAULT '' NOT NULL,
    ADD COLUMN channel TEXT DEFAULT '' NOT NULL
""",
    """
ALTER TABLE kit_inbox
    ADD COLUMN duplicates INTEGER DEFAULT 0 NOT NULL,
    ADD COLUMN last_duplicate_at TIMESTAMP WITH TIME ZONE
""",
    """
CREATE INDEX ix_kit_inbox_tenant_handled ON kit_inbox (tenant_id, handled_at, source, event_id)
""",
    """
CREATE OR REPLACE FUNCTION kit_audit_protect() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.sequence IS NULL AND NEW.sequence IS NOT NULL
        AND ROW(OLD.tenant_id, OLD.id, OLD.at, OLD.user_id, OLD.action, OLD.entity, OLD.entity_id, OLD.before,
                OLD.after, OLD.request_id, OLD.address, OLD.row_hash, OLD.algorithm, OLD.agent, OLD.channel)
            IS NOT DISTINCT FROM
            ROW(NEW.tenant_id, NEW.id, NEW.at, NEW.user_id, NEW.action, NEW.entity, NEW.entity_id, NEW.before,
                NEW.after, NEW.request_id, NEW.address, NEW.row_hash, NEW.algorithm, NEW.agent, NEW.channel)
    THEN
        RETURN NEW;
    END IF;
    -- Only what stands in a signed archive may leave the table, and nothing younger than the law's half year.
    IF TG_OP = 'DELETE' AND OLD.sequence IS NOT NULL AND OLD.at < now() - interval '180 days'
        AND EXISTS (SELECT FROM kit_audit_archive a WHERE a.tenant_id = OLD.tenant_id
            AND OLD.sequence BETWEEN a.first_sequence AND a.last_sequence)
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'audit entries cannot be changed or deleted';
END $$
""",
    """
CREATE FUNCTION kit_audit_archive_protect() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT'
        AND NEW.first_sequence = coalesce((SELECT max(a.last_sequence) FROM kit_audit_archive a
            WHERE a.tenant_id = NEW.tenant_id), 0) + 1
        AND NEW.last_sequence >= NEW.first_sequence
        AND EXISTS (SELECT FROM kit_audit e WHERE e.tenant_id = NEW.tenant_id AND e.sequence = NEW.last_sequence
            AND e.chain_hash = NEW.chain_hash)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'audit archives cannot be changed, deleted or made up';
END $$
""",
    """
CREATE TRIGGER kit_audit_archive_protect BEFORE INSERT OR UPDATE OR DELETE ON kit_audit_archive
    FOR EACH ROW EXECUTE FUNCTION kit_audit_archive_protect()
""",
    """
CREATE FUNCTION kit_audit_day_protect() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND ROW(OLD.tenant_id, OLD.sequence, OLD.day, OLD.head, OLD.signature)
        IS NOT DISTINCT FROM ROW(NEW.tenant_id, NEW.sequence, NEW.day, NEW.head, NEW.signature)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'audit heads cannot be changed or deleted';
END $$
""",
    """
CREATE TRIGGER kit_audit_day_protect BEFORE UPDATE OR DELETE ON kit_audit_day
    FOR EACH ROW EXECUTE FUNCTION kit_audit_day_protect()
""",
]


def upgrade() -> None:
    run_all(STATEMENTS)
