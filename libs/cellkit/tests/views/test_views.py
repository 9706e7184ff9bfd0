"""Saved views: shipped, one's own, shared; defaults; what a reader may not see drops out."""

from __future__ import annotations

from typing import Any

import pytest
from desk_cell import Note

from cellkit.declare import Document, Text, View
from cellkit.expression import parse, to_json
from cellkit.labels import L
from cellkit.testing import Api
from cellkit.views.system import check_declared, system_views

pytestmark = pytest.mark.asyncio
ORDER = "desk.order"
SETTINGS: dict[str, Any] = {
    "columns": [{"field": "number", "width": 120, "freeze": "left"}, {"field": "amount"}, {"field": "margin"}],
    "filter": {"state": ["open", "draft"], "margin": {"gt": "0"}},
    "where": "amount > 10 and created_by == me",
    "presets": [{"label": "急", "where": "urgent"}, {"label": "利", "where": "margin > 5"}],
    "sort": [{"field": "order_date", "descending": True}],
    "group": ["state", "month(order_date)"],
    "sums": ["amount", "margin"],
    "density": "compact",
    "colours": [{"where": "amount > 100", "colour": "red"}, {"where": "margin < 0", "colour": "grey"}],
    "page_size": 50,
}


def view(name: str = "我的视图", **values: Any) -> dict[str, Any]:
    return {"entity": ORDER, "name": name, "settings": SETTINGS, **values}


async def views(api: Api, entity: str = ORDER) -> dict[str, Any]:
    answer = await api.must("GET", f"/_views?entity={entity}")
    assert [item["id"] for item in answer["items"] if item["default"]] == [answer["default"]]
    return {"default": answer["default"], **{item["id"]: item for item in answer["items"]}}


async def test_shipped_views_are_there_and_read_only(api: Api) -> None:
    found = await views(api)
    assert {"desk.order.list", "desk.order.kanban", "desk.order.calendar", "desk.order.pivot"} <= found.keys()
    assert found["default"] == "desk.order.list"
    shipped = found["desk.order.list"]
    assert shipped["editable"] is False
    assert shipped["settings"]["presets"][0] == {"label": "我的", "where": "created_by == me"}
    assert [item["field"] for item in shipped["settings"]["columns"]][:2] == ["number", "partner_id"]
    assert found["desk.order.pivot"]["settings"]["measures"] == ["sum(amount)", "count()"]
    assert (await api.patch("/_views/desk.order.list", {"version": 1, "name": "x"})).status == 404
    assert (await api.delete("/_views/desk.order.list")).status == 404


async def test_a_document_without_views_gets_a_list(api: Api) -> None:
    found = await views(api, "desk.note")
    assert found["desk.note.list"]["settings"] == {"columns": [{"field": "subject"}]}
    partner = await views(api, "desk.partner")
    assert partner["desk.partner.list"]["settings"]["columns"] == [{"field": "code"}, {"field": "name"}]


async def test_everybody_keeps_views_of_what_he_may_read(api: Api) -> None:
    clerk = api.as_user(permissions=["desk.order.read"])
    made = await clerk.must("POST", "/_views", view())
    assert (made["version"], made["origin"], made["sharing"]) == (1, "own", "private")
    assert (await views(clerk))[made["id"]]["settings"] == {**SETTINGS, "where": to_json(parse(SETTINGS["where"]))}
    place = f"/_views/{made['id']}"
    changed = await clerk.must(
        "PATCH", place, {"version": 1, "name": "改", "settings": {**SETTINGS, "density": "wide"}}
    )
    assert (changed["version"], changed["settings"]["density"]) == (2, "wide")
    assert (await clerk.patch(place, {"version": 1, "name": "x"})).status == 409
    assert made["id"] not in await views(api)
    for other in (api, api.tenant_b):
        assert (await other.patch(place, {"version": 2, "name": "x"})).status == 404
        assert (await other.delete(place)).status == 404
        assert (await other.post(f"{place}/copy", {})).status == 404
    stranger = api.as_user(permissions=["desk.partner.read"])
    assert (await stranger.post("/_views", view())).status == 403
    assert (await stranger.get("/_views", entity=ORDER)).status == 403
    assert (await clerk.delete(place, version="2")).status == 204
    assert made["id"] not in await views(clerk)


async def test_repeats_keep_one_view(api: Api) -> None:
    first = await api.post("/_views", view(), request_id="keep-1")
    again = await api.post("/_views", view(), request_id="keep-1")
    assert again.json["id"] == first.json["id"]
    assert again.headers["idempotent-replay"] == "true"


