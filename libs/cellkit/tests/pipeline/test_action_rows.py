"""Rows as parameters of actions: checked cell by cell, preset from the document, told in the metadata."""

from typing import Any

import pytest
from test_documents import order

from cellkit.testing import Api

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize(
    ("lines", "places"),
    [
        ({}, [("lines", "type")]),
        ([], [("lines", "min_items")]),
        ([{"line_id": str(n), "quantity": "1"} for n in range(4)], [("lines", "max_items")]),
        ([{"line_id": "a", "quantity": "0"}], [("lines[0].quantity", "above")]),
        ([{"line_id": "a", "quantity": "1"}, {"quantity": "x"}], [("lines[1].quantity", "type")]),
        ([{"line_id": "a", "quantity": "1"}] * 2, [("lines[1].line_id", "unique")]),
        ([{"line_id": "a", "quantity": "1", "item_id": None}], [("lines[0].item_id", "readonly")]),
        ([{"line_id": "a", "quantity": "1", "id": "b"}], [("lines[0].id", "unknown")]),
    ],
)
async def test_problems_name_their_cells(api: Api, lines: Any, places: Any) -> None:
    made = await order(api)
    answer = await api.post(f"/orders/{made['id']}/pick", {"lines": lines})
    assert answer.status == 422
    assert [(item["field"], item["rule"]) for item in answer.json["details"]] == places


async def test_action_gets_values_or_none(api: Api) -> None:
    made = await order(api)
    picked = await api.must("POST", f"/orders/{made['id']}/pick", {"lines": [{"line_id": "a", "quantity": "1.5"}]})
    assert picked["result"] == {"a": "1.500000"}
    assert "result" not in await api.must("POST", f"/orders/{made['id']}/pick", {})


async def test_preset_tells_what_the_caller_may_see(api: Api) -> None:
    made = await order(api, quantity="4")
    path = f"/orders/{made['id']}/pick"
    lines = (await api.must("GET", path))["parameters"]["lines"]
    assert [(line["line_id"], line["quantity"], line["item_label"]) for line in lines] == [
        (line["id"], "4.000000", "螺丝 M3") for line in made["lines"]
    ]
    narrow = api.as_user(["sample.order.*"], field_rules={"sample.order.lines.item_id": "hide"})
    assert set((await narrow.must("GET", path))["parameters"]["lines"][0]) == {"line_id", "quantity"}
    assert (await api.as_user(["sample.order.read"]).get(path)).status == 403
    assert (await api.as_user(scope="self").get(path)).status == 404
    assert (await api.get(f"/orders/{made['lines'][0]['id']}/pick")).status == 404


async def test_metadata_describes_the_rows(api: Api) -> None:
    entities = (await api.must("GET", "/api/v1/sample/_meta"))["entities"]
    [pick] = [
        one
        for item in entities
        if item["key"] == "sample.order"
        for one in item.get("actions", ())
        if one["verb"] == "pick"
    ]
    assert pick["preset"] is True
    [lines] = pick["parameters"]
    assert (lines["kind"], lines["key"], lines["min"], lines["max"]) == ("lines", "line_id", 1, 3)
    assert [(one["name"], one["readonly"]) for one in lines["fields"]] == [
        ("line_id", False), ("item_id", True), ("quantity", False),
    ]  # fmt: skip
