"""The kit's own tables.

Revision ID: kit_0001
"""

from alembic import op

from cellkit.db import kit_tables
from cellkit.db.walls import tenant_wall

revision = "kit_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    kit_tables.metadata.create_all(op.get_bind(), checkfirst=False)
    op.execute(kit_tables.GUARD_FUNCTION)
    op.execute(kit_tables.AUDIT_FUNCTION)
    op.execute(kit_tables.AUDIT_TRIGGER)
    for table in kit_tables.metadata.sorted_tables:
        for statement in tenant_wall(table.name, kit=True):
            op.execute(statement)


def downgrade() -> None:
    op.execute("DROP FUNCTION kit_audit_protect() CASCADE")
    op.execute("DROP FUNCTION kit_guard(boolean, text)")
    kit_tables.metadata.drop_all(op.get_bind())
