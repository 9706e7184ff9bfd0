"""Imports as jobs.

Revision ID: kit_0005
"""

from cellkit.db.migrate import run_all

revision = "kit_0005"
down_revision = "kit_0004"
branch_labels = None
depends_on = None

STATEMENTS: list[str] = []


def upgrade() -> None:
    run_all(STATEMENTS)
