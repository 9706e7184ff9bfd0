"""Fields that a tenant makes: in writes, reads, lists, search, events, audit, metadata."""

from __future__ import annotations

import asyncio

import pytest
from yard_helpers import custom, problems, stop, trip

from cellkit.testing import Api

pytestmark = pytest.mark.asyncio


class TestWriting:
    async def test_a_new_field_is_there_at_once(self, api: Api) -> None:
        assert problems(await api.post("/stops", {"place": "a", "x_size": "3"})) == [("x_size", "unknown")]
        await custom(api, "x_size", "decimal", scale=3, min_value="0", default_value="1.5")
        made = await stop(api, x_size="12.25")
        assert made["x_size"] == "12.250"
        read = await api.must("GET", f"/stops/{made['id']}")
        assert read["x_size"] == "12.250"
        assert read["extension"] is None
        assert (await stop(api))["x_size"] == "1.500"
        assert problems(await api.post("/stops", {"place": "a", "x_size": "-1"})) == [("x_size", "min")]
        changed = await api.must("PATCH", f"/stops/{made['id']}", {"version": 1, "x_size": "7"})
        assert changed["x_size"] == "7.000"
        assert (await api.must("GET", f"/stops/{made['id']}"))["x_size"] == "7.000"

    async def test_other_tenants_know_nothing_of_it(self, api: Api) -> None:
        await custom(api, "x_mine", "text")
        answer = await api.tenant_b.post("/stops", {"place": "a", "x_mine": "b"})
        assert problems(answer) == [("x_mine", "unknown")]

    async def test_required_holds_for_people(self, api: Api) -> None:
        await custom(api, "x_must", "text", required=True)
        assert problems(await api.post("/stops", {"place": "a"})) == [("x_must", "required")]
        assert (await stop(api, x_must="是"))["x_must"] == "是"

    async def test_every_kind_comes_back_as_it_went(self, api: Api) -> None:
        choices = [{"value": "a", "zh": "甲", "en": "A"}, {"value": "b", "zh": "乙"}]
        kinds = {
            "text": (" 文字 ", "文字", {}),
            "long_text": ("一\n二", "一\n二", {}),
            "integer": (-9_007_199_254_740_993, -9_007_199_254_740_993, {}),
            "decimal": ("123456789012345.67", "123456789012345.67", {}),
            "money": ("9.99", "9.99", {"currency": "CNY"}),
            "quantity": ("1.5", "1.500000", {"unit": "kg"}),
            "percent": ("0.15", "0.15000000", {}),
            "date": ("2026-02-28", "2026-02-28", {}),
            "time": ("07:30", "07:30:00", {}),
            "moment": ("2026-02-28T08:00:00+08:00", "2026-02-28T00:00:00Z", {}),
            "flag": (True, True, {}),
            "choice": ("b", "b", {"choices": choices}),
            "multi_choice": (["b", "a"], ["b", "a"], {"choices": choices}),
            "tags": (["红", "大"], ["红", "大"], {}),
            "dictionary": ("short", "short", {"dictionary": "yard.trip_kind"}),
            "user": ("u-1", "u-1", {}),
            "department": ("d-1", "d-1", {}),
            "json": ({"a": [1, "0.1"]}, {"a": [1, "0.1"]}, {}),
        }
        for kind, (_, _, options) in kinds.items():
            await custom(api, f"x_{kind}", kind, **options)
        made = await stop(api, **{f"x_{kind}": given for kind, (given, _, _) in kinds.items()})
        read = await api.must("GET", f"/stops/{made['id']}")
        [listed] = (await api.must("GET", "/stops"))["items"]
        for shown in (made, read, listed):
            assert {kind: shown[f"x_{kind}"] for kind in kinds} == {kind: want for kind, (_, want, _) in kinds.items()}
            assert shown["x_dictionary_label"] == "短途"
        changed = await api.must("PATCH", f"/stops/{made['id']}", {"version": 1, "place": "b"})
        assert {kind: changed[f"x_{kind}"] for kind in kinds} == {kind: want for kind, (_, want, _) in kinds.items()}


