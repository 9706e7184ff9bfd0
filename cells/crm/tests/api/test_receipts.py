"""L3: plans, receipts, allocation, reversal, dunning."""

from __future__ import annotations

import asyncio
from typing import Any

from cellkit.testing.cells import Api, Clock


async def test_equal_instalments_with_the_remainder_on_the_last(api: Api, steps: Any) -> None:
    contract = await steps.planned(3, "2027-01-31")
    plans = await steps.plans(contract["id"])
    assert [(plan["period"], plan["due_date"], plan["amount"]) for plan in plans] == [
        (1, "2027-01-31", "333.33"),
        (2, "2027-02-28", "333.33"),
        (3, "2027-03-31", "333.34"),
    ]
    assert {plan["state"] for plan in plans} == {"open"}
    assert plans[0]["remind_date"] == "2027-01-24"
    body = {"instalments": 2, "first_due_date": "2027-01-01"}
    steps.refused(await api.post(f"/contracts/{contract['id']}/plan-instalments", body), "PLANS_EXIST")


async def test_plans_by_hand_come_to_the_contracts_amount(api: Api, steps: Any) -> None:
    contract = await steps.contract()
    path = f"/contracts/{contract['id']}"
    body = {"contract_id": contract["id"], "due_date": "2027-01-31"}
    first = await api.must("POST", "/receivable-plans", {**body, "period": 1, "amount": "600.00"}, 201)
    assert (first["state"], first["customer_id"]) == ("draft", contract["customer_id"])
    details = steps.refused(await api.post(f"{path}/confirm-plans"), "PLAN_SUM_MISMATCH")
    assert (details["planned"], details["amount"]) == ("600.00", "1000.00")
    answer = await api.post("/receivable-plans", {**body, "period": 2, "amount": "400.01"})
    steps.refused(answer, "PLAN_SUM_MISMATCH")
    await api.must("POST", "/receivable-plans", {**body, "period": 2, "amount": "400.00"}, 201)
    answer = await api.patch(f"/receivable-plans/{first['id']}", {"version": first["version"], "amount": "700.00"})
    steps.refused(answer, "PLAN_SUM_MISMATCH")
    await api.must("POST", f"{path}/confirm-plans")
    assert {plan["state"] for plan in await steps.plans(contract["id"])} == {"open"}
    await api.must("POST", f"{path}/discard-plans")
    await api.must("POST", f"{path}/plan-instalments", {"instalments": 1, "first_due_date": "2027-01-01"})
    await steps.receipt(contract["id"], "1.00")
    steps.refused(await api.post(f"{path}/discard-plans"), "PLAN_IN_USE")


async def test_plans_need_a_contract_in_force(api: Api, steps: Any) -> None:
    contract = await steps.contract(effective=False)
    body = {"contract_id": contract["id"], "due_date": "2027-01-31", "period": 1, "amount": "1.00"}
    steps.refused(await api.post("/receivable-plans", body), "CONTRACT_NOT_IN_FORCE")
    steps.refused(await api.post("/receipts", {"contract_id": contract["id"], "amount": "1.00"}),
                  "RECEIPT_ON_UNAPPROVED_CONTRACT")  # fmt: skip


async def test_money_pays_the_oldest_plans_first_and_comes_back(api: Api, steps: Any) -> None:
    contract = await steps.planned(3, "2027-01-31")
    receipt = await steps.receipt(contract["id"], "500.00", bank_reference="B-1")
    assert receipt["number"].startswith("HK")
    assert [line["amount"] for line in receipt["allocations"]] == ["333.33", "166.67"]
    assert (receipt["state"], receipt["unallocated"]) == ("approved", "0.00")
    plans = await steps.plans(contract["id"])
    assert [(plan["state"], plan["open_amount"]) for plan in plans] == [
        ("settled", "0.00"),
        ("open", "166.66"),
        ("open", "333.34"),
    ]
    assert (await api.must("GET", f"/contracts/{contract['id']}"))["open_amount"] == "500.00"
    reversed_ = await api.must("POST", f"/receipts/{receipt['id']}/reverse", {"reason": "退票"})
    assert reversed_["state"] == "reversed"
    plans = await steps.plans(contract["id"])
    assert {plan["state"] for plan in plans} == {"open"}
    assert [plan["allocated_amount"] for plan in plans] == ["0.00", "0.00", "0.00"]
    after = await api.must("GET", f"/contracts/{contract['id']}")
    assert (after["received_amount"], after["open_amount"]) == ("0.00", "1000.00")
    entries = (await api.must("GET", "/allocation-entries"))["items"]
    assert sorted(entry["amount"] for entry in entries) == ["-166.67", "-333.33", "166.67", "333.33"]
    steps.refused(await api.post(f"/receipts/{receipt['id']}/reverse", {"reason": "x"}), "CONFLICT", 409)


