"""Reading the sealed trail from the database, in slices."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cellkit.audit.chain import START, Link, Sealed
from cellkit.audit.entry import AuditEntry
from cellkit.audit.heads import Head

SLICE = 500
COLUMNS = "id, at, user_id, action, entity, entity_id, before, after, request_id, address, algorithm, agent, channel"
_PARTS = len(COLUMNS.split())
_SEALED_AFTER = f"""
SELECT {COLUMNS}, row_hash, sequence, chain_hash FROM kit_audit
WHERE tenant_id = $1 AND sequence > $2 AND sequence <= $3 ORDER BY sequence LIMIT {SLICE}
"""  # noqa: S608 - constants
LATEST = 2**62


async def sealed_after(connection: Any, tenant_id: UUID, sequence: int, last: int = LATEST) -> list[Sealed]:
    """The next entries after ``sequence``, at most :data:`SLICE`, up to ``last``."""
    return [_sealed(record) for record in await connection.fetch(_SEALED_AFTER, tenant_id, sequence, last)]


async def archived_link(connection: Any, tenant_id: UUID) -> Link:
    """Where the table's part of the chain begins: the end of the last archive."""
    record = await connection.fetchrow(
        "SELECT last_sequence, chain_hash FROM kit_audit_archive WHERE tenant_id = $1 "
        "ORDER BY last_sequence DESC LIMIT 1",
        tenant_id,
    )
    return START if record is None else Link(record["last_sequence"], record["chain_hash"])


async def link_at(connection: Any, tenant_id: UUID, sequence: int) -> Link | None:
    """The chain's state after an entry; None where there is no such entry."""
    if sequence <= 0:
        return START
    archived = await archived_link(connection, tenant_id)
    if archived.sequence == sequence:
        return archived
    found = await connection.fetchval(
        "SELECT chain_hash FROM kit_audit WHERE tenant_id = $1 AND sequence = $2", tenant_id, sequence
    )
    return None if found is None else Link(sequence, found)


async def heads_between(connection: Any, tenant_id: UUID, after: int, last: int) -> dict[int, Head]:
    """Signed heads of places after ``after`` up to ``last``."""
    records = await connection.fetch(
        "SELECT sequence, head, signature FROM kit_audit_day WHERE tenant_id = $1 AND sequence > $2 AND sequence <= $3",
        tenant_id,
        after,
        last,
    )
    return {record["sequence"]: Head(record["head"], record["signature"]) for record in records}


def _sealed(record: Any) -> Sealed:
    row_hash, sequence, chain = record["row_hash"], record["sequence"], record["chain_hash"]
    return Sealed(AuditEntry(*tuple(record)[:_PARTS]), row_hash, sequence, chain or b"")
