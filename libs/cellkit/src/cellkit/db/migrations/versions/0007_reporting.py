"""Reports made by users.

Revision ID: kit_0007
"""

from cellkit.db.migrate import run_all

revision = "kit_0007"
down_revision = "kit_0006"
branch_labels = None
depends_on = None

STATEMENTS: list[str] = []


def upgrade() -> None:
    run_all(STATEMENTS)