class TestReferences:
    async def test_checked_shown_with_their_title_and_in_files(self, api: Api) -> None:
        car = await api.must("POST", "/vehicles", {"plate": "沪A12345"})
        await custom(api, "x_car_id", "reference", target="yard.vehicle", label_zh="用车")
        made = await stop(api, x_car_id=car["id"])
        read = await api.must("GET", f"/stops/{made['id']}")
        assert (read["x_car_id"], read["x_car_label"]) == (car["id"], "沪A12345")
        await stop(api)
        found = (await api.get("/stops", filter={"x_car_id": car["id"]})).json["items"]
        assert [(row["id"], row["x_car_label"]) for row in found] == [(made["id"], "沪A12345")]
        nobody = "00000000-0000-4000-8000-000000000001"
        assert problems(await api.post("/stops", {"place": "a", "x_car_id": nobody})) == [("x_car_id", "reference")]
        answer = await api.patch(f"/stops/{made['id']}", {"version": 1, "x_car_id": nobody})
        assert problems(answer) == [("x_car_id", "reference")]
        answer = await api.tenant_b.post("/vehicles", {"plate": "京B"})
        answer = await api.post("/stops", {"place": "a", "x_car_id": answer.json["id"]})
        assert problems(answer) == [("x_car_id", "reference")]
        file = "地点,用车\n甲地,沪A12345\n乙地,没有\n"
        headers = {"content-type": "text/csv"}
        answer = await api.call("POST", "/imports/stops?mode=batch", file.encode(), headers=headers)
        assert answer.json["created"] == 1
        assert [item["rule"] for item in answer.json["errors"]] == ["reference"]
        exported = await api.get("/exports/stops?columns=place,x_car_id&filter=" + '{"place":"甲地"}')
        assert exported.body.decode("utf-8-sig").splitlines()[1:] == ["甲地,沪A12345"]
        clerk = api.as_user(["yard.stop.*"], field_rules={"yard.stop.x_car_id": "hide"})
        read = await clerk.must("GET", f"/stops/{made['id']}")
        assert not {"x_car_id", "x_car_label"} & read.keys()
        body = {"entity": "yard.stop", "name": "x_r", "label_zh": "引", "kind": "reference", "target": "yard.none"}
        assert problems(await api.post("/custom-fields", body)) == [("target", "reference")]


