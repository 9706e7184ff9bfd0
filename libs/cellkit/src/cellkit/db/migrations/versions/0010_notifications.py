"""Notifications.

Revision ID: kit_0010
"""

from cellkit.db.migrate import run_all

revision = "kit_0010"
down_revision = "kit_0009"
branch_labels = None
depends_on = None

STATEMENTS: list[str] = []


def upgrade() -> None:
    run_all(STATEMENTS)
