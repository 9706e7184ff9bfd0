"""The tables of jobs: their history, the schedules of tenants, and the queue of the library."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ENUM, JSONB, UUID

from cellkit.jobs.rules import STATES

metadata = sa.MetaData()
_uuid = UUID(as_uuid=True)
_moment = sa.DateTime(timezone=True)

kit_job = sa.Table(
    "kit_job",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("id", _uuid, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("key", sa.Text),
    # No two of the tenant and name may run at a time.
    sa.Column("alone", sa.Boolean, nullable=False),
    sa.Column("schedule", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("payload", JSONB, nullable=False),
    sa.Column("result", JSONB),
    sa.Column("error", JSONB),
    # Runs begun; of these, runs that ended in an error, and runs that lost their process.
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("losses", sa.Integer, nullable=False, server_default="0"),
    sa.Column("done", sa.BigInteger),
    sa.Column("total", sa.BigInteger),
    sa.Column("note", JSONB),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("request_id", sa.Text, nullable=False),
    sa.Column("traceparent", sa.Text, nullable=False),
    sa.Column("created_at", _moment, nullable=False),
    sa.Column("run_at", _moment, nullable=False),
    sa.Column("started_at", _moment),
    sa.Column("finished_at", _moment),
    sa.Column("cancel_asked_at", _moment),
    sa.Column("cancel_asked_by", sa.Text),
    # The entry of the queue that may run it; an older one finds itself replaced.
    sa.Column("queue_id", sa.BigInteger, nullable=False),
    sa.CheckConstraint(f"state IN {STATES}", name="ck_kit_job_state"),
    sa.Index("ix_kit_job_state", "tenant_id", "state", "id"),
    sa.Index("ix_kit_job_name", "tenant_id", "name", "id"),
    sa.Index("ix_kit_job_asked_by", "tenant_id", "asked_by", "id"),
    sa.Index("ix_kit_job_open", "created_at", postgresql_where=sa.text("state IN ('waiting', 'running')")),
    sa.Index("ix_kit_job_finished_at", "finished_at", postgresql_using="brin", postgresql_with={"autosummarize": "on"}),
    sa.Index(
        "uq_kit_job_key",
        "tenant_id",
        "name",
        "key",
        unique=True,
        postgresql_where=sa.text("state = 'waiting' AND key IS NOT NULL"),
    ),
    sa.Index(
        "uq_kit_job_alone", "tenant_id", "name", unique=True, postgresql_where=sa.text("state = 'running' AND alone")
    ),
)

kit_job_schedule = sa.Table(
    "kit_job_schedule",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("enabled", sa.Boolean, nullable=False, server_default=sa.true()),
    # Empty: the job's own, and the product's default zone.
    sa.Column("cron", sa.Text),
    sa.Column("time_zone", sa.Text),
    sa.Column("next_at", _moment, nullable=False),
    sa.Column("last_at", _moment),
    sa.Column("last_job_id", _uuid),
    sa.Column("updated_at", _moment),
    sa.Column("updated_by", sa.Text),
    sa.Index("ix_kit_job_schedule_due", "next_at", postgresql_where=sa.text("enabled")),
)

_status = ENUM(
    "queued", "picked", "successful", "exception", "canceled", "deleted", "failed",
    name="kit_pgqueuer_status", create_type=False,
)  # fmt: skip

# As pgqueuer 1.6 declares it (prefix kit_), with the tenant beside it: the first 16 bytes of what we give it to carry
# (a trigger fills it in).
kit_pgqueuer = sa.Table(
    "kit_pgqueuer",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=False), primary_key=True),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("queue_manager_id", _uuid),
    sa.Column("created", _moment, nullable=False, server_default=sa.func.now()),
    sa.Column("updated", _moment, nullable=False, server_default=sa.func.now()),
    sa.Column("heartbeat", _moment, nullable=False, server_default=sa.func.now()),
    sa.Column("execute_after", _moment, nullable=False, server_default=sa.func.now()),
    sa.Column("status", _status, nullable=False),
    sa.Column("entrypoint", sa.Text, nullable=False),
    sa.Column("dedupe_key", sa.Text),
    sa.Column("payload", sa.LargeBinary),
    sa.Column("headers", JSONB),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("slot", sa.BigInteger),
    sa.Column("tenant_id", _uuid, nullable=False),
    sa.Index(
        "kit_pgqueuer_ep_prio_id_idx",
        "entrypoint",
        sa.text("priority DESC"),
        "id",
        postgresql_where=sa.text("status = 'queued'::kit_pgqueuer_status"),
    ),
    sa.Index(
        "kit_pgqueuer_ep_ea_idx",
        "entrypoint",
        "execute_after",
        postgresql_where=sa.text("status = 'queued'::kit_pgqueuer_status"),
    ),
    sa.Index(
        "kit_pgqueuer_picked_heartbeat_idx",
        "heartbeat",
        postgresql_where=sa.text("status = 'picked'::kit_pgqueuer_status"),
    ),
)

# The library writes every change of state here, tracebacks included; kit_job tells the same without them, so nothing
# is kept (statements below).
kit_pgqueuer_log = sa.Table(
    "kit_pgqueuer_log",
    metadata,
    sa.Column("tenant_id", _uuid, nullable=False),
    sa.Column("id", sa.BigInteger, sa.Identity(always=False), primary_key=True),
    sa.Column("created", _moment, nullable=False, server_default=sa.func.now()),
    sa.Column("job_id", sa.BigInteger, nullable=False),
    sa.Column("status", _status, nullable=False),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("entrypoint", sa.Text, nullable=False),
    sa.Column("traceback", JSONB),
    sa.Column("aggregated", sa.Boolean, server_default=sa.false()),
)

_QUEUE_SETTINGS = """
ALTER TABLE kit_pgqueuer SET (
    fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000
)
"""
_KEEP_NOTHING = """
CREATE FUNCTION kit_pgqueuer_log_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RETURN NULL;
END $$
"""
_KEEP_NOTHING_TRIGGER = """
CREATE TRIGGER kit_pgqueuer_log_nothing BEFORE INSERT ON kit_pgqueuer_log
FOR EACH ROW EXECUTE FUNCTION kit_pgqueuer_log_nothing()
"""
_TENANT = """
CREATE FUNCTION kit_pgqueuer_tenant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.tenant_id := encode(substring(NEW.payload FROM 1 FOR 16), 'hex')::uuid;
    RETURN NEW;
END $$
"""
_TENANT_TRIGGER = """
CREATE TRIGGER kit_pgqueuer_tenant BEFORE INSERT ON kit_pgqueuer
FOR EACH ROW EXECUTE FUNCTION kit_pgqueuer_tenant()
"""
STATEMENTS = (_QUEUE_SETTINGS, _TENANT, _TENANT_TRIGGER, _KEEP_NOTHING, _KEEP_NOTHING_TRIGGER)
