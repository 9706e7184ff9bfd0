"""What the engine keeps: instances, their logs, open and done tasks, and who took part."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

metadata = sa.MetaData()
_uuid = UUID(as_uuid=True)


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


kit_approval = sa.Table(
    "kit_approval",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("id", _uuid, primary_key=True),
    sa.Column("entity", sa.Text, nullable=False),
    sa.Column("document_id", _uuid, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    # The action that is held until this is approved, and what it was asked with; none for flows of a document.
    sa.Column("verb", sa.Text),
    sa.Column("parameters", JSONB),
    sa.Column("flow_id", _uuid),
    sa.Column("flow_version", sa.Integer, nullable=False),
    # The definition it was started with; what the flow says later does not touch it.
    sa.Column("flow", JSONB, nullable=False),
    sa.Column("state", JSONB, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("starter_id", sa.Text, nullable=False),
    sa.Column("starter_name", sa.Text, nullable=False),
    # The document's, for the data scope of those who may take a task of a pool.
    sa.Column("owner_id", sa.Text),
    sa.Column("department_id", sa.Text),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("started_at", _moment(), nullable=False),
    sa.Column("updated_at", _moment(), nullable=False),
    sa.Column("ended_at", _moment()),
    sa.Index("ix_kit_approval_document", "tenant_id", "entity", "document_id", "id"),
    sa.Index("ix_kit_approval_starter", "tenant_id", "starter_id", "id"),
    sa.Index(
        "uq_kit_approval_running",
        "tenant_id",
        "entity",
        "document_id",
        unique=True,
        postgresql_where=sa.text("status = 'running'"),
    ),
)

kit_approval_entry = sa.Table(
    "kit_approval_entry",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("instance_id", _uuid, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", _moment(), nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("actor_name", sa.Text, nullable=False),
    sa.Column("data", JSONB, nullable=False),
)

kit_approval_task = sa.Table(
    "kit_approval_task",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("instance_id", _uuid, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("entity", sa.Text, nullable=False),
    sa.Column("document_id", _uuid, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("user_id", sa.Text),
    # The permission that lets somebody take it, while no one has.
    sa.Column("pool", sa.Text),
    sa.Column("barred", ARRAY(sa.Text), nullable=False),
    sa.Column("instead_of", sa.Text),
    sa.Column("fields", JSONB),
    sa.Column("opened_at", _moment()),
    sa.Column("due_at", _moment()),
    sa.Index(
        "ix_kit_approval_task_todo",
        "tenant_id",
        "user_id",
        "instance_id",
        "number",
        postgresql_where=sa.text("state = 'open'"),
    ),
    sa.Index(
        "ix_kit_approval_task_pool",
        "tenant_id",
        "pool",
        "instance_id",
        "number",
        postgresql_where=sa.text("state = 'open' AND user_id IS NULL"),
    ),
    sa.Index("ix_kit_approval_task_due", "due_at", postgresql_where=sa.text("state = 'open' AND due_at IS NOT NULL")),
    sa.Index(
        "ix_kit_approval_task_document",
        "tenant_id",
        "document_id",
        postgresql_where=sa.text("state = 'open' AND fields IS NOT NULL"),
    ),
)

kit_approval_part = sa.Table(
    "kit_approval_part",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("user_id", sa.Text, primary_key=True),
    # done: has acted; cc: was sent a copy.
    sa.Column("box", sa.Text, primary_key=True),
    sa.Column("instance_id", _uuid, primary_key=True),
    sa.Column("entity", sa.Text, nullable=False),
    sa.Column("at", _moment(), nullable=False),
    sa.Column("seen_at", _moment()),
)
