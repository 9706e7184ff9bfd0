"""Sessions of the pool: what asyncpg asks about types is asked once a process."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from cellkit.db import pool
from cellkit.testing.postgres import Cluster

_SQL = """
SELECT $1::jsonb[] AS documents, $2::numeric[] AS figures, $3::uuid[] AS ids, ARRAY(SELECT ROW(1, 'a'::text)) AS lines
"""


def test_the_second_session_asks_nothing_about_types(
    postgres_cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = postgres_cluster.create_database("unit_pool")
    asked: list[int] = []
    ask = asyncpg.Connection._introspect_types

    async def counted(self: Any, typeoids: Any, timeout: Any) -> Any:  # noqa: ASYNC109 - asyncpg's own signature
        asked.extend(typeoids)
        return await ask(self, typeoids, timeout)

    monkeypatch.setattr(asyncpg.Connection, "_introspect_types", counted)
    monkeypatch.setattr(pool, "_types", {})

    async def work() -> list[Any]:
        database = pool.Database(urls.app, size=2)
        found = []
        async with database.lifespan(), database.session("") as one, database.session("") as other:
            for connection in (one, other):
                given = ([pool.JsonText('{"a":1}'), None], [Decimal("1.50")], [])
                found.append(dict(await connection.fetchrow(_SQL, *given)))
                found.append(len(asked))
        return found

    first, after_first, second, after_second = asyncio.run(work())
    expected = {"documents": [{"a": 1}, None], "figures": [Decimal("1.50")], "ids": [], "lines": [(1, "a")]}
    assert first == second == expected
    assert after_first == after_second > 0


def test_a_type_made_in_the_database_is_asked_for_every_time(postgres_cluster: Cluster) -> None:
    urls = [postgres_cluster.create_database(f"unit_pool_{name}") for name in ("a", "b")]

    async def work(url: str, labels: str) -> Any:
        owner = await asyncpg.connect(url, connection_class=pool.TenantConnection)
        await owner.execute(f"CREATE TYPE light AS ENUM ({labels})")
        found = await owner.fetchval("SELECT ARRAY['green']::light[]")
        await owner.close()
        return found

    assert asyncio.run(work(urls[0].owner, "'green'")) == ["green"]
    assert asyncio.run(work(urls[1].owner, "'red', 'green'")) == ["green"]
