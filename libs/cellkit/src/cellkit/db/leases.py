"""Database sessions handed from one request to the next.

asyncpg's pool starts a task and a timer for every loan, a tenth of all that reading a document costs. So a session that
ended well goes straight to who waits for one, or is kept for the next; the pool gets it back when something went wrong,
or when nobody wanted it for some seconds, and looks after its transaction, its cancelled query, its closing.

Few sessions do the work of a process: each keeps plans of its own, 12 MB after a while, and more of them plan the same
statements again. So beyond the first few another one is opened only when none has come back for a moment: then those
at work are busy with something long, or wait for a slow disk.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import Any

KEEP_SECONDS = 5.0
AT_ONCE = 4
STALL_SECONDS = 0.1


class Leases:
    """The sessions that a pool of ``size`` has lent."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lent = 0
        self._given = 0
        self._opening = 0
        self._watch: asyncio.TimerHandle | None = None
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
        if self._lent < min(self._size, AT_ONCE):
            self._lent += 1
        else:
            connection = await self._turn(pool, seconds)
            if connection is not None:
                return connection
        self._opening += 1
        try:
            return await pool.acquire(timeout=seconds)
        except BaseException:
            self._pass_on(pool, None)
            raise
        finally:
            self._opening -= 1

    async def give(self, pool: Any, connection: Any, *, well: bool) -> None:
        """Take back a session; ``well``: whether its user ended without an error."""
        if well and not _is_closed(connection) and not connection.is_in_transaction():
            self._pass_on(pool, connection)
        else:
            await self._give_back(pool, connection)

    async def close(self, pool: Any) -> None:
        """Give the pool all sessions that nobody uses."""
        for timer in (self._sweep, self._watch):
            if timer is not None:
                timer.cancel()
        while self._free:
            await self._give_back(pool, self._free.pop()[0])
        await asyncio.gather(*self._returning, return_exceptions=True)

    async def _turn(self, pool: Any, seconds: float) -> Any:
        """Wait for a session, or (None) for leave to ask the pool for one."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._watch_for_stalls(pool)
        try:
            async with asyncio.timeout(seconds):
                return await turn
        except BaseException:
            if turn.done() and not turn.cancelled():
                # It came in the moment of giving up.
                self._pass_on(pool, turn.result())
            raise

    def _watch_for_stalls(self, pool: Any) -> None:
        if self._watch is None and self._lent < self._size:
            self._watch = asyncio.get_running_loop().call_later(
                STALL_SECONDS, self._open_when_stalled, pool, self._given
            )

    def _open_when_stalled(self, pool: Any, given: int) -> None:
        """Let who waits longest open another session, when none came back and none is being opened."""
        self._watch = None
        if all(turn.done() for turn in self._waiting):
            return
        if self._given == given and not self._opening and self._lent < self._size:
            self._lent += 1
            self._pass_on(pool, None)
        self._watch_for_stalls(pool)

    def _pass_on(self, pool: Any, connection: Any) -> None:
        self._given += 1
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
