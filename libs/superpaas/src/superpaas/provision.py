"""Roles, databases, extensions and rights: each service owns one database and nobody else connects to it.

The owner role runs migrations; the run-time role reads and writes rows, owns nothing and is held by row-level
security. Everything may be said again without harm, so it is said again whenever anything is in doubt.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

VERSION = 2
OLDEST_SERVER = 14
EXTENSIONS = ("pg_trgm", "btree_gin")
MONITOR = "monitor"
"""The database whose run-time role may look at the server's own figures, and at nobody's rows."""
# A server of somebody else's may not have the extension; then the monitor says so.
_STATEMENTS = """
DO $do$ BEGIN CREATE EXTENSION IF NOT EXISTS pg_stat_statements; EXCEPTION WHEN OTHERS THEN NULL; END $do$
"""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,50}")


@dataclass(frozen=True, slots=True)
class Database:
    """What one service needs."""

    name: str
    owner_password: str
    app_password: str


def provision(url: str, databases: Iterable[Database]) -> None:
    """Bring the server to what the services need; runs its own event loop, so call it in a child process."""
    asyncio.run(_provision(url, list(databases)))


async def _provision(url: str, databases: list[Database]) -> None:
    import asyncpg  # noqa: PLC0415 - only in the child process that does it

    connection = await asyncpg.connect(url, timeout=10)
    try:
        if connection.get_server_version().major < OLDEST_SERVER:
            message = f"PostgreSQL {OLDEST_SERVER} or newer is needed"
            raise SystemExit(message)
        # A failing statement must not put a password into the server's log.
        await connection.execute("SET log_min_error_statement = 'panic'; SET log_min_duration_statement = -1")
        for database in databases:
            await _roles_and_database(connection, database)
    finally:
        await connection.close()
    for database in databases:
        inside = await asyncpg.connect(url, database=database.name, timeout=10)
        try:
            await inside.execute(_rights(database.name))
        finally:
            await inside.close()


async def _roles_and_database(connection: Any, database: Database) -> None:
    name = database.name
    if not _NAME.fullmatch(name):
        message = f"{name!r} cannot be the name of a database"
        raise ValueError(message)
    for role, password in ((name, database.owner_password), (f"{name}_app", database.app_password)):
        verb = "ALTER" if await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role) else "CREATE"
        await connection.execute(
            f'{verb} ROLE "{role}" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS'
            f" PASSWORD '{_quoted(password)}'"
        )
    if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
        # A hosted server's administrator is no superuser and must be a member of the role it gives things to.
        await connection.execute(f'GRANT "{name}" TO CURRENT_USER')
        await connection.execute(f'CREATE DATABASE "{name}" OWNER "{name}"')
    await connection.execute(
        f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC; GRANT CONNECT, TEMPORARY ON DATABASE "{name}" TO "{name}_app"'
    )


def _rights(name: str) -> str:
    app, owner = f'"{name}_app"', f'"{name}"'
    statements = [f"CREATE EXTENSION IF NOT EXISTS {extension}" for extension in EXTENSIONS]
    statements += [
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"GRANT ALL ON SCHEMA public TO {owner}",
        f"GRANT USAGE ON SCHEMA public TO {app}",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT USAGE, SELECT ON SEQUENCES TO {app}",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT EXECUTE ON FUNCTIONS TO {app}",
    ]
    if name == MONITOR:
        statements += [f"GRANT pg_monitor TO {app}", _STATEMENTS]
    return ";\n".join(statements)


def _quoted(text: str) -> str:
    return text.replace("'", "''")
