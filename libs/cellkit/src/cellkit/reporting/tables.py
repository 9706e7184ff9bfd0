"""Reports that were delivered: small (a result has a bounded number of groups) and kept for some weeks."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

metadata = sa.MetaData()
_uuid = UUID(as_uuid=True)

kit_report_delivery = sa.Table(
    "kit_report_delivery",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("id", _uuid, primary_key=True),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("subscription_id", _uuid, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("format", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Index("ix_kit_report_delivery_user", "tenant_id", "user_id", "id"),
    sa.Index(
        "ix_kit_report_delivery_created_at",
        "created_at",
        postgresql_using="brin",
        postgresql_with={"autosummarize": "on"},
    ),
)
