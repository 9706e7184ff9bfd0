"""The trail of a tenant as the lines of a file (:mod:`cellkit.audit.trail_file`), in slices and without waiting."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cellkit.audit.chain import Link
from cellkit.audit.entry import AuditEntry, algorithm_of
from cellkit.audit.store import COLUMNS, LATEST, archived_link, heads_between, link_at, sealed_after
from cellkit.audit.trail_file import TrailWriter
from cellkit.db.pool import Database
from cellkit.http.messages import to_json
from cellkit.ids import uuid7
from cellkit.settings import Settings

_WRITTEN = tuple(COLUMNS.split(", "))
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


async def note_export(
    database: Database, settings: Settings, tenant_id: UUID, told: Mapping[str, Any], user_id: str
) -> None:
    """Leave an entry about an export that was made without the service (the command line)."""
    entry = AuditEntry(
        id=uuid7(),
        at=datetime.now(UTC),
        user_id=user_id,
        action=f"{settings.service_name}.audit.export",
        entity="kit.audit",
        entity_id=str(tenant_id),
        before=None,
        after=to_json(told).decode(),
        request_id=str(uuid7()),
        address="",
        algorithm=algorithm_of(settings),
        channel="cli",
    )
    columns = ", ".join(("tenant_id", *_WRITTEN, "row_hash"))
    places = ", ".join(f"${place}" for place in range(1, len(_WRITTEN) + 3))
    async with database.session(str(tenant_id)) as connection:
        await connection.execute(
            f"INSERT INTO kit_audit ({columns}) VALUES ({places})",  # noqa: S608 - constants
            tenant_id,
            *(getattr(entry, name) for name in _WRITTEN),
            entry.hash(tenant_id),
        )
