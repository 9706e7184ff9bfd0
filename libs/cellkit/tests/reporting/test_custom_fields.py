"""Fields that a tenant made himself, in reports, groups, views and expressions like declared ones."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from desk_helpers import listed, run, table

from cellkit.http.application import Application
from cellkit.testing import Api

pytestmark = pytest.mark.asyncio


async def custom(api: Api, name: str, kind: str, **options: Any) -> None:
    body = {"entity": "desk.order", "name": name, "label_zh": f"自定义{name}", "label_en": name, "kind": kind}
    await api.must("POST", "/custom-fields", body | options)


async def test_custom_fields_are_reported_on(api: Api, cell_app: Application) -> None:
    await custom(api, "x_weight", "decimal", scale=3)
    await custom(api, "x_due", "date")
    await custom(api, "x_region", "text")
    await custom(api, "x_checked", "flag")
    for weight, due, region in (("1.250", "2026-01-05", "华东"), ("2", "2026-02-06", "华东"), (None, None, "华北")):
        own = {"x_weight": weight, "x_due": due, "x_region": region, "x_checked": True}
        await api.must("POST", "/orders", {"amount": "10", **own})
    measures = ["sum(x_weight)", "count(x_checked)", "avg(x_weight)", "count()"]
    found = await run(api, rows=["x_region", "month(x_due)"], measures=measures)
    assert table(found, "sum_x_weight")["华东",] == "3.250"
    assert table(found, "sum_x_weight")["华东", "2026-02"] == "2.000"
    assert found["rows"][0]["label"] == "自定义x_region"
    for item in [*found["items"], *found["totals"]]:
        assert await listed(api, item["filter"]) == item["values"]["count"], item
    narrowed = await run(api, measures=["count()"], where='x_weight > 1.5 and x_due in ("2026-02-06") and x_checked')
    assert narrowed["totals"][0]["values"]["count"] == 1
    grouped = await api.get("/orders/_groups", by="x_region", sum="x_weight")
    assert [item["sums"]["x_weight"] for item in grouped.json["items"]] == ["0.000", "3.250"]
    settings = {
        "columns": [{"field": "x_region"}],
        "where": "x_weight > 1",
        "group": ["x_region"],
        "sums": ["x_weight"],
    }
    made = await api.must("POST", "/_views", {"entity": "desk.order", "name": "自定义", "settings": settings})
    assert made["settings"] == settings
    await _spoil(cell_app, api)
    found = await run(api, rows=["x_due"], measures=["sum(x_weight)"])
    assert found["totals"][0]["values"]["sum_x_weight"] == "0.000"
    for part in ({"rows": ["x_region"]}, {"where": "x_weight > 1"}):
        body = {"definition": {"entity": "desk.order", "measures": ["count()"], **part}}
        assert (await api.tenant_b.post("/_reports/run", body)).status == 422


async def _spoil(app: Application, api: Api) -> None:
    """Values that are not of their type (left by another version, say) count as empty and stop nothing."""
    async with app.engine.database.session(api.tenant_id) as connection:
        await connection.execute(
            "UPDATE desk_order SET extension = $2 WHERE tenant_id = $1",
            uuid.UUID(api.tenant_id),
            {"x_weight": "heavy", "x_due": "soon", "x_checked": "perhaps", "x_region": "?"},
        )


async def test_a_hidden_custom_field_is_as_hidden(api: Api) -> None:
    await custom(api, "x_bonus", "decimal", scale=2)
    await api.must("POST", "/orders", {"x_bonus": "7"})
    user = api.as_user(field_rules={"desk.order.x_bonus": "hide"})
    body = {"definition": {"entity": "desk.order", "measures": ["sum(x_bonus)"]}}
    assert (await user.post("/_reports/run", body)).json["code"] == "FIELD_NOT_READABLE"
    assert (await user.get("/orders/_groups", by="x_bonus")).status == 403
    assert (await user.get("/orders", filter={"$where": "x_bonus > 1"})).status == 400


async def test_every_route_is_described(api: Api, cell_app: Application) -> None:
    paths = (await api.must("GET", "/api/v1/desk/openapi.json"))["paths"]
    own = [
        (method, path)
        for method, path in cell_app.router.routes
        if any(part in path for part in ("/_views", "/_reports", "/_groups", "/views", "/report-"))
    ]
    assert len(own) > 25
    for method, path in own:
        assert method.lower() in paths[path], (method, path)
    meta = await api.must("GET", "/api/v1/desk/_meta")
    assert meta["reporting"]["path"] == "/api/v1/desk/_reports"
