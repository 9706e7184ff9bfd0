"""Limits: how many groups, how long, and a pivot over 100,000 rows."""

from __future__ import annotations

import time
import uuid
from typing import Any

import asyncpg
import pytest
from desk_cell import Order

from cellkit.expression import Situation
from cellkit.http.application import Application
from cellkit.pipeline.engine import zone
from cellkit.reporting import run as running
from cellkit.reporting.binding import bind
from cellkit.reporting.compiled import ReportSql
from cellkit.reporting.definition import read_definition
from cellkit.settings import Settings
from cellkit.testing import Api

pytestmark = pytest.mark.asyncio

FILL = """
INSERT INTO desk_order (tenant_id, id, number, state, version, owner_id, created_at, created_by, updated_at, updated_by,
    order_date, kind, city, amount, margin, urgent)
SELECT $1, gen_random_uuid(), 'N' || n, (ARRAY['draft', 'open', 'done'])[1 + n % 3], 1, 'u', now(), 'u', now(), 'u',
    date '2020-01-01' + n % 2000, (ARRAY['retail', 'project'])[1 + n % 2], 'c' || n % 20, n % 1000, 1, n % 7 = 0
FROM generate_series(1, $2) AS n
"""


async def fill(settings: Settings, tenant_id: str, rows: int) -> None:
    connection = await asyncpg.connect(settings.migration_database_url)
    try:
        await connection.execute(FILL, uuid.UUID(tenant_id), rows)
        await connection.execute("ANALYZE desk_order")
    finally:
        await connection.close()


def definition(**parts: Any) -> dict[str, Any]:
    return {"definition": {"entity": "desk.order", "measures": ["sum(amount)", "count()"], **parts}}


async def test_a_pivot_over_100_000_rows(api: Api, cell_settings: Settings, cell_app: Application) -> None:
    await fill(cell_settings, api.tenant_id, 100_000)
    await fill(cell_settings, api.tenant_b.tenant_id, 1_000)
    begun = time.perf_counter()
    found = await api.must(
        "POST", "/_reports/run", definition(rows=["city", "year(order_date)"], columns=["state", "kind"])
    )
    seconds = time.perf_counter() - begun
    [total] = [item for item in found["totals"] if not item["column"]]
    assert total["values"] == {"sum_amount": "49950000.00", "count": 100_000}
    assert seconds < 10
    cities = [item for item in found["items"] if len(item["row"]) == 1 and not item["column"]]
    assert sum(item["values"]["count"] for item in cities) == 100_000
    text, parameters = statement(api, cell_app, where="order_date in last_days(10)", rows=["state"])
    async with cell_app.engine.database.session(api.tenant_id) as connection:
        plan = "\n".join(record[0] for record in await connection.fetch(f"EXPLAIN {text}", *parameters))
    # A narrow filter by an expression uses the index of its field, as a list's filter does.
    assert "ix_desk_order_order_date" in plan, plan
    too_many = await api.post("/_reports/run", definition(rows=["city", "order_date", "state"]))
    assert (too_many.status, too_many.json["code"]) == (422, "REPORT_TOO_LARGE")
    assert too_many.json["details"]["limit"] == 5000
    top = await api.must("POST", "/_reports/run", definition(rows=["order_date"], top={"count": 5, "by": "sum_amount"}))
    assert len(top["items"]) == 6
    cut = await api.get("/orders/_groups", by="city,order_date", sum="amount")
    assert (cut.json["truncated"], len(cut.json["items"])) == (True, 999)
    assert cut.json["total"]["count"] == 100_000


def statement(api: Api, app: Application, **parts: Any) -> tuple[str, list[Any]]:
    bound = bind(read_definition(definition(**parts)["definition"]), Order, None)
    situation = Situation(app.engine.clock(), zone("Asia/Shanghai"), "Asia/Shanghai")
    sql = ReportSql(bound, situation, "t.tenant_id = $1", [uuid.UUID(api.tenant_id)])
    return sql.groups(), sql.parameters


async def test_a_slow_report_is_stopped(api: Api, cell_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    await fill(cell_settings, api.tenant_id, 10_000)
    monkeypatch.setattr(running, "MOST_SECONDS", 0.001)
    answer = await api.post("/_reports/run", definition(rows=["city", "month(order_date)"]))
    assert (answer.status, answer.json["code"]) == (422, "REPORT_TOO_SLOW")
    monkeypatch.undo()
    # The next report of the same session has its whole time again.
    assert (await api.post("/_reports/run", definition(rows=["state"]))).status == 200
