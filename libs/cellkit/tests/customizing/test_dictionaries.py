"""Dictionaries: shipped, extended, relabelled, retired, cascading; in writes, reads, files and drop-downs."""

from __future__ import annotations

import io
from typing import Any

import pytest
from yard_helpers import custom, problems, stop, trip

from cellkit.customizing import dictionary, fields_of, table_of
from cellkit.errors import NotFound
from cellkit.testing import Api

pytestmark = pytest.mark.asyncio


async def define(api: Api, code: str, *items: dict[str, Any], status: int = 201) -> Any:
    """A dictionary of the tenant's own, or its changes to a shipped one."""
    return await api.must(
        "POST", "/dictionaries", {"code": code, "label_zh": f"字典{code}", "items": list(items)}, status=status
    )


class TestChoosing:
    async def test_shipped_entries_with_their_text(self, api: Api) -> None:
        made = await trip(api, kind="short", lines=[{"name": "a", "price": "1", "count": 1, "kind": "cold"}])
        assert made["kind_label"] == "短途"
        assert made["lines"][0]["kind_label"] == "冷链"
        api.language = "en-US"
        read = await api.must("GET", f"/trips/{made['id']}")
        assert (read["kind_label"], read["lines"][0]["kind_label"]) == ("Short", "Cold")
        assert (await api.must("GET", "/trips"))["items"][0]["kind_label"] == "Short"
        assert problems(await api.post("/trips", {"kind": "air", "day": "2026-01-01"})) == [("kind", "dictionary")]

    async def test_a_retired_entry_stays_but_is_not_chosen(self, api: Api) -> None:
        made = await trip(api, kind="short", lines=[{"name": "a", "price": "1", "count": 1, "kind": "dry"}])
        await define(api, "yard.trip_kind", {"code": "short", "label_zh": "短途运输", "active": False})
        await define(api, "yard.goods", {"code": "dry", "label_zh": "普通货物", "active": False})
        read = await api.must("GET", f"/trips/{made['id']}")
        assert (read["kind"], read["kind_label"]) == ("short", "短途运输")
        assert problems(await api.post("/trips", {"kind": "short", "day": "2026-01-01"})) == [("kind", "retired")]
        line = {"id": made["lines"][0]["id"], "kind": "dry", "count": 2}
        changed = await api.must(
            "PATCH", f"/trips/{made['id']}", {"version": 1, "kind": "short", "day": "2026-03-07", "lines": [line]}
        )
        assert (changed["kind_label"], changed["lines"][0]["kind_label"]) == ("短途运输", "普通货物")
        new = {"name": "b", "price": "1", "count": 1, "kind": "dry"}
        answer = await api.patch(f"/trips/{made['id']}", {"version": 2, "lines": [new]})
        assert problems(answer) == [("lines[0].kind", "retired")]
        assert [row["id"] for row in (await api.get("/trips", filter={"kind": "short"})).json["items"]] == [made["id"]]
        answer = await api.post(f"/trips/{made['id']}/finish", {"kind": "short"})
        assert problems(answer) == [("kind", "retired")]
        assert (await api.tenant_b.must("POST", "/trips", {"kind": "short", "day": "2026-01-01"}))[
            "kind_label"
        ] == "短途"

    async def test_days_of_an_entry(self, api: Api, clock: Any) -> None:
        from datetime import UTC, datetime

        await define(
            api,
            "yard.trip_kind",
            {"code": "fair", "label_zh": "展会", "valid_from": "2030-05-01", "valid_to": "2030-05-03"},
        )
        for day, status in ((30, 422), (1, 201), (3, 201), (4, 422)):
            month = 4 if day == 30 else 5
            # Noon in Shanghai.
            clock.set(datetime(2030, month, day, 4, tzinfo=UTC))
            answer = await api.post("/trips", {"kind": "fair", "day": "2030-05-01"})
            assert answer.status == status, (day, answer.body)

    async def test_cascade(self, api: Api) -> None:
        made = await trip(api, region="31", district="3101")
        assert (made["region_label"], made["district_label"]) == ("上海", "黄浦")
        answer = await api.post("/trips", {"kind": "long", "day": "2026-01-01", "region": "33", "district": "3101"})
        assert problems(answer) == [("district", "parent")]
        place = f"/trips/{made['id']}"
        assert problems(await api.patch(place, {"version": 1, "region": "33"})) == [("district", "parent")]
        changed = await api.must("PATCH", place, {"version": 1, "region": "33", "district": "33x"})
        assert changed["district_label"] == "其他"
        assert problems(await api.patch(place, {"version": 2, "region": None})) == [("district", "parent")]

    async def test_a_cascade_of_custom_fields(self, api: Api) -> None:
        await custom(api, "x_region", "dictionary", dictionary="yard.region")
        await custom(api, "x_district", "dictionary", dictionary="yard.region", parent="x_region")
        made = await stop(api, x_region="33", x_district="3301")
        assert made["x_district_label"] == "杭州"
        answer = await api.post("/stops", {"place": "a", "x_region": "31", "x_district": "3301"})
        assert problems(answer) == [("x_district", "parent")]