async def test_chosen_plans_are_paid(api: Api, steps: Any) -> None:
    contract = await steps.planned(2)
    first, second = await steps.plans(contract["id"])
    other = (await steps.plans((await steps.planned(1))["id"]))[0]
    body = {"contract_id": contract["id"], "amount": "500.00"}

    async def chosen(*lines: tuple[Any, str]) -> Any:
        allocations = [{"plan_id": plan["id"], "amount": amount} for plan, amount in lines]
        return await api.post("/receipts", {**body, "allocations": allocations})

    steps.refused(await chosen((second, "100.00"), (second, "50.00")), "PLAN_ALREADY_USED")
    steps.refused(await chosen((second, "500.01")), "PLAN_OVERUSED")
    steps.refused(await chosen((first, "300.00"), (second, "200.01")), "ALLOCATION_EXCEEDS_RECEIPT")
    steps.refused(await chosen((other, "1.00")), "PLAN_OF_OTHER_CONTRACT")
    lines = [{"plan_id": second["id"], "amount": "500.00"}]
    await steps.receipt(contract["id"], "500.00", allocations=lines)
    assert [plan["state"] for plan in await steps.plans(contract["id"])] == ["open", "settled"]
    steps.refused(await chosen((second, "1.00")), "PLAN_ALREADY_USED")


async def test_receipts_stay_within_the_contract(api: Api, steps: Any) -> None:
    contract = await steps.planned(1)
    body = {"contract_id": contract["id"], "amount": "1000.01"}
    steps.refused(await api.post("/receipts", body), "RECEIPT_EXCEEDS_CONTRACT")
    one = await steps.receipt(contract["id"], "600.00", approved=False)
    two = await steps.receipt(contract["id"], "600.00", approved=False)
    for receipt in (one, two):
        await api.must("POST", f"/receipts/{receipt['id']}/submit")
    steps.refused(await api.post(f"/receipts/{one['id']}/approve"), "APPROVER_IS_MAKER")
    await steps.boss.must("POST", f"/receipts/{one['id']}/approve")
    steps.refused(await steps.boss.post(f"/receipts/{two['id']}/approve"), "RECEIPT_EXCEEDS_CONTRACT")
    assert (await api.must("GET", f"/contracts/{contract['id']}"))["received_amount"] == "600.00"
    plan = (await steps.plans(contract["id"]))[0]
    assert plan["allocated_amount"] == "600.00"


async def test_approvals_at_the_same_time_never_overuse_a_plan(api: Api, steps: Any) -> None:
    contract = await steps.planned(4)
    receipts = [await steps.receipt(contract["id"], "300.00", approved=False) for _ in range(5)]
    for receipt in receipts:
        await api.must("POST", f"/receipts/{receipt['id']}/submit")
    answers = await asyncio.gather(*(steps.boss.post(f"/receipts/{item['id']}/approve") for item in receipts))
    assert sorted(answer.status for answer in answers) == [200, 200, 200, 422, 422]
    assert [plan["allocated_amount"] for plan in await steps.plans(contract["id"])] == [
        "250.00", "250.00", "250.00", "150.00",
    ]  # fmt: skip
    assert (await api.must("GET", f"/contracts/{contract['id']}"))["received_amount"] == "900.00"


async def test_overdue_plans_are_listed_aged_and_dunned(api: Api, steps: Any, clock: Clock) -> None:
    contract = await steps.planned(2, "2027-01-31")
    first, second = await steps.plans(contract["id"])
    steps.refused(await api.post(f"/receivable-plans/{first['id']}/dun"), "PLAN_NOT_OVERDUE")
    overdue = await api.must("GET", "/reports/receivables-overdue?as_of=2027-02-10")
    assert [(item["period"], item["days_overdue"], item["open_amount"]) for item in overdue["items"]] == [
        (1, 10, "500.00")
    ]
    assert overdue["totals"] == {"count": 1, "open_amount": "500.00"}
    ageing = await api.must("GET", "/reports/receivable-ageing?as_of=2027-03-10")
    assert ageing["items"][0]["days_31_60"] == "500.00"
    assert ageing["items"][0]["days_1_30"] == "500.00"
    assert ageing["items"][0]["days_over_90"] == "0.00"
    assert ageing["totals"]["total"] == "1000.00"
    due = await api.must("GET", "/reports/receivables-due")
    assert due["items"] == []
    clock.advance(days=100)
    done = await api.must("POST", f"/receivable-plans/{first['id']}/dun", {"note": "电话催收"})
    again = await api.must("POST", f"/receivable-plans/{first['id']}/dun")
    assert done["result"]["task_id"] == again["result"]["task_id"]
    tasks = (await api.get("/tasks", filter={"task_type": "dunning"})).json["items"]
    assert [(task["customer_id"], task["plan_id"]) for task in tasks] == [(contract["customer_id"], first["id"])]
    await steps.receipt(contract["id"], "500.00")
    steps.refused(await api.post(f"/receivable-plans/{first['id']}/dun"), "CONFLICT", 409)
    assert second["state"] == "open"
