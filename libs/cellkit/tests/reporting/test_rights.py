"""No report tells a caller what he may not see; nothing hostile gets through."""

from __future__ import annotations

from typing import Any

import pytest
from desk_helpers import fill, partner

from cellkit.testing import Api

pytestmark = pytest.mark.asyncio

HIDDEN = [
    {"rows": ["margin"]},
    {"columns": ["margin"]},
    {"rows": [{"name": "m", "expression": "if(margin > 1, 1, 0)"}]},
    {"measures": ["sum(margin)"]},
    {"measures": ["count(margin)"]},
    {"measures": [{"name": "m", "expression": "sum(amount - coalesce(margin, 0))"}]},
    {"measures": [{"name": "m", "expression": "sum(amount, margin > 5)"}]},
    {"measures": [{"name": "m", "expression": "count(margin > 5)"}]},
    {"where": "margin > 5"},
    {"where": "not (margin is empty)"},
    {"where": {"call": ">", "arguments": [{"field": "margin"}, {"value": 5}]}},
    {"filter": {"margin": {"gt": "5"}}},
    {"filter": {"$where": "margin > 5"}},
    {"filter": {"$where": ["amount > 1", "margin > 5"]}},
    {"having": "sum(margin) > 5"},
    {"rows": ["lines.cost"], "lines": "lines"},
    {"measures": ["sum(lines.cost)"], "lines": "lines"},
    {"measures": [{"name": "m", "expression": "sum(sum(lines.cost))"}]},
    {"where": "any(lines.cost > 5)"},
    {"where": "sum(lines.quantity, lines.cost > 5) > 1"},
]


@pytest.mark.parametrize("rule", ["hide", "mask"])
async def test_hidden_and_masked_fields_are_refused_everywhere(api: Api, rule: str) -> None:
    await fill(api)
    user = api.as_user(field_rules={"desk.order.margin": rule, "desk.order.lines.cost": rule})
    for part in HIDDEN:
        definition: dict[str, Any] = {"entity": "desk.order", "measures": ["count()"], **part}
        body = {"definition": definition}
        answer = await user.post("/_reports/run", body)
        assert (answer.status, answer.json["code"]) == (403, "FIELD_NOT_READABLE"), part
        assert answer.json["details"]["field"] in ("margin", "lines.cost")
        for kind in ("csv", "xlsx"):
            assert (await user.post(f"/_reports/run?format={kind}", body)).status == 403
        kept = await user.post("/_reports", {"name": "x", "entity": "desk.order", "definition": definition})
        assert kept.status == 403, part
        assert (await api.post("/_reports/run", body)).status == 200, part


async def test_a_field_masked_by_its_declaration_needs_a_rule_that_shows_it(api: Api) -> None:
    await api.must("POST", "/orders", {"phone": "13812345678"})
    body = {"definition": {"entity": "desk.order", "rows": ["phone"], "measures": ["count()"]}}
    plain = api.as_user(permissions=["desk.order.read"])
    answer = await plain.post("/_reports/run", body)
    assert (answer.status, answer.json["code"]) == (403, "FIELD_NOT_READABLE")
    assert b"138" not in answer.body
    # Whoever may reveal it does so one by one and with a reason; a report would show them all at once.
    assert (await api.post("/_reports/run", body)).status == 403
    shown = api.as_user(permissions=["desk.order.read"], field_rules={"desk.order.phone": "read"})
    assert (await shown.must("POST", "/_reports/run", body))["items"][0]["row"] == ["13812345678"]


async def test_encrypted_fields_and_json_cannot_be_reported_on(api: Api) -> None:
    await api.must("POST", "/orders", {"passport": "E1234", "notes": {"secret": 1}})
    for field in ("passport", "notes"):
        body = {"definition": {"entity": "desk.order", "rows": [field], "measures": ["count()"]}}
        answer = await api.post("/_reports/run", body)
        assert answer.status == (403 if field == "passport" else 422)
        assert b"E1234" not in answer.body
        clear = api.as_user(field_rules={"desk.order.passport": "read"})
        assert (await clear.post("/_reports/run", body)).status == 422


async def test_a_hidden_grid_is_hidden_from_reports(api: Api) -> None:
    await fill(api)
    user = api.as_user(field_rules={"desk.order.lines": "hide"})
    for part in (
        {"lines": "lines", "rows": ["lines.item"]},
        {"where": "lines is empty"},
        {"measures": [{"name": "n", "expression": "sum(count(lines))"}]},
    ):
        answer = await user.post(
            "/_reports/run", {"definition": {"entity": "desk.order", "measures": ["count()"], **part}}
        )
        assert (answer.status, answer.json["code"]) == (403, "FIELD_NOT_READABLE"), part


