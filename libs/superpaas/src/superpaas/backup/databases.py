"""What is asked of the database server around a backup and in a restore test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

_DATABASES = (
    "SELECT datname, pg_database_size(datname) FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'"
)
_TABLES = """
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
"""
# The audit tables of cells and of identity.
_TRAILS = ("kit_audit", "audit")


@dataclass(slots=True)
class Counted:
    """What a restored database holds."""

    tables: int = 0
    rows: int = 0
    chains: int = 0
    entries: int = 0
    problems: list[str] = field(default_factory=list)


@asynccontextmanager
async def connected(url: str, database: str = "postgres") -> AsyncIterator[Any]:
    """A superuser's connection to one database."""
    import asyncpg  # noqa: PLC0415 - only where databases are asked

    connection = await asyncpg.connect(url, database=database, timeout=30)
    try:
        yield connection
    finally:
        await connection.close()


async def databases(url: str) -> dict[str, int]:
    """All databases of services with their sizes."""
    async with connected(url) as connection:
        return {row[0]: row[1] for row in await connection.fetch(_DATABASES)}


async def heads(url: str, database: str) -> dict[str, list[Any]]:
    """Where each tenant's audit chain ends: ``{tenant: [sequence, chain hash]}``."""
    async with connected(url, database) as connection:
        table = await _trail(connection)
        if table is None:
            return {}
        rows = await connection.fetch(
            f"SELECT DISTINCT ON (tenant_id) tenant_id, sequence, chain_hash FROM {table}"  # noqa: S608 - our own name
            " WHERE sequence IS NOT NULL ORDER BY tenant_id, sequence DESC"
        )
    return {str(row[0]): [row[1], row[2].hex()] for row in rows}


async def count(url: str, database: str, wanted: dict[str, list[Any]]) -> Counted:
    """Read every table of a database once, and verify its audit chains against the heads noted before the backup."""
    found = Counted()
    async with connected(url, database) as connection:
        for row in await connection.fetch(_TABLES):
            found.tables += 1
            found.rows += await connection.fetchval(f"SELECT count(*) FROM {row[0]}")  # noqa: S608 - the catalogue's
        table = await _trail(connection)
        tenants = [] if table is None else await connection.fetch(f"SELECT DISTINCT tenant_id FROM {table}")  # noqa: S608
        for row in tenants:
            await _check_chain(connection, str(table), row[0], wanted.get(str(row[0])), found)
        missing = set(wanted) - {str(row[0]) for row in tenants}
        found.problems += [f"{database}: the audit trail of tenant {tenant} is missing" for tenant in sorted(missing)]
    return found


async def _trail(connection: Any) -> str | None:
    for name in _TRAILS:
        if await connection.fetchval("SELECT to_regclass($1)", f"public.{name}"):
            return name
    return None


async def _check_chain(connection: Any, table: str, tenant: UUID, wanted: list[Any] | None, found: Counted) -> None:
    from cellkit.audit.chain import START, Sealed, verify  # noqa: PLC0415 - only in a restore test
    from cellkit.audit.entry import AuditEntry  # noqa: PLC0415 - the same
    from cellkit.audit.store import archived_link  # noqa: PLC0415 - the same

    link = await archived_link(connection, tenant) if table == "kit_audit" else START
    seen = wanted is None or (wanted[0], wanted[1]) == (link.sequence, link.chain_hash.hex())
    columns = AuditEntry.__dataclass_fields__
    found.chains += 1
    async with connection.transaction(readonly=True):
        cursor = connection.cursor(
            f"SELECT * FROM {table} WHERE tenant_id = $1 AND sequence > $2 ORDER BY sequence",  # noqa: S608
            tenant,
            link.sequence,
            prefetch=500,
        )
        async for row in cursor:
            entry = AuditEntry(**{name: row[name] for name in columns if name in row})
            sealed = Sealed(entry, row["row_hash"], row["sequence"], row["chain_hash"])
            link, broken = verify(tenant, [sealed], link)
            if broken is not None:
                found.problems.append(f"the audit trail of tenant {tenant} is {broken.damage} at {broken.sequence}")
                return
            found.entries += 1
            seen = seen or (wanted is not None and [link.sequence, link.chain_hash.hex()] == wanted)
    if not seen:
        found.problems.append(f"the audit trail of tenant {tenant} does not reach what was there before the backup")
