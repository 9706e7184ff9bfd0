"""How often each document was printed, and every print."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

metadata = sa.MetaData()
_uuid = UUID(as_uuid=True)

kit_print_count = sa.Table(
    "kit_print_count",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("entity", sa.Text, primary_key=True),
    sa.Column("entity_id", _uuid, primary_key=True),
    sa.Column("print", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)

kit_print_log = sa.Table(
    "kit_print_log",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("id", _uuid, primary_key=True),
    sa.Column("entity", sa.Text, nullable=False),
    sa.Column("entity_id", _uuid, nullable=False),
    sa.Column("print", sa.Text, nullable=False),
    sa.Column("format", sa.Text, nullable=False),
    sa.Column("copies", sa.Integer, nullable=False),
    # The how-manieth print of this document it was.
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("template_id", _uuid),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("printed_by", sa.Text, nullable=False),
    sa.Index("ix_kit_print_log_entity", "tenant_id", "entity", "entity_id", "id"),
)
