"""Reports that are kept: declared ones, one's own, shared ones, as files, by subscription."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from desk_helpers import fill
from python_calamine import CalamineWorkbook

from cellkit.http.application import Application
from cellkit.jobs import JobContext
from cellkit.reporting.delivering import Due, deliver_report
from cellkit.testing import Api, Clock

pytestmark = pytest.mark.asyncio
DEFINITION = {"rows": ["partner_id"], "measures": ["sum(amount)"]}


async def test_declared_reports_are_listed_and_run(api: Api) -> None:
    await fill(api)
    items = {item["id"]: item for item in (await api.must("GET", "/_reports"))["items"]}
    assert items["coded"]["origin"] == "code"
    declared = items["desk.order.by-month"]
    assert (declared["origin"], declared["editable"], declared["chart"]) == ("system", False, "bar")
    found = await api.must("GET", "/_reports/desk.order.by-month/run")
    assert found["totals"][0]["values"] == {"sum_amount": "333.68", "count": 5}
    since = await api.must("GET", "/_reports/desk.order.since/run?from=2026-02-01")
    assert since["totals"][0]["values"]["count"] == 2
    assert items["desk.order.since"]["parameters"] == [
        {"name": "from", "kind": "date", "label": "起始日", "default": "year_start(today)", "required": False}
    ]
    assert (await api.get("/_reports/desk.order.since/run", **{"from": "x"})).status == 422
    assert (await api.get("/_reports/desk.order.since/run", to="2026-01-01")).status == 422
    assert (await api.get("/_reports/desk.order.nothing/run")).status == 404
    assert (await api.patch("/_reports/desk.order.since", {"version": 1})).status == 404
    english = api.as_user()
    english.language = "en-US"
    named = {item["id"]: item["name"] for item in (await english.must("GET", "/_reports"))["items"]}
    assert named["desk.order.by-month"] == "Sales by month"


async def test_reports_that_show_hidden_fields_are_not_usable(api: Api) -> None:
    user = api.as_user(field_rules={"desk.order.margin": "hide"})
    items = {item["id"]: item for item in (await user.must("GET", "/_reports"))["items"]}
    assert (items["desk.order.margins"]["usable"], items["desk.order.by-month"]["usable"]) == (False, True)
    for path in ("/_reports/desk.order.margins/run", "/_reports/desk.order.margins"):
        answer = await user.get(path)
        assert (answer.status, answer.json["code"]) == (403, "FIELD_NOT_READABLE")
    nobody = api.as_user(permissions=[])
    assert (await nobody.get("/_reports")).status == 403
    assert (await nobody.get("/_reports/desk.order.by-month/run")).status == 403


async def test_own_reports_are_ones_own(api: Api) -> None:
    await fill(api)
    author = api.as_user(permissions=["desk.order.read"])
    made = await author.must("POST", "/_reports", {"name": "我的", "entity": "desk.order", "definition": DEFINITION})
    place = f"/_reports/{made['id']}"
    assert (await author.must("GET", f"{place}/run"))["totals"][0]["values"]["sum_amount"] == "1333.68"
    assert (await author.must("GET", place))["definition"]["rows"] == ["partner_id"]
    other = api.as_user(permissions=["desk.order.read", "desk.report_definition.share"])
    for call in (other.get(f"{place}/run"), other.get(place), other.patch(place, {"version": 1}), other.delete(place)):
        assert (await call).status == 404
    shared = await author.patch(place, {"version": 1, "sharing": "all"})
    assert (shared.status, shared.json["details"]["permission"]) == (403, "desk.report_definition.share")
    changed = await author.must(
        "PATCH", place, {"version": 1, "name": "新名", "definition": {**DEFINITION, "chart": "bar"}}
    )
    assert (changed["version"], changed["name"]) == (2, "新名")
    assert (await author.patch(place, {"version": 1, "name": "x"})).status == 409
    wrong = await author.patch(place, {"version": 2, "definition": {"rows": ["nothing"], "measures": ["count()"]}})
    assert wrong.status == 422
    assert wrong.json["details"][0]["field"] == "definition.rows[0]"
    assert (await api.tenant_b.get(f"{place}/run")).status == 404
    assert (await author.delete(place)).status == 204
    assert (await author.get(place)).status == 404


async def test_shared_reports_run_under_the_readers_rights(api: Api) -> None:
    await fill(api)
    boss = api.as_user()
    made = await boss.must(
        "POST",
        "/_reports",
        {
            "name": "共享", "entity": "desk.order", "sharing": "roles", "roles": ["sales"],
            "definition": {"rows": ["state"], "measures": ["sum(margin)"]},
        },
    )  # fmt: skip
    place = f"/_reports/{made['id']}"
    sales = api.as_user(permissions=["desk.order.read"], scope="self", roles=["sales"])
    assert (await sales.must("GET", f"{place}/run"))["totals"][0]["values"]["sum_margin"] == "0.00"
    listed = {item["id"]: item for item in (await sales.must("GET", "/_reports"))["items"]}
    assert (listed[made["id"]]["origin"], listed[made["id"]]["editable"]) == ("shared", False)
    assert (await sales.patch(place, {"version": 1, "name": "x"})).status == 403
    blind = api.as_user(roles=["sales"], field_rules={"desk.order.margin": "mask"})
    assert (await blind.get(f"{place}/run")).json["code"] == "FIELD_NOT_READABLE"
    assert (await api.as_user(roles=["buyers"]).get(f"{place}/run")).status == 404
    copied = await sales.must("POST", f"{place}/copy", {"name": "抄"})
    assert copied["sharing"] == "private"
    assert (await sales.must("POST", "/_reports/desk.order.by-month/copy"))["name"] == "按月销售 副本"


async def test_files_hold_exact_figures(api: Api) -> None:
    await fill(api)
    place = "/_reports/desk.order.by-month/run"
    answer = await api.get(place, format="csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"))))
    assert rows[0] == ["客户", "日期（月）", "金额 合计", "数量"]
    assert ["甲", "2026-01", "300.30", "2"] in rows
    assert rows[-1] == ["合计", "", "333.68", "5"]
    sheet = await api.get(place, format="xlsx")
    read = CalamineWorkbook.from_filelike(io.BytesIO(sheet.body)).get_sheet_by_index(0).to_python()
    assert read[-1] == ["合计", "", 333.68, 5.0]
    pivot = {"entity": "desk.order", "rows": ["kind"], "columns": ["state"], "measures": ["sum(amount)"]}
    made = await api.post("/_reports/run?format=csv", {"definition": pivot})
    head, *body = csv.reader(io.StringIO(made.body.decode("utf-8-sig")))
    assert head == ["类型", "草稿 金额 合计", "执行中 金额 合计", "完成 金额 合计", "合计 金额 合计"]
    assert body[0] == ["零售", "1000.00", "133.43", "", "1133.43"]
    reader = api.as_user(permissions=["desk.order.read"])
    assert (await reader.get(place, format="csv")).status == 403
    assert (await reader.get(place, format="pdf")).status == 400
    entries = (await api.must("GET", "/_audit?entity=desk.order&action=desk.report.export"))["items"]
    assert entries[0]["after"]["report"] in ("desk.order.by-month", None)


async def deliver(app: Application, api: Api, job: dict) -> dict:
    """Run a job of the queue at once, as the worker would."""
    from cellkit.ops.access import service_document
    from cellkit.reporting.delivering import _service

    caller = _service(app.engine, api.tenant_id, f"job-{job['id']}")
    role = service_document(api.tenant_id, caller.user_id)
    context = JobContext(app.engine, api.tenant_id, caller, role, job["id"], 1)
    return await deliver_report.function(context, job["payload"]) or {}


async def test_subscriptions_deliver_under_the_recipients_rights(api: Api, cell_app: Application, clock: Clock) -> None:
    await fill(api)
    clock.set(datetime(2026, 3, 2, 0, 30, tzinfo=UTC))
    blind = api.as_user(field_rules={"desk.order.margin": "hide"})
    poor = api.as_user(scope="self")
    made = await api.must(
        "POST",
        "/report-subscriptions",
        {
            "name": "毛利周报", "report": "desk.order.margins", "cron": "0 9 * * 1", "format": "csv",
            "recipients": [api.user_id, blind.user_id, poor.user_id], "when_empty": True,
        },
    )  # fmt: skip
    assert made["next_at"] == "2026-03-02T01:00:00Z"
    due = Due(cell_app.engine)
    await due.look()
    assert await jobs(cell_app, api) == []
    clock.set(datetime(2026, 3, 2, 1, 5, tzinfo=UTC))
    await due.look()
    await due.look()
    waiting = await jobs(cell_app, api)
    assert len(waiting) == 3
    results = {job["payload"]["user"]: await deliver(cell_app, api, job) for job in waiting}
    assert results[blind.user_id] == {"refused": "FIELD_NOT_READABLE"}
    again = await deliver(cell_app, api, next(job for job in waiting if job["payload"]["user"] == api.user_id))
    assert again == results[api.user_id]
    [mine] = (await api.must("GET", "/_reports/deliveries"))["items"]
    file = await api.get(mine["path"])
    assert file.body.decode("utf-8-sig").splitlines()[-1] == "合计,6.00"
    [his] = (await poor.must("GET", "/_reports/deliveries"))["items"]
    assert (await poor.get(his["path"])).body.decode("utf-8-sig").splitlines()[-1] == "合计,0.00"
    assert (await poor.get(mine["path"])).status == 404
    assert (await blind.must("GET", "/_reports/deliveries"))["items"] == []
    read = await api.must("GET", f"/report-subscriptions/{made['id']}")
    assert (read["next_at"], read["last_at"]) == ("2026-03-09T01:00:00Z", read["last_at"])
    notices = (await api.must("GET", "/_notifications"))["items"]
    assert any("毛利周报" in str(notice) for notice in notices)
    told = (await blind.must("GET", "/_notifications"))["items"]
    assert any("毛利周报" in str(notice) and "margin" in str(notice) for notice in told)
    clock.advance(days=40)
    await due.purge()
    assert (await api.must("GET", "/_reports/deliveries"))["items"] == []


async def jobs(app: Application, api: Api) -> list[dict]:
    async with app.engine.database.session(api.tenant_id) as connection:
        records = await connection.fetch(
            "SELECT id, payload FROM kit_job WHERE tenant_id = $1 AND name = 'report-delivery'",
            uuid.UUID(api.tenant_id),
        )
    return [dict(record) for record in records]


async def test_wrong_subscriptions_are_refused(api: Api) -> None:
    right = {"name": "x", "report": "desk.order.margins", "cron": "0 9 * * 1", "recipients": [api.user_id]}
    for wrong, field in (
        ({"cron": "every day"}, "cron"),
        ({"cron": "*/5 * * * *"}, "cron"),
        ({"recipients": []}, "recipients"),
        ({"recipients": ["cell:erp"]}, "recipients"),
        ({"report": "desk.order.nothing"}, "report"),
        ({"report": str(uuid.uuid4())}, "report"),
        ({"parameters": {"colour": "red"}}, "parameters.colour"),
        ({"parameters": [1]}, "parameters"),
    ):
        answer = await api.post("/report-subscriptions", {**right, **wrong})
        assert answer.status == 422, wrong
        assert [item["field"] for item in answer.json["details"]] == [field]
    clerk = api.as_user(permissions=["desk.order.*", "desk.report_subscription.create"])
    await clerk.must("POST", "/report-subscriptions", {**right, "recipients": [clerk.user_id]})
    answer = await clerk.post("/report-subscriptions", right)
    assert (answer.status, answer.json["details"]["permission"]) == (403, "desk.report_subscription.share")


async def test_exactness_survives_files(api: Api) -> None:
    await api.must("POST", "/orders", {"amount": "9999999999999999.99"})
    await api.must("POST", "/orders", {"amount": "0.02"})
    body = {"definition": {"entity": "desk.order", "measures": ["sum(amount)"]}}
    found = await api.must("POST", "/_reports/run", body)
    assert Decimal(found["totals"][0]["values"]["sum_amount"]) == Decimal("10000000000000000.01")
    sheet = await api.post("/_reports/run?format=xlsx", body)
    read = CalamineWorkbook.from_filelike(io.BytesIO(sheet.body)).get_sheet_by_index(0).to_python()
    assert read[-1][-1] == "10000000000000000.01"
