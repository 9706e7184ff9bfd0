"""Custom fields and dictionaries.

Revision ID: kit_0003
"""

from cellkit.db.migrate import run_all

revision = "kit_0003"
down_revision = "kit_0002"
branch_labels = None
depends_on = None

STATEMENTS: list[str] = []


def upgrade() -> None:
    run_all(STATEMENTS)
