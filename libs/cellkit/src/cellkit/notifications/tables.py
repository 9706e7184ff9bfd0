"""What notifications keep beside the tenant's templates, rules and channels."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

metadata = sa.MetaData()
_uuid = UUID(as_uuid=True)


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


kit_notification = sa.Table(
    "kit_notification",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("id", _uuid, primary_key=True),
    # "" stands for a notice of a rule that names no users, only channels.
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("batch_id", _uuid, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("title_zh", sa.Text, nullable=False),
    sa.Column("title_en", sa.Text, nullable=False),
    sa.Column("text_zh", sa.Text, nullable=False),
    sa.Column("text_en", sa.Text, nullable=False),
    # JSON as text: the values of the document's fields for the placeholders, encrypted ones masked.
    sa.Column("details", sa.Text),
    sa.Column("link", sa.Text),
    sa.Column("entity", sa.Text),
    sa.Column("entity_id", sa.Text),
    sa.Column("must_read", sa.Boolean, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    # JSON as text: the codes of the channels that a rule chose; empty means those that take this kind.
    sa.Column("channels", sa.Text),
    sa.Column("created_at", _moment(), nullable=False),
    sa.Column("routed_at", _moment()),
    sa.Column("read_at", _moment()),
    sa.Column("confirmed_at", _moment()),
    sa.Column("archived_at", _moment()),
    sa.Index(
        "ix_kit_notification_inbox", "tenant_id", "user_id", "id", postgresql_where=sa.text("archived_at IS NULL")
    ),
    sa.Index(
        "ix_kit_notification_unread",
        "tenant_id",
        "user_id",
        "must_read",
        "id",
        postgresql_where=sa.text("archived_at IS NULL AND read_at IS NULL"),
    ),
    sa.Index("ix_kit_notification_user", "tenant_id", "user_id", "id"),
    sa.Index("ix_kit_notification_batch", "tenant_id", "batch_id"),
    sa.Index("ix_kit_notification_unrouted", "id", postgresql_where=sa.text("routed_at IS NULL")),
    sa.Index(
        "ix_kit_notification_created_at",
        "created_at",
        postgresql_using="brin",
        postgresql_with={"autosummarize": "on"},
    ),
)

kit_notification_trigger = sa.Table(
    "kit_notification_trigger",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("id", _uuid, primary_key=True),
    sa.Column("entity", sa.Text, nullable=False),
    sa.Column("entity_id", sa.Text, nullable=False),
    sa.Column("happened", sa.Text, nullable=False),
    # The state that the document came to; empty when it stayed in its own.
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("details", sa.Text, nullable=False),
    sa.Column("created_at", _moment(), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_at", _moment(), nullable=False, server_default=sa.func.now()),
    sa.Index("ix_kit_notification_trigger_next", "next_at", "id"),
)

kit_notification_delivery = sa.Table(
    "kit_notification_delivery",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("id", _uuid, primary_key=True),
    sa.Column("notification_id", _uuid, nullable=False),
    sa.Column("channel_id", _uuid, nullable=False),
    # Whom it goes to: a user, or "" for a channel that leads to a group.
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_at", _moment(), nullable=False),
    # Deliveries of one digest carry its moment and go out as one message.
    sa.Column("digest_at", _moment()),
    sa.Column("last_error", sa.Text),
    sa.Column("created_at", _moment(), nullable=False),
    sa.Column("tried_at", _moment()),
    sa.CheckConstraint(
        "state IN ('pending', 'sending', 'sent', 'dead', 'discarded')", name="ck_kit_notification_delivery_state"
    ),
    sa.Index("uq_kit_notification_delivery_once", "tenant_id", "notification_id", "channel_id", "user_id", unique=True),
    sa.Index(
        "ix_kit_notification_delivery_due",
        "next_at",
        "id",
        postgresql_where=sa.text("state IN ('pending', 'sending')"),
    ),
    sa.Index(
        "ix_kit_notification_delivery_pace",
        "tenant_id",
        "channel_id",
        "tried_at",
    ),
    sa.Index("ix_kit_notification_delivery_state", "tenant_id", "state", "id"),
)

kit_notification_preference = sa.Table(
    "kit_notification_preference",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("settings", JSONB, nullable=False),
    sa.Column("updated_at", _moment(), nullable=False),
)
