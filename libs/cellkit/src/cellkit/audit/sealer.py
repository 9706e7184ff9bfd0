"""Links new audit entries into their tenant's chain, in the order in which they became visible, within a second.

Writers do not wait for each other: an entry carries its own hash from the start, and one process at a time links.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg

from cellkit.audit.chain import Link, extend
from cellkit.audit.entry import GENESIS
from cellkit.db.kit_tables import SYSTEM_TENANT
from cellkit.db.pool import Database
from cellkit.log import get_logger

SEAL_BATCH = 1000
GATHER_SECONDS = 0.25
POLL_SECONDS = 5.0
_TURN_SECONDS = 0.25
_SEAL_LOCK = 727_001_003
log = get_logger("audit")

# The last entry counts where the head is missing or behind: then somebody has touched it, and a new link must not
# collide with an old one.
_UNSEALED = f"""
WITH batch AS MATERIALIZED (
    SELECT ctid AS place, tenant_id, position, row_hash, algorithm FROM kit_audit
    WHERE sequence IS NULL ORDER BY position LIMIT {SEAL_BATCH}
),
heads AS MATERIALIZED (
    SELECT t.tenant_id, h.sequence, h.chain_hash, last.sequence AS last_sequence, last.chain_hash AS last_hash
    FROM (SELECT DISTINCT tenant_id FROM batch) t
    LEFT JOIN kit_audit_head h ON h.tenant_id = t.tenant_id
    LEFT JOIN LATERAL (
        SELECT a.sequence, a.chain_hash FROM kit_audit a WHERE a.tenant_id = t.tenant_id AND a.sequence IS NOT NULL
        ORDER BY a.sequence DESC LIMIT 1
    ) last ON true
)
SELECT b.place, b.tenant_id, b.row_hash, b.algorithm, h.sequence, h.chain_hash, h.last_sequence, h.last_hash
FROM batch b JOIN heads h ON h.tenant_id = b.tenant_id ORDER BY b.position
"""  # noqa: S608 - constants

# By place: nobody else changes entries, so it holds for this transaction, and it cannot be planned wrongly.
_SEAL = """
WITH sealed AS (
    UPDATE kit_audit a SET sequence = x.sequence, chain_hash = x.chain_hash
    FROM unnest($1::tid[], $2::bigint[], $3::bytea[]) AS x(place, sequence, chain_hash)
    WHERE a.ctid = ANY ($1) AND a.ctid = x.place RETURNING 1
),
heads AS (
    INSERT INTO kit_audit_head (tenant_id, sequence, chain_hash)
    SELECT * FROM unnest($4::uuid[], $5::bigint[], $6::bytea[])
    ON CONFLICT (tenant_id) DO UPDATE SET sequence = excluded.sequence, chain_hash = excluded.chain_hash
)
SELECT kit_guard((SELECT count(*) FROM sealed) = cardinality($1), 'unsealed entries moved')
"""


@dataclass(slots=True)
class Sealer:
    """The loop that seals."""

    database: Database
    _event: asyncio.Event = field(default_factory=asyncio.Event)

    def committed(self, _types: Collection[str]) -> None:
        """A work of this process was committed."""
        self._event.set()

    async def run(self) -> None:
        """The loop; for :meth:`Application.background`."""
        troubled = False
        while True:
            self._event.clear()
            try:
                mine = await self.seal()
                troubled = False
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
                if not troubled:
                    log.warning("sealing_failed", error=f"{type(error).__name__}: {error}"[:300])
                troubled, mine = True, True
            try:
                async with asyncio.timeout(POLL_SECONDS if mine else _TURN_SECONDS):
                    await self._event.wait()
            except TimeoutError:
                continue
            # Entries come in crowds; a quarter of a second gathers them into few statements.
            await asyncio.sleep(GATHER_SECONDS)

    async def seal(self) -> bool:
        """Seal everything there is; False when another process is at it."""
        while True:
            count = await self._seal_batch()
            if count is None:
                return False
            if count < SEAL_BATCH:
                return True

    async def _seal_batch(self) -> int | None:
        async with self.database.transaction(SYSTEM_TENANT) as connection:
            if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", _SEAL_LOCK):
                return None
            records = await connection.fetch(_UNSEALED)
            if records:
                heads, links = _link(records)
                await connection.execute(
                    _SEAL,
                    [record["place"] for record in records],
                    [link.sequence for link in links],
                    [link.chain_hash for link in links],
                    list(heads),
                    [link.sequence for link in heads.values()],
                    [link.chain_hash for link in heads.values()],
                )
            return len(records)


def _link(records: list[Any]) -> tuple[dict[UUID, Link], list[Link]]:
    """The new head of each tenant, and the link of each record."""
    heads: dict[UUID, Link] = {}
    links = []
    for record in records:
        tenant = record["tenant_id"]
        head = heads.get(tenant)
        if head is None:
            head = Link(record["sequence"] or 0, record["chain_hash"] or GENESIS)
            last = Link(record["last_sequence"] or 0, record["last_hash"] or GENESIS)
            if last.sequence > head.sequence:
                log.error("audit_head_behind", tenant_id=str(tenant), head=head.sequence, last=last.sequence)
                head = last
        heads[tenant] = head = extend(head, record["row_hash"], record["algorithm"])
        links.append(head)
    return heads, links
