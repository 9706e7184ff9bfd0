"""Jobs and schedules.

Revision ID: kit_0004
"""

from cellkit.db.migrate import run_all

revision = "kit_0004"
down_revision = "kit_0003"
branch_labels = None
depends_on = None

STATEMENTS: list[str] = []


def upgrade() -> None:
    run_all(STATEMENTS)
