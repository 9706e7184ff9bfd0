"""Throws uploaded files away when they are a week old; the history of imports stays."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import asyncpg

from cellkit.db.kit_tables import SYSTEM_TENANT
from cellkit.db.pool import Database

EVERY_SECONDS = 3600.0
_BATCH = 20
# An import that was only uploaded leaves nothing worth telling.
_PURGE = f"""
WITH old AS MATERIALIZED (
    SELECT tenant_id, id, state FROM kit_import i
    WHERE has_file AND created_at < now() - $1 * interval '1 hour' AND NOT EXISTS (
        SELECT FROM kit_job j
        WHERE j.tenant_id = i.tenant_id AND j.id = i.job_id AND j.state IN ('waiting', 'running'))
    LIMIT {_BATCH} FOR UPDATE SKIP LOCKED
),
pieces AS (
    DELETE FROM kit_import_piece p USING old WHERE p.tenant_id = old.tenant_id AND p.import_id = old.id
),
problems AS (
    DELETE FROM kit_import_problem p USING old
    WHERE p.tenant_id = old.tenant_id AND p.import_id = old.id AND old.state <> 'undone'
),
gone AS (
    DELETE FROM kit_import i USING old
    WHERE i.tenant_id = old.tenant_id AND i.id = old.id AND old.state IN ('uploaded', 'checked')
),
kept AS (
    UPDATE kit_import i SET has_file = false FROM old
    WHERE i.tenant_id = old.tenant_id AND i.id = old.id AND old.state NOT IN ('uploaded', 'checked')
)
SELECT count(*) FROM old
"""


@dataclass(slots=True)
class Purge:
    """The loop."""

    database: Database
    keep_hours: float = 7 * 24

    async def run(self) -> None:
        """For :meth:`Application.background`."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.purge()
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
                continue

    async def purge(self) -> int:
        """Throw away what is old enough; how many files."""
        removed = 0
        while True:
            async with self.database.transaction(SYSTEM_TENANT) as connection:
                count: Any = await connection.fetchval(_PURGE, self.keep_hours)
            removed += int(count)
            if count < _BATCH:
                return removed
            await asyncio.sleep(0.05)
