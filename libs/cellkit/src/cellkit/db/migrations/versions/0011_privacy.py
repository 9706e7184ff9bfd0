"""Erasure and export of the audit trail.

Revision ID: kit_0011
"""

from cellkit.db.migrate import run_all

revision = "kit_0011"
down_revision = "kit_0010"
branch_labels = None
depends_on = None

STATEMENTS: list[str] = []


def upgrade() -> None:
    run_all(STATEMENTS)
