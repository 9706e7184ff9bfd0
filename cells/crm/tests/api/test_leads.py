"""L1: a lead comes in, is compared, shared out, followed up and converted."""

from __future__ import annotations

import asyncio
from typing import Any

from cellkit.testing.cells import Api, Clock

CREDIT_CODE = "91110000600037341L"


def lead(**values: Any) -> dict[str, Any]:
    return {"name": "张伟", "company": "北京超级科技有限公司", "mobile": "13800138000", **values}


async def test_a_lead_goes_from_entry_to_customer_contact_and_opportunity(api: Api) -> None:
    made = await api.must("POST", "/leads", lead(email="Zhang.Wei@Example.com", channel="web", need="CRM"), 201)
    assert made["state"] == "new"
    assert made["number"].startswith("XS")
    assert made["email"] == "z***@example.com"
    asked = {"fields": ["email"], "reason": "核对"}
    clear = await api.must("POST", f"/leads/{made['id']}/reveal", asked)
    assert clear["values"] == {"email": "zhang.wei@example.com"}
    sales = api.as_user(["crm.*"], department_id="d-1")
    assigned = await api.must("POST", f"/leads/{made['id']}/assign", {"owner_id": sales.user_id, "reason": "华北"})
    assert assigned["state"] == "assigned"
    assert assigned["owner_id"] == sales.user_id
    assert assigned["department_id"] == "d-1"
    assert assigned["follow_by"] > assigned["assigned_at"]
    followed = await sales.must(
        "POST",
        f"/leads/{made['id']}/follow",
        {"content": "电话沟通", "channel": "phone", "next_at": "2027-01-05T09:00:00+08:00"},
    )
    assert followed["state"] == "following"
    assert followed["last_follow_at"] == followed["first_follow_at"]
    assert followed["next_follow_at"] == "2027-01-05T01:00:00Z"
    log = (await sales.get("/follow-ups", filter={"lead_id": made["id"]})).json
    assert [item["content"] for item in log["items"]] == ["电话沟通"]
    done = await sales.must("POST", f"/leads/{made['id']}/convert", {"amount": "88000.00"})
    assert done["state"] == "converted"
    customer = await sales.must("GET", f"/customers/{done['customer_id']}")
    contact = await sales.must("GET", f"/contacts/{done['contact_id']}")
    opportunity = await sales.must("GET", f"/opportunities/{done['opportunity_id']}")
    assert customer["name"] == "北京超级科技有限公司"
    assert customer["number"].startswith("KH")
    assert customer["owner_id"] == sales.user_id
    assert contact["mobile"] == "138****8000"
    assert opportunity["number"].startswith("SJ")
    assert opportunity["amount"] == "88000.00"
    assert opportunity["weighted_amount"] == "8800.00"
    assert opportunity["lead_id"] == made["id"]
    history = await api.must("GET", "/owner-changes")
    assert [(item["subject_type"], item["to_owner_id"]) for item in history["items"]] == [("lead", sales.user_id)]


async def test_a_lead_is_converted_once(api: Api, steps: Any) -> None:
    made = await api.must("POST", "/leads", lead())
    path = f"/leads/{made['id']}/convert"
    answers = await asyncio.gather(*(api.post(path, {}) for _ in range(4)))
    assert sorted(answer.status for answer in answers) == [200, 422, 422, 422]
    steps.refused(await api.post(path, {}), "LEAD_ALREADY_CONVERTED")
    assert len((await api.must("GET", "/customers"))["items"]) == 1
    assert len((await api.must("GET", "/opportunities"))["items"]) == 1


async def test_a_known_credit_code_leads_to_the_same_customer(api: Api) -> None:
    customer = await api.must("POST", "/customers", {"name": "超级科技", "credit_code": CREDIT_CODE.lower()})
    assert customer["credit_code"] == CREDIT_CODE
    sales = api.as_user(["crm.*"], scope="self")
    made = await sales.must("POST", "/leads", lead(credit_code=CREDIT_CODE))
    done = await sales.must("POST", f"/leads/{made['id']}/convert", {"with_opportunity": True})
    assert done["customer_id"] == customer["id"]
    assert (await sales.get(f"/customers/{customer['id']}")).status == 404
    foreign = await sales.must("POST", "/leads", {"name": "李四", "mobile": "13900139000"})
    answer = await sales.post(f"/leads/{foreign['id']}/convert", {"customer_id": customer["id"]})
    assert (answer.status, answer.json["details"][0]["field"]) == (422, "customer_id")


