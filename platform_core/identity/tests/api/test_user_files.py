"""Users from and into files, and the filters of their list."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from urllib.parse import quote

import asyncpg
import python_calamine
import xlsxwriter

from platform_core.identity.tests.api.harness import PASSWORD, Answer, Gateway, Person
from platform_core.identity.tests.api.test_packages import give

IMPORT = "/api/admin/users/import"
EXPORT = "/api/admin/users/export"
HEADINGS = ["用户名 *", "姓名 *", "部门", "角色", "语言", "时区", "初始密码"]


def csv_of(*rows: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("gb18030")


def sheet_of(*rows: list[str]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell)
    book.close()
    return file.getvalue()


async def send(person: Person, content: bytes, query: str = "", **more: Any) -> Answer:
    kind = "text/csv"
    if content.startswith(b"PK"):
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    headers = {"Content-Type": kind, "Accept-Language": more.pop("language", "zh-CN")}
    return await person.call("POST", IMPORT + query, raw=content, headers=headers, **more)


async def organised(alpha: Person) -> None:
    top = await alpha.done("POST", "/api/admin/departments", {"name": "总部"})
    other = await alpha.done("POST", "/api/admin/departments", {"name": "分部"})
    for parent in (top, other):
        await alpha.done("POST", "/api/admin/departments", {"name": "销售部", "parent_id": parent["id"]})
    await alpha.done("POST", "/api/admin/departments", {"name": "财务部", "parent_id": top["id"]})
    for code, name in (("sales", "销售"), ("clerk", "文员")):
        await alpha.done("POST", "/api/admin/roles", {"code": code, "name": name, "permissions": ["crm.lead.read"]})


GOOD = (
    HEADINGS,
    ["wang", "王芳", "总部/销售部", "sales；文员", "中文", "", ""],
    ["", "", "", "", "", "", ""],
    ["li", "李雷", "财务部", "", "en", "Asia/Tokyo", "Battery-Staple-8"],
)


async def test_a_file_makes_users_with_generated_passwords_shown_once(gateway: Gateway, alpha: Person) -> None:
    await organised(alpha)
    dry = await send(alpha, csv_of(*GOOD), "?dry_run=true")
    assert dry.json == {"dry_run": True, "rows": 2, "created": 0, "problem_count": 0, "problems": []}
    assert (await alpha.done("GET", "/api/admin/users?total=true"))["total"] == 1
    answer = await send(alpha, csv_of(*GOOD), request_id="import-once")
    assert (answer.status, answer.json["created"]) == (200, 2)
    assert answer.headers["cache-control"] == "no-store"
    assert [item["username"] for item in answer.json["credentials"]] == ["wang"]
    again = await send(alpha, csv_of(*GOOD), request_id="import-once")
    assert (again.json["created"], "credentials" in again.json) == (2, False)
    login = await gateway.login("alpha", "wang", answer.json["credentials"][0]["password"])
    assert (login.status, login.json["mustChangePassword"]) == (200, True)
    assert (await gateway.login("alpha", "li", "Battery-Staple-8")).status == 200
    found = {item["username"]: item for item in (await alpha.done("GET", "/api/admin/users"))["items"]}
    assert (found["li"]["language"], found["li"]["time_zone"]) == ("en-US", "Asia/Tokyo")
    assert len(found["wang"]["role_ids"]) == 2
    trail = await alpha.done("GET", "/api/v1/identity/audit")
    assert sum(item["action"] == "import" for item in trail["items"]) == 2


async def test_a_workbook_is_read_as_well(alpha: Person) -> None:
    await organised(alpha)
    assert (await send(alpha, sheet_of(*GOOD))).json["created"] == 2


async def test_passwords_may_be_left_to_a_reset(gateway: Gateway, alpha: Person) -> None:
    content = csv_of(HEADINGS[:2], ["zhou", "周"])
    answer = await send(alpha, content, "?passwords=reset")
    assert "credentials" not in answer.json
    for guess in ("!", "", PASSWORD):
        assert (await gateway.login("alpha", "zhou", guess)).status == 401
    user = (await alpha.done("GET", "/api/admin/users?q=zhou"))["items"][0]
    given = (await alpha.done("POST", f"/api/admin/users/{user['id']}/reset-password"))["password"]
    assert (await gateway.login("alpha", "zhou", given)).status == 200


async def test_every_problem_is_told_by_row_and_column_and_nothing_is_written(alpha: Person) -> None:
    await organised(alpha)
    rows = (
        HEADINGS,
        ["wang", "", "总部/销售部", "", "", "", ""],
        ["WANG", "二", "销售部", "nobody", "", "", ""],
        ["admin", "三", "不存在", "", "fr", "Mars/Base", "weak"],
        ["good", "四", "", "", "", "", ""],
    )
    dry = (await send(alpha, csv_of(*rows), "?dry_run=true")).json
    assert {(item["row"], item["field"], item["rule"]) for item in dry["problems"]} == {
        (2, "display_name", "string_too_short"),
        (3, "username", "repeated"), (3, "department", "ambiguous"), (3, "roles", "unknown"),
        (4, "username", "taken"), (4, "department", "unknown"), (4, "language", "literal_error"),
        (4, "time_zone", "value_error"), (4, "password", "length"), (4, "password", "classes"),
    }  # fmt: skip
    assert dry["problem_count"] == 10
    assert {item["column"] for item in dry["problems"]} == {
        "用户名",
        "姓名",
        "部门",
        "角色",
        "语言",
        "时区",
        "初始密码",
    }
    english = (await send(alpha, csv_of(*rows), "?dry_run=true", language="en-US")).json
    assert {item["column"] for item in english["problems"]} >= {"Username", "First password"}
    refused = await send(alpha, csv_of(*rows))
    assert (refused.status, refused.json["code"]) == (422, "VALIDATION_FAILED")
    assert {"rows[3].username", "rows[4].password"} <= {item["field"] for item in refused.json["details"]}
    assert (await alpha.done("GET", "/api/admin/users?total=true"))["total"] == 1


async def test_headings_that_are_missing_or_unknown_are_told(alpha: Person) -> None:
    dry = (await send(alpha, csv_of(["用户名", "手机", "部门"], ["a", "b", "c"]), "?dry_run=true")).json
    assert {(item["row"], item["rule"]) for item in dry["problems"]} == {(1, "unknown_column"), (1, "missing_column")}
    for content in (b"", csv_of(HEADINGS), b"\x00\x01\x02"):
        assert (await send(alpha, content)).status == 400, content


async def test_an_import_gives_no_more_than_the_importer_holds(gateway: Gateway, alpha: Person) -> None:
    role = await alpha.new_role("identity.user.*")
    clerk = await gateway.person("alpha", (await alpha.new_user(role["id"]))["username"])
    content = csv_of(HEADINGS[:4], ["spy", "S", "", "administrator"])
    refused = await send(clerk, content)
    assert (refused.status, refused.json["details"][0]["rule"]) == (422, "forbidden")
    nobody = await gateway.person("alpha", (await alpha.new_user())["username"])
    assert (await send(nobody, content)).status == 403
    assert (await nobody.call("GET", EXPORT)).status == 403


async def test_the_quota_counts_the_whole_file(operator: Person, alpha: Person) -> None:
    await give(operator, alpha.tenant, most_users=2)
    content = csv_of(HEADINGS[:2], ["one", "一"], ["two", "二"])
    refused = await send(alpha, content)
    assert (refused.status, refused.json["code"]) == (422, "USER_QUOTA_EXCEEDED")
    assert (await alpha.done("GET", "/api/admin/users?total=true"))["total"] == 1


async def test_too_long_a_file_is_refused(alpha: Person) -> None:
    content = csv_of(HEADINGS[:2], *([f"u{number}", "U"] for number in range(1001)))
    refused = await send(alpha, content, "?dry_run=true")
    assert (refused.status, refused.json["code"]) == (400, "BAD_REQUEST")
    assert "1000" in refused.json["message"]


async def test_an_export_can_be_imported_elsewhere_and_runs_no_formula(alpha: Person, beta: Person) -> None:
    await alpha.new_user(display_name="=1+1")
    answer = await alpha.call("GET", f"{EXPORT}?format=csv&q=user")
    assert answer.headers["content-disposition"].startswith('attachment; filename="users.csv"')
    rows = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"))))
    assert rows[0] == ["用户名", "姓名", "部门", "角色", "语言", "时区", "启用", "最近登录", "创建时间"]
    assert rows[1][1] == "'=1+1"
    assert (await send(beta, answer.body)).json["created"] == 1
    assert (await beta.done("GET", "/api/admin/users?q=user"))["items"][0]["display_name"] == "=1+1"
    book = await alpha.call("GET", f"{EXPORT}?format=xlsx&q=user")
    sheet = python_calamine.load_workbook(io.BytesIO(book.body)).get_sheet_by_index(0).to_python()
    assert sheet[1][1] == "=1+1"
    assert b"argon2" not in book.body


async def test_an_export_is_audited_and_filtered_like_the_list(gateway: Gateway, alpha: Person) -> None:
    made = await alpha.new_user()
    wanted = quote(json.dumps({"id": made["id"]}))
    rows = list(
        csv.reader(io.StringIO((await alpha.call("GET", f"{EXPORT}?format=csv&filter={wanted}")).body.decode()))
    )
    assert [row[0] for row in rows[1:]] == [made["username"]]
    connection = await asyncpg.connect(gateway.urls.owner)
    await connection.execute("SELECT set_config('cellkit.tenant', $1, false)", alpha.tenant)
    entry = await connection.fetchval("SELECT after FROM audit WHERE action = 'export'")
    await connection.close()
    assert json.loads(entry)["rows"] == 1


async def test_the_template_has_the_imports_columns(alpha: Person) -> None:
    answer = await alpha.call("GET", "/api/admin/users/import-template?format=csv")
    assert next(csv.reader(io.StringIO(answer.body.decode("utf-8-sig")))) == HEADINGS
    assert (await alpha.call("GET", "/api/admin/users/import-template?format=pdf")).status == 400


async def test_the_list_is_filtered_by_role_department_below_and_presence(gateway: Gateway, alpha: Person) -> None:
    top = await alpha.done("POST", "/api/admin/departments", {"name": "总部"})
    below = await alpha.done("POST", "/api/admin/departments", {"name": "销售部", "parent_id": top["id"]})
    role = await alpha.new_role("crm.lead.read")
    one = await alpha.new_user(role["id"], department_id=below["id"])
    two = await alpha.new_user(department_id=top["id"])
    await gateway.login("alpha", two["username"])

    async def names(**wanted: Any) -> set[str]:
        page = await alpha.done("GET", f"/api/admin/users?filter={quote(json.dumps(wanted))}")
        return {item["username"] for item in page["items"]}

    assert await names(role_id=role["id"]) == {one["username"]}
    assert await names(within_department=top["id"]) == {one["username"], two["username"]}
    assert await names(within_department=below["id"]) == {one["username"]}
    assert await names(is_online=True) == {"admin", two["username"]}
    assert await names(must_change_password=True) == set()
    assert (await alpha.call("GET", f"/api/admin/users?filter={quote(json.dumps({'role_id': 1}))}")).status == 400
    for _ in range(5):
        await gateway.login("alpha", one["username"], "Wrong-Pass-1")
    items = {item["username"]: item for item in (await alpha.done("GET", "/api/admin/users"))["items"]}
    assert items[one["username"]]["locked_until"] is not None
    assert items[two["username"]]["locked_until"] is None