class TestEditing:
    async def test_extend_relabel_and_read(self, api: Api) -> None:
        before = await api.get("/_dictionaries/yard.trip_kind")
        assert [item["code"] for item in before.json["items"]] == ["long", "short", "old"]
        assert (before.json["shipped"], before.json["changed"]) == (True, False)
        again = await api.call(
            "GET", "/_dictionaries/yard.trip_kind", headers={"if-none-match": before.headers["etag"]}
        )
        assert again.status == 304
        await define(
            api,
            "yard.trip_kind",
            {"code": "long", "label_zh": "干线", "label_en": "Trunk", "colour": "#FF0000", "sequence": 5},
            {"code": "city", "label_zh": "市内", "sequence": 15},
        )
        after = await api.get("/_dictionaries/yard.trip_kind")
        assert after.headers["etag"] != before.headers["etag"]
        assert [(item["code"], item["label"]) for item in after.json["items"]] == [
            ("long", "干线"), ("city", "市内"), ("short", "短途"), ("old", "旧类型"),
        ]  # fmt: skip
        assert after.json["items"][0]["colour"] == "#FF0000"
        assert (await trip(api, kind="city"))["kind_label"] == "市内"
        chosen = await api.must("GET", "/_dictionaries/yard.trip_kind?open=true")
        assert [item["code"] for item in chosen["items"]] == ["long", "city", "short"]
        below = await api.must("GET", "/_dictionaries/yard.region?parent=31")
        assert [item["code"] for item in below["items"]] == ["3101", "31x"]
        listed = (await api.must("GET", "/_dictionaries"))["items"]
        assert [(item["code"], item["changed"]) for item in listed] == [
            ("yard.goods", False), ("yard.region", False), ("yard.trip_kind", True),
        ]  # fmt: skip
        assert (await api.get("/_dictionaries/none")).status == 404
        assert (await api.get("/_dictionaries/yard.goods?colour=red")).status == 400
        assert (await api.tenant_b.get("/_dictionaries/yard.trip_kind")).json["items"][0]["label"] == "长途"

    async def test_field_rules_hold_for_forms_too(self, api: Api) -> None:
        await define(api, "own.words", {"code": "a", "label_zh": "暗语"})
        rules = {"yard.dictionary.items.label_zh": "hide", "yard.dictionary.label_zh": "mask"}
        blind = api.as_user(["yard.nothing.read"], field_rules=rules)
        found = await blind.must("GET", "/_dictionaries/own.words")
        assert (found["label"], found["items"][0]["label"]) == ("own.words", "a")
        outside = api.as_user(["yard.nothing.read"], field_rules={"yard.dictionary.code": "hide"})
        assert (await outside.must("GET", "/_dictionaries"))["items"] == []
        assert (await outside.get("/_dictionaries/own.words")).status == 404

    async def test_wrong_entries_are_named(self, api: Api) -> None:
        items = [
            {"code": "a", "label_zh": "甲", "parent": "b"},
            {"code": "b", "label_zh": "乙", "parent": "a"},
            {"code": "c", "label_zh": "丙"},
            {"code": "c", "label_zh": "丙", "valid_from": "2026-02-01", "valid_to": "2026-01-01"},
        ]
        answer = await api.post("/dictionaries", {"code": "own", "label_zh": "自有", "items": items})
        assert set(problems(answer)) == {
            ("items[0].parent", "cycle"), ("items[1].parent", "cycle"), ("items[3].code", "unique"),
            ("items[3].valid_to", "range"),
        }  # fmt: skip
        wrong = {"code": "Own!", "label_zh": "x", "items": [{"code": "a b", "label_zh": "x"}]}
        answer = await api.post("/dictionaries", wrong)
        assert sorted(problems(answer)) == [("code", "pattern"), ("items[0].code", "pattern")]

    async def test_codes_in_use_are_not_lost(self, api: Api) -> None:
        made = await define(
            api,
            "own.level",
            {"code": "a", "label_zh": "甲"},
            {"code": "b", "label_zh": "乙"},
            {"code": "c", "label_zh": "丙"},
        )
        await custom(api, "x_level", "dictionary", dictionary="own.level")
        await stop(api, x_level="b")
        place = f"/dictionaries/{made['id']}"
        keep = [{"id": item["id"]} for item in made["items"]]
        answer = await api.patch(place, {"version": 1, "items": [keep[0]]})
        assert (answer.status, answer.json["code"]) == (409, "DICTIONARY_IN_USE")
        assert "b" in answer.json["message"]
        await api.must("PATCH", place, {"version": 1, "items": keep[:2]})
        assert (await api.delete(place)).status == 409
        assert problems(await api.patch(place, {"version": 2, "code": "own.other"})) == [("code", "readonly")]
        other = await define(api, "own.free", {"code": "a", "label_zh": "甲"})
        field = await custom(api, "x_free", "dictionary", dictionary="own.free")
        answer = await api.delete(f"/dictionaries/{other['id']}")
        assert (answer.status, answer.json["code"]) == (409, "DICTIONARY_HAS_FIELDS")
        assert (await api.delete(f"/custom-fields/{field['id']}")).status == 204
        assert (await api.delete(f"/dictionaries/{other['id']}")).status == 204
        changed = await define(api, "yard.goods", {"code": "dry", "label_zh": "干货"})
        await trip(api, lines=[{"name": "a", "price": "1", "count": 1, "kind": "dry"}])
        assert (await api.delete(f"/dictionaries/{changed['id']}")).status == 204
        assert (await api.must("GET", "/_dictionaries/yard.goods"))["items"][0]["label"] == "普货"

    async def test_imported_like_any_document(self, api: Api) -> None:
        file = "code,label_zh,items.code,items.label_zh,items.parent\nown.area,区域,1,东,\nown.area,区域,11,东一,1\n"
        answer = await api.call("POST", "/imports/dictionaries", file.encode(), headers={"content-type": "text/csv"})
        assert answer.json["created"] == 1, answer.json
        found = await api.must("GET", "/_dictionaries/own.area")
        assert [(item["code"], item["parent"]) for item in found["items"]] == [("1", None), ("11", "1")]


