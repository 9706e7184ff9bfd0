"""A page costs the same however long the list is: what PostgreSQL reads for it, counted, not timed."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from cellkit.db.pool import use_tenant
from cellkit.http.application import Application
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
async def lists(
    cell_app: Application, api: Api, cell_settings: Settings, pytestconfig: pytest.Config
) -> AsyncIterator[Lists]:
    tenants = {rows: str(uuid.uuid4()) for rows in (FEW, MANY)}
    cluster, database = cluster_of(pytestconfig), cell_settings.database_url.rpartition("/")[2]
    for rows, tenant in tenants.items():
        for first in range(1, rows + 1, PORTION):
            last = min(first + PORTION - 1, rows)
            cluster.sql(_FILL.format(tenant=tenant, first=first, last=last), database)
    cluster.sql("VACUUM ANALYZE sample_order", database)
    users = [Api(cell_app, api.cell, api.source, tenant, "").as_user() for tenant in tenants.values()]
    yield Lists(cell_app, *users)
    cluster.sql("TRUNCATE sample_order CASCADE", database)


class Counted:
    """Notes the statements of a request, to run them again under EXPLAIN."""

    def __init__(self) -> None:
        self.statements: list[tuple[str, tuple[Any, ...]]] = []

    def __call__(self, record: Any) -> None:
        if "sample_order" in record.query and record.query.lstrip().startswith(("SELECT", "WITH")):
            self.statements.append((record.query, tuple(record.args)))


async def page(app: Application, user: Api, query: dict[str, Any]) -> tuple[Any, int]:
    """One page, and the pages of tables and indexes that PostgreSQL looked at for it."""
    counted = Counted()
    async with app.engine.database.session(user.tenant_id) as connection:
        connection._con.add_query_logger(counted)
    answer = await user.get("/orders", **query)
    assert answer.status == 200, answer.body.decode()
    read = 0
    async with app.engine.database.session(user.tenant_id) as connection:
        connection._con.remove_query_logger(counted)
        await use_tenant(connection, user.tenant_id)
        assert counted.statements, "the request's statement was not seen"
        for text, arguments in counted.statements:
            # Once more before, so that the catalogue's own pages are not counted.
            for _ in range(2):
                plan = await connection.fetchval(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {text}", *arguments)
            plan = plan if isinstance(plan, list) else json.loads(plan)
            read += plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"]
    return answer.json, read


@pytest.mark.slow
async def test_a_page_costs_the_same_at_ten_thousand_and_at_a_million_rows(lists: Lists) -> None:
    costs: dict[str, tuple[int, int]] = {}
    for query in QUERIES:
        found: list[list[int]] = []
        for user in (lists.few, lists.many):
            shown, first = await page(lists.app, user, query)
            read = [first]
            if shown["next"]:
                _, second = await page(lists.app, user, {**query, "cursor": shown["next"]})
                read.append(second)
            found.append(read)
        for number, (few, many) in enumerate(zip(*found, strict=True), start=1):
            costs[f"{query} page {number}"] = (few, many)
    # A longer list has a level or two more in each index that is walked down.
    dear = {name: both for name, both in costs.items() if both[1] > max(both[0] * MOST_TIMES, both[0] + 4)}
    assert dear == {}, costs
