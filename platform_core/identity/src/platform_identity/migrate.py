"""Bring the database to this version and make the first administrator.

Numbered SQL instead of Alembic: there are no declared tables here to compare with, and policies, triggers and partial
indexes are most of the work. A file is never changed once released.
"""

from __future__ import annotations

import asyncio
from importlib import resources

import asyncpg

from cellkit.settings import Settings, SettingsError
from platform_identity.tenants.first_boot import create_first_tenant

_LOCK = 7_260_411_001
_HISTORY = (
    "CREATE TABLE IF NOT EXISTS schema_history (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
)


def migrate(settings: Settings) -> list[str]:
    """Run what is missing; returns what was done. Several replicas may start at once: one works, the others wait."""
    if not settings.migration_database_url:
        message = "DATABASE_URL is missing"
        raise SettingsError(message)
    return asyncio.run(_migrate(settings))


async def _migrate(settings: Settings) -> list[str]:
    connection = await asyncpg.connect(settings.migration_database_url, timeout=10)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        done = await _run_files(connection)
        done += await create_first_tenant(connection, settings)
    finally:
        # Closing the connection also gives the lock back.
        await connection.close()
    return done


async def _run_files(connection: asyncpg.Connection) -> list[str]:
    await connection.execute(_HISTORY)
    known = {row["name"] for row in await connection.fetch("SELECT name FROM schema_history")}
    folder = resources.files("platform_identity.migrations")
    done: list[str] = []
    for file in sorted((item for item in folder.iterdir() if item.name.endswith(".sql")), key=lambda item: item.name):
        if file.name in known:
            continue
        async with connection.transaction():
            await connection.execute(file.read_text(encoding="utf-8"))
            await connection.execute("INSERT INTO schema_history (name) VALUES ($1)", file.name)
        done.append(file.name)
    return done