class TestLists:
    @staticmethod
    async def _numbers(api: Api) -> None:
        await custom(api, "x_size", "decimal", scale=2)
        await custom(api, "x_day", "date")
        await custom(api, "x_at", "moment")
        await custom(api, "x_text", "text")
        await custom(api, "x_tags", "tags")
        await custom(api, "x_on", "flag")
        for index in range(12):
            values = {} if index % 4 == 3 else {
                "x_size": str(index * 7 % 12 + 0.5),
                "x_day": f"2026-{index + 1:02}-0{index % 9 + 1}",
                "x_at": f"2026-01-01T{index:02}:00:00Z",
                "x_text": f"文{index % 3}",
                "x_tags": [f"t{index % 2}", "all"],
                "x_on": index % 2 == 0,
            }  # fmt: skip
            await stop(api, place=f"P{index:02}", **values)

    async def test_filters_with_every_operator(self, api: Api) -> None:
        await self._numbers(api)

        async def places(condition: object) -> set[str]:
            answer = await api.get("/stops", filter=condition, limit=100)
            assert answer.status == 200, answer.body.decode()
            return {row["place"] for row in answer.json["items"]}

        everything = {f"P{index:02}" for index in range(12)}
        empty = {f"P{index:02}" for index in range(12) if index % 4 == 3}
        sizes = {f"P{index:02}": index * 7 % 12 + 0.5 for index in range(12) if index % 4 != 3}
        assert await places({"x_size": "0.5"}) == {"P00"}
        assert await places({"x_size": ["0.5", "7.50"]}) == {"P00", "P01"}
        assert await places({"x_size": {"gte": "2.5", "lt": "10.5"}}) == {
            place for place, size in sizes.items() if 2.5 <= size < 10.5
        }
        assert await places({"x_size": {"ne": "0.5"}}) == everything - {"P00"}
        assert await places({"x_size": None}) == empty == await places({"x_size": {"null": True}})
        assert await places({"x_day": {"lte": "2026-03-03"}}) == {"P00", "P01", "P02"}
        assert await places({"x_at": {"gt": "2026-01-01T17:00:00+08:00"}}) == {"P10"}
        assert await places({"x_text": {"contains": "文1"}}) == {"P01", "P04", "P10"}
        assert await places({"x_text": {"starts": "文"}}) == everything - empty
        assert await places({"x_tags": {"any": ["t1"]}}) == {"P01", "P05", "P09"}
        assert await places({"x_tags": {"all": ["t0", "all"]}}) == {"P00", "P02", "P04", "P06", "P08", "P10"}
        assert await places({"x_on": True, "x_tags": "t0"}) == {"P00", "P02", "P04", "P06", "P08", "P10"}
        for bad in ({"x_size": {"contains": "1"}}, {"x_size": "a'; DROP TABLE"}, {"x_none": 1}, {"x_tags": {"gt": "a"}},
                    {"x_text'": "1"}):  # fmt: skip
            assert (await api.get("/stops", filter=bad)).status == 400

    @pytest.mark.parametrize("sort", ["x_size", "-x_size", "x_day", "-x_at", "x_text,-x_size", "x_on"])
    async def test_pages_in_the_order_of_a_custom_field(self, api: Api, sort: str) -> None:
        await self._numbers(api)
        whole = (await api.must("GET", f"/stops?limit=100&sort={sort}"))["items"]
        assert len(whole) == 12
        walked, cursor = [], ""
        while cursor is not None:
            page = await api.must("GET", f"/stops?limit=5&sort={sort}" + (f"&cursor={cursor}" if cursor else ""))
            walked += page["items"]
            cursor = page["next"]
        assert [row["id"] for row in walked] == [row["id"] for row in whole]
        name = sort.split(",", maxsplit=1)[0].removeprefix("-")
        values = [row[name] for row in whole]
        filled = [value for value in values if value is not None]
        if name == "x_size":
            filled = [float(value) for value in filled]
        assert filled == sorted(filled, reverse=sort.startswith("-"))
        if name != "x_on":
            assert (values[:3] if sort.startswith("-") else values[-3:]) == [None] * 3

    async def test_a_field_that_lists_do_not_show_is_not_sorted_by(self, api: Api) -> None:
        await custom(api, "x_quiet", "text", in_list=False)
        assert (await api.get("/stops", sort="x_quiet")).status == 400

    async def test_free_text_search(self, api: Api) -> None:
        await custom(api, "x_colour", "text", entity="yard.trip", in_search=True)
        made = await trip(api, x_colour="墨绿色")
        await trip(api, x_colour="红色")
        for words in ("墨绿", "molv", "mls"):
            found = (await api.must("GET", f"/trips?q={words}"))["items"]
            assert [row["id"] for row in found] == [made["id"]], words
        await api.must("PATCH", f"/trips/{made['id']}", {"version": 1, "x_colour": "天蓝"})
        assert (await api.must("GET", "/trips?q=墨绿"))["items"] == []
        answer = await api.post("/custom-fields", {
            "entity": "yard.stop", "name": "x_a", "label_zh": "甲", "kind": "text", "in_search": True,
        })  # fmt: skip
        assert problems(answer) == [("in_search", "entity")]

    async def test_old_documents_are_found_when_a_field_comes_to_be_searched(self, api: Api) -> None:
        field = await custom(api, "x_colour", "text", entity="yard.trip")
        made = await trip(api, x_colour="墨绿色")
        await trip(api)
        assert (await api.must("GET", "/trips?q=molv"))["items"] == []
        await api.must("PATCH", f"/custom-fields/{field['id']}", {"version": 1, "in_search": True})
        for _ in range(100):
            found = (await api.must("GET", "/trips?q=molv"))["items"]
            if found:
                break
            await asyncio.sleep(0.1)
        assert [(row["id"], row["version"]) for row in found] == [(made["id"], 1)]


