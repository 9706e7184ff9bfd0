"""L1: a lead comes in, is compared, shared out, followed up and converted."""

from __future__ import annotations

from typing import Any

from cellkit.testing.cells import Api

CREDIT_CODE = "91110000600037341L"


def lead(**values: Any) -> dict[str, Any]:
    return {"name": "张伟", "company": "北京超级科技有限公司", "mobile": "13800138000", **values}


async def test_a_lead_goes_from_entry_to_customer_contact_and_opportunity(api: Api) -> None:
    made = await api.must("POST", "/leads", lead(email="Zhang.Wei@Example.com", channel="web", need="CRM"), 201)
    assert made["state"] == "new"
    assert made["number"].startswith("XS")
    assert made["email"] == "zhang.wei@example.com"
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
    log = await sales.must("GET", f'/follow-ups?filter={{"lead_id":"{made["id"]}"}}')
    assert [item["content"] for item in log["items"]] == ["电话沟通"]
    done = await sales.must("POST", f"/leads/{made['id']}/convert", {"amount": "88000.00"})
    assert done["state"] == "converted"
    customer = await sales.must("GET", f"/customers/{done['customer_id']}")
    contact = await sales.must("GET", f"/contacts/{done['contact_id']}")
    opportunity = await sales.must("GET", f"/opportunities/{done['opportunity_id']}")
    assert customer["name"] == "北京超级科技有限公司"
    assert customer["owner_id"] == sales.user_id
    assert contact["mobile"] == "13800138000"
    assert opportunity["amount"] == "88000.00"
    assert opportunity["weighted_amount"] == "8800.00"
    assert opportunity["lead_id"] == made["id"]
    history = await api.must("GET", "/owner-changes")
    assert [(item["subject_type"], item["to_owner_id"]) for item in history["items"]] == [("lead", sales.user_id)]
