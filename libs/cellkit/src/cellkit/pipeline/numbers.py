"""Serial numbers of document series."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from cellkit.db.pool import Database

_TAKE = """
INSERT INTO kit_number AS n (tenant_id, series, next)
SELECT $1, x.series, x.amount + 1 FROM unnest($2::text[], $3::bigint[]) AS x(series, amount) ORDER BY x.series
ON CONFLICT (tenant_id, series) DO UPDATE SET next = n.next + excluded.next - 1
RETURNING n.series, n.next
"""
_LARGEST_BLOCK = 64
_BUSY_SECONDS = 0.5
_TURN_SECONDS = 2.0


STAND_IN_MARK = "\ue000"
"""A private-use character that begins and ends what stands for a number until it is taken."""


def stand_in() -> str:
    """What stands for a gapless number until it is taken; random, so that no text of a user can pass for one."""
    return f"{STAND_IN_MARK}{secrets.token_hex(6)}{STAND_IN_MARK}"


async def take_in_transaction(connection: Any, tenant_id: UUID, counts: Mapping[str, int]) -> dict[str, int]:
    """The first of the wanted serials of each series, locked in the series' order.

    They stay locked until the transaction ends.
    """
    records = await connection.fetch(_TAKE, tenant_id, list(counts), list(counts.values()))
    return {record["series"]: record["next"] - counts[record["series"]] for record in records}


class NumberBlocks:
    """Serials of ordinary series, taken in blocks that grow with demand so that writers do not wait for each other.

    A quiet series takes one at a time and has no gaps; a busy one loses at most its current block when the process
    ends. They are taken on a connection of their own: a transaction that waited for a second connection of the pool
    could wait for ever.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._blocks: dict[tuple[UUID, str], _Block] = {}
        self._turns: WeakValueDictionary[tuple[UUID, str], asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def in_turn(self, tenant_id: UUID, series: Iterable[str]) -> AsyncIterator[None]:
        """Hold the turns of series without gaps, from before their numbers are taken until the commit.

        The database alone would keep the order as well, and does so between processes. Waiting here costs nothing,
        there it costs a sleeping session, its waking and the checks for deadlocks. Who has waited long goes on and
        waits there: if the one before him waits for a row of his own, only the database can tell.
        """
        async with AsyncExitStack() as held:
            for name in sorted(series):
                turn = self._turns.get((tenant_id, name))
                if turn is None:
                    turn = self._turns[tenant_id, name] = asyncio.Lock()
                try:
                    async with asyncio.timeout(_TURN_SECONDS):
                        await turn.acquire()
                except TimeoutError:
                    break
                held.callback(turn.release)
            yield

    async def take(self, tenant_id: UUID, series: str, count: int = 1) -> list[int]:
        """``count`` serials, rising."""
        key = (tenant_id, series)
        block = self._blocks.get(key)
        if block is None:
            if len(self._blocks) > 10_000:
                self._blocks.clear()
            block = self._blocks[key] = _Block()
        if block.available >= count and not block.lock.locked():
            return block.pop(count)
        async with block.lock:
            if block.available < count:
                busy = time.monotonic() - block.taken_at < _BUSY_SECONDS
                block.size = min(max(block.size, 1) * 2, _LARGEST_BLOCK) if busy else 1
                wanted = max(block.size, count)
                async with self._database.reserved() as connection:
                    first = (await take_in_transaction(connection, tenant_id, {series: wanted}))[series]
                block.refill(first, wanted)
            return block.pop(count)


class _Block:
    __slots__ = ("available", "lock", "next", "size", "taken_at")

    def __init__(self) -> None:
        self.next = 0
        self.available = 0
        self.size = 0
        self.taken_at = 0.0
        self.lock = asyncio.Lock()

    def refill(self, first: int, count: int) -> None:
        # What is left of the old block is dropped: numbers shall rise.
        self.next, self.available, self.taken_at = first, count, time.monotonic()

    def pop(self, count: int) -> list[int]:
        first = self.next
        self.next += count
        self.available -= count
        return list(range(first, first + count))
