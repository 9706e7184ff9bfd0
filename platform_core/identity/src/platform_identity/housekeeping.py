"""Removing what nobody needs any more: old locks, idempotency records, sessions long over."""

from __future__ import annotations

from cellkit.db.kit_tables import SYSTEM_TENANT
from cellkit.db.pool import Database

_STATEMENTS = (
    "DELETE FROM login_locks WHERE last_failure_at < now() - interval '1 day'",
    # The contract keeps answers for a day at least.
    "DELETE FROM idempotency WHERE created_at < now() - interval '2 days'",
    "DELETE FROM sessions WHERE expires_at < now() - interval '90 days'",
)


async def sweep(database: Database) -> None:
    """One pass over all tenants."""
    async with database.session(SYSTEM_TENANT) as connection:
        for statement in _STATEMENTS:
            await connection.execute(statement)
