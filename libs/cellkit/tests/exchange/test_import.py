"""Imports into a real PostgreSQL: what is written, what is refused and where the report puts it."""

import asyncio
import uuid

import pytest
from exchange_helpers import XLSX, count, csv_bytes, customers, everything, upload, xlsx_bytes

from cellkit.testing import Api

pytestmark = pytest.mark.asyncio
ITEMS = csv_bytes(["编码", "名称"], ["A1", "螺丝"], ["A2", "螺母"], ["A3", "垫片"])


def places(answer: object) -> list[tuple[int, str, str]]:
    errors = answer.json["errors"] if "errors" in answer.json else answer.json["details"]
    return [(item["row"], item.get("column", item["field"]), item["rule"]) for item in errors]


class TestValues:
    async def test_rows_become_documents_by_the_rules_of_their_fields(self, api: Api) -> None:
        body = csv_bytes(
            ["编码*", " NAME ", "级别", "phone", "信用额度", "合作日期", "启用", "seen_at", "tags", "简称"],
            [
                "C1",
                " 甲公司 ",
                "重点",
                "13812345678",
                "1,234.50",
                "2026/3/5",
                "否",
                "2026-03-05 08:00",
                '{"a":1}',
                "'=甲",
            ],
            [],
            ["C2", "乙公司", "", "", "", "2026年12月31日", "", "", "", ""],
        )
        answer = await upload(api, "customers", body)
        assert answer.status == 200, answer.body.decode()
        told = answer.json
        assert (told["rows"], told["documents"], told["created"], told["failed"], told["errors"]) == (2, 2, 2, 0, [])
        first, second = await everything(api, "customers", sort="code")
        assert (first["name"], first["level"], first["phone"], first["credit_limit"]) == (
            "甲公司",
            "A",
            "138****5678",
            "1234.50",
        )
        assert (first["since"], first["active"], first["seen_at"], first["tags"]) == (
            "2026-03-05",
            False,
            "2026-03-05T00:00:00Z",
            {"a": 1},
        )
        assert first["short_name"] == "=甲"
        assert (second["level"], second["active"], second["since"], second["phone"]) == ("B", True, "2026-12-31", None)
        assert first["owner_id"] == api.user_id
        assert (await api.get("/customers", filter={"phone": "138 1234 5678"})).json["items"][0]["code"] == "C1"
        assert (await api.get("/customers", q="yigongsi")).json["items"][0]["code"] == "C2"

    @pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
    async def test_encodings_are_recognised(self, api: Api, encoding: str) -> None:
        body = csv_bytes(["编码", "名称"], ["A1", "龘靐螺丝"], encoding=encoding)
        assert (await upload(api, "items", body)).json["created"] == 1
        assert (await upload(api, "items", body.replace(b"A1", b"A2"), encoding=encoding)).json["created"] == 1
        assert {row["name"] for row in await everything(api, "items")} == {"龘靐螺丝"}

    async def test_workbook(self, api: Api) -> None:
        import datetime as dt

        body = xlsx_bytes(
            ["code", "name", "credit_limit", "since", "active"],
            [1001, "甲", 1234.5, dt.date(2026, 3, 5), True],
            [],
            ["0002", "'=乙", "7", "2026-03-06", "否"],
        )
        answer = await upload(api, "customers", body, content_type=XLSX)
        assert answer.json["created"] == 2, answer.body.decode()
        first, second = await everything(api, "customers", sort="-code")
        assert (first["code"], first["credit_limit"], first["since"], first["active"]) == (
            "1001",
            "1234.50",
            "2026-03-05",
            True,
        )
        assert (second["code"], second["name"], second["active"]) == ("0002", "'=乙", False)

    async def test_form_with_a_file(self, api: Api) -> None:
        head = b"--xyz\r\nContent-Disposition: form-data; name="
        note = head + b'"note"\r\n\r\nhello\r\n'
        file = head + b'"file"; filename="a.csv"\r\nContent-Type: application/vnd.ms-excel\r\n\r\n' + ITEMS
        body = note + file + b"\r\n--xyz--\r\n"
        answer = await upload(api, "items", body, content_type="multipart/form-data; boundary=xyz")
        assert answer.json["created"] == 3, answer.body.decode()

    async def test_mapping_renames_and_leaves_out(self, api: Api) -> None:
        body = csv_bytes(["customer_id", "company_name", "fax"], ["ALFKI", "Alfreds", "030"])
        refused = await upload(api, "customers", body)
        assert refused.status == 422
        assert (1, "company_name", "unknown") in places(refused)
        mapping = {"customer_id": "code", "company_name": "name", "fax": None}
        answer = await upload(api, "customers", body, mapping=mapping)
        assert (answer.json["created"], answer.json["ignoredColumns"]) == (1, ["fax"])
        for wrong in ("[", '{"nothing":"code"}', '{"fax":"colour"}', '{"fax":1}'):
            assert (await upload(api, "customers", body, mapping=wrong)).status == 400


