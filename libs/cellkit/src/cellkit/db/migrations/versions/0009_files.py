"""Files.

Revision ID: kit_0009
"""

from cellkit.db.migrate import run_all

revision = "kit_0009"
down_revision = "kit_0008"
branch_labels = None
depends_on = None

STATEMENTS: list[str] = []


def upgrade() -> None:
    run_all(STATEMENTS)