class TestFiles:
    async def test_texts_codes_and_ambiguous_texts(self, api: Api) -> None:
        file = "类型,日期,region,district\n短途,2026-01-01,上海,31x\nLong,2026-01-02,31,黄浦\n"
        answer = await api.call("POST", "/imports/trips", file.encode(), headers={"content-type": "text/csv"})
        assert answer.json["created"] == 2, answer.json
        answer = await api.get("/exports/trips?columns=kind,region,district&sort=day")
        assert answer.body.decode("utf-8-sig").splitlines()[1:] == ["短途,上海,31x", "长途,上海,黄浦"]
        bad = "类型,日期,region,district\n短途,2026-01-01,上海,其他\n旧类型,2026-01-01,,\n"
        answer = await api.call("POST", "/imports/trips", bad.encode(), headers={"content-type": "text/csv"})
        assert [(item["field"], item["rule"]) for item in answer.json["details"]] == [
            ("district", "dictionary"), ("类型", "retired"),
        ]  # fmt: skip

    async def test_templates_offer_what_may_be_chosen(self, api: Api) -> None:
        import zipfile

        import python_calamine

        await define(api, "yard.trip_kind", {"code": "city", "label_zh": "市内"})
        body = (await api.get("/imports/trips/template")).body
        notes = python_calamine.load_workbook(io.BytesIO(body)).get_sheet_by_name("填写说明").to_python()
        [kind] = [row for row in notes if row[0] == "类型*"]
        assert kind[2] == "市内 / 长途 / 短途"
        sheet = zipfile.ZipFile(io.BytesIO(body)).read("xl/worksheets/sheet1.xml").decode()
        assert "市内,长途,短途" in sheet


class TestForOtherFeatures:
    async def test_fields_tables_and_dictionaries_by_function(self, api: Api) -> None:
        engine = api.app.engine
        declared = engine.tables["yard.stop"]
        assert await table_of(engine, api.tenant_id, "yard.stop") is declared
        await custom(api, "x_size", "integer")
        await define(api, "own.x", {"code": "a", "label_zh": "甲"})
        fields = await fields_of(engine, api.tenant_id, declared)
        assert (list(fields), fields["x_size"].custom) == (["place", "x_size"], True)
        assert (await dictionary(engine, api.tenant_id, "own.x"))["a"].label.zh == "甲"
        with pytest.raises(NotFound):
            await dictionary(engine, api.tenant_b.tenant_id, "own.x")
