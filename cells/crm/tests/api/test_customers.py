"""Customers, contacts, owners and what others may see of them."""

from __future__ import annotations

import asyncio
from typing import Any

from cellkit.testing.cells import Api

CREDIT_CODE = "91110000600037341L"


async def test_credit_codes_are_checked_and_unique(api: Api, steps: Any) -> None:
    await steps.customer(credit_code=CREDIT_CODE)
    answer = await api.post("/customers", {"name": "B", "credit_code": CREDIT_CODE})
    details = steps.refused(answer, "VALIDATION_FAILED")
    assert [(item["field"], item["rule"]) for item in details] == [("credit_code", "unique")]
    assert (await api.tenant_b.post("/customers", {"name": "B", "credit_code": CREDIT_CODE})).status == 201
    await steps.customer(credit_code="")
    await steps.customer(credit_code="")


async def test_parents_form_no_circle(api: Api, steps: Any) -> None:
    top = await steps.customer()
    middle = await steps.customer(parent_customer_id=top["id"])
    low = await steps.customer(parent_customer_id=middle["id"])
    for parent in (low, middle, top):
        answer = await api.patch(
            f"/customers/{top['id']}", {"version": top["version"], "parent_customer_id": parent["id"]}
        )
        steps.refused(answer, "PARENT_CYCLE")
    one, two = await steps.customer(), await steps.customer()
    answers = await asyncio.gather(
        api.patch(f"/customers/{one['id']}", {"version": 1, "parent_customer_id": two["id"]}),
        api.patch(f"/customers/{two['id']}", {"version": 1, "parent_customer_id": one["id"]}),
    )
    assert sorted(answer.status for answer in answers) == [200, 422]


async def test_a_transfer_takes_contacts_and_opportunities_along_and_is_kept(api: Api, steps: Any) -> None:
    customer = await steps.customer()
    contact = await api.must("POST", "/contacts", {"customer_id": customer["id"], "name": "李娜"})
    opportunity = await steps.opportunity(customer_id=customer["id"])
    sales = api.as_user(["crm.*"], scope="self", department_id="d7")
    path = f"/customers/{customer['id']}/transfer"
    steps.refused(await api.post(path, {"owner_id": api.user_id}), "OWNER_UNCHANGED")
    assert (await sales.get(f"/customers/{customer['id']}")).status == 404
    body = {"owner_id": sales.user_id, "with_opportunities": True, "reason": "换区"}
    moved = await api.must("POST", path, body)
    assert (moved["owner_id"], moved["department_id"]) == (sales.user_id, "d7")
    assert moved["owner_since"] > customer["owner_since"]
    for entity, row in (("customers", customer), ("contacts", contact), ("opportunities", opportunity)):
        assert (await sales.must("GET", f"/{entity}/{row['id']}"))["owner_id"] == sales.user_id
    history = (await api.must("GET", "/owner-changes"))["items"]
    assert {(item["subject_type"], item["from_owner_id"], item["reason"]) for item in history} == {
        ("customer", api.user_id, "换区"),
        ("opportunity", api.user_id, "换区"),
    }


async def test_locked_customers_stay_and_limits_hold(api: Api, steps: Any) -> None:
    sales = api.as_user(["crm.*"])
    await api.must("POST", "/own-limits", {"limit_type": "own", "user_id": sales.user_id, "most": 2})
    await api.must("POST", "/own-limits", {"limit_type": "lock", "most": 1})
    first, second = await steps.customer(), await steps.customer()
    await sales.must("POST", "/customers", {"name": "自己的"})
    await api.must("POST", f"/customers/{first['id']}/transfer", {"owner_id": sales.user_id})
    answer = await api.post(f"/customers/{second['id']}/transfer", {"owner_id": sales.user_id})
    assert steps.refused(answer, "OWN_LIMIT_EXCEEDED")["most"] == 2
    steps.refused(await sales.post("/customers", {"name": "多的"}), "OWN_LIMIT_EXCEEDED")
    await api.must("POST", f"/customers/{second['id']}/lock")
    steps.refused(await api.post(f"/customers/{second['id']}/lock"), "LOCK_UNCHANGED")
    steps.refused(
        await api.post(f"/customers/{second['id']}/transfer", {"owner_id": steps.boss.user_id}), "CUSTOMER_LOCKED"
    )
    third = await steps.customer()
    steps.refused(await api.post(f"/customers/{third['id']}/lock"), "OWN_LIMIT_EXCEEDED")
    await api.must("POST", f"/customers/{second['id']}/unlock")
    await api.must("POST", f"/customers/{third['id']}/lock")
    answer = await api.post("/own-limits", {"limit_type": "own", "user_id": "u", "limit_department_id": "d", "most": 1})
    steps.refused(answer, "VALIDATION_FAILED")


