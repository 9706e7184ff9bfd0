"""Views for handheld scanners: what they find, what they do, and who gets them."""

from __future__ import annotations

from typing import Any

import pytest

from cellkit.declare import Document, Integer, Ref, Text, View, action
from cellkit.labels import L
from cellkit.testing import Api
from cellkit.views.settings import read_settings
from cellkit.views.system import check_declared

pytestmark = pytest.mark.asyncio
ORDER = "desk.order"
DRAFT = {"call": "==", "arguments": [{"field": "state"}, {"value": "draft"}]}
"""The condition of the shipped view as readers get it: a tree, which pages tell in words."""


class Pallet(Document, key="desk.pallet", label=L("托盘", "Pallet"), number="P{seq:6}"):
    barcode = Text(L("条码", "Bar code"), unique=True)
    weight = Integer(L("重量", "Weight"))

    @action(
        L("上架", "Put away"),
        parameters={
            "quantity": Integer(L("数量", "Quantity"), required=True),
            "place_id": Ref(L("库位", "Place"), to="desk.partner"),
        },
    )
    async def put_away(work: Any, row: Any, parameters: Any) -> None:
        pass

    @action(L("清点", "Count"))
    async def count(work: Any, row: Any, parameters: Any) -> None:
        pass


def usable(settings: dict[str, Any]) -> bool:
    reading = read_settings("scan", settings, Pallet, None)
    return reading.whole and reading.usable


async def scan_views(api: Api) -> list[dict[str, Any]]:
    answer = await api.must("GET", f"/_views?entity={ORDER}")
    return [item for item in answer["items"] if item["kind"] == "scan"]


async def test_saying_little_means_the_number_and_all_parameters() -> None:
    reading = read_settings("scan", {"action": "put-away"}, Pallet, None)
    assert reading.whole
    assert reading.settings == {"action": "put-away", "codes": ["number"], "ask": ["quantity", "place_id"]}
    assert read_settings("scan", {}, Pallet, None).settings == {"codes": ["number"]}


async def test_what_does_not_fit_is_named() -> None:
    for settings, field in (
        ({"codes": ["weight"]}, "settings.codes[0]"),
        ({"codes": ["nothing"]}, "settings.codes[0]"),
        ({"action": "fly"}, "settings.action"),
        ({"action": "put-away", "ask": ["place_id"]}, "settings.ask"),
        ({"action": "count", "ask": ["colour"]}, "settings.ask[0]"),
        ({"action": "put-away", "at_once": True}, "settings.at_once"),
        ({"at_once": True}, "settings.at_once"),
    ):
        reading = read_settings("scan", settings, Pallet, None)
        assert [problem["field"] for problem in reading.problems] == [field], settings
    assert usable({"action": "count", "at_once": True, "codes": ["barcode", "number"], "card": ["weight"]})

    class Wrong(Document, key="desk.wrong_scan", label=L("错", "Wrong")):
        name = Text(L("名称", "Name"))
        views = [View("scan", action="fly")]

    with pytest.raises(ValueError, match=r"desk\.wrong_scan"):
        check_declared(Wrong)


async def test_a_shipped_one_is_offered_to_whoever_may_do_what_it_does(api: Api) -> None:
    [shipped] = await scan_views(api)
    assert shipped["settings"] == {
        "codes": ["number", "city"], "action": "open", "where": DRAFT, "card": ["partner_id"],
    }  # fmt: skip
    told = (await api.must("GET", "/api/v1/desk/_meta"))["views"]["scans"]
    assert told == [{"id": "desk.order.scan", "entity": ORDER, "name": "扫码作业"}]
    reader = api.as_user(["desk.order.read"])
    assert await scan_views(reader) == []
    assert (await reader.must("GET", "/api/v1/desk/_meta"))["views"]["scans"] == []


async def test_tenants_make_their_own_and_what_it_finds_it_can_do(api: Api) -> None:
    body = {"entity": ORDER, "name": "完工", "kind": "scan", "settings": {"action": "finish", "at_once": True}}
    made = await api.must("POST", "/_views", body)
    order = await api.must("POST", "/orders", {"city": "苏州"})
    kept = next(item for item in await scan_views(api) if item["id"] == made["id"])
    assert kept["settings"] == {"action": "finish", "at_once": True, "codes": ["number"]}
    await api.must("POST", f"/orders/{order['id']}/open")
    [code] = kept["settings"]["codes"]
    [found] = (await api.get("/orders", filter={code: order[code]})).json["items"]
    done = await api.must("POST", f"/orders/{found['id']}/{kept['settings']['action']}")
    assert done["state"] == "done"
    assert (await api.post("/_views", body | {"settings": {"action": "fly"}})).status == 422