class TestRefusals:
    async def test_a_broken_row_700_writes_nothing(self, api: Api) -> None:
        rows = customers(1500)
        rows[699][3] = "gold"
        answer = await upload(api, "customers", csv_bytes(*rows))
        assert (answer.status, answer.json["code"]) == (422, "VALIDATION_FAILED")
        assert places(answer) == [(700, "level", "choice")]
        assert "级别" in answer.json["details"][0]["message"]
        assert await count(api, "customers") == 0

    async def test_batches_write_the_good_rows(self, api: Api) -> None:
        rows = customers(2100)
        rows[699][8] = "much"
        rows[1999][1] = ""
        answer = await upload(api, "customers", csv_bytes(*rows), mode="batch")
        assert answer.status == 200
        assert (answer.json["created"], answer.json["failed"], answer.json["errorCount"]) == (2098, 2, 2)
        assert places(answer) == [(700, "credit_limit", "type"), (2000, "name", "required")]
        assert await count(api, "customers") == 2098

    async def test_rows_above_an_unreadable_one_are_told_as_written(self, api: Api) -> None:
        body = csv_bytes(["text"], *[[str(index)] for index in range(1500)]) + b'"' + b"x" * 200_000
        assert (await upload(api, "slips", body)).status == 413
        assert await count(api, "slips") == 0
        answer = await upload(api, "slips", body, mode="batch")
        assert (answer.status, answer.json["created"]) == (200, 1500)
        assert places(answer) == [(1502, "", "PAYLOAD_TOO_LARGE")]
        assert await count(api, "slips") == 1500

    async def test_dry_run_tells_everything_and_writes_nothing(self, api: Api) -> None:
        await upload(api, "items", ITEMS)
        body = csv_bytes(["编码", "名称"], ["A1", "x"], ["B1", "y"], ["B2", ""], ["B1", "z"])
        answer = await upload(api, "items", body, mode="dry_run")
        assert answer.status == 200
        assert (answer.json["documents"], answer.json["created"], answer.json["failed"]) == (4, 0, 3)
        assert places(answer) == [(2, "编码", "unique"), (4, "名称", "required"), (5, "编码", "unique")]
        assert await count(api, "items") == 3
        slips = await upload(api, "slips", csv_bytes(["text"], ["a"]), mode="dry_run")
        assert slips.json["failed"] == 0
        assert (await api.must("POST", "/slips", {"text": "b"}))["number"].endswith("-00001")

    async def test_duplicates_in_the_file_and_in_the_database(self, api: Api) -> None:
        await upload(api, "items", ITEMS)
        rows = [
            ["code", "name"],
            *([f"N{index}", "x"] for index in range(1200)),
            ["N5", "x"],
            ["A2", "x"],
            ["N1199", "x"],
        ]
        answer = await upload(api, "items", csv_bytes(*rows))
        assert places(answer) == [(1202, "code", "unique"), (1203, "code", "unique"), (1204, "code", "unique")]
        messages = [item["message"] for item in answer.json["details"]]
        assert messages == ["编码与第 7 行重复", "编码已存在", "编码与第 1201 行重复"]
        assert await count(api, "items") == 3

    async def test_unique_together(self, api: Api) -> None:
        body = csv_bytes(["shelf", "text"], ["1", "a"], ["1", "b"], ["1", "a"], ["", "a"], ["", "a"])
        answer = await upload(api, "memos", body, mode="batch")
        assert (answer.json["created"], places(answer)) == (4, [(4, "shelf", "unique")])

    async def test_headings_that_cannot_be_read(self, api: Api) -> None:
        answer = await upload(api, "items", csv_bytes(["编码", "颜色", "code"], ["A1", "red", "A1"]))
        assert {(1, "颜色", "unknown"), (1, "code", "duplicate"), (1, "名称", "required")} == set(places(answer))
        answer = await upload(
            api, "items", csv_bytes(["code", "name", ""], ["A1", "x", "lost"], ["A2", "x", "", "lost"])
        )
        assert places(answer) == [(2, "", "columns"), (3, "", "columns")]

    async def test_masked_value_is_not_taken_for_the_value(self, api: Api) -> None:
        answer = await upload(api, "customers", csv_bytes(["code", "name", "phone"], ["A", "x", "138****5678"]))
        assert places(answer) == [(2, "phone", "masked")]

    async def test_at_most_a_thousand_errors_are_told(self, api: Api) -> None:
        answer = await upload(
            api, "items", csv_bytes(["code", "name"], *[[f"A{i}", ""] for i in range(2500)]), mode="dry_run"
        )
        assert (answer.json["failed"], answer.json["errorCount"], len(answer.json["errors"])) == (2500, 2500, 1000)


