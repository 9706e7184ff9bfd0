"""Brings governance's database to this version."""

from __future__ import annotations

import asyncio
from importlib.resources import files

import asyncpg

from cellkit.settings import Settings

_LOCK = 727_001_005


def migrate(settings: Settings) -> list[str]:
    """Run the SQL files that this database has not seen; returns their names."""
    return asyncio.run(_migrate(settings.migration_database_url))


async def _migrate(url: str) -> list[str]:
    scripts = sorted(
        (item.name, item.read_text(encoding="utf-8"))
        for item in files("platform_governance.migrations").iterdir()
        if item.name.endswith(".sql")
    )
    connection = await asyncpg.connect(url, timeout=10)
    try:
        async with connection.transaction():
            # Two instances may start together; the second waits and finds nothing to do.
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
            await connection.execute(
                "CREATE TABLE IF NOT EXISTS schema_versions (name text PRIMARY KEY, applied_at timestamptz NOT NULL"
                " DEFAULT now())"
            )
            seen = {row["name"] for row in await connection.fetch("SELECT name FROM schema_versions")}
            missing = [(name, script) for name, script in scripts if name not in seen]
            for name, script in missing:
                await connection.execute(script)
                await connection.execute("INSERT INTO schema_versions (name) VALUES ($1)", name)
        return [name for name, _script in missing]
    finally:
        await connection.close()
