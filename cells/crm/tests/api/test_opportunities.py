"""L2, first half: opportunities through their stages."""

from __future__ import annotations

from typing import Any

from cellkit.testing.cells import Api


async def stages(api: Api) -> list[Any]:
    return (await api.must("GET", "/stages?sort=sequence"))["items"]  # type: ignore[no-any-return]


async def test_an_opportunity_goes_stage_by_stage_with_its_required_fields(api: Api, steps: Any) -> None:
    made = await steps.opportunity()
    order = await stages(api)
    assert [stage["probability"] for stage in order] == ["0.10000000", "0.30000000", "0.50000000", "0.75000000"]
    assert made["stage_id"] == order[0]["id"]
    path = f"/opportunities/{made['id']}"
    details = steps.refused(await api.post(f"{path}/move", {"stage_id": order[1]["id"]}), "STAGE_FIELDS_MISSING")
    assert details["names"] == "need"
    steps.refused(await api.post(f"{path}/move", {"stage_id": order[2]["id"]}), "STAGE_NOT_ADJACENT")
    await api.must("PATCH", path, {"version": made["version"], "need": "替换旧系统", "amount": "200000.00"})
    moved = await api.must("POST", f"{path}/move", {"stage_id": order[1]["id"]})
    assert (moved["probability"], moved["weighted_amount"]) == ("0.30000000", "60000.00")
    moved = await api.must("POST", f"{path}/move", {"stage_id": order[2]["id"]})
    back = await api.must("POST", f"{path}/move", {"stage_id": order[1]["id"]})
    assert (back["stage_sequence"], back["furthest_sequence"]) == (2, 3)
    changes = await api.must("GET", "/stage-changes")
    assert len(changes["items"]) == 3


async def test_won_and_lost_are_the_end_until_a_manager_reopens(api: Api, steps: Any) -> None:
    made = await steps.opportunity()
    path = f"/opportunities/{made['id']}"
    steps.refused(await api.post(f"{path}/win"), "OPPORTUNITY_AMOUNT_MISSING")
    steps.refused(await api.post(f"{path}/lose", {}), "VALIDATION_FAILED")
    lost = await api.must("POST", f"{path}/lose", {"lost_reason": "价格"})
    assert (lost["state"], lost["lost_reason"]) == ("lost", "价格")
    steps.refused(await api.post(f"{path}/move", {"stage_id": made["stage_id"]}), "CONFLICT", 409)
    steps.refused(await api.patch(path, {"version": lost["version"], "need": "x"}), "CONFLICT", 409)
    sales = api.as_user(["crm.opportunity.read", "crm.opportunity.lose"])
    steps.refused(await sales.post(f"{path}/reopen", {"reason": "客户回头"}), "FORBIDDEN", 403)
    steps.refused(await api.post(f"{path}/reopen", {}), "VALIDATION_FAILED")
    again = await api.must("POST", f"{path}/reopen", {"reason": "客户回头"})
    assert (again["state"], again["reopen_reason"], again["lost_reason"]) == ("open", "客户回头", None)
    voided = await api.must("POST", f"{path}/void", {"reason": "误建"})
    assert voided["state"] == "void"


async def test_a_gate_needs_a_managers_pass(api: Api, steps: Any) -> None:
    pipeline = await api.must("POST", "/pipelines", {"name": "大客户", "is_default": True})
    ids = []
    for sequence, gated in ((1, False), (2, True)):
        body = {"pipeline_id": pipeline["id"], "sequence": sequence, "name": f"S{sequence}", "probability": "0.5"}
        ids.append((await api.must("POST", "/stages", {**body, "gated": gated}))["id"])
    made = await steps.opportunity()
    assert made["pipeline_id"] == pipeline["id"]
    path = f"/opportunities/{made['id']}"
    steps.refused(await api.post(f"{path}/move", {"stage_id": ids[1]}), "STAGE_GATE_CLOSED")
    await api.must("POST", f"{path}/pass-gate")
    assert (await api.must("POST", f"{path}/move", {"stage_id": ids[1]}))["stage_id"] == ids[1]


async def test_stages_in_use_are_fixed(api: Api, steps: Any) -> None:
    made = await steps.opportunity()
    stage = await api.must("GET", f"/stages/{made['stage_id']}")
    path = f"/stages/{stage['id']}"
    answer = await api.patch(path, {"version": stage["version"], "probability": "0.9"})
    assert steps.refused(answer, "STAGE_IN_USE")["count"] == 1
    renamed = await api.must("PATCH", path, {"version": stage["version"], "name": "首次接触"})
    steps.refused(await api.delete(path, version=str(renamed["version"])), "STAGE_IN_USE")
    other = (await stages(api))[3]
    changed = await api.must("PATCH", f"/stages/{other['id']}", {"version": other["version"], "probability": "0.8"})
    assert changed["probability"] == "0.80000000"
    answer = await api.patch(f"/stages/{other['id']}", {"version": changed["version"], "required_fields": ["owner_id"]})
    assert steps.refused(answer, "VALIDATION_FAILED")[0]["rule"] == "known_fields"


async def test_parties_belong_together(api: Api, steps: Any) -> None:
    one, other = await steps.customer(), await steps.customer()
    contact = await api.must("POST", "/contacts", {"customer_id": other["id"], "name": "李娜", "is_decider": True})
    answer = await api.post("/opportunities", {"name": "A", "customer_id": one["id"], "contact_id": contact["id"]})
    steps.refused(answer, "CONTACT_OF_OTHER_CUSTOMER")
    answer = await api.post("/opportunities", {"name": "A", "customer_id": made_up()})
    assert steps.refused(answer, "VALIDATION_FAILED")[0]["field"] == "customer_id"
    await api.must("POST", f"/customers/{one['id']}/disable", {"reason": "破产"})
    steps.refused(await api.post("/opportunities", {"name": "A", "customer_id": one["id"]}), "CUSTOMER_DISABLED")


async def test_lines_make_the_amount_and_disabled_products_are_refused(api: Api, steps: Any) -> None:
    product = await steps.product(price="19.90")
    line = {"product_id": product["id"], "quantity": "3", "discount": "0.1"}
    made = await steps.opportunity(lines=[line])
    assert made["amount"] == "53.73"
    await api.must("PATCH", f"/products/{product['id']}", {"version": product["version"], "enabled": False})
    body = {"name": "B", "customer_id": made["customer_id"], "lines": [line]}
    steps.refused(await api.post("/opportunities", body), "PRODUCT_DISABLED")


def made_up() -> str:
    return "0190a000-0000-7000-8000-000000000001"