class TestReferences:
    async def test_by_id_code_and_title(self, api: Api) -> None:
        await upload(
            api, "customers", csv_bytes(["code", "name"], ["C1", "甲"], ["C2", "乙"], ["C3", "同名"], ["C4", "同名"])
        )
        await upload(api, "items", ITEMS)
        known = {row["code"]: row["id"] for row in await everything(api, "customers")}
        header = ["分组", "客户", "日期", "明细.物料", "明细.数量", "明细单价"]
        rows = [
            [key, name, "2026-01-02", "A1", "1", "2"]
            for key, name in enumerate(["C1", known["C2"], "甲", "同名", "没有"])
        ]
        answer = await upload(api, "orders", csv_bytes(header, *rows), mode="batch")
        assert answer.json["created"] == 3, answer.body.decode()
        assert places(answer) == [(5, "客户", "ambiguous"), (6, "客户", "reference")]
        assert {row["customer_label"] for row in await everything(api, "orders")} == {"甲", "乙"}

    async def test_rows_of_the_same_file(self, api: Api) -> None:
        rows = [["code", "name", "上级"], ["11", "子", "1"], ["1", "根", ""], ["111", "孙", "11"], ["2", "乱", "9"]]
        answer = await upload(api, "categories", csv_bytes(*rows), mode="batch")
        assert (answer.json["created"], places(answer)) == (3, [(5, "上级", "reference")])
        found = {row["code"]: row for row in await everything(api, "categories")}
        assert found["111"]["above_id"] == found["11"]["id"]
        assert found["11"]["above_id"] == found["1"]["id"]
        circle = csv_bytes(["code", "name", "above"], ["x", "x", "y"], ["y", "y", "x"])
        assert places(await upload(api, "categories", circle)) == [(2, "above", "reference"), (3, "above", "reference")]

    async def test_only_the_own_tenant_is_found(self, api: Api) -> None:
        await upload(api, "categories", csv_bytes(["code", "name"], ["1", "根"]))
        identity = (await everything(api, "categories"))[0]["id"]
        other = api.tenant_b
        for name in ("1", "根", identity):
            answer = await upload(other, "categories", csv_bytes(["code", "name", "above"], ["2", "x", name]))
            assert places(answer) == [(2, "above", "reference")], name
        assert await count(other, "categories") == 0

    async def test_only_the_own_scope_is_found_by_name(self, api: Api) -> None:
        await upload(api, "customers", csv_bytes(["code", "name"], ["C1", "甲"]))
        await upload(api, "items", ITEMS)
        seller = api.as_user(scope="self")
        body = csv_bytes(
            ["group", "customer", "order_date", "item_id", "quantity", "price"],
            ["1", "C1", "2026-01-01", "A1", "1", "1"],
        )
        assert places(await upload(seller, "orders", body)) == [(2, "customer", "reference")]