async def test_sharing_needs_its_permission_also_by_the_general_routes(api: Api) -> None:
    clerk = api.as_user(permissions=["desk.order.read", "desk.view.create", "desk.view.update", "desk.view.read"])
    for path in ("/_views", "/views"):
        answer = await clerk.post(path, view(sharing="all"))
        assert (answer.status, answer.json["details"]["permission"]) == (403, "desk.view.share")
    answer = await clerk.post("/views", {**view(), "settings": {"columns": [{"field": "nothing"}]}})
    assert answer.status == 422
    assert (await api.post("/_views", view(sharing="roles"))).json["details"][0]["field"] == "roles"
    assert (await api.post("/_views", view(role_default=True))).json["details"][0]["field"] == "role_default"


async def test_shared_views_reach_their_roles(api: Api) -> None:
    made = await api.must("POST", "/_views", view("销售", sharing="roles", roles=["sales"], role_default=True))
    sales = api.as_user(permissions=["desk.order.read"], roles=["sales"])
    buyer = api.as_user(permissions=["desk.order.read"], roles=["buyer"])
    assert (await views(sales))["default"] == made["id"]
    assert made["id"] not in await views(buyer)
    assert (await views(sales))[made["id"]]["editable"] is False
    assert (await sales.patch(f"/_views/{made['id']}", {"version": 1, "name": "x"})).status == 403
    everybody = await api.must("POST", "/_views", view("大家", sharing="all", role_default=True))
    assert (await views(buyer))["default"] == everybody["id"]
    assert (await views(sales))["default"] == made["id"]
    keeper = api.as_user(permissions=["desk.order.read", "desk.view.share"])
    assert (await keeper.must("PATCH", f"/_views/{made['id']}", {"version": 1, "roles": ["buyer"]}))["version"] == 2
    assert (await views(buyer))["default"] == made["id"]


async def test_ones_own_default(api: Api) -> None:
    user = api.as_user()
    await user.must("POST", "/_views/desk.order.kanban/make-default", {})
    assert (await views(user))["default"] == "desk.order.kanban"
    made = await user.must("POST", "/_views", view())
    await user.must("POST", f"/_views/{made['id']}/make-default", {})
    assert (await views(user))["default"] == made["id"]
    assert (await views(api))["default"] == "desk.order.list"
    assert (await user.post("/_views/reset-default", {"entity": ORDER})).status == 204
    assert (await views(user))["default"] == "desk.order.list"
    await user.must("POST", f"/_views/{made['id']}/make-default", {})
    await user.delete(f"/_views/{made['id']}")
    assert (await views(user))["default"] == "desk.order.list"
    assert (await user.post("/_views/desk.order.nothing/make-default", {})).status == 404


async def test_hidden_and_masked_fields_drop_out(api: Api) -> None:
    made = await api.must("POST", "/_views", view(sharing="all"))
    for rule, columns in (("hide", ["number", "amount"]), ("mask", ["number", "amount", "margin"])):
        user = api.as_user(field_rules={"desk.order.margin": rule})
        shown = (await views(user))[made["id"]]
        assert [item["field"] for item in shown["settings"]["columns"]] == columns
        assert shown["reduced"] is True
        left = {name: value for name, value in shown["settings"].items() if name != "columns"}
        assert "margin" not in str(left)
        assert left["filter"] == {"state": ["open", "draft"]}
        assert left["sums"] == ["amount"]
        shipped = (await views(user))["desk.order.list"]
        assert shipped["settings"]["sums"] == ["amount"]
        refused = await user.post("/_views", view())
        assert refused.status == 422
        assert {item["field"] for item in refused.json["details"]} >= {
            "settings.filter.margin", "settings.presets[1].where", "settings.sums[1]", "settings.colours[1].where"
        }  # fmt: skip
        copied = await user.must("POST", f"/_views/{made['id']}/copy", {})
        assert copied["name"] == "我的视图 副本"
        assert "margin" not in str({**copied["settings"], "columns": None})
    dateless = api.as_user(field_rules={"desk.order.order_date": "hide"})
    assert "desk.order.calendar" not in await views(dateless)


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"columns": [{"field": "nothing"}]}, "settings.columns[0].field"),
        ({"columns": ["number", "number"]}, "settings.columns"),
        ({"columns": [{"field": "number", "width": 5}]}, "settings.columns[0].width"),
        ({"columns": [{"field": "number", "freeze": "top"}]}, "settings.columns[0].freeze"),
        ({"columns": "number"}, "settings.columns"),
        ({"filter": {"nothing": 1}}, "settings.filter.nothing"),
        ({"filter": {"amount": {"like": 1}}}, "settings.filter.amount"),
        ({"filter": {"$where": "nothing == 1"}}, "settings.filter.$where"),
        ({"where": "amount >"}, "settings.where"),
        ({"where": 5}, "settings.where"),
        ({"presets": [{"label": "x", "where": "amount"}]}, "settings.presets[0].where"),
        ({"presets": [{"label": "", "where": "urgent"}]}, "settings.presets[0].label"),
        ({"sort": [{"field": "city"}]}, "settings.sort[0].field"),
        ({"group": ["notes"]}, "settings.group[0]"),
        ({"group": ["month(amount)"]}, "settings.group[0]"),
        ({"sums": ["city"]}, "settings.sums[0]"),
        ({"sums": ["passport"]}, "settings.sums[0]"),
        ({"colours": [{"where": "urgent", "colour": "url(x)"}]}, "settings.colours[0].colour"),
        ({"density": "huge"}, "settings.density"),
        ({"page_size": 5000}, "settings.page_size"),
        ({"script": "alert(1)"}, "settings.script"),
        ([1], "settings"),
    ],
)
async def test_wrong_settings_are_named(api: Api, settings: Any, field: str) -> None:
    answer = await api.post("/_views", view(settings=settings))
    assert answer.status == 422
    assert [item["field"] for item in answer.json["details"]] == [field]