class TestRights:
    async def test_rules_hide_mask_and_lock(self, api: Api) -> None:
        await custom(api, "x_phone", "text", entity="yard.trip", format="mobile", mask="mobile", in_search=True)
        await custom(api, "x_secret", "text", entity="yard.trip", in_search=True)
        await custom(api, "x_fixed", "text", entity="yard.trip")
        made = await trip(api, x_phone="13800138000", x_secret="暗号", x_fixed="定")
        clerk = api.as_user(
            ["yard.trip.read", "yard.trip.update", "yard.trip.export"],
            field_rules={"yard.trip.x_secret": "hide", "yard.trip.x_fixed": "read"},
        )
        read = await clerk.must("GET", f"/trips/{made['id']}")
        [listed] = (await clerk.must("GET", "/trips"))["items"]
        changed = await clerk.must("PATCH", f"/trips/{made['id']}", {"version": 1, "day": "2026-03-06"})
        for shown in (read, listed, changed):
            assert shown["x_phone"] == "138****8000"
            assert "x_secret" not in shown
            assert shown["extension"] is None
            assert shown["x_fixed"] == "定"
        for condition in ({"x_secret": "暗号"}, {"x_phone": "13800138000"}):
            assert (await clerk.get("/trips", filter=condition)).status == 400
        assert (await clerk.get("/trips", sort="x_secret")).status == 400
        assert (await clerk.must("GET", "/trips?q=暗号"))["items"] == []
        assert (await clerk.must("GET", "/trips?q=13800138000"))["items"] == []
        answer = await clerk.patch(f"/trips/{made['id']}", {"version": 2, "x_fixed": "动", "x_secret": "x"})
        assert sorted(problems(answer)) == [("x_fixed", "permission"), ("x_secret", "permission")]
        exported = (await clerk.get("/exports/trips")).body.decode()
        assert "138****8000" in exported
        assert "暗号" not in exported
        assert "自定义x_secret" not in exported
        again = await clerk.must("PATCH", f"/trips/{made['id']}", {"version": 2, "x_phone": "138****8000"})
        assert again["x_phone"] == "138****8000"
        trusted = api.as_user(["yard.trip.*"], field_rules={"yard.trip.x_phone": "edit"})
        assert (await trusted.must("GET", f"/trips/{made['id']}"))["x_phone"] == "13800138000"
        meta = await clerk.must("GET", "/api/v1/yard/_meta")
        [entity] = [item for item in meta["entities"] if item["key"] == "yard.trip"]
        fields = {item["name"]: item for item in entity["fields"]}
        assert "x_secret" not in fields
        assert fields["x_phone"]["masked"]
        assert fields["x_fixed"]["readonly"]

    async def test_definitions_are_behind_permissions(self, api: Api) -> None:
        clerk = api.as_user(["yard.stop.*"])
        body = {"entity": "yard.stop", "name": "x_a", "label_zh": "甲", "kind": "text"}
        assert (await clerk.post("/custom-fields", body)).status == 403
        assert (await clerk.get("/custom-fields")).status == 403


