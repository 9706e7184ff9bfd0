"""Turns, limits, stages, merging, funnel and forecast."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from cell_crm.leads.rules import can_be_reached, first_match, merge_into
from cell_crm.opportunities.rules import dwell_seconds, weighted
from cell_crm.pipelines.rules import default_stages, first_stage, is_neighbour, missing_fields, required_fields_known
from cell_crm.reports.rules import forecast, funnel, rate, win_rate
from cell_crm.settings.rules import limit_for, next_member
from hypothesis import given
from hypothesis import strategies as st

D = Decimal


def member(name: str, weight: int = 1, most_open: int | None = None, area: str | None = None) -> dict[str, Any]:
    return {"user_id": name, "weight": weight, "most_open": most_open, "area": area, "turn": 0}


def turns(members: list[dict[str, Any]], count: int, **options: Any) -> list[str]:
    chosen = [next_member(members, area=None, open_leads={}, **options) for _ in range(count)]
    return [item["user_id"] for item in chosen if item is not None]


def test_turns_follow_the_weights_smoothly() -> None:
    assert "".join(turns([member("a", 5), member("b"), member("c")], 7)) == "aabacaa"


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_over_a_round_everybody_gets_his_weight(weights: list[int]) -> None:
    members = [member(str(index), weight) for index, weight in enumerate(weights)]
    counts = Counter(turns(members, sum(weights) * 2))
    assert counts == {str(index): weight * 2 for index, weight in enumerate(weights)}
    assert all(item["turn"] == 0 for item in members)


def test_load_and_area_decide_who_takes_part() -> None:
    members = [member("busy", most_open=3), member("north", area="北京"), member("any")]
    assert next_member(members, area="北京市海淀区", open_leads={})["user_id"] == "north"  # type: ignore[index]
    assert next_member(members, area="上海", open_leads={"busy": 3})["user_id"] == "any"  # type: ignore[index]
    assert next_member([member("busy", most_open=3)], area=None, open_leads={"busy": 3}) is None


def test_the_nearest_limit_counts() -> None:
    limits = [
        {"user_id": None, "limit_department_id": None, "most": 5},
        {"user_id": None, "limit_department_id": "d1", "most": 50},
        {"user_id": "u1", "limit_department_id": None, "most": 7},
        {"user_id": "u1", "limit_department_id": None, "most": 6},
    ]
    assert limit_for(limits, "u1", "d1")["most"] == 6  # type: ignore[index]
    assert limit_for(limits, "u2", "d1")["most"] == 50  # type: ignore[index]
    assert limit_for(limits, "u2", None)["most"] == 5  # type: ignore[index]
    assert limit_for(limits[1:2], "u2", None) is None


def test_only_neighbours_follow() -> None:
    stages = [{"id": index, **stage} for index, stage in enumerate(default_stages())]
    assert first_stage(reversed(stages)) == stages[0]
    assert is_neighbour(stages, stages[1], stages[2])
    assert is_neighbour(stages, stages[1], stages[0])
    assert not is_neighbour(stages, stages[0], stages[2])
    assert not is_neighbour(stages, stages[0], stages[0])
    assert not is_neighbour(stages, stages[0], {"id": 99})


def test_empty_and_zero_count_as_missing() -> None:
    stage = {"required_fields": ["amount", "need"]}
    assert missing_fields(stage, {"amount": D(0), "need": "x"}) == ["amount"]
    assert missing_fields(stage, {"amount": D(1), "need": ""}) == ["need"]
    assert missing_fields({"required_fields": None}, {}) == []
    assert required_fields_known(["amount"])
    assert not required_fields_known(["owner_id"])
    assert not required_fields_known("amount")


LEAD: dict[str, Any] = {
    "company": None, "credit_code": None, "mobile": None, "email": None, "phone": None, "channel": None,
    "industry": None, "area": None, "address": None, "need": None, "next_follow_at": None, "remark": None,
    "score": None, "last_follow_at": None,
}  # fmt: skip


def test_merging_fills_what_is_missing_and_keeps_the_rest() -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    kept = {**LEAD, "company": "甲有限公司", "mobile": "1", "remark": "一", "score": 3, "last_follow_at": early}
    other = {**LEAD, "company": "乙", "email": "a@b.cn", "remark": "二", "score": 9, "last_follow_at": late}
    merge_into(kept, other)
    assert (kept["company"], kept["company_key"], kept["mobile"], kept["email"]) == ("甲有限公司", "甲", "1", "a@b.cn")
    assert kept["remark"] == "一\n二"
    assert kept["score"] == 9
    assert kept["last_follow_at"] == late


def test_the_strongest_match_is_named() -> None:
    one = {"mobile": "1", "email": "a", "credit_code": None, "company_key": "x"}
    assert first_match(one, {**one, "mobile": "2"}) == "email"
    assert first_match(one, {"mobile": None, "email": None, "credit_code": None, "company_key": "y"}) is None
    assert can_be_reached({**LEAD, "company": "甲"})
    assert not can_be_reached(LEAD)


def test_the_forecast_is_amount_times_probability() -> None:
    assert weighted(D("1000.01"), D("0.333")) == D("333.00")
    assert weighted(None, D("0.5")) == 0
    result = forecast(
        [
            {"month": "2026-01", "count": 2, "amount": D(300), "weighted": D("30.005")},
            {"month": None, "count": 1, "amount": D(100), "weighted": D(75)},
        ]
    )
    assert result["totals"] == {"count": 3, "amount": D(400), "weighted": D("105.01")}


def test_the_funnel_tells_step_and_cumulative_conversion() -> None:
    stages = [{"name": name, "sequence": index} for index, name in enumerate("abc", start=1)]
    groups = [
        {"furthest_sequence": 1, "state": "open", "count": 5, "amount": D(50)},
        {"furthest_sequence": 2, "state": "lost", "count": 3, "amount": D(30)},
        {"furthest_sequence": 1, "state": "won", "count": 2, "amount": D(20)},
    ]
    entries = funnel(stages, groups)
    assert [entry["count"] for entry in entries] == [10, 5, 2, 2]
    assert [entry["step"] for entry in entries] == [D("1.0000"), D("0.5000"), D("0.4000"), D("1.0000")]
    assert [entry["cumulative"] for entry in entries] == [D("1.0000"), D("0.5000"), D("0.2000"), D("0.2000")]
    assert entries[0]["amount"] == D(100)
    assert win_rate(2, 3) == D("0.4000")
    assert win_rate(0, 0) is None
    assert rate(1, 3) == D("0.3333")


def test_dwell_is_never_negative() -> None:
    now = datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert dwell_seconds(None, now) == 0
    assert dwell_seconds(datetime(2026, 1, 1, 11, tzinfo=UTC), now) == 3600
    assert dwell_seconds(datetime(2026, 1, 1, 13, tzinfo=UTC), now) == 0
