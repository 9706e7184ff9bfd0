"""Sessions handed from one request to the next: never too many, never a spoilt one, none kept for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from cellkit.db import leases
from cellkit.db.pool import Database
from cellkit.testing.postgres import Cluster

PID = "SELECT pg_backend_pid()"


@pytest.fixture(scope="module")
def url(postgres_cluster: Cluster) -> str:
    return postgres_cluster.create_database("unit_leases").app


def run(url: str, work: Callable[[Database], Awaitable[Any]], size: int = 2) -> Any:
    async def main() -> Any:
        database = Database(url, size=size)
        async with database.lifespan():
            return await work(database)

    return asyncio.run(main())


def test_many_share_few_sessions_in_order(url: str) -> None:
    async def work(database: Database) -> None:
        used, inside, order = set(), 0, []

        async def one(index: int) -> None:
            nonlocal inside
            async with database.session("") as connection:
                inside += 1
                assert inside <= 2
                order.append(index)
                used.add(await connection.fetchval(PID))
                inside -= 1

        await asyncio.gather(*(one(index) for index in range(50)))
        assert len(used) == 2
        # The second session is still being opened while others use the first.
        assert [index for index in order if index != 1] == [0, *range(2, 50)]
        assert database._leases._lent == len(database._leases._free) == 2

    run(url, work)


def test_more_sessions_are_opened_only_when_none_comes_back(url: str) -> None:
    async def work(database: Database) -> None:
        held = database._leases

        async def one(seconds: float) -> None:
            async with database.session("", timeout_seconds=10) as connection:
                await connection.execute(
                    "SELECT pg_sleep($1)" if seconds else "SELECT 1", *([seconds] if seconds else [])
                )

        # Hundreds of short works, all at once, make do with the first few ...
        await asyncio.gather(*(one(0) for _ in range(300)))
        assert held._lent == leases.AT_ONCE
        # ... and when those are taken by long ones, the short ones do not wait for them.
        long = [asyncio.ensure_future(one(3)) for _ in range(leases.AT_ONCE)]
        await asyncio.sleep(0.05)
        began = asyncio.get_running_loop().time()
        await asyncio.gather(*(one(0) for _ in range(20)))
        assert asyncio.get_running_loop().time() - began < 2
        assert leases.AT_ONCE < held._lent <= leases.AT_ONCE + 2
        assert not any(task.done() for task in long)
        for task in long:
            task.cancel()
        await asyncio.gather(*long, return_exceptions=True)

    run(url, work, size=10)


def test_sessions_that_need_others_inside_do_not_wait_for_ever(url: str) -> None:
    async def work(database: Database) -> None:
        async def one() -> None:
            async with database.session("", timeout_seconds=5), database.session("", timeout_seconds=5) as inner:
                await inner.fetchval(PID)

        await asyncio.gather(*(one() for _ in range(leases.AT_ONCE)))

    run(url, work, size=10)


def test_who_waits_too_long_is_told_and_nothing_is_lost(url: str) -> None:
    async def work(database: Database) -> None:
        async with database.session("") as first, database.session("") as second:
            with pytest.raises(TimeoutError):
                async with database.session("", timeout_seconds=0.05):
                    pass
            assert await first.fetchval(PID) != await second.fetchval(PID)
        for _ in range(5):
            async with database.session("", timeout_seconds=1), database.session("", timeout_seconds=1):
                pass

    run(url, work)


def test_a_cancelled_query_and_an_open_transaction_do_not_reach_the_next(url: str) -> None:
    async def work(database: Database) -> None:
        async def sleeps() -> None:
            async with database.session("") as connection:
                await connection.fetchval("SELECT pg_sleep(20)")

        tasks = [asyncio.ensure_future(sleeps()) for _ in range(2)]
        waiting = asyncio.ensure_future(sleeps())
        await asyncio.sleep(0.2)
        for task in (*tasks, waiting):
            task.cancel()
        await asyncio.gather(*tasks, waiting, return_exceptions=True)
        async with database.session("", timeout_seconds=5) as connection:
            await connection.execute("BEGIN")
        async with database.session("", timeout_seconds=5) as one, database.session("", timeout_seconds=5) as other:
            assert not one.is_in_transaction()
            assert not other.is_in_transaction()
            assert await one.fetchval("SELECT 1") == 1

    run(url, work)


def test_a_session_that_the_server_ended_is_replaced(url: str) -> None:
    async def work(database: Database) -> None:
        async with database.session("") as connection:
            old = await connection.fetchval(PID)
        killer = await asyncpg.connect(url)
        await killer.fetchval("SELECT pg_terminate_backend($1)", old)
        await killer.close()
        await asyncio.sleep(0.1)
        async with database.session("", timeout_seconds=5) as connection:
            assert await connection.fetchval(PID) != old

    run(url, work, size=1)


def test_idle_sessions_go_back_to_the_pool_which_closes_them(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "KEEP_SECONDS", 0.1)

    async def work(database: Database) -> None:
        async with database.session(""), database.session(""):
            pass
        assert database._pool.get_idle_size() == 0
        await asyncio.sleep(0.35)
        assert database._pool.get_idle_size() == 2
        assert database._leases._lent == 0
        async with database.session("", timeout_seconds=1) as connection:
            assert await connection.fetchval("SELECT 1") == 1

    run(url, work)


def test_leave_to_ask_the_pool_is_passed_on_when_it_fails() -> None:
    class Failing:
        async def acquire(self, timeout: float) -> Any:  # noqa: ASYNC109 - as asyncpg's pool
            await asyncio.sleep(0.01)
            raise OSError

    @asynccontextmanager
    async def taken(held: leases.Leases) -> AsyncIterator[None]:
        await held.take(Failing(), 1)
        yield

    async def main() -> None:
        held = leases.Leases(1)
        found = await asyncio.gather(*(taken(held).__aenter__() for _ in range(5)), return_exceptions=True)
        assert [type(item) for item in found] == [OSError] * 5
        assert held._lent == 0

    asyncio.run(main())
