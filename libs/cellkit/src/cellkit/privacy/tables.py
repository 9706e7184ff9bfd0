"""What audit and privacy keep beside the documents: signed heads, archives, wrapped keys, rate counters."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

metadata = sa.MetaData()
_uuid = UUID(as_uuid=True)
_moment = sa.DateTime(timezone=True)

kit_audit_day = sa.Table(
    "kit_audit_day",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("sequence", sa.BigInteger, primary_key=True),
    sa.Column("day", sa.Date, nullable=False),
    # The signed text, as it stands: {"cell","tenant","day","sequence","chainHash","count","holds","previous",…}.
    sa.Column("head", sa.Text, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
    sa.Column("exported_at", _moment),
    sa.Index("ix_kit_audit_day_unexported", "tenant_id", postgresql_where=sa.text("exported_at IS NULL")),
)

kit_audit_archive = sa.Table(
    "kit_audit_archive",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("last_sequence", sa.BigInteger, primary_key=True),
    sa.Column("first_sequence", sa.BigInteger, nullable=False),
    sa.Column("chain_hash", sa.LargeBinary, nullable=False),
    sa.Column("file", sa.Text, nullable=False),
    # What the file's last line says, and its signature: a range that nobody signed was not archived.
    sa.Column("statement", sa.Text, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
    sa.Column("archived_at", _moment, nullable=False, server_default=sa.func.now()),
)

kit_audit_key = sa.Table(
    "kit_audit_key",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("audit_id", _uuid, primary_key=True),
    sa.Column("entity", sa.Text, nullable=False),
    sa.Column("entity_id", sa.Text, nullable=False),
    sa.Column("wrapped", sa.Text, nullable=False),
    sa.Index("ix_kit_audit_key_entity", "tenant_id", "entity", "entity_id"),
)

kit_tenant_key = sa.Table(
    "kit_tenant_key",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    # "data" keys count up; the newest encrypts. "index" is the one of the blind indexes.
    sa.Column("purpose", sa.Text, primary_key=True),
    sa.Column("generation", sa.Integer, primary_key=True),
    # Null: destroyed, and everything under it with it.
    sa.Column("wrapped", sa.Text),
    sa.Column("created_at", _moment, nullable=False, server_default=sa.func.now()),
    sa.Column("destroyed_at", _moment),
    sa.CheckConstraint("purpose IN ('data', 'index')", name="ck_kit_tenant_key_purpose"),
)

kit_rate = sa.Table(
    "kit_rate",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("purpose", sa.Text, primary_key=True),
    sa.Column("began_at", _moment, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
)

SHORTEST_KEEPING_DAYS = 180

STATEMENTS = (
    # Entries tell the client and the door; the algorithm stands in each, so that old chains still verify.
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
    "CREATE INDEX ix_kit_inbox_tenant_handled ON kit_inbox (tenant_id, handled_at, source, event_id)",
    f"""
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
    IF TG_OP = 'DELETE' AND OLD.sequence IS NOT NULL AND OLD.at < now() - interval '{SHORTEST_KEEPING_DAYS} days'
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
)