class TestOutlets:
    async def test_events_and_audit_carry_them(self, api: Api) -> None:
        await custom(api, "x_size", "decimal")
        await custom(api, "x_phone", "text", mask="mobile")
        made = await stop(api, x_size="1.5", x_phone="13800138000")
        await api.must("PATCH", f"/stops/{made['id']}", {"version": 1, "x_size": "2.5"})
        entries = (await api.must("GET", f"/_audit?entity=yard.stop&entity_id={made['id']}"))["items"]
        by_action = {entry["action"]: entry for entry in entries}
        assert by_action["yard.stop.create"]["after"]["x_size"] == "1.50"
        assert by_action["yard.stop.create"]["after"]["x_phone"] == "138****8000"
        assert by_action["yard.stop.update"]["before"] == {"x_size": "1.50"}
        assert by_action["yard.stop.update"]["after"] == {"x_size": "2.50"}
        async with api.app.engine.database.session(api.tenant_id) as connection:
            texts = await connection.fetch(
                "SELECT event FROM kit_outbox WHERE tenant_id = $1::uuid AND subject = $2 ORDER BY created_at",
                api.tenant_id,
                made["id"],
            )
        assert ['"x_size":"1.50"' in record["event"] for record in texts] == [True, False]
        assert all('"x_phone":"138****8000"' in record["event"] for record in texts)

    async def test_metadata_tells_forms_everything(self, api: Api) -> None:
        await custom(
            api, "x_level", "choice", label_zh="级别", required=True, help_zh="必选",
            choices=[{"value": "a", "zh": "甲", "en": "A"}],
        )  # fmt: skip
        before = await api.get("/api/v1/yard/_meta")
        meta = before.json
        [entity] = [item for item in meta["entities"] if item["key"] == "yard.stop"]
        [field] = [item for item in entity["fields"] if item["name"] == "x_level"]
        assert field["custom"]
        assert field["required"]
        assert (field["label"], field["help"], field["kind"]) == ("级别", "必选", "choice")
        assert field["options"] == [{"value": "a", "label": "甲"}]
        assert "x_level" in entity["sortable"]
        assert {"eq", "in", "null"} <= set(field["operators"])
        other = await api.tenant_b.must("GET", "/api/v1/yard/_meta")
        [entity] = [item for item in other["entities"] if item["key"] == "yard.stop"]
        assert [item["name"] for item in entity["fields"]] == ["place"]
        assert before.headers["etag"] != (await api.tenant_b.get("/api/v1/yard/_meta")).headers["etag"]

    async def test_files_there_and_back(self, api: Api) -> None:
        await custom(api, "x_size", "decimal", scale=2, label_zh="尺寸", label_en="Size")
        await custom(api, "x_kinds", "multi_choice", label_zh="类别",
                     choices=[{"value": "a", "zh": "甲"}, {"value": "b", "zh": "乙"}])  # fmt: skip
        await custom(api, "x_trip", "dictionary", label_zh="行程", dictionary="yard.trip_kind")
        await custom(api, "x_at", "time", label_zh="时刻")
        file = "地点,尺寸,类别,行程,x_at\n甲地,12.5,甲；乙,短途,7:05\n乙地,,,,\n"
        answer = await api.call("POST", "/imports/stops", file.encode(), headers={"content-type": "text/csv"})
        assert answer.json["created"] == 2, answer.json
        rows = {row["place"]: row for row in (await api.must("GET", "/stops"))["items"]}
        assert (rows["甲地"]["x_size"], rows["甲地"]["x_kinds"], rows["甲地"]["x_trip"], rows["甲地"]["x_at"]) == (
            "12.50", ["a", "b"], "short", "07:05:00",
        )  # fmt: skip
        exported = (
            await api.get("/exports/stops?columns=place,x_size,x_kinds,x_trip,x_at&sort=created_at")
        ).body.decode("utf-8-sig")
        assert exported.splitlines() == ["地点,尺寸,类别,行程,时刻", "甲地,12.50,甲；乙,短途,07:05:00", "乙地,,,,"]
        bad = "地点,尺寸,行程\n丙地,1.234,没有\n"
        answer = await api.call("POST", "/imports/stops", bad.encode(), headers={"content-type": "text/csv"})
        assert {(item["field"], item["rule"]) for item in answer.json["details"]} == {
            ("尺寸", "scale"), ("行程", "dictionary"),
        }  # fmt: skip
        template = (await api.get("/imports/stops/template?format=csv")).body.decode("utf-8-sig")
        assert "尺寸" in template


