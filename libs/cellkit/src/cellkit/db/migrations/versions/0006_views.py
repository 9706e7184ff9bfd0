"""Saved views.

Revision ID: kit_0006
"""

from cellkit.db.migrate import run_all

revision = "kit_0006"
down_revision = "kit_0005"
branch_labels = None
depends_on = None

STATEMENTS: list[str] = []


def upgrade() -> None:
    run_all(STATEMENTS)
