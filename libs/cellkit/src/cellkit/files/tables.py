"""What is known of files: every name under which content stands, the content itself, and how much a tenant stores."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

metadata = sa.MetaData()
_uuid = UUID(as_uuid=True)


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


LOOSE, CURRENT, SUPERSEDED, REMOVED = "loose", "current", "superseded", "removed"
"""A file's states: uploaded but not yet of a document; a document's; an older version; taken away, purged later."""

UNSCANNED, WAITING, CLEAN, INFECTED, FAILED = "off", "waiting", "clean", "infected", "failed"
"""What is known of content: no scanner when it came; to be scanned; fine; refused; the scanner could not tell."""

kit_file_blob = sa.Table(
    "kit_file_blob",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    # Also the object's name in the storage: random, so that a path tells nothing and is never used twice.
    sa.Column("id", _uuid, primary_key=True),
    sa.Column("sha256", sa.LargeBinary, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    # The content's own key, sealed by the key ring; empty: the content is stored as it came.
    sa.Column("sealed_key", sa.LargeBinary),
    sa.Column("scan", sa.Text, nullable=False),
    sa.Column("scan_note", sa.Text),
    sa.Column("scan_tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("scan_at", _moment()),
    sa.Column("created_at", _moment(), nullable=False),
    sa.UniqueConstraint("tenant_id", "sha256", name="uq_kit_file_blob_sha256"),
    sa.CheckConstraint("scan IN ('off', 'waiting', 'clean', 'infected', 'failed')", name="ck_kit_file_blob_scan"),
    sa.Index("ix_kit_file_blob_waiting", "created_at", postgresql_where=sa.text("scan = 'waiting'")),
)

kit_file = sa.Table(
    "kit_file",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("id", _uuid, primary_key=True),
    sa.Column("blob_id", _uuid, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("entity", sa.Text),
    sa.Column("entity_id", _uuid),
    # The document's field, "lines.photo" for one of a grid; empty: an attachment of the whole document.
    sa.Column("field", sa.Text),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("created_at", _moment(), nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("bound_at", _moment()),
    sa.Column("removed_at", _moment()),
    sa.ForeignKeyConstraint(
        ["tenant_id", "blob_id"], ["kit_file_blob.tenant_id", "kit_file_blob.id"], name="fk_kit_file_blob"
    ),
    sa.CheckConstraint("state IN ('loose', 'current', 'superseded', 'removed')", name="ck_kit_file_state"),
    sa.Index("ix_kit_file_blob", "tenant_id", "blob_id"),
    sa.Index("ix_kit_file_entity", "tenant_id", "entity", "entity_id", "id"),
    sa.Index("ix_kit_file_loose", "created_at", postgresql_where=sa.text("state = 'loose'")),
    sa.Index("ix_kit_file_removed", "removed_at", postgresql_where=sa.text("state = 'removed'")),
)

kit_file_usage = sa.Table(
    "kit_file_usage",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("bytes", sa.BigInteger, nullable=False),
)