async def test_exact_duplicates_are_refused_above_the_row_scope(api: Api, steps: Any) -> None:
    owner = api.as_user(["crm.*"], scope="self", display_name="王小明")
    kept = await owner.must("POST", "/leads", lead(email="a@example.com", credit_code=CREDIT_CODE))
    other = api.as_user(["crm.*"], scope="self")
    assert (await other.must("GET", "/leads"))["items"] == []
    for field, values in {
        "mobile": {"mobile": "+86 138-0013-8000"},
        "email": {"email": "A@Example.com"},
        "credit_code": {"credit_code": CREDIT_CODE},
        "company": {"company": "北京超级（科技）股份有限公司"},
    }.items():
        details = steps.refused(await other.post("/leads", {"name": "李四", **values}), "DUPLICATE_LEAD")
        assert (details["field"], details["number"], details["owner"]) == (field, kept["number"], "王***")
    for language, start in (("zh-CN", "线索重复：手机与线索 "), ("en-US", "Duplicate lead: same mobile as lead ")):
        answer = await other.call("POST", "/leads", lead(), headers={"Accept-Language": language})
        assert answer.json["message"].startswith(f"{start}{kept['number']}")
    changed = await owner.must("PATCH", f"/leads/{kept['id']}", {"version": kept["version"], "remark": "x"})
    assert changed["remark"] == "x"
    second = await other.must("POST", "/leads", {"name": "李四", "mobile": "13900139000"})
    answer = await other.patch(f"/leads/{second['id']}", {"version": second["version"], "mobile": "13800138000"})
    steps.refused(answer, "DUPLICATE_LEAD")
    told = await other.must("GET", "/reports/lead-duplicates?mobile=13800138000")
    assert [(item["number"], item["owner"], item["matched_on"]) for item in told["items"]] == [
        (kept["number"], "王***", ["mobile"])
    ]


async def test_two_equal_leads_at_once_make_one(api: Api) -> None:
    answers = await asyncio.gather(*(api.post("/leads", lead(name=f"张{index}")) for index in range(5)))
    assert sorted(answer.status for answer in answers) == [201, 422, 422, 422, 422]


async def test_similar_companies_are_marked_told_and_merged(api: Api, steps: Any) -> None:
    one = await api.must("POST", "/leads", {"name": "张伟", "company": "上海远洋国际物流供应链有限公司"})
    two = await api.must(
        "POST", "/leads", {"name": "李娜", "company": "上海远洋国际物流供应琏有限公司", "email": "li@example.com"}
    )
    assert two["dup_of_id"] == one["id"]
    far = await api.must("POST", "/leads", {"name": "王芳", "company": "上海远洋渔业有限公司"})
    assert far["dup_of_id"] is None
    found = await api.must("POST", f"/leads/{one['id']}/duplicates")
    assert [(item["id"], item["matched_on"]) for item in found["result"]["items"]] == [(two["id"], ["company"])]
    assert found["result"]["items"][0]["score"] >= 90
    await api.must("POST", f"/leads/{two['id']}/follow", {"content": "来电"})
    steps.refused(await api.post(f"/leads/{one['id']}/merge", {"duplicate_id": one["id"]}), "LEAD_MERGE_INVALID")
    merged = await api.must("POST", f"/leads/{one['id']}/merge", {"duplicate_id": two["id"]})
    assert merged["email"] == "l***@example.com"
    assert merged["company"] == "上海远洋国际物流供应链有限公司"
    gone = await api.must("GET", f"/leads/{two['id']}")
    assert (gone["state"], gone["merged_into_id"]) == ("invalid", one["id"])
    log = (await api.get("/follow-ups", filter={"lead_id": one["id"]})).json["items"]
    assert [item["content"] for item in log] == ["来电"]
    steps.refused(await api.post(f"/leads/{one['id']}/merge", {"duplicate_id": two["id"]}), "LEAD_MERGE_INVALID")
    steps.refused(await api.post(f"/leads/{two['id']}/revive"), "LEAD_MERGED")