class TestDefinitions:
    async def test_wrong_definitions_are_named(self, api: Api) -> None:
        async def refused(**body: object) -> list[tuple[str, str]]:
            given = {"entity": "yard.stop", "name": "x_a", "label_zh": "甲", "kind": "text", **body}
            return problems(await api.post("/custom-fields", given))

        assert await refused(name="colour") == [("name", "pattern")]
        assert await refused(name="x_a_label") == [("name", "pattern")]
        assert await refused(name="x_" + "a" * 40) == [("name", "max_length")]
        assert await refused(entity="yard.nothing") == [("entity", "reference")]
        assert await refused(entity="yard.custom_field") == [("entity", "reference")]
        assert await refused(kind="choice") == [("choices", "required")]
        assert await refused(kind="choice", choices=[{"value": "a:b", "zh": "x"}]) == [("choices", "type")]
        assert await refused(kind="choice", choices=[{"value": "a", "zh": "x"}] * 2) == [("choices", "unique")]
        assert await refused(kind="dictionary", dictionary="no.such") == [("dictionary", "reference")]
        assert await refused(kind="integer", min_value="5", max_value="1") == [("max_value", "range")]
        assert await refused(kind="integer", min_value="1.5") == [("min_value", "type")]
        assert await refused(kind="integer", default_value="x") == [("default_value", "type")]
        assert await refused(label_zh="地点") == [("label_zh", "unique")]
        assert await refused(kind="date", entity="yard.trip", in_search=True) == [("in_search", "kind")]
        assert await refused(kind="text", parent="x_b") == [("parent", "reference")]
        await custom(api, "x_a", "text")
        assert await refused(label_zh="乙") == [("entity_name", "unique")]

    async def test_what_would_break_values_is_refused(self, api: Api) -> None:
        choices = [{"value": "a", "zh": "甲"}, {"value": "b", "zh": "乙"}]
        size = await custom(api, "x_size", "decimal")
        level = await custom(api, "x_level", "choice", choices=choices)
        place = f"/custom-fields/{size['id']}"
        changed = await api.must("PATCH", place, {"version": 1, "kind": "integer"})
        assert changed["kind"] == "integer"
        await stop(api, x_size=3, x_level="a")
        assert problems(await api.patch(place, {"version": 2, "kind": "text"})) == [("kind", "values")]
        assert problems(await api.patch(place, {"version": 2, "name": "x_other"})) == [("name", "readonly")]
        await api.must("PATCH", place, {"version": 2, "label_zh": "大小", "max_value": "2"})
        assert (await api.must("GET", "/stops"))["items"][0]["x_size"] == 3
        place = f"/custom-fields/{level['id']}"
        await api.must("PATCH", place, {"version": 1, "choices": choices[:1]})
        assert problems(await api.patch(place, {"version": 2, "choices": choices[1:]})) == [("choices", "values")]

    async def test_deactivating_hides_and_loses_nothing(self, api: Api) -> None:
        field = await custom(api, "x_note", "text")
        made = await stop(api, x_note="记")
        place = f"/custom-fields/{field['id']}"
        await api.must("PATCH", place, {"version": 1, "active": False})
        read = await api.must("GET", f"/stops/{made['id']}")
        assert "x_note" not in read
        assert read["extension"] is None
        assert problems(await api.patch(f"/stops/{made['id']}", {"version": 1, "x_note": "a"})) == [
            ("x_note", "unknown")
        ]
        await api.must("PATCH", f"/stops/{made['id']}", {"version": 1, "extension": {"own": 1}})
        answer = await api.patch(f"/stops/{made['id']}", {"version": 2, "extension": {"x_note": "b"}})
        assert problems(answer) == [("extension.x_note", "unknown")]
        await api.must("PATCH", place, {"version": 2, "active": True})
        read = await api.must("GET", f"/stops/{made['id']}")
        assert (read["x_note"], read["extension"]) == ("记", {"own": 1})

    async def test_deletion_needs_the_count(self, api: Api) -> None:
        field = await custom(api, "x_note", "text", entity="yard.trip", in_search=True)
        made = [await trip(api, x_note=f"旧词{index}") for index in range(3)]
        place = f"/custom-fields/{field['id']}"
        answer = await api.delete(place)
        assert (answer.status, answer.json["code"], answer.json["details"]["count"]) == (409, "CUSTOM_FIELD_IN_USE", 3)
        answer = await api.post(f"{place}/erase-values", {"count": 2})
        assert (answer.status, answer.json["code"]) == (409, "CUSTOM_FIELD_COUNT")
        erased = await api.must("POST", f"{place}/erase-values", {"count": 3})
        assert erased["result"] == {"erased": 3}
        assert (await api.must("GET", f"/trips/{made[0]['id']}"))["x_note"] is None
        assert (await api.must("GET", "/trips?q=旧词"))["items"] == []
        assert (await api.delete(place)).status == 204
        assert "x_note" not in await api.must("GET", f"/trips/{made[0]['id']}")
        audited = (await api.must("GET", "/_audit?entity=yard.trip&entity_id=x_note"))["items"]
        assert audited[0]["after"] == {"field": "x_note", "erased": 3}

    async def test_limit_of_an_entity(self, api: Api) -> None:
        lines = [f"yard.stop,x_f{index},字段{index},text" for index in range(100)]
        file = "\n".join(["entity,name,label_zh,kind", *lines])
        answer = await api.call("POST", "/imports/custom-fields", file.encode(), headers={"content-type": "text/csv"})
        assert answer.json["created"] == 100, answer.body.decode()
        body = {"entity": "yard.stop", "name": "x_more", "label_zh": "多", "kind": "text"}
        answer = await api.post("/custom-fields", body)
        assert (answer.status, answer.json["code"]) == (422, "CUSTOM_FIELD_LIMIT")
        assert len((await stop(api, x_f99="x")).keys()) > 100
        await api.must("POST", "/custom-fields", {**body, "entity": "yard.trip"})


