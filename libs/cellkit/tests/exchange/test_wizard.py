"""The import wizard: upload, map, check, commit, follow, undo."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import python_calamine
from exchange_helpers import XLSX, count, csv_bytes, customers, everything, xlsx_bytes

from cellkit.testing.cells import Api

HEADINGS = ["客户编号", "名称", "城市", "信用额度（元）", "备注栏"]


async def uploaded(
    api: Api, body: bytes, document: str = "trade.customer", kind: str = "text/csv", **query: Any
) -> Any:
    answer = await api.call(
        "POST", "/_imports", body, query={"document": document, **query}, headers={"content-type": kind}
    )
    assert answer.status == 201, answer.body.decode()
    return answer.json


async def run(api: Api, identity: str, verb: str, state: str = "succeeded") -> Any:
    answer = await api.post(f"/_imports/{identity}/{verb}")
    assert answer.status == 202, answer.body.decode()
    return await ended(api, identity, state)


async def ended(api: Api, identity: str, state: str) -> Any:
    async with asyncio.timeout(30):
        while True:
            found = await api.must("GET", f"/_imports/{identity}")
            if found["job"]["state"] not in ("waiting", "running"):
                assert found["job"]["state"] == state, found
                return found
            await asyncio.sleep(0.02)


async def problems(api: Api, identity: str) -> list[tuple[int, str, str]]:
    items = (await api.must("GET", f"/_imports/{identity}/errors?limit=200"))["items"]
    return [(item["row"], item["column"], item["rule"]) for item in items]


def sheet(body: bytes) -> list[list[Any]]:
    return python_calamine.load_workbook(io.BytesIO(body)).get_sheet_by_index(0).to_python()


async def test_from_upload_to_undo(api: Api) -> None:
    rows = [HEADINGS, ["A1", "甲", "上海", "10.50", "x"], ["A2", "乙", "北京", "20", ""], ["A3", "丙", "", "", ""]]
    made = await uploaded(api, csv_bytes(*rows), name="客户.csv")
    assert (made["rows"], made["state"], made["file_name"]) == (3, "uploaded", "客户.csv")
    found = {item["column"]: (item["field"], item["reason"]) for item in made["columns"]}
    assert found["名称"] == ("name", "name")
    assert found["信用额度（元）"] == ("credit_limit", "similar")
    assert found["备注栏"][0] is None
    assert made["columns"][0]["samples"] == ["A1", "A2", "A3"]
    changed = await api.must("PATCH", f"/_imports/{made['id']}", {"mapping": {"客户编号": "code"}})
    assert changed["problems"] == []
    checked = await run(api, made["id"], "check")
    assert (checked["state"], checked["created"], checked["error_count"]) == ("checked", 3, 0)
    assert await count(api, "customers") == 0
    done = await run(api, made["id"], "commit")
    assert (done["state"], done["created"], done["committed_by"]) == ("committed", 3, api.user_id)
    assert done["job"]["done"] == done["job"]["total"] == 3
    assert await count(api, "customers") == 3
    assert (await api.post(f"/_imports/{made['id']}/commit")).status == 409
    # One was changed, one is referred to; the third goes.
    stored = {row["code"]: row for row in await everything(api, "customers")}
    await api.must("PATCH", f"/customers/{stored['A1']['id']}", {"version": 1, "name": "甲二"})
    item = await api.must("POST", "/items", {"code": "I", "name": "I"})
    line = {"item_id": item["id"], "quantity": "1", "price": "1"}
    await api.must("POST", "/orders", {"customer_id": stored["A2"]["id"], "order_date": "2026-01-01", "lines": [line]})
    undone = await run(api, made["id"], "undo")
    assert (undone["state"], undone["undone"], undone["kept"]) == ("undone", 1, 2)
    told = (await api.must("GET", f"/_imports/{made['id']}/errors"))["items"]
    assert [(item["row"], item["message"]) for item in told] == [(2, "导入后已被修改"), (3, "被订单引用")]
    assert {row["code"] for row in await everything(api, "customers")} == {"A1", "A2"}
    trail = await api.must("GET", f"/_audit?entity=trade.customer&entity_id={stored['A3']['id']}")
    assert [entry["action"] for entry in trail["items"]] == ["trade.customer.delete", "trade.customer.create"]
    history = (await api.must("GET", "/_imports?document=trade.customer&total=true"))["items"]
    assert [item["id"] for item in history] == [made["id"]]


async def test_a_choice_is_remembered(api: Api) -> None:
    first = await uploaded(api, csv_bytes(HEADINGS, ["B1", "甲", "", "", ""]))
    await api.must("PATCH", f"/_imports/{first['id']}", {"mapping": {"客户编号": "code", "备注栏": "address"}})
    await run(api, first["id"], "check")
    again = await uploaded(api, csv_bytes(list(reversed(HEADINGS)), ["", "", "", "乙", "B2"]))
    chosen = {item["column"]: (item["field"], item["reason"]) for item in again["columns"]}
    assert chosen["客户编号"] == ("code", "remembered")
    assert chosen["备注栏"] == ("address", "remembered")
    colleague = api.as_user(["trade.customer.import"])
    theirs = await uploaded(colleague, csv_bytes(HEADINGS, ["B3", "丙", "", "", ""]))
    assert {item["column"]: item["field"] for item in theirs["columns"]}["客户编号"] == "code"
    stranger = await uploaded(api.tenant_b, csv_bytes(HEADINGS, ["B3", "丙", "", "", ""]))
    assert {item["column"]: item["reason"] for item in stranger["columns"]}["备注栏"] == "none"


async def test_errors_by_cell_and_the_file_back(api: Api) -> None:
    rows = [
        ["code", "name", "phone", "credit_limit"],
        ["C1", "甲", "13800000001", "1"],
        ["C2", "", "13800000002", "x"],
        ["C1", "丙", "13800000003", "2"],
    ]
    made = await uploaded(api, xlsx_bytes(*rows), kind=XLSX, name="c.xlsx")
    checked = await run(api, made["id"], "check")
    assert (checked["failed"], checked["error_count"]) == (2, 3)
    assert await problems(api, made["id"]) == [
        (3, "credit_limit", "type"), (3, "name", "required"), (4, "code", "unique"),
    ]  # fmt: skip
    failed = await run(api, made["id"], "commit", "failed")
    assert failed["state"] == "checked"
    assert "3" in failed["job"]["error"]
    assert await count(api, "customers") == 0
    back = await api.get(f"/_imports/{made['id']}/file")
    cells = sheet(back.body)
    assert cells[0] == ["code", "name", "phone", "credit_limit", "导入错误"]
    assert cells[1] == ["C1", "甲", "13800000001", "1", ""]
    assert "name：" in cells[2][4]
    wrong = sheet((await api.get(f"/_imports/{made['id']}/file", only="errors")).body)
    assert [row[0] for row in wrong] == ["code", "C2", "C1"]
    # Somebody else sees what the documents would show him.
    other = api.as_user(["trade.customer.import"])
    columns = (await other.must("GET", f"/_imports/{made['id']}"))["columns"]
    assert columns[2]["samples"][0] == "138****0001"
    shown = sheet((await other.get(f"/_imports/{made['id']}/file")).body)
    assert shown[1][2] == "138****0001"
    # The file, corrected and uploaded as it came back: its column of errors is no field.
    cells[2][1], cells[2][3], cells[3][0] = "乙", "5", "C3"
    again = await uploaded(api, xlsx_bytes(*cells), kind=XLSX)
    assert {item["column"]: item["field"] for item in again["columns"]}["导入错误"] is None
    assert (await run(api, again["id"], "commit"))["created"] == 3


async def test_files_lie_encrypted(api: Api, cell_app: Any) -> None:
    made = await uploaded(api, csv_bytes(["code", "name", "phone"], ["E1", "甲", "13812345678"]))
    async with cell_app.engine.database.session(api.tenant_id) as connection:
        pieces = await connection.fetch(
            "SELECT content FROM kit_import_piece WHERE tenant_id::text = $1", api.tenant_id
        )
        samples = await connection.fetchval("SELECT samples FROM kit_import WHERE id::text = $1", made["id"])
    assert pieces
    assert not any(b"13812345678" in stored for stored in (samples, *(record["content"] for record in pieces)))


async def test_good_rows_in_batches(api: Api) -> None:
    rows = customers(5)
    rows[3][1] = ""
    made = await uploaded(api, csv_bytes(*rows))
    await api.must("PATCH", f"/_imports/{made['id']}", {"mode": "batch"})
    done = await run(api, made["id"], "commit")
    assert (done["state"], done["created"], done["failed"], done["error_count"]) == ("committed", 4, 1, 1)
    undone = await run(api, made["id"], "undo")
    assert (undone["undone"], undone["kept"]) == (4, 0)
    assert await count(api, "customers") == 0


async def test_updates_by_key(api: Api) -> None:
    made = await uploaded(api, csv_bytes(*customers(3)))
    await run(api, made["id"], "commit")
    rows = [
        ["code", "name", "city"],
        ["C000000", "新名", ""],
        ["C000001", "上海贸易有限公司1", "上海"],
        ["N1", "新", ""],
    ]
    changing = await uploaded(api, csv_bytes(*rows))
    path = f"/_imports/{changing['id']}"
    await api.must("PATCH", path, {"existing": "update"})
    refused = await run(api, changing["id"], "commit", "failed")
    assert refused["error_count"] == 1
    assert await problems(api, changing["id"]) == [(4, "code", "reference")]
    await api.must("PATCH", path, {"existing": "both"})
    checked = await run(api, changing["id"], "check")
    assert (checked["created"], checked["updated"], checked["unchanged"]) == (1, 1, 1)
    stored = {row["code"]: row for row in await everything(api, "customers")}
    assert stored["C000000"]["version"] == 1
    done = await run(api, changing["id"], "commit")
    assert (done["created"], done["updated"], done["unchanged"]) == (1, 1, 1)
    stored = {row["code"]: row for row in await everything(api, "customers")}
    assert (stored["C000000"]["name"], stored["C000000"]["version"]) == ("新名", 2)
    assert stored["C000000"]["city"] == "上海"
    assert stored["C000001"]["version"] == 1
    assert stored["N1"]["name"] == "新"
    trail = await api.must("GET", f"/_audit?entity_id={stored['C000000']['id']}&action=trade.customer.update")
    assert len(trail["items"]) == 1
    nameless = await uploaded(api, csv_bytes(["name"], ["x"]))
    assert (await api.patch(f"/_imports/{nameless['id']}", {"existing": "update"})).status == 400


async def test_updates_of_documents_with_lines(api: Api) -> None:
    customer = await api.must("POST", "/customers", {"code": "L1", "name": "L"})
    for code in ("I1", "I2"):
        await api.must("POST", "/items", {"code": code, "name": code})
    header = ["number", "customer_id", "order_date", "lines.item_id", "lines.quantity", "lines.price"]
    rows = [["X-1", "L1", "2026-03-05", "I1", "2", "3"], ["X-1", "", "", "I2", "1", "4"]]
    made = await uploaded(api, csv_bytes(header, *rows), "trade.order")
    await run(api, made["id"], "commit")
    [before] = await everything(api, "orders")
    before = await api.must("GET", f"/orders/{before['id']}")
    rows[0][4] = "5"
    changing = await uploaded(api, csv_bytes(header, *rows), "trade.order")
    await api.must("PATCH", f"/_imports/{changing['id']}", {"existing": "both"})
    done = await run(api, changing["id"], "commit")
    assert (done["created"], done["updated"]) == (0, 1)
    after = await api.must("GET", f"/orders/{before['id']}")
    assert (after["amount"], after["version"]) == ("19.00", 2)
    assert [line["id"] for line in after["lines"]] == [line["id"] for line in before["lines"]]
    assert after["customer_id"] == customer["id"]
    await api.must("POST", f"/orders/{before['id']}/confirm")
    rows[0][4] = "6"
    late = await uploaded(api, csv_bytes(header, *rows), "trade.order")
    await api.must("PATCH", f"/_imports/{late['id']}", {"existing": "update"})
    await run(api, late["id"], "commit", "failed")
    assert await problems(api, late["id"]) == [(2, "", "state")]


async def test_a_tree_is_undone_from_its_leaves(api: Api) -> None:
    rows = [["code", "name", "above_id"], *([f"T{n}", f"T{n}", f"T{n - 1}" if n else ""] for n in range(4))]
    made = await uploaded(api, csv_bytes(*rows), "trade.category")
    assert (await run(api, made["id"], "commit"))["created"] == 4
    undone = await run(api, made["id"], "undo")
    assert (undone["undone"], undone["kept"]) == (4, 0)


async def test_cancelled(api: Api) -> None:
    made = await uploaded(api, csv_bytes(*customers(4000)))
    path = f"/_imports/{made['id']}"
    assert (await api.post(f"{path}/cancel")).status == 409
    await api.must("POST", f"{path}/commit", status=202)
    assert (await api.post(f"{path}/check")).status == 409
    assert (await api.patch(path, {"mode": "batch"})).status == 409
    await api.must("POST", f"{path}/cancel")
    await ended(api, made["id"], "cancelled")
    assert await count(api, "customers") == 0
    assert (await run(api, made["id"], "commit"))["created"] == 4000


async def test_who_may(api: Api) -> None:
    made = await uploaded(api, csv_bytes(["code", "name"], ["P1", "甲"]))
    path = f"/_imports/{made['id']}"
    nobody = api.as_user(["trade.customer.read", "trade.customer.create"])
    for answer in (await nobody.get("/_imports"), await nobody.get(path), await nobody.post(f"{path}/commit")):
        assert answer.status == 403
    other = api.as_user(["trade.item.import"])
    assert (await other.get(path)).status == 404
    assert (await other.get("/_imports", document="trade.customer")).status == 403
    assert (await other.get("/_imports")).json["items"] == []
    assert (await api.tenant_b.get(path)).status == 404
    await run(api, made["id"], "commit")
    importer = api.as_user(["trade.customer.import"])
    assert (await importer.post(f"{path}/undo")).status == 403
    headers = {"content-type": "text/csv"}
    for query, status in (({}, 400), ({"document": "trade.none"}, 400), ({"document": "trade.item"}, 403)):
        answer = await importer.call("POST", "/_imports", b"a,b\n1,2\n", query=query, headers=headers)
        assert answer.status == status, answer.body
    for body in ({"mode": "x"}, {"existing": 1}, {"mapping": []}, {"what": 1}, {"mapping": {"code": "name"}}):
        fresh = await uploaded(api, csv_bytes(["code", "name"], ["P2", "甲"]))
        assert (await api.patch(f"/_imports/{fresh['id']}", body)).status == 422, body
    assert (await api.patch(f"/_imports/{fresh['id']}", {"mapping": {"gone": "city"}})).status == 400
    metadata = await importer.must("GET", "/api/v1/trade/_meta")
    assert list(metadata["exchange"]["documents"]) == ["trade.customer"]


async def test_old_files_are_thrown_away(api: Api, cell_app: Any) -> None:
    from cellkit.exchange.purging import Purge

    done = await uploaded(api, csv_bytes(["code", "name"], ["O1", "甲"]))
    await run(api, done["id"], "commit")
    left = await uploaded(api, csv_bytes(["code", "name"], ["O2", "甲"]))
    purge = Purge(cell_app.engine.database)
    await purge.purge()
    assert (await api.must("GET", f"/_imports/{done['id']}"))["has_file"]
    purge.keep_hours = 0
    assert await purge.purge() >= 2
    assert not (await api.must("GET", f"/_imports/{done['id']}"))["has_file"]
    assert (await api.get(f"/_imports/{left['id']}")).status == 404
    assert (await api.get(f"/_imports/{done['id']}/file")).status == 409
    assert (await run(api, done["id"], "undo"))["undone"] == 1


async def test_templates_offer_the_rows_that_can_be_chosen(api: Api) -> None:
    for code in ("K1", "K2"):
        await api.must("POST", "/items", {"code": code, "name": code})

    async def lists(caller: Api) -> list[list[str]]:
        book = python_calamine.load_workbook(io.BytesIO((await caller.get("/imports/orders/template")).body))
        hidden = [name for name in book.sheet_names if name.startswith("_")]
        return [[row[0] for row in book.get_sheet_by_name(name).to_python()] for name in hidden]

    await api.must("POST", "/items", {"code": "K3,4", "name": "K"})
    assert ["K1", "K2", "K3,4"] in await lists(api)
    assert await lists(api.as_user(["trade.order.import"])) == []
    assert ["K1", "K2", "K3,4"] not in await lists(api.tenant_b)
