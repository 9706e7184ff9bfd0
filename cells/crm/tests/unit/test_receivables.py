"""Instalments, allocation and ageing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from cell_crm.receipts.errors import AllocationExceedsReceipt, PlanAlreadyUsed, PlanOfOtherContract, PlanOverused
from cell_crm.receipts.rules import check_chosen, exceeds, receive, spread, use_plan
from cell_crm.receivables.rules import add_months, ageing, bucket_of, derive_plan, equal_instalments, instalment_plans
from hypothesis import given
from hypothesis import strategies as st

D = Decimal

cents = st.decimals(min_value=1, max_value=10**9, places=2)


@given(cents, st.integers(min_value=1, max_value=60))
def test_instalments_come_to_the_amount_and_differ_only_in_the_last(amount: D, count: int) -> None:
    parts = equal_instalments(amount, count)
    assert sum(parts) == amount
    assert len(parts) == count
    assert len(set(parts[:-1])) <= 1
    assert 0 <= parts[-1] - parts[0] < D("0.01") * count


def test_the_remainder_is_on_the_last() -> None:
    assert equal_instalments(D("100.00"), 3) == [D("33.33"), D("33.33"), D("33.34")]


def test_due_dates_keep_the_day_of_the_month_where_there_is_one() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    plans = instalment_plans(D("10.00"), count=3, first_due=date(2026, 1, 31), interval_months=1)
    assert [plan["due_date"] for plan in plans] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]
    assert [plan["period"] for plan in plans] == [1, 2, 3]


def plan(identity: int, amount: str, *, day: int = 1, allocated: str = "0", state: str = "open") -> dict[str, Any]:
    row = {
        "id": identity, "period": identity, "due_date": date(2026, 1, day), "amount": D(amount), "remind_days": 7,
        "allocated_amount": D(allocated), "state": state,
    }  # fmt: skip
    derive_plan(row)
    return row


def test_the_oldest_plan_is_paid_first() -> None:
    plans = [plan(1, "50", day=9), plan(2, "30", day=2, allocated="10"), plan(3, "30", day=5)]
    assert spread(D(60), plans) == [
        {"plan_id": 2, "amount": D(20)},
        {"plan_id": 3, "amount": D(30)},
        {"plan_id": 1, "amount": D(10)},
    ]
    assert spread(D(500), plans)[-1] == {"plan_id": 1, "amount": D(50)}


@given(st.lists(st.tuples(cents, st.integers(1, 28)), max_size=8), cents)
def test_money_is_never_made_nor_lost(parts: list[tuple[D, int]], amount: D) -> None:
    plans = [plan(index, str(part), day=day) for index, (part, day) in enumerate(parts)]
    by_id = {item["id"]: item for item in plans}
    lines = spread(amount, plans)
    assert sum((line["amount"] for line in lines), D(0)) == min(amount, sum((item["amount"] for item in plans), D(0)))
    check_chosen(amount, lines, by_id)
    for line in lines:
        use_plan(by_id[line["plan_id"]], line["amount"])
        assert by_id[line["plan_id"]]["open_amount"] >= 0
    for line in lines:
        use_plan(by_id[line["plan_id"]], -line["amount"])
    assert all(item["allocated_amount"] == 0 and item["state"] == "open" for item in plans)


def test_chosen_plans_must_fit() -> None:
    plans = {1: plan(1, "50"), 2: plan(2, "30", allocated="30", state="settled")}
    with pytest.raises(PlanAlreadyUsed):
        check_chosen(D(100), [{"plan_id": 1, "amount": D(10)}, {"plan_id": 1, "amount": D(10)}], plans)
    with pytest.raises(PlanAlreadyUsed):
        check_chosen(D(100), [{"plan_id": 2, "amount": D(1)}], plans)
    with pytest.raises(PlanOverused):
        check_chosen(D(100), [{"plan_id": 1, "amount": D("50.01")}], plans)
    with pytest.raises(PlanOfOtherContract):
        check_chosen(D(100), [{"plan_id": 9, "amount": D(1)}], plans)
    with pytest.raises(AllocationExceedsReceipt):
        check_chosen(D(40), [{"plan_id": 1, "amount": D(50)}], plans)


def test_a_contract_receives_up_to_its_amount() -> None:
    contract = {"amount": D("100.00"), "received_amount": D("60.00")}
    assert not exceeds(contract, D("40.00"))
    assert exceeds(contract, D("40.01"))
    receive(contract, D("40.00"))
    assert contract["open_amount"] == 0
    receive(contract, D("-40.00"))
    assert contract["received_amount"] == D("60.00")


def test_ageing_by_customer_and_bucket() -> None:
    assert [bucket_of(days) for days in (-3, 0, 1, 30, 31, 60, 61, 90, 91)] == [
        "not_due", "not_due", "days_1_30", "days_1_30", "days_31_60", "days_31_60", "days_61_90", "days_61_90",
        "days_over_90",
    ]  # fmt: skip
    rows = [
        {"customer_id": 1, "customer_name": "甲", "due_date": date(2026, 1, 1), "open_amount": D("5.00")},
        {"customer_id": 1, "customer_name": "甲", "due_date": date(2026, 4, 1), "open_amount": D("7.00")},
        {"customer_id": 2, "customer_name": "乙", "due_date": date(2026, 5, 1), "open_amount": D("50.00")},
    ]
    result = ageing(rows, date(2026, 4, 11))
    assert [item["customer"] for item in result["items"]] == ["乙", "甲"]
    assert result["items"][1]["days_over_90"] == D("5.00")
    assert result["items"][1]["days_1_30"] == D("7.00")
    assert result["totals"]["total"] == D("62.00")
    assert result["totals"]["not_due"] == D("50.00")
