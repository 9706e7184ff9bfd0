"""Reports against figures counted by hand, on a real PostgreSQL."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from desk_helpers import fill, listed, partner, run, table

from cellkit.approval.directory import Department, Person, StaticDirectory
from cellkit.testing import Api, Clock

pytestmark = pytest.mark.asyncio


async def test_rows_subtotals_and_totals_are_exact(api: Api) -> None:
    await fill(api)
    found = await run(api, rows=["partner_id", "month(order_date)"], measures=["sum(amount)", "count()", "avg(amount)"])
    assert table(found, "sum_amount") == {
        ("乙",): "1033.33", ("乙", "2026-01"): "1000.00", ("乙", "2026-02"): "33.33",
        ("甲",): "300.35", ("甲", "2026-01"): "300.30", ("甲", "2026-02"): "0.05",
        ("（空）",): "0.00", ("（空）", "（空）"): "0.00",
    }  # fmt: skip
    assert table(found, "count") == {
        ("乙",): 2, ("乙", "2026-01"): 1, ("乙", "2026-02"): 1,
        ("甲",): 3, ("甲", "2026-01"): 2, ("甲", "2026-02"): 1, ("（空）",): 1, ("（空）", "（空）"): 1,
    }  # fmt: skip
    assert table(found, "avg_amount")["甲",] == "100.116667"
    assert table(found, "avg_amount")["（空）",] is None
    [total] = found["totals"]
    assert total["values"] == {"sum_amount": "1333.68", "count": 6, "avg_amount": "266.736"}
    assert [item["label"] for item in found["rows"]] == ["客户", "日期（月）"]
    assert [item["label"] for item in found["measures"]] == ["金额 合计", "数量", "金额 平均"]
    assert [item["kind"] for item in found["measures"]] == ["money", "integer", "decimal"]


async def test_pivot_has_every_column_and_totals_across(api: Api) -> None:
    await fill(api)
    found = await run(api, rows=["partner_id"], columns=["state"], measures=["sum(amount)"])
    assert table(found, "sum_amount") == {
        ("甲", "|", "执行中"): "100.15", ("甲", "|", "完成"): "200.20", ("甲",): "300.35",
        ("乙", "|", "草稿"): "1000.00", ("乙", "|", "执行中"): "33.33", ("乙",): "1033.33",
        ("（空）", "|", "执行中"): "0.00", ("（空）",): "0.00",
    }  # fmt: skip
    totals = {tuple(item["column_labels"]): item["values"]["sum_amount"] for item in found["totals"]}
    assert totals == {("草稿",): "1000.00", ("执行中",): "133.48", ("完成",): "200.20", (): "1333.68"}


async def test_over_lines_with_header_fields(api: Api) -> None:
    await fill(api)
    found = await run(
        api,
        lines="lines",
        rows=["lines.item"],
        measures=[
            "sum(lines.quantity)",
            {"name": "weighted", "expression": "sum(lines.quantity * amount)", "digits": 2},
        ],
        where="state != 'draft'",
    )
    assert table(found, "sum_lines.quantity") == {("螺丝",): "17.250000", ("螺母",): "5.000000"}
    assert table(found, "weighted")["螺丝",] == "2410.73"
    for item in found["items"]:
        assert await listed(api, item["filter"]) == {"螺丝": 3, "螺母": 1}[item["row_labels"][0]]


async def test_sums_over_lines_as_measures_of_documents(api: Api) -> None:
    await fill(api)
    found = await run(
        api,
        rows=["state"],
        measures=[
            {"name": "q", "expression": "sum(sum(lines.quantity))"},
            {"name": "n", "expression": "max(count(lines))"},
        ],
    )
    assert table(found, "q") == {("草稿",): "1.5", ("执行中",): "15.25", ("完成",): "7"}
    assert table(found, "n") == {("草稿",): "1", ("执行中",): "2", ("完成",): "1"}


async def test_expressions_as_dimensions_and_measures(api: Api) -> None:
    await fill(api)
    found = await run(
        api,
        rows=[{"name": "size", "expression": 'if(amount >= 200, "big", "small")', "label": "大小"}],
        measures=[
            {"name": "per_piece", "expression": "sum(amount) / sum(pieces)"},
            {"name": "open", "expression": "count(state == 'open')"},
            {"name": "open_sum", "expression": "sum(amount, state == 'open')"},
            "count_distinct(city)",
            "count(city)",
            "max(order_date)",
        ],
    )
    small, big = (
        {item["row_labels"][0]: item["values"] for item in found["items"]}["small"],
        found["items"][0]["values"],
    )
    # 133.48 / 8
    assert (small["per_piece"], small["open"], small["open_sum"]) == ("16.685", 4, "133.48") or small
    assert small["per_piece"] == "16.685"
    assert (small["open"], small["open_sum"], small["count_distinct_city"], small["count_city"]) == (4, "133.48", 3, 2)
    assert (big["per_piece"], big["open"], big["max_order_date"]) == ("100.016667", 0, "2026-01-20")
    for item in found["items"]:
        assert await listed(api, item["filter"]) == (4 if item["row"] == ["small"] else 2)


async def test_every_cell_drills_to_its_documents(api: Api) -> None:
    await fill(api)
    for definition in (
        {"rows": ["partner_id", "quarter(order_date)"], "columns": ["state"]},
        {"rows": ["kind", "city"], "columns": ["urgent"]},
        {"rows": ["week(order_date)", "pieces"], "where": "amount > 0.01"},
        {"rows": ["month(created_at)", "created_by"], "filter": {"state": ["open", "draft"]}},
        {"rows": ["partner_id"], "top": {"count": 1, "by": "count"}},
        {"rows": ["month(order_date)"], "top": {"count": 1, "by": "count"}},
    ):
        found = await run(api, measures=["count()"], **definition)
        assert found["items"]
        for item in [*found["items"], *found["totals"]]:
            assert await listed(api, item["filter"]) == item["values"]["count"], item


async def test_top_and_the_rest(api: Api) -> None:
    await fill(api)
    found = await run(api, rows=["partner_id"], measures=["sum(amount)"], top={"count": 1, "by": "sum_amount"})
    assert [(item["row_labels"], item["rest"], item["values"]["sum_amount"]) for item in found["items"]] == [
        (["乙"], False, "1033.33"), (["其他"], True, "300.35")
    ]  # fmt: skip
    assert found["totals"][0]["values"]["sum_amount"] == "1333.68"
    only = await run(
        api, rows=["partner_id"], measures=["sum(amount)"], top={"count": 1, "by": "sum_amount", "rest": False}
    )
    assert [item["row_labels"] for item in only["items"]] == [["乙"]]


async def test_sort_and_having(api: Api) -> None:
    await fill(api)
    found = await run(
        api,
        rows=["partner_id", "city"],
        measures=["sum(amount)"],
        sort=["-sum_amount"],
        having="sum(amount) > 1",
    )
    assert [tuple(item["row_labels"]) for item in found["items"]] == [
        ("乙",), ("乙", "上海"), ("乙", "（空）"), ("甲",), ("甲", "北京"), ("甲", "上海"), ("（空）",)
    ]  # fmt: skip
    back = await run(api, rows=["partner_id"], measures=["sum(amount)"], sort=["partner_id"])
    assert [item["row_labels"][0] for item in back["items"]] == ["甲", "乙", "（空）"]


async def test_the_period_before_stands_beside(api: Api, clock: Clock) -> None:
    await fill(api)
    clock.set(datetime(2026, 2, 15, tzinfo=UTC))
    found = await run(
        api,
        rows=["month(order_date)"],
        measures=["sum(amount)"],
        compare={"field": "order_date", "period": "this_month", "to": "before"},
    )
    [item] = found["items"]
    assert item["row_labels"] == ["2026-02"]
    assert item["values"]["sum_amount"] == "33.38"
    assert item["before"]["sum_amount"] == "1300.30"
    assert item["change"]["sum_amount"] == "-0.9743"
    assert await listed(api, item["filter"]) == 2
    year = await run(
        api,
        measures=["count()"],
        compare={"field": "order_date", "period": "this_year", "to": "year_before"},
    )
    assert (year["totals"][0]["values"]["count"], year["totals"][0]["before"]["count"]) == (5, 0)


async def test_times_are_cut_in_the_tenants_zone(api: Api) -> None:
    for moment in ("2026-03-31T15:59:59Z", "2026-03-31T16:00:00Z"):
        await api.must("POST", "/orders", {"placed_at": moment})
    found = await run(api, rows=["month(placed_at)"], measures=["count()"])
    assert table(found, "count") == {("2026-03",): 1, ("2026-04",): 1}
    for item in found["items"]:
        assert await listed(api, item["filter"]) == 1


async def test_nothing_to_report_is_no_error(api: Api) -> None:
    found = await run(api, rows=["partner_id"], columns=["state"], measures=["sum(amount)", "count()", "avg(amount)"])
    assert found["items"] == []
    assert [item["values"] for item in found["totals"]] == [{"sum_amount": "0.00", "count": 0, "avg_amount": None}]


async def test_parameters(api: Api, clock: Clock) -> None:
    clock.set(datetime(2026, 2, 15, tzinfo=UTC))
    ids = await fill(api)
    asked: dict[str, Any] = {
        "measures": ["count()"],
        "where": "partner_id == :who and order_date >= :from and order_date in :when",
        "parameters": [
            {"name": "who", "kind": "id", "required": True},
            {"name": "from", "kind": "date", "default": "year_start(today)"},
            {"name": "when", "kind": "period", "default": "this_year"},
        ],
    }
    found = await run(api, {"who": ids["甲"]}, **asked)
    assert found["totals"][0]["values"]["count"] == 3
    assert await listed(api, found["totals"][0]["filter"]) == 3
    found = await run(api, {"who": ids["甲"], "from": "2026-01-06", "when": "last_days(40)"}, **asked)
    assert found["totals"][0]["values"]["count"] == 2
    assert await listed(api, found["totals"][0]["filter"]) == 2
    body = {"definition": {"entity": "desk.order", **asked}, "parameters": {"from": "x", "when": "soon", "more": 1}}
    answer = await api.post("/_reports/run", body)
    assert answer.status == 422
    assert {item["field"] for item in answer.json["details"]} == {"who", "from", "when", "more"}


async def test_scope_and_tenant_wall(api: Api) -> None:
    await fill(api)
    mine = api.as_user(scope="self")
    await partner(mine, "丙")
    await mine.must("POST", "/orders", {"amount": "5"})
    assert (await run(mine, measures=["count()"]))["totals"][0]["values"]["count"] == 1
    assert (await run(api.tenant_b, rows=["state"], measures=["count()"]))["items"] == []
    answer = await api.as_user(permissions=["desk.partner.read"]).post(
        "/_reports/run", {"definition": {"entity": "desk.order", "measures": ["count()"]}}
    )
    assert (answer.status, answer.json["code"]) == (403, "FORBIDDEN")


async def test_chinese_keys_stand_in_the_order_they_are_read(api: Api) -> None:
    for name in ("张三", "李四", "王五", "阿里", "A1"):
        await api.must("POST", "/orders", {"order_date": "2026-01-05", "city": name})
    found = await run(api, rows=["city"], measures=["count()"])
    assert [item["row_labels"][0] for item in found["items"]] == ["A1", "阿里", "李四", "王五", "张三"]
    found = await run(api, rows=["city"], measures=["count()"], sort=[{"by": "city", "descending": True}])
    assert [item["row_labels"][0] for item in found["items"]] == ["张三", "王五", "李四", "阿里", "A1"]


async def test_users_and_departments_stand_under_their_names(api: Api, cell_app: Any) -> None:
    source = StaticDirectory()
    user, gone, department = (str(uuid.uuid4()) for _ in range(3))
    source.people[user] = Person(user, "李四", department)
    source.chains[department] = (Department(department, "华东区"),)
    before, cell_app.engine.approvals.directory.source = cell_app.engine.approvals.directory.source, source
    try:
        seller = api.as_user(["desk.*"], user_id=user, department_id=department)
        for salesman in (user, gone):
            await seller.must("POST", "/orders", {"order_date": "2026-01-05", "salesman": salesman})
        found = await run(api, rows=["salesman"], measures=["count()"])
        assert {item["row_labels"][0] for item in found["items"]} == {"李四", gone}, "who is not known stays an id"
        for by, name in (("department_id", "华东区"), ("owner_id", "李四"), ("created_by", "李四")):
            found = await run(api, rows=[by], measures=["count()"])
            assert [item["row_labels"] for item in found["items"]] == [[name]], by
    finally:
        cell_app.engine.approvals.directory.source = before
