"""The tables of the import wizard: uploaded files, what became of them, and the mappings people chose."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

metadata = sa.MetaData()
_uuid = UUID(as_uuid=True)
_moment = sa.DateTime(timezone=True)
# committing: some batches are in, the rest is not.
STATES = ("uploaded", "checked", "committing", "committed", "undone")

kit_import = sa.Table(
    "kit_import",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("id", _uuid, primary_key=True),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("sheet", sa.Boolean, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("encoding", sa.Text, nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("headings", JSONB, nullable=False),
    sa.Column("samples", sa.LargeBinary, nullable=False),
    sa.Column("mapping", JSONB, nullable=False),
    # Why each column was suggested so: remembered, name, similar, none.
    sa.Column("reasons", JSONB, nullable=False),
    sa.Column("mode", sa.Text, nullable=False, server_default="all"),
    sa.Column("existing", sa.Text, nullable=False, server_default="create"),
    sa.Column("state", sa.Text, nullable=False, server_default="uploaded"),
    # Of the last check or commit.
    sa.Column("documents", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("created", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("updated", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("unchanged", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("failed", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("error_count", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("undone", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("kept", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("job_id", _uuid),
    sa.Column("created_at", _moment, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("committed_at", _moment),
    sa.Column("committed_by", sa.Text),
    sa.Column("undone_at", _moment),
    sa.Column("undone_by", sa.Text),
    # Whether the file is still there; it is thrown away after a week.
    sa.Column("has_file", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.CheckConstraint(f"state IN {STATES}", name="ck_kit_import_state"),
    sa.Index("ix_kit_import_document", "tenant_id", "document", "id"),
    sa.Index("ix_kit_import_created_by", "tenant_id", "created_by", "id"),
    sa.Index("ix_kit_import_files", "created_at", postgresql_where=sa.text("has_file")),
)

# The file in pieces, encrypted: behind the tenant wall, in the backup, there for every process of the cell.
kit_import_piece = sa.Table(
    "kit_import_piece",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("import_id", _uuid, primary_key=True),
    sa.Column("piece", sa.Integer, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

kit_import_problem = sa.Table(
    "kit_import_problem",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("import_id", _uuid, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("row", sa.BigInteger, nullable=False),
    sa.Column("column", sa.Text, nullable=False),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("zh", sa.Text, nullable=False),
    sa.Column("en", sa.Text, nullable=False),
)

kit_import_mapping = sa.Table(
    "kit_import_mapping",
    metadata,
    sa.Column("tenant_id", _uuid, primary_key=True),
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("document", sa.Text, primary_key=True),
    # Which headings, whatever their order.
    sa.Column("headings", sa.LargeBinary, primary_key=True),
    sa.Column("mapping", JSONB, nullable=False),
    sa.Column("used_at", _moment, nullable=False),
)
