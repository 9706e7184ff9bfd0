"""Groups of a list: counts and subtotals over what the caller's list would show."""

from __future__ import annotations

from typing import Any

import pytest
from desk_helpers import fill

from cellkit.testing import Api

pytestmark = pytest.mark.asyncio


async def groups(api: Api, **query: Any) -> Any:
    answer = await api.get("/orders/_groups", **query)
    assert answer.status == 200, answer.body
    return answer.json


async def test_counts_and_subtotals(api: Api) -> None:
    await fill(api)
    found = await groups(api, by="state", sum="amount,pieces")
    assert [(item["labels"], item["count"], item["sums"]) for item in found["items"]] == [
        (["草稿"], 1, {"amount": "1000.00", "pieces": 10}),
        (["执行中"], 4, {"amount": "133.48", "pieces": 8}),
        (["完成"], 1, {"amount": "200.20", "pieces": 2}),
    ]
    assert found["total"] == {"count": 6, "sums": {"amount": "1333.68", "pieces": 20}}
    for item in found["items"]:
        listed = await api.get("/orders", filter=item["filter"], total="true")
        assert listed.json["total"] == item["count"]


async def test_levels_filter_search_and_scope(api: Api) -> None:
    await fill(api)
    found = await groups(api, by="kind,month(order_date)", filter={"state": "open", "$where": "amount > 1"}, q="上海")
    assert [(item["labels"], item["count"]) for item in found["items"]] == [(["零售"], 1), (["零售", "2026-01"], 1)]
    assert (await groups(api.as_user(scope="self"), by="state"))["items"] == []
    assert (await groups(api.tenant_b, by="state"))["total"] == {"count": 0, "sums": {}}
    assert (await groups(api))["total"]["count"] == 6


async def test_nothing_hidden_is_grouped_or_summed(api: Api) -> None:
    await fill(api)
    for rule in ("hide", "mask"):
        user = api.as_user(field_rules={"desk.order.margin": rule})
        for query in ({"by": "margin"}, {"by": "state", "sum": "margin"}, {"filter": {"margin": 1}}):
            answer = await user.get("/orders/_groups", **query)
            assert answer.status == 403, query
            assert answer.json["code"] == "FIELD_NOT_READABLE"
        assert (await user.get("/orders/_groups", by="state", filter={"$where": "margin > 0"})).status == 403
    plain = api.as_user(permissions=["desk.order.read"])
    assert (await plain.get("/orders/_groups", by="phone")).status == 403
    assert (await api.as_user(permissions=[]).get("/orders/_groups", by="state")).status == 403


async def test_wrong_queries_are_refused(api: Api) -> None:
    for query, status in (
        ({"by": "nothing"}, 422),
        ({"by": "passport"}, 403),
        ({"by": "state,state"}, 422),
        ({"by": "state", "sum": "city"}, 422),
        ({"by": "state", "sum": "amount)) FROM desk_order; --"}, 422),
        ({"by": "state", "colour": "red"}, 400),
        ({"by": "state", "filter": "{"}, 400),
        ({"by": "state", "filter": "[]"}, 400),
        ({"by": "state", "q": "x" * 200}, 400),
    ):
        answer = await api.get("/orders/_groups", **query)
        assert answer.status == status, (query, answer.body)


async def test_masters_have_groups_too(api: Api) -> None:
    await fill(api)
    answer = await api.get("/partners/_groups", by="name")
    assert [item["labels"] for item in answer.json["items"]] == [["甲"], ["乙"]]
