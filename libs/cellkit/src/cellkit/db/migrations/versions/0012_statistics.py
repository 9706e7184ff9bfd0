"""No statistics of columns that nothing is looked up by: the texts of audit, events and answers cost the most of it.

Revision ID: kit_0012
"""

from cellkit.db.migrate import run_all

revision = "kit_0012"
down_revision = "kit_0011"
branch_labels = None
depends_on = None

_UNSEARCHED = {
    "kit_audit": ("before", "after", "request_id", "address", "row_hash", "chain_hash"),
    "kit_outbox": ("event",),
    "kit_request": ("user_id", "method", "path", "body_hash", "headers", "body"),
    "kit_delivery": ("last_error",),
}

STATEMENTS: list[str] = [
    f"ALTER TABLE {table} {', '.join(f'ALTER COLUMN {name} SET STATISTICS 0' for name in names)}"
    for table, names in _UNSEARCHED.items()
]


def upgrade() -> None:
    run_all(STATEMENTS)