class TestLines:
    async def test_rows_with_the_same_key_are_one_document(self, api: Api) -> None:
        await upload(api, "customers", csv_bytes(["code", "name"], ["C1", "甲"]))
        await upload(api, "items", ITEMS)
        header = ["单号", "客户", "日期", "明细.物料", "明细.数量", "明细.单价", "明细.折扣", "金额"]
        rows = [
            ["SO202601-0007", "C1", "2026-01-02", "A1", "3", "9.99", "15%", "?"],
            ["", "C1", "2026-01-03", "A2", "1", "1", "", ""],
            ["", "", "", "A3", "1", "2", "", ""],
            ["SO202601-0007", "C1", "2026-01-02", "A2", "2", "5", "0.1", ""],
        ]
        answer = await upload(api, "orders", csv_bytes(header, *rows))
        assert answer.status == 200, answer.body.decode()
        assert (answer.json["rows"], answer.json["documents"], answer.json["created"]) == (4, 2, 2)
        assert answer.json["ignoredColumns"] == ["金额"]
        by_date = {row["order_date"]: row for row in await everything(api, "orders")}
        first = await api.must("GET", f"/orders/{by_date['2026-01-02']['id']}")
        assert (first["number"], [line["amount"] for line in first["lines"]]) == ("SO202601-0007", ["25.47", "9.00"])
        second = await api.must("GET", f"/orders/{by_date['2026-01-03']['id']}")
        assert [line["quantity"] for line in second["lines"]] == ["1.000000", "1.000000"]
        # The series goes on after the number that the file brought.
        assert second["number"] == "SO202601-0008"

    async def test_problems_name_the_line(self, api: Api) -> None:
        await upload(api, "customers", csv_bytes(["code", "name"], ["C1", "甲"]))
        await upload(api, "items", ITEMS)
        header = ["group", "customer_id", "order_date", "due_date", "lines.item_id", "lines.quantity", "lines.price"]
        rows = [
            ["1", "C1", "2026-01-02", "", "A1", "1", "1"],
            ["2", "C1", "2026-01-02", "2026-01-01", "A1", "1", "1"],
            ["1", "C1", "2026-01-05", "", "A9", "-1", "1"],
            ["3", "C1", "2026-01-02", "", "", "", ""],
        ]
        answer = await upload(api, "orders", csv_bytes(header, *rows))
        assert set(places(answer)) == {
            (3, "due_date", "due_after_date"),
            (4, "order_date", "group"),
            (4, "lines.item_id", "reference"),
            (4, "lines.quantity", "above"),
            (5, "lines", "min_items"),
        }
        assert await count(api, "orders") == 0


