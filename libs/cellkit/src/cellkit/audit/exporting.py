"""The trail of a tenant as the lines of a file (:mod:`cellkit.audit.trail_file`), in slices and without waiting."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cellkit.audit.chain import Link
from cellkit.audit.store import LATEST, archived_link, heads_between, link_at, sealed_after
from cellkit.audit.trail_file import TrailWriter
from cellkit.db.pool import Database

_FIRST = "SELECT min(sequence) FROM kit_audit WHERE tenant_id = $1 AND sequence IS NOT NULL AND at >= $2"
_LAST = "SELECT max(sequence) FROM kit_audit WHERE tenant_id = $1 AND sequence IS NOT NULL AND at < $2"


@dataclass(frozen=True, slots=True)
class Range:
    """A part of the chain: what follows ``start``, up to ``last``."""

    start: Link
    last: int = LATEST


async def range_of(database: Database, tenant_id: UUID, since: datetime | None, until: datetime | None) -> Range:
    """The sealed entries of the table between two moments; all of them by default."""
    async with database.session(str(tenant_id)) as connection:
        start = await archived_link(connection, tenant_id)
        if since is not None:
            first = await connection.fetchval(_FIRST, tenant_id, since)
            if first is not None and first > start.sequence + 1:
                start = await link_at(connection, tenant_id, first - 1) or start
        last: int | None = LATEST
        if until is not None:
            last = await connection.fetchval(_LAST, tenant_id, until)
        return Range(start, start.sequence if last is None else last)


async def trail_lines(
    database: Database, writer: TrailWriter, tenant_id: UUID, last: int = LATEST
) -> AsyncIterator[bytes]:
    """The file's lines, a slice at a time."""
    yield writer.header()
    while True:
        async with database.session(str(tenant_id)) as connection:
            rows = await sealed_after(connection, tenant_id, writer.link.sequence, last)
            until = rows[-1].sequence if rows else 0
            heads = await heads_between(connection, tenant_id, writer.link.sequence, until) if rows else {}
        if not rows:
            break
        lines = []
        for row in rows:
            lines.append(writer.entry(row))
            head = heads.get(row.sequence)
            if head is not None:
                lines.append(writer.head(head))
        yield b"".join(lines)
    yield writer.end()