async def test_titles_of_references_follow_the_rights_on_the_target(api: Api) -> None:
    await fill(api)
    user = api.as_user(field_rules={"desk.partner.name": "hide"})
    body = {"definition": {"entity": "desk.order", "rows": ["partner_id"], "measures": ["count()"]}}
    answer = await user.must("POST", "/_reports/run", body)
    for item in answer["items"]:
        assert item["row_labels"] in ([item["row"][0]], ["（空）"])
    assert "甲" not in (await user.post("/_reports/run?format=csv", body)).body.decode()


async def test_lists_refuse_expressions_over_hidden_fields(api: Api) -> None:
    await fill(api)
    user = api.as_user(field_rules={"desk.order.margin": "hide"})
    for where in ("margin > 0", "not (margin is empty)", "coalesce(margin, 1) == 1", ["amount > 0", "margin > 0"]):
        answer = await user.get("/orders", filter={"$where": where})
        assert answer.status == 400, where
        exported = await user.get("/exports/orders", filter={"$where": where})
        assert exported.status == 400, where
    answer = await api.get(
        "/orders", filter={"$where": "margin > 0 and created_by == me", "state": "open"}, total="true"
    )
    assert answer.json["total"] == 4


HOSTILE = [
    {"rows": ['amount" FROM desk_order; --']},
    {"rows": ["tenant_id"]},
    {"rows": ["search_text"]},
    {"rows": ["extension"]},
    {"rows": ["month(amount)"]},
    {"rows": [{"field": "order_date", "by": "month'); DROP TABLE desk_order; --"}]},
    {"rows": ["state"] * 2},
    {"rows": ["state"] * 9},
    {"measures": ["sum(city)"]},
    {"measures": ["count()"] * 30},
    {"measures": [{"function": "pg_sleep", "field": "amount"}]},
    {"measures": [{"expression": "pg_sleep(10)"}]},
    {"measures": [{"expression": "amount"}]},
    {"measures": []},
    {"entity": "desk.nothing"},
    {"entity": "kit_audit"},
    {"entity": 5},
    {"lines": "passengers"},
    {"where": "1 == 1; DROP TABLE desk_order"},
    {"where": "(" * 500},
    {"where": "not " * 400 + "urgent"},
    {"where": "state == 'nowhere'"},
    {"having": "amount > 1"},
    {"having": "sum(amount)"},
    {"sort": ["nothing"]},
    {"top": {"count": 100000, "by": "count"}},
    {"top": {"count": 5, "by": "nothing"}},
    {"compare": {"field": "amount", "period": "this_month"}},
    {"compare": {"field": "order_date", "period": "someday"}},
    {"filter": {"nothing": 1}},
    {"chart": 'pie"'},
    {"extra": 1},
]


@pytest.mark.parametrize("index", range(len(HOSTILE)))
async def test_hostile_definitions_are_named_wrong(api: Api, index: int) -> None:
    definition = {"entity": "desk.order", "measures": ["count()"], **HOSTILE[index]}
    answer = await api.post("/_reports/run", {"definition": definition})
    assert answer.status in (400, 422), answer.body
    assert answer.json["code"] in ("VALIDATION_FAILED", "BAD_REQUEST")


async def test_hostile_values_are_values(api: Api) -> None:
    nasty = """'; DROP TABLE desk_order; -- " \\ %_ ${1}"""
    await api.must("POST", "/orders", {"city": nasty})
    tree = {"call": "==", "arguments": [{"field": "city"}, {"value": nasty}]}
    body = {"definition": {"entity": "desk.order", "rows": ["city"], "measures": ["count()"], "where": tree}}
    [item] = (await api.must("POST", "/_reports/run", body))["items"]
    assert (item["row"], item["values"]["count"]) == ([nasty], 1)
    assert (await api.get("/orders", filter=item["filter"], total="true")).json["total"] == 1
    exported = await api.post("/_reports/run?format=csv", {"definition": {**body["definition"], "where": None}})
    assert "'';" in exported.body.decode() or "'; DROP" in exported.body.decode()
    formula = await partner(api, "=cmd|' /C calc'!A0")
    await api.must("POST", "/orders", {"partner_id": formula})
    by = {"definition": {"entity": "desk.order", "rows": ["partner_id"], "measures": ["count()"]}}
    assert "'=cmd" in (await api.post("/_reports/run?format=csv", by)).body.decode()


async def test_numbers_beyond_bounds_are_told(api: Api) -> None:
    await api.must("POST", "/orders", {"amount": "9999999999999999.99"})
    product = " * ".join(["amount"] * 20)
    body = {"definition": {"entity": "desk.order", "measures": [{"name": "m", "expression": f"sum({product})"}]}}
    found = await api.must("POST", "/_reports/run", body)
    assert len(found["totals"][0]["values"]["m"]) > 300