async def test_sales_with_their_own_scope_see_nobody_elses_rows(api: Api, steps: Any) -> None:
    contract = await steps.planned()
    lead = await api.must("POST", "/leads", {"name": "张伟", "mobile": "13800138000"})
    opportunity = await steps.opportunity(amount="100.00")
    sales = api.as_user(["crm.*"], scope="self")
    for entity, row in (
        ("leads", lead["id"]),
        ("customers", contract["customer_id"]),
        ("opportunities", opportunity["id"]),
        ("contracts", contract["id"]),
    ):
        assert (await sales.must("GET", f"/{entity}"))["items"] == []
        assert (await sales.get(f"/{entity}/{row}")).status == 404
        assert (await sales.patch(f"/{entity}/{row}", {"version": 1, "remark": "x"})).status == 404
    assert (await sales.post(f"/leads/{lead['id']}/convert", {})).status == 404
    answer = await sales.post("/receipts", {"contract_id": contract["id"], "amount": "1.00"})
    assert steps.refused(answer, "VALIDATION_FAILED")[0]["field"] == "contract_id"
    answer = await sales.post("/opportunities", {"name": "A", "customer_id": contract["customer_id"]})
    assert steps.refused(answer, "VALIDATION_FAILED")[0]["field"] == "customer_id"
    assert (await sales.must("GET", "/reports/forecast"))["totals"]["count"] == 0
    assert (await sales.must("GET", "/reports/receivable-ageing"))["items"] == []
    assert (await api.must("GET", "/reports/receivable-ageing"))["totals"]["total"] == "1000.00"
    team = api.as_user(["crm.*"], scope="team", team_user_ids=(api.user_id,))
    assert len((await team.must("GET", "/contracts"))["items"]) == 1


async def test_contacts_know_their_superior(api: Api, steps: Any) -> None:
    customer, other = await steps.customer(), await steps.customer()
    boss = await api.must("POST", "/contacts", {"customer_id": customer["id"], "name": "总", "is_decider": True})
    low = await api.must("POST", "/contacts", {"customer_id": customer["id"], "name": "李", "superior_id": boss["id"]})
    answer = await api.post("/contacts", {"customer_id": other["id"], "name": "王", "superior_id": boss["id"]})
    steps.refused(answer, "SUPERIOR_INVALID")
    answer = await api.patch(f"/contacts/{boss['id']}", {"version": boss["version"], "superior_id": low["id"]})
    steps.refused(answer, "SUPERIOR_INVALID")


async def test_customers_are_found_by_fragment_and_pinyin(api: Api, steps: Any) -> None:
    made = await steps.customer(name="北京超级科技有限公司", short_name="超科")
    await steps.customer(name="上海别的")
    for text in ("超级科", "chaoji", "bjcj", made["number"][-5:]):
        found = await api.must("GET", f"/customers?q={text}")
        assert [item["id"] for item in found["items"]] == [made["id"]], text


async def test_a_follow_up_keeps_the_customers_dates(api: Api, steps: Any) -> None:
    opportunity = await steps.opportunity()
    body = {"content": "拜访", "channel": "visit", "next_at": "2027-01-01T00:00:00Z"}
    await api.must("POST", f"/opportunities/{opportunity['id']}/follow", body)
    customer = await api.must("GET", f"/customers/{opportunity['customer_id']}")
    assert customer["next_follow_at"] == "2027-01-01T00:00:00Z"
    again = await api.must("POST", f"/customers/{customer['id']}/follow", {"content": "电话"})
    assert (again["next_follow_at"], again["last_follow_at"] >= customer["last_follow_at"]) == (None, True)


async def test_funnel_and_forecast(api: Api, steps: Any) -> None:
    won = await steps.opportunity(amount="100.00", need="n", expected_date="2027-03-01")
    lost = await steps.opportunity(amount="50.00", expected_date="2027-03-05")
    await steps.opportunity(amount="200.00", expected_date="2027-04-01")
    order = (await api.must("GET", "/stages?sort=sequence"))["items"]
    await api.must("POST", f"/opportunities/{won['id']}/move", {"stage_id": order[1]["id"]})
    forecast = await api.must("GET", "/reports/forecast")
    assert [(item["month"], item["count"], item["weighted"]) for item in forecast["items"]] == [
        ("2027-03", 2, "35.00"),
        ("2027-04", 1, "20.00"),
    ]
    assert forecast["totals"]["weighted"] == "55.00"
    only = await api.must("GET", "/reports/forecast?date_from=2027-04-01&date_to=2027-04-30")
    assert only["totals"]["count"] == 1
    await api.must("POST", f"/opportunities/{won['id']}/win")
    await api.must("POST", f"/opportunities/{lost['id']}/lose", {"lost_reason": "价格"})
    funnel = await api.must("GET", "/reports/funnel")
    assert [(item["count"], item["cumulative"]) for item in funnel["items"]] == [
        (3, "1.0000"), (1, "0.3333"), (1, "0.3333"), (1, "0.3333"), (1, "0.3333"),
    ]  # fmt: skip
    assert funnel["win_rate"] == "0.5000"
    empty = await api.must("GET", "/reports/funnel?date_to=2020-01-01")
    assert empty["items"][0]["count"] == 0