async def test_leads_are_shared_out_by_weight_load_and_area(api: Api, steps: Any) -> None:
    users = [api.as_user(["crm.*"], department_id=f"d{index}") for index in range(3)]
    members = [
        {"user_id": users[0].user_id, "weight": 2},
        {"user_id": users[1].user_id, "most_open": 1},
        {"user_id": users[2].user_id, "area": "广东"},
    ]
    steps.refused(await api.post("/teams", {"name": "双", "members": [members[0], members[0]]}), "VALIDATION_FAILED")
    team = await api.must("POST", "/teams", {"name": "直销", "members": members})
    made = [await api.must("POST", "/leads", {"name": "A", "mobile": f"1380013800{index}"}) for index in range(5)]
    steps.refused(await api.post(f"/leads/{made[0]['id']}/assign", {}), "LEAD_ASSIGNEE_MISSING")
    owners = []
    for item in made:
        done = await api.must("POST", f"/leads/{item['id']}/assign", {"team_id": team["id"]})
        owners.append(done["owner_id"])
        assert done["department_id"] == f"d{[user.user_id for user in users].index(done['owner_id'])}"
    assert owners.count(users[1].user_id) == 1
    assert owners.count(users[0].user_id) == 4
    south = await api.must("POST", "/leads", {"name": "B", "mobile": "13700137000", "area": "广东深圳"})
    done = await api.must("POST", f"/leads/{south['id']}/assign", {"team_id": team["id"]})
    assert done["owner_id"] == users[2].user_id
    busy = await api.must("POST", "/teams", {"name": "满", "members": [{**members[1]}]})
    last = await api.must("POST", "/leads", {"name": "C", "mobile": "13600136000"})
    steps.refused(await api.post(f"/leads/{last['id']}/assign", {"team_id": busy["id"]}), "LEAD_TEAM_FULL")
    await api.must("POST", "/settings", {"lead_team_id": team["id"]})
    assert (await api.must("POST", f"/leads/{last['id']}/assign", {}))["state"] == "assigned"


async def test_a_lead_is_not_given_to_whoever_has_it_nor_to_nobody(api: Api, steps: Any) -> None:
    made = await api.must("POST", "/leads", lead())
    path = f"/leads/{made['id']}/assign"
    steps.refused(await api.post(path, {"owner_id": api.user_id}), "OWNER_UNCHANGED")
    steps.refused(await api.post(path, {"owner_id": "0190a000-0000-7000-8000-000000000001"}), "OWNER_UNKNOWN")


async def test_invalid_pooled_and_waiting_leads(api: Api, steps: Any, clock: Clock) -> None:
    made = await api.must("POST", "/leads", lead())
    steps.refused(await api.post(f"/leads/{made['id']}/invalidate", {}), "VALIDATION_FAILED")
    gone = await api.must("POST", f"/leads/{made['id']}/invalidate", {"reason": "空号"})
    assert gone["invalid_reason"] == "空号"
    again = await api.must("POST", "/leads", lead())
    steps.refused(await api.post(f"/leads/{made['id']}/revive"), "DUPLICATE_LEAD")
    sales = api.as_user(["crm.*"])
    await api.must("POST", f"/leads/{again['id']}/assign", {"owner_id": sales.user_id})
    assert (await api.must("GET", "/reports/leads-waiting"))["items"] == []
    clock.advance(hours=25)
    waiting = await api.must("GET", "/reports/leads-waiting")
    assert [item["number"] for item in waiting["items"]] == [again["number"]]
    pooled = await api.must("POST", f"/leads/{again['id']}/pool", {"reason": "长期未跟进"})
    assert (pooled["state"], pooled["owner_id"]) == ("pooled", None)
    steps.refused(await api.post(f"/leads/{again['id']}/convert", {}), "CONFLICT", 409)


async def test_a_lead_that_cannot_be_reached_is_refused(api: Api, steps: Any) -> None:
    assert steps.refused(await api.post("/leads", {"name": "无名"}), "VALIDATION_FAILED")[0]["rule"] == "can_be_reached"
    details = steps.refused(await api.post("/leads", {"name": "A", "mobile": "123", "x": 1}), "VALIDATION_FAILED")
    assert {(item["field"], item["rule"]) for item in details} == {("mobile", "mobile"), ("x", "unknown")}
    answer = await api.post("/leads", {"name": "A", "credit_code": "911100006000373411"})
    assert steps.refused(answer, "VALIDATION_FAILED")[0]["rule"] == "credit_code"
    answer = await api.post("/leads", {"name": "A", "mobile": "13800138000", "customer_id": None})
    assert steps.refused(answer, "VALIDATION_FAILED")[0]["rule"] == "readonly"


async def test_telephones_are_stored_encrypted_and_masked_for_those_who_must_not_see_them(api: Api) -> None:
    made = await api.must("POST", "/leads", lead(email="zhang@example.com"))
    async with api.app.engine.database.session(api.tenant_id) as connection:
        stored = await connection.fetchval("SELECT mobile FROM crm_lead WHERE id = $1::text::uuid", made["id"])
    assert "13800138000" not in stored
    clerk = api.as_user(["crm.lead.read"], field_rules={"crm.lead.mobile": "mask", "crm.lead.email": "hide"})
    seen = await clerk.must("GET", f"/leads/{made['id']}")
    assert seen["mobile"] == "138****8000"
    assert seen.get("email") is None
