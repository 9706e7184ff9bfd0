"""A page costs the same however long the list is: what PostgreSQL reads for it, counted, not timed."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from cellkit.cell import Cell
from cellkit.db.pool import TenantConnection
from cellkit.http.application import Application
from cellkit.ops.access import StaticRoleSource
from cellkit.settings import Settings
from cellkit.testing import Api
from cellkit.testing.sharing import cluster_of

FEW, MANY = 10_000, 1_000_000
PORTION = 200_000
MOST_TIMES = 1.5
_FILL = """
INSERT INTO sample_order (tenant_id, id, number, state, version, owner_id, department_id, source, created_at,
    created_by, updated_at, updated_by, partner, order_date, amount)
SELECT '{tenant}', ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'SO' || lpad(n::text, 8, '0'),
    (ARRAY['draft', 'confirmed', 'shipped'])[1 + n % 3], 1, 'u' || n % 100, NULL, NULL, now(), 'u', now(), 'u',
    'customer ' || n % 1000, date '2020-01-01' + (n % 2000)::int, n
FROM generate_series({first}, {last}) n
"""
QUERIES: list[dict[str, Any]] = [
    {},
    {"sort": "-id"},
    {"sort": "order_date"},
    {"filter": {"state": "draft"}},
    {"filter": {"order_date": {"gte": "2022-01-01"}}, "sort": "order_date"},
    {"filter": {"owner_id": "u7"}},
    {"filter": {"number": "SO00004711"}},
]


@dataclass
class Lists:
    """The sample cell with a short list in one tenant and a long one in another."""

    app: Application
    few: Api
    many: Api


@pytest_asyncio.fixture
async def lists(cell: Cell, cell_settings: Settings, pytestconfig: pytest.Config) -> AsyncIterator[Lists]:
    source = StaticRoleSource()
    app = cell.create_app(cell_settings, role_source=source)
    await app.start()
    tenants = {rows: str(uuid.uuid4()) for rows in (FEW, MANY)}
    cluster, database = cluster_of(pytestconfig), cell_settings.database_url.rpartition("/")[2]
    for rows, tenant in tenants.items():
        for first in range(1, rows + 1, PORTION):
            last = min(first + PORTION - 1, rows)
            cluster.sql(_FILL.format(tenant=tenant, first=first, last=last), database)
    cluster.sql("VACUUM ANALYZE sample_order", database)
    users = [Api(app, cell.name, source, tenant, "").as_user() for tenant in tenants.values()]
    yield Lists(app, *users)
    await app.stop()
    cluster.sql("TRUNCATE sample_order CASCADE", database)


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[Any, ...]]]:
    """The statements on the list's table as they are sent, to run them again under EXPLAIN."""
    seen: list[tuple[str, tuple[Any, ...]]] = []
    fetch = TenantConnection.fetch

    async def noted(self: TenantConnection, query: str, *arguments: Any, **options: Any) -> Any:
        if "sample_order" in query:
            seen.append((query, arguments))
        return await fetch(self, query, *arguments, **options)

    monkeypatch.setattr(TenantConnection, "fetch", noted)
    return seen


async def page(lists: Lists, user: Api, query: dict[str, Any], statements: list[Any]) -> tuple[Any, int]:
    """One page, and the pages of tables and indexes that PostgreSQL looked at for it."""
    statements.clear()
    answer = await user.get("/orders", **query)
    assert answer.status == 200, answer.body.decode()
    asked, read = statements[:], 0
    assert asked, "the request's statement was not seen"
    async with lists.app.engine.database.session(user.tenant_id) as connection:
        for text, arguments in asked:
            # Once more before, so that the catalogue's own pages are not counted.
            for _ in range(2):
                plan = await connection.fetchval(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {text}", *arguments)
            plan = plan if isinstance(plan, list) else json.loads(plan)
            read += plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"]
    return answer.json, read


@pytest.mark.slow
async def test_a_page_costs_the_same_at_ten_thousand_and_at_a_million_rows(
    lists: Lists, statements: list[tuple[str, tuple[Any, ...]]]
) -> None:
    costs: dict[str, tuple[int, int]] = {}
    for query in QUERIES:
        found: list[list[int]] = []
        for user in (lists.few, lists.many):
            shown, first = await page(lists, user, query, statements)
            read = [first]
            if shown["next"]:
                _, second = await page(lists, user, {**query, "cursor": shown["next"]}, statements)
                read.append(second)
            found.append(read)
        for number, (few, many) in enumerate(zip(*found, strict=True), start=1):
            costs[f"{query} page {number}"] = (few, many)
    # A longer list has a level or two more in each index that is walked down.
    dear = {name: both for name, both in costs.items() if both[1] > max(both[0] * MOST_TIMES, both[0] + 4)}
    assert dear == {}, costs
