"""The kit's own tables in every cell's database: answers kept for repeats, audit, outbox, inbox, numbers."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSON, UUID

SYSTEM_TENANT = "00000000-0000-0000-0000-000000000000"
"""The tenant setting under which the kit's background work sees the kit tables of all tenants, and nothing else."""

metadata = sa.MetaData()
_uuid = UUID(as_uuid=True)


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _by_age(table: str, column: str) -> sa.Index:
    """A nearly free index for the purge: rows lie in the order of their age."""
    return sa.Index(f"ix_{table}_{column}", column, postgresql_using="brin", postgresql_with={"autosummarize": "on"})


kit_request = sa.Table(
    "kit_request",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("request_id", sa.Text, primary_key=True),
    sa.Column("method", sa.Text, primary_key=True),
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("body_hash", sa.LargeBinary, nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("headers", JSON),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("created_at", _moment(), nullable=False, server_default=sa.func.now()),
    _by_age("kit_request", "created_at"),
)

kit_audit = sa.Table(
    "kit_audit",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("id", _uuid, primary_key=True),
    sa.Column("position", sa.BigInteger, sa.Identity(always=True), nullable=False),
    sa.Column("at", _moment(), nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("entity", sa.Text, nullable=False),
    sa.Column("entity_id", sa.Text, nullable=False),
    sa.Column("before", sa.Text),
    sa.Column("after", sa.Text),
    sa.Column("request_id", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("algorithm", sa.Text, nullable=False, server_default="sha256-v1"),
    sa.Column("agent", sa.Text, nullable=False, server_default=""),
    sa.Column("channel", sa.Text, nullable=False, server_default=""),
    sa.Column("row_hash", sa.LargeBinary, nullable=False),
    sa.Column("sequence", sa.BigInteger),
    sa.Column("chain_hash", sa.LargeBinary),
    sa.Index("ix_kit_audit_unsealed", "position", postgresql_where=sa.text("sequence IS NULL")),
    sa.Index("ix_kit_audit_entity", "tenant_id", "entity", "entity_id"),
    _by_age("kit_audit", "at"),
    sa.Index(
        "uq_kit_audit_sequence", "tenant_id", "sequence", unique=True, postgresql_where=sa.text("sequence IS NOT NULL")
    ),
)

kit_audit_head = sa.Table(
    "kit_audit_head",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("chain_hash", sa.LargeBinary, nullable=False),
)

kit_outbox = sa.Table(
    "kit_outbox",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("id", _uuid, primary_key=True),
    sa.Column("position", sa.BigInteger, sa.Identity(always=True), nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("partition_key", sa.Text, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("created_at", _moment(), nullable=False),
    sa.Column("routed_at", _moment()),
    sa.Index("ix_kit_outbox_unrouted", "position", postgresql_where=sa.text("routed_at IS NULL")),
    _by_age("kit_outbox", "created_at"),
)

kit_delivery = sa.Table(
    "kit_delivery",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("event_id", _uuid, primary_key=True),
    sa.Column("subscriber", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("partition_key", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_at", _moment(), nullable=False),
    # Whether the last try failed because nobody answered, not because the event was refused.
    sa.Column("unreachable", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("last_error", sa.Text),
    sa.Column("delivered_at", _moment()),
    sa.CheckConstraint("state IN ('pending', 'delivered', 'dead', 'discarded')", name="ck_kit_delivery_state"),
    sa.Index("ix_kit_delivery_due", "subscriber", "next_at", "position", postgresql_where=sa.text("state = 'pending'")),
    sa.Index("ix_kit_delivery_dead", "tenant_id", "position", postgresql_where=sa.text("state = 'dead'")),
    sa.Index(
        "ix_kit_delivery_order",
        "tenant_id",
        "subscriber",
        "partition_key",
        "position",
        postgresql_where=sa.text("state IN ('pending', 'dead')"),
    ),
)

kit_inbox = sa.Table(
    "kit_inbox",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("event_id", sa.Text, primary_key=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("handled_at", _moment(), nullable=False, server_default=sa.func.now()),
    sa.Column("duplicates", sa.Integer, nullable=False, server_default="0"),
    sa.Column("last_duplicate_at", _moment()),
    sa.Index("ix_kit_inbox_tenant_handled", "tenant_id", "handled_at", "source", "event_id"),
    _by_age("kit_inbox", "handled_at"),
)

kit_number = sa.Table(
    "kit_number",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("series", sa.Text, primary_key=True),
    sa.Column("next", sa.BigInteger, nullable=False),
)
