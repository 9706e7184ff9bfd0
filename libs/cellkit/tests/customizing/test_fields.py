"""Kinds of declared fields: what they take, refuse, compute and show."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest
from yard_helpers import problems, trip

from cellkit.testing import Api

pytestmark = pytest.mark.asyncio


async def vehicle(api: Api, **values: Any) -> dict[str, Any]:
    made: dict[str, Any] = await api.must("POST", "/vehicles", {"plate": uuid.uuid4().hex[:8], **values})
    return made


class TestKinds:
    async def test_each_is_read_written_and_listed(self, api: Api) -> None:
        values = {
            "driver_mobile": "+86 138-0013-8000",
            "driver_card": "11010519491231002x",
            "equipment": ["gps", "crane", "gps"],
            "labels": [" 冷藏 ", "夜班"],
            "starts_at": "06:45",
            "owner_code": "91110000600037341l",
            "seats": 2,
            "length": "13.75",
            "extra": {"a": 1},
        }
        made = await vehicle(api, **values)
        wanted = {
            "driver_mobile": "13800138000",
            "driver_card": "1101**********002X",
            "equipment": ["gps", "crane"],
            "labels": ["冷藏", "夜班"],
            "starts_at": "06:45:00",
            "owner_code": "91110000600037341L",
            "length": "13.750",
        }
        read = await api.must("GET", f"/vehicles/{made['id']}")
        assert {name: read[name] for name in wanted} == wanted
        for condition in (
            {"equipment": {"all": ["gps", "crane"]}},
            {"labels": "夜班"},
            {"starts_at": {"gte": "06:00", "lt": "07:00"}},
            {"length": "13.75"},
        ):
            found = await api.get("/vehicles", filter=condition)
            assert [row["id"] for row in found.json["items"]] == [made["id"]], condition
        assert (await api.must("GET", "/vehicles?sort=starts_at"))["items"][0]["id"] == made["id"]

    async def test_wrong_values_are_named(self, api: Api) -> None:
        answer = await api.post(
            "/vehicles",
            {
                "plate": "P",
                "driver_mobile": "12345678901",
                "driver_card": "110105194912310021",
                "equipment": ["wings"],
                "labels": ["a,b"],
                "starts_at": "24:00",
                "owner_code": "91110000600037341A",
                "seats": 0,
                "length": "1.2345",
                "title_text": "x",
            },
        )
        assert sorted(problems(answer)) == [
            ("driver_card", "format"), ("driver_mobile", "format"), ("equipment", "choice"), ("labels", "tag"),
            ("length", "scale"), ("owner_code", "format"), ("seats", "range"), ("starts_at", "type"),
            ("title_text", "readonly"),
        ]  # fmt: skip
        messages = {item["field"]: item["message"] for item in answer.json["details"]}
        assert messages["driver_card"] == "身份证：不是有效的身份证号码（校验位不正确）"

    async def test_money_in_the_rows_currency(self, api: Api) -> None:
        assert (await trip(api, fee="12.34"))["fee"] == "12.3400"
        assert (await trip(api, fee="12.345", currency="KWD"))["currency"] == "KWD"
        body = {"kind": "long", "day": "2026-01-01"}
        assert problems(await api.post("/trips", {**body, "fee": "12.5", "currency": "JPY"})) == [("fee", "scale")]
        assert problems(await api.post("/trips", {**body, "fee": "1", "currency": None})) == [("fee", "currency")]
        assert problems(await api.post("/trips", {**body, "currency": "XXX"})) == [("currency", "currency")]
        assert problems(await api.post("/trips", {**body, "toll": "1.5"})) == [("toll", "scale")]
        made = await trip(api, fee="5", currency="JPY", toll="100")
        assert made["toll"] == "100"
        answer = await api.patch(f"/trips/{made['id']}", {"version": 1, "currency": None})
        assert problems(answer) == [("fee", "currency")]

    async def test_quantity_with_its_unit(self, api: Api) -> None:
        line = {"name": "a", "price": "1", "count": 1, "weight": "3"}
        answer = await api.post("/trips", {"kind": "long", "day": "2026-01-01", "lines": [line]})
        assert problems(answer) == [("lines[0].weight", "unit")]
        made = await trip(api, lines=[{**line, "unit": "t"}])
        assert made["lines"][0]["unit"] == "t"

    async def test_metadata_and_openapi_describe_them(self, api: Api) -> None:
        meta = await api.must("GET", "/api/v1/yard/_meta")
        entities = {item["key"]: item for item in meta["entities"]}
        fields = {item["name"]: item for item in entities["yard.trip"]["fields"]}
        assert fields["fee"]["currency_field"] == "currency"
        assert fields["district"]["parent"] == "region"
        assert fields["kind"]["dictionary"] == "yard.trip_kind"
        assert {"code": "JPY", "digits": 0, "label": "日元"} in fields["currency"]["currencies"]
        assert (fields["net"]["computed"], fields["net"]["readonly"], fields["net"]["operators"]) == (True, True, [])
        vehicles = {item["name"]: item for item in entities["yard.vehicle"]["fields"]}
        assert vehicles["driver_mobile"]["format"] == "mobile"
        assert vehicles["equipment"]["options"][0] == {"value": "crane", "label": "吊机"}
        assert "under" in {item["name"]: item for item in entities["yard.category"]["fields"]}["parent_id"]["operators"]
        assert "under" in vehicles["category_id"]["operators"]
        described = await api.must("GET", "/openapi.json")
        change = described["components"]["schemas"]["VehicleChange"]
        assert change["properties"]["equipment"]["type"] == ["array", "null"]
        assert any("x_" in pattern for pattern in change["patternProperties"])
        assert "/api/v1/yard/_dictionaries/{code}" in described["paths"]

    async def test_files_there_and_back(self, api: Api) -> None:
        file = '车牌,设备,标签,出车时间,司机手机,车长\n甲A1,定位；吊机,冷藏、夜班,6:45,138 0013 8000,"1,013.5"\n'
        answer = await api.call("POST", "/imports/vehicles", file.encode(), headers={"content-type": "text/csv"})
        assert answer.json["created"] == 1, answer.json
        answer = await api.get(
            "/exports/vehicles?columns=plate,equipment,labels,starts_at,driver_mobile,length,title_text"
        )
        assert answer.body.decode("utf-8-sig").splitlines() == [
            "车牌,设备,标签,出车时间,司机手机,车长,显示名",
            "甲A1,定位；吊机,冷藏；夜班,06:45:00,13800138000,1013.500,甲A1/-",
        ]
        workbook = await api.get("/exports/vehicles?format=xlsx")
        assert workbook.status == 200
        answer = await api.call("POST", "/imports/vehicles?mode=dry_run", workbook.body, headers={
            "content-type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        })  # fmt: skip
        assert {item["rule"] for item in answer.json["errors"]} == {"unique"}


class TestComputed:
    async def test_stored_and_not_stored(self, api: Api) -> None:
        lines = [{"name": "a", "price": "2.50", "count": 2}, {"name": "b", "price": "1", "count": 1}]
        made = await trip(api, lines=lines, discount="0.5")
        assert [line["amount"] for line in made["lines"]] == ["5.00", "1.00"]
        assert made["total"] == "6.00"
        read = await api.must("GET", f"/trips/{made['id']}")
        [listed] = (await api.must("GET", "/trips?sort=-total"))["items"]
        for shown in (made, read, listed):
            assert float(shown["net"]) == 3.0
        changed = await api.must(
            "PATCH", f"/trips/{made['id']}", {"version": 1, "lines": [{"id": made["lines"][0]["id"], "count": 4}]}
        )
        assert (changed["total"], float(changed["net"])) == ("10.00", 5.0)
        assert [row["id"] for row in (await api.get("/trips", filter={"total": "10"})).json["items"]] == [made["id"]]
        assert (await api.get("/trips", filter={"net": "5"})).status == 400
        assert (await api.get("/trips", sort="net")).status == 400
        assert problems(await api.patch(f"/trips/{made['id']}", {"version": 2, "net": "1"})) == [("net", "readonly")]
        exported = (await api.get("/exports/trips?columns=total,net")).body.decode("utf-8-sig").splitlines()
        assert [float(cell) for cell in exported[1].split(",")] == [10.0, 5.0]
        entries = (await api.must("GET", f"/_audit?entity=yard.trip&entity_id={made['id']}"))["items"]
        [created] = [entry for entry in entries if entry["action"] == "yard.trip.create"]
        assert float(created["after"]["net"]) == 3.0

    async def test_a_computed_field_has_its_own_rule(self, api: Api) -> None:
        made = await trip(api, lines=[{"name": "a", "price": "2.50", "count": 2}])
        clerk = api.as_user(["yard.trip.*"], field_rules={"yard.trip.net": "hide", "yard.trip.lines.amount": "hide"})
        read = await clerk.must("GET", f"/trips/{made['id']}")
        assert "net" not in read
        assert "amount" not in read["lines"][0]


class TestTrees:
    @staticmethod
    async def _tree(api: Api) -> dict[str, dict[str, Any]]:
        made: dict[str, dict[str, Any]] = {}
        for name, above in (("a", None), ("b", "a"), ("c", "b"), ("d", "a"), ("e", None)):
            parent = made[above]["id"] if above else None
            made[name] = await api.must("POST", "/categories", {"code": name, "name": f"类{name}", "parent_id": parent})
        return made

    async def test_lists_of_a_subtree(self, api: Api) -> None:
        rows = await self._tree(api)

        async def under(name: str) -> list[str]:
            answer = await api.get("/categories", filter={"parent_id": {"under": rows[name]["id"]}})
            return sorted(row["code"] for row in answer.json["items"])

        assert await under("a") == ["a", "b", "c", "d"]
        assert await under("b") == ["b", "c"]
        assert await under("e") == ["e"]
        car = await vehicle(api, category_id=rows["c"]["id"])
        await vehicle(api, category_id=rows["e"]["id"])
        answer = await api.get("/vehicles", filter={"category_id": {"under": rows["a"]["id"]}})
        assert [row["id"] for row in answer.json["items"]] == [car["id"]]
        assert (await api.get("/vehicles", filter={"plate": {"under": "x"}})).status == 400
        read = await api.must("GET", f"/categories/{rows['b']['id']}")
        assert read["parent_label"] == "类a"

    async def test_circles_are_refused(self, api: Api) -> None:
        rows = await self._tree(api)
        for name, above in (("a", "a"), ("a", "c"), ("b", "c")):
            answer = await api.patch(f"/categories/{rows[name]['id']}", {"version": 1, "parent_id": rows[above]["id"]})
            assert problems(answer) == [("parent_id", "cycle")]
        moved = await api.must("PATCH", f"/categories/{rows['b']['id']}", {"version": 1, "parent_id": rows["e"]["id"]})
        assert moved["version"] == 2
        await api.must("PATCH", f"/categories/{rows['a']['id']}", {"version": 1, "parent_id": rows["c"]["id"]})

    async def test_two_moves_at_once_close_no_circle(self, api: Api) -> None:
        for _ in range(5):
            left = await api.must("POST", "/categories", {"code": uuid.uuid4().hex, "name": "l"})
            right = await api.must("POST", "/categories", {"code": uuid.uuid4().hex, "name": "r"})
            answers = await asyncio.gather(
                api.patch(f"/categories/{left['id']}", {"version": 1, "parent_id": right["id"]}),
                api.patch(f"/categories/{right['id']}", {"version": 1, "parent_id": left["id"]}),
            )
            assert sorted(answer.status for answer in answers) == [200, 422]


class TestLabelsOfOtherCells:
    @staticmethod
    async def _event(api: Api, subject: str, data: dict[str, Any]) -> Any:
        event = {
            "specversion": "1.0", "id": str(uuid.uuid4()), "type": "crm.customer.updated.v1", "source": "/cells/crm",
            "subject": subject, "time": "2026-03-05T00:00:00Z", "tenantid": api.tenant_id, "data": data,
        }  # fmt: skip
        relay = Api(api.app, api.cell, api.source, api.tenant_id, "cell:crm")
        return await relay.post("/_inbox", event)

    async def test_events_keep_them_fresh(self, api: Api) -> None:
        subject, other = str(uuid.uuid4()), str(uuid.uuid4())
        rows = [await trip(api, customer_id=subject, customer_name="老名字") for _ in range(3)]
        untouched = await trip(api, customer_id=other, customer_name="别家")
        answer = await self._event(api, subject, {"name": "新名称有限公司", "version": 2})
        assert answer.status == 200, answer.body
        found = (await api.must("GET", "/trips?q=新名称"))["items"]
        assert sorted(row["id"] for row in found) == sorted(row["id"] for row in rows)
        assert {row["customer_name"] for row in found} == {"新名称有限公司"}
        assert {row["version"] for row in found} == {1}
        assert len((await api.must("GET", "/trips?q=xmc"))["items"]) == 3
        assert (await api.must("GET", "/trips?q=老名字"))["items"] == []
        assert (await api.must("GET", f"/trips/{untouched['id']}"))["customer_name"] == "别家"
        audited = (await api.must("GET", f"/_audit?entity=yard.trip&entity_id={subject}"))["items"]
        assert audited[0]["after"] == {"field": "customer_name", "label": "新名称有限公司", "rows": 3}

    async def test_the_cell_subscribes_and_ignores_what_has_no_name(self, api: Api, cell: Any) -> None:
        assert {"type": "crm.customer.updated.v1"} in cell.manifest()["subscribes"]
        subject = str(uuid.uuid4())
        made = await trip(api, customer_id=subject, customer_name="名")
        assert (await self._event(api, subject, {"phone": "1"})).status == 200
        assert (await api.must("GET", f"/trips/{made['id']}"))["customer_name"] == "名"
