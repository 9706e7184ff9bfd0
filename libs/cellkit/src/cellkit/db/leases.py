"""Database sessions handed from one request to the next.

asyncpg's pool starts a task and a timer for every loan, a tenth of all that reading a document costs. So a session that
ended well goes straight to who waits for one, or is kept for the next; the pool gets it back when something went wrong,
or when nobody wanted it for some seconds, and looks after its transaction, its cancelled query, its closing.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import Any

KEEP_SECONDS = 5.0


class Leases:
    """The sessions that a pool of ``size`` has lent."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lent = 0
        # Newest last, each with the time it came back.
        self._free: deque[tuple[Any, float]] = deque()
        self._waiting: deque[asyncio.Future[Any]] = deque()
        self._sweep: asyncio.TimerHandle | None = None
        self._returning: set[asyncio.Task[None]] = set()

    async def take(self, pool: Any, seconds: float) -> Any:
        """A session, at once if one is free; raises :class:`TimeoutError`."""
        while self._free:
            connection, _ = self._free.pop()
            if not _is_closed(connection):
                return connection
            await self._give_back(pool, connection)
        if self._lent < self._size:
            self._lent += 1
        else:
            connection = await self._turn(pool, seconds)
            if connection is not None:
                return connection
        try:
            return await pool.acquire(timeout=seconds)
        except BaseException:
            self._pass_on(pool, None)
            raise

    async def give(self, pool: Any, connection: Any, *, well: bool) -> None:
        """Take back a session; ``well``: whether its user ended without an error."""
        if well and not _is_closed(connection) and not connection.is_in_transaction():
            self._pass_on(pool, connection)
        else:
            await self._give_back(pool, connection)

    async def close(self, pool: Any) -> None:
        """Give the pool all sessions that nobody uses."""
        if self._sweep is not None:
            self._sweep.cancel()
        while self._free:
            await self._give_back(pool, self._free.pop()[0])
        await asyncio.gather(*self._returning, return_exceptions=True)

    async def _turn(self, pool: Any, seconds: float) -> Any:
        """Wait for a session, or (None) for leave to ask the pool for one."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(seconds):
                return await turn
        except BaseException:
            if turn.done() and not turn.cancelled():
                # It came in the moment of giving up.
                self._pass_on(pool, turn.result())
            raise

    def _pass_on(self, pool: Any, connection: Any) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(connection)
                return
        if connection is None:
            self._lent -= 1
            return
        self._free.append((connection, time.monotonic()))
        if self._sweep is None:
            self._sweep = asyncio.get_running_loop().call_later(KEEP_SECONDS, self._return_idle, pool)

    def _return_idle(self, pool: Any) -> None:
        """Give the pool what nobody wanted for a while, so that it can close it in time."""
        self._sweep = None
        before = time.monotonic() - KEEP_SECONDS
        while self._free and self._free[0][1] <= before:
            task = asyncio.ensure_future(self._give_back(pool, self._free.popleft()[0]))
            self._returning.add(task)
            task.add_done_callback(self._returning.discard)
        if self._free:
            self._sweep = asyncio.get_running_loop().call_later(KEEP_SECONDS, self._return_idle, pool)

    async def _give_back(self, pool: Any, connection: Any) -> None:
        try:
            await pool.release(connection)
        finally:
            self._pass_on(pool, None)


def _is_closed(connection: Any) -> bool:
    # The pool takes a session that the server ended out of the loan behind our back.
    real = getattr(connection, "_con", connection)
    return real is None or bool(real.is_closed())
