"""Statements run by plans that PostgreSQL keeps: planning one anew takes as long as running it."""

from __future__ import annotations

import pytest

from cellkit.settings import Settings
from cellkit.testing.cells import Api
from cellkit.testing.sharing import cluster_of

ROUNDS = 12
FIRST_PLANS = 5
"""PostgreSQL plans a prepared statement anew five times before it thinks of keeping a plan."""
_ITEMS = """
INSERT INTO sample_item (tenant_id, id, version, created_at, created_by, updated_at, updated_by, code, name, kind)
SELECT '{tenant}', ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, now(), 'u', now(), 'u',
    'K' || n, '物料 ' || n, 'goods'
FROM generate_series(1, 20000) n;
ANALYZE sample_item;
"""


async def test_plans_of_documents_with_lines_are_kept(
    api: Api, cell_settings: Settings, pytestconfig: pytest.Config
) -> None:
    database = cell_settings.database_url.rpartition("/")[2]
    cluster_of(pytestconfig).sql(_ITEMS.format(tenant=api.tenant_id), database)
    goods = (await api.must("GET", "/items?limit=2"))["items"]
    lines = [{"item_id": row["id"], "quantity": "3", "price": "1"} for row in goods]
    for _ in range(ROUNDS):
        made = await api.must("POST", "/orders", {"partner": "客户甲", "order_date": "2026-03-05", "lines": lines})
        changed = [{**line, "quantity": "4"} for line in made["lines"]]
        await api.must("PATCH", f"/orders/{made['id']}", {"version": 1, "lines": changed})
        await api.must("GET", f"/orders/{made['id']}")
    async with api.app.engine.database.session(api.tenant_id) as connection:
        plans = await connection.fetch(
            "SELECT left(statement, 60) AS start, custom_plans, generic_plans FROM pg_prepared_statements "
            "WHERE custom_plans + generic_plans >= $1 AND statement LIKE '%unnest%'",
            ROUNDS,
        )
    # Creating, changing, and reading the titles of the lines.
    kinds = [(plan["custom_plans"], plan["generic_plans"]) for plan in plans]
    assert kinds == [(FIRST_PLANS, ROUNDS - FIRST_PLANS)] * 3, plans