class TestPipeline:
    async def test_every_document_is_audited_and_announced(self, api: Api) -> None:
        answer = await upload(api, "items", ITEMS)
        async with api.app.engine.database.session(api.tenant_id) as connection:
            audits = await connection.fetch("SELECT action, entity_id FROM kit_audit ORDER BY position")
            events = await connection.fetch("SELECT type FROM kit_outbox")
        assert [row["action"] for row in audits] == ["trade.item.create"] * 3 + ["trade.item.import"]
        assert audits[-1]["entity_id"] == answer.json["batchId"]
        assert [row["type"] for row in events] == ["trade.item.created.v1"] * 3
        assert {row["source"] for row in await everything(api, "items")} == {
            f"import/{answer.json['batchId']}/{row}" for row in (2, 3, 4)
        }

    async def test_gapless_numbers(self, api: Api) -> None:
        answer = await upload(api, "slips", csv_bytes(["text"], *[[f"t{index}"] for index in range(250)]))
        assert answer.json["created"] == 250
        serials = [int(row["number"].rsplit("-", 1)[1]) for row in await everything(api, "slips", sort="number")]
        assert serials == list(range(1, 251))

    async def test_refused_row_takes_its_look_ups_effect_back(self, api: Api) -> None:
        answer = await upload(api, "notes", csv_bytes(["text"], ["a"], ["bad"], ["b"]), mode="batch")
        assert (answer.json["created"], places(answer)) == (2, [(3, "", "NOT_TODAY")])
        assert [row["count"] for row in (await api.get("/tallies")).json["items"]] == [2]

    async def test_refusal_of_a_whole_batch_is_traced_to_its_rows(self, api: Api) -> None:
        words = [[f"w{index}"] for index in range(300)]
        words[17], words[230] = ["bad"], ["bad"]
        answer = await upload(api, "memos", csv_bytes(["text"], *words), mode="batch")
        assert (answer.json["created"], places(answer)) == (298, [(19, "", "NOT_TODAY"), (232, "", "NOT_TODAY")])

    async def test_permission_and_field_rights(self, api: Api) -> None:
        clerk = api.as_user(["trade.item.create", "trade.item.read"])
        answer = await upload(clerk, "items", ITEMS)
        assert (answer.status, answer.json["code"]) == (403, "FORBIDDEN")
        clerk = api.as_user(["trade.item.import"], field_rules={"trade.item.name": "read"})
        assert (1, "名称", "permission") in places(await upload(clerk, "items", ITEMS))
        assert (await upload(api, "tallies", ITEMS)).status == 404


class TestRepeats:
    @pytest.mark.parametrize("mode", ["all", "batch"])
    async def test_repeat_gets_the_first_report(self, api: Api, mode: str) -> None:
        first = await upload(api, "slips", csv_bytes(["text"], ["a"]), request_id="i-1", mode=mode)
        again = await upload(api, "slips", csv_bytes(["text"], ["a"]), request_id="i-1", mode=mode)
        assert again.headers["idempotent-replay"] == "true"
        assert again.body == first.body
        assert await count(api, "slips") == 1
        other = await upload(api, "slips", csv_bytes(["text"], ["b"]), request_id="i-1", mode=mode)
        assert (other.status, other.json["code"]) == (409, "IDEMPOTENT_CONFLICT")

    async def test_simultaneous_repeats_write_once(self, api: Api) -> None:
        body = csv_bytes(["text"], *[[str(index)] for index in range(50)])
        answers = await asyncio.gather(*(upload(api, "slips", body, request_id="i-2") for _ in range(4)))
        assert {answer.status for answer in answers} == {200}
        assert len({answer.body for answer in answers}) == 1
        assert await count(api, "slips") == 50

    async def test_interrupted_batches_go_on_where_they_stopped(
        self, api: Api, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from cellkit.exchange import writing

        body = csv_bytes(["text"], *[[str(index)] for index in range(2500)])
        original, calls = writing.BatchWriter.write, []

        async def dies_in_the_third(self: object, connection: object, drafts: list) -> None:
            calls.append(len(drafts))
            if len(calls) == 3:
                raise ConnectionResetError
            await original(self, connection, drafts)

        monkeypatch.setattr(writing.BatchWriter, "write", dies_in_the_third)
        assert (await upload(api, "slips", body, request_id="i-3", mode="batch")).status == 503
        assert await count(api, "slips") == 2000
        monkeypatch.undo()
        answer = await upload(api, "slips", body, request_id="i-3", mode="batch")
        assert (answer.json["created"], await count(api, "slips")) == (2500, 2500)

    async def test_failed_import_may_be_sent_again(self, api: Api) -> None:
        identity = str(uuid.uuid4())
        assert (await upload(api, "items", csv_bytes(["code", "name"], ["A", ""]), request_id=identity)).status == 422
        assert (await upload(api, "items", csv_bytes(["code", "name"], ["A", "x"]), request_id=identity)).status == 200