class TestProcesses:
    async def test_another_process_sees_it_within_seconds(self, api: Api, cell: object, cell_settings: object) -> None:
        other = cell.create_app(cell_settings, role_source=api.source)  # type: ignore[attr-defined]
        await other.start()
        try:
            there = Api(other, api.cell, api.source, api.tenant_id, api.user_id)
            await stop(there)
            await custom(api, "x_new", "text")
            for _ in range(50):
                answer = await there.post("/stops", {"place": "b", "x_new": "c"})
                if answer.status == 201:
                    break
                await asyncio.sleep(0.1)
            assert answer.status == 201
            assert answer.json["x_new"] == "c"
        finally:
            await other.stop()

    async def test_tenants_without_definitions_cost_no_query(self, api: Api) -> None:
        await stop(api)
        definitions = api.app.engine.definitions
        assert definitions.ready(api.tenant_id)
        assert api.tenant_id not in definitions._read
        asked = []
        original = definitions.look
        definitions.look = lambda: asked.append(1)  # type: ignore[method-assign]
        await stop(api)
        definitions.look = original  # type: ignore[method-assign]
        assert asked == []
        await custom(api, "x_a", "text")
        await stop(api, x_a="1")
        held = definitions._read[api.tenant_id]
        await stop(api, x_a="1")
        assert definitions._read[api.tenant_id] is held

    async def test_a_crowd_after_a_change_looks_once(self, api: Api) -> None:
        await custom(api, "x_a", "text")
        definitions = api.app.engine.definitions
        looks: list[int] = []
        original = definitions._look

        async def counted() -> None:
            looks.append(1)
            await original()

        definitions._look = counted  # type: ignore[method-assign]
        definitions.committed({"yard.custom_field.created.v1"})
        answers = await asyncio.gather(*(api.post("/stops", {"place": "a", "x_a": "b"}) for _ in range(8)))
        assert {answer.status for answer in answers} == {201}
        # The timer may have looked as well.
        assert len(looks) <= 2