@pytest.mark.parametrize(
    ("kind", "settings", "field"),
    [
        ("kanban", {"card": ["number"]}, "settings.by"),
        ("kanban", {"by": "amount"}, "settings.by"),
        ("calendar", {"start": "city"}, "settings.start"),
        ("gantt", {"start": "order_date"}, "settings.end"),
        ("pivot", {"rows": ["state"]}, "settings.measures"),
        ("pivot", {"rows": ["nothing"], "measures": ["count()"]}, "settings.rows[0]"),
        ("tree", {"parent": "partner_id"}, "settings.parent"),
        ("list", {"by": "state"}, "settings.by"),
    ],
)
async def test_every_kind_has_its_own_settings(api: Api, kind: str, settings: dict[str, Any], field: str) -> None:
    answer = await api.post("/_views", view(kind=kind, settings=settings))
    assert answer.status == 422
    assert answer.json["details"][0]["field"] == field


async def test_kinds_that_fit_are_kept(api: Api) -> None:
    for kind, settings in (
        ("kanban", {"by": "partner_id", "card": ["number", "phone"]}),
        ("calendar", {"start": "placed_at", "card": ["number"]}),
        ("gantt", {"start": "order_date", "end": "placed_at"}),
        ("pivot", {"rows": ["month(order_date)"], "columns": ["state"], "measures": ["sum(amount)"], "chart": "line"}),
    ):
        made = await api.must("POST", "/_views", view(kind=kind, settings=settings))
        assert (await views(api))[made["id"]]["settings"] == settings


async def test_an_etag_saves_the_body_and_meta_points_there(api: Api) -> None:
    first = await api.get("/_views", entity=ORDER)
    tag = first.headers["etag"]
    again = await api.call("GET", f"/_views?entity={ORDER}", headers={"if-none-match": tag})
    assert (again.status, again.body) == (304, b"")
    await api.must("POST", "/_views", view())
    assert (await api.get("/_views", entity=ORDER)).headers["etag"] != tag
    meta = (await api.must("GET", "/api/v1/desk/_meta"))["views"]
    assert meta["path"] == "/api/v1/desk/_views"
    assert meta["share"] is True
    assert set(meta["entities"]) >= {"desk.order", "desk.note"}
    assert (await api.get("/_views", entity="desk.nothing")).status == 400
    assert (await api.get("/_views", entity=ORDER, colour="red")).status == 400


async def test_a_view_works_in_the_list_it_is_of(api: Api) -> None:
    for amount in ("5", "50"):
        await api.must("POST", "/orders", {"amount": amount, "margin": "1"})
    await api.as_user().must("POST", "/orders", {"amount": "70", "margin": "1"})
    made = await api.must("POST", "/_views", view())
    settings = (await views(api))[made["id"]]["settings"]
    found = await api.get("/orders", filter={**settings["filter"], "$where": settings["where"]}, sort="-order_date")
    assert [item["amount"] for item in found.json["items"]] == ["50.00"]


async def test_declared_views_must_fit(api: Api) -> None:
    class Wrong(Document, key="desk.wrong", label=L("错", "Wrong")):
        name = Text(L("名称", "Name"))
        views = [View("list", columns="name nothing")]

    class Twice(Document, key="desk.twice", label=L("二", "Twice")):
        name = Text(L("名称", "Name"))
        views = [View("list", columns="name"), View("list", columns="name")]

    for document in (Wrong, Twice):
        with pytest.raises(ValueError, match=r"desk\.(wrong|twice)"):
            check_declared(document)
    assert [item.id for item in system_views(Note)] == ["desk.note.list"]
