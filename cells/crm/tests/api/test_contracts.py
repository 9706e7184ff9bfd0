"""L2 to its end: contract, approval, the event ERP gets, and what ERP answers."""

from __future__ import annotations

import uuid
from typing import Any

from cellkit.testing.cells import Api, Clock


async def outbox(api: Api, event_type: str) -> list[Any]:
    """The events of a type that this tenant's outbox holds."""
    from cellkit.http.messages import from_json

    async with api.app.engine.database.session(api.tenant_id) as connection:
        rows = await connection.fetch(
            "SELECT event FROM kit_outbox WHERE tenant_id = $1 AND type = $2 ORDER BY position",
            uuid.UUID(api.tenant_id),
            event_type,
        )
    return [from_json(row["event"].encode()) for row in rows]


async def deliver(api: Api, event_type: str, data: dict[str, Any], event_id: str | None = None) -> Any:
    """An event as the platform delivers it to the inbox, with a service token."""
    identity = event_id or str(uuid.uuid4())
    event = {
        "specversion": "1.0", "id": identity, "type": event_type, "source": "/cells/erp",
        "subject": str(data.get("id", "s")), "time": "2026-11-22T08:00:00Z", "tenantid": api.tenant_id,
        "partitionkey": "k", "actor": "cell:erp", "datacontenttype": "application/json", "data": data,
    }  # fmt: skip
    caller = Api(api.app, api.cell, api.source, api.tenant_id, "cell:erp")
    answer = await caller.post("/_inbox", event, request_id=identity)
    assert answer.status < 300, answer.body.decode()
    return answer


async def test_quote_becomes_contract_becomes_event(api: Api, steps: Any) -> None:
    opportunity = await steps.opportunity(amount="10.00")
    quote = await steps.quote(
        customer_id=opportunity["customer_id"], opportunity_id=opportunity["id"], discount="0.05", terms="30 天"
    )
    body = {"quote_id": quote["id"], "customer_id": quote["customer_id"]}
    steps.refused(await api.post("/contracts", body), "QUOTE_NOT_ACCEPTED")
    for verb in ("submit", "send", "accept"):
        await api.must("POST", f"/quotes/{quote['id']}/{verb}")
    stranger = await steps.customer()
    answer = await api.post("/contracts", {**body, "customer_id": stranger["id"]})
    steps.refused(answer, "QUOTE_OF_OTHER_CUSTOMER")
    contract = await api.must("POST", "/contracts", {**body, "end_date": "2027-06-30"}, 201)
    assert contract["number"].startswith("HT")
    assert (contract["amount"], contract["terms"]) == ("950.00", "30 天")
    steps.refused(await api.post("/contracts", body), "QUOTE_ALREADY_CONTRACTED")
    steps.refused(await api.post(f"/quotes/{quote['id']}/make-contract"), "QUOTE_ALREADY_CONTRACTED")
    await api.must("POST", f"/contracts/{contract['id']}/submit")
    steps.refused(await api.post(f"/contracts/{contract['id']}/approve"), "APPROVER_IS_MAKER")
    assert await outbox(api, "crm.contract.effective.v1") == []
    done = await steps.boss.must("POST", f"/contracts/{contract['id']}/approve")
    assert (done["state"], done["approved_by"]) == ("effective", steps.boss.user_id)
    events = await outbox(api, "crm.contract.effective.v1")
    assert len(events) == 1
    customer = await api.must("GET", f"/customers/{opportunity['customer_id']}")
    data = events[0]["data"]
    assert events[0]["subject"] == data["contract_id"] == contract["id"]
    assert data["no"] == contract["number"]
    assert (data["customer"]["code"], data["customer"]["name"]) == (customer["number"], customer["name"])
    line = data["lines"][0]
    assert line["item"] == (await api.must("GET", f"/products/{quote['lines'][0]['product_id']}"))["code"]
    assert [line["qty"], line["price"], line["discount"], line["tax"], line["due"]] == [
        "10.000000", "100.000000", "0.05000000", "0.13000000", "2027-06-30",
    ]  # fmt: skip
    assert customer["deal_status"] == "dealt"
    won = await api.must("GET", f"/opportunities/{opportunity['id']}")
    assert (won["state"], won["amount"]) == ("won", "950.00")
    steps.refused(await api.post(f"/opportunities/{won['id']}/reopen", {"reason": "x"}), "OPPORTUNITY_HAS_CONTRACT")


async def test_an_accepted_quote_becomes_a_contract_at_a_click(api: Api, steps: Any) -> None:
    quote = await steps.quote(terms="30 天")
    for verb in ("submit", "send", "accept"):
        await api.must("POST", f"/quotes/{quote['id']}/{verb}")
    made = await api.must("POST", f"/quotes/{quote['id']}/make-contract")
    contract = await api.must("GET", f"/contracts/{made['result']['id']}")
    assert (contract["state"], contract["amount"], contract["terms"]) == ("draft", "1000.00", "30 天")
    assert (await steps.in_force(contract["id"]))["state"] == "effective"


async def test_a_contract_in_force_is_not_edited_nor_deleted(api: Api, steps: Any) -> None:
    contract = await steps.contract()
    path = f"/contracts/{contract['id']}"
    answer = await api.patch(path, {"version": contract["version"], "name": "改名"})
    steps.refused(answer, "CONFLICT", 409)
    steps.refused(await api.delete(path, version=str(contract["version"])), "CONFLICT", 409)
    assert (await api.must("GET", path))["name"] == "合同"


async def test_approval_may_be_given_by_the_maker_where_the_tenant_says_so(api: Api, steps: Any) -> None:
    await api.must("POST", "/settings", {"two_person_approval": False})
    contract = await steps.contract(effective=False)
    await api.must("POST", f"/contracts/{contract['id']}/submit")
    assert (await api.must("POST", f"/contracts/{contract['id']}/approve"))["state"] == "effective"


async def test_an_empty_contract_is_not_submitted(api: Api, steps: Any) -> None:
    contract = await steps.contract(effective=False, lines=[])
    steps.refused(await api.post(f"/contracts/{contract['id']}/submit"), "CONTRACT_WITHOUT_LINES")
    assert steps.refused(await api.post("/contracts", {"name": "x"}), "VALIDATION_FAILED")[0]["field"] == "customer_id"
    answer = await api.patch(
        f"/contracts/{contract['id']}",
        {"version": contract["version"], "start_date": "2026-02-02", "end_date": "2026-02-01"},
    )
    assert steps.refused(answer, "VALIDATION_FAILED")[0]["field"] == "end_date"


async def test_erp_takes_the_contract(api: Api, steps: Any) -> None:
    contract = await steps.contract()
    order = {"id": str(uuid.uuid4()), "number": "SO20261122-0001", "source": f"crm/contract/{contract['id']}"}
    event_id = str(uuid.uuid4())
    await deliver(api, "erp.order.created.v1", order, event_id)
    after = await api.must("GET", f"/contracts/{contract['id']}")
    assert (after["state"], after["erp_order_number"]) == ("executing", "SO20261122-0001")
    await deliver(api, "erp.order.created.v1", order, event_id)
    assert (await api.must("GET", f"/contracts/{contract['id']}"))["version"] == after["version"]
    await deliver(api, "erp.order.created.v1", {"id": "x", "number": "SO2", "source": "shop/1"})
    await deliver(api, "erp.order.approved.v1", {"so_id": "x", "contract_id": str(uuid.uuid4())})


async def test_erp_refuses_the_contract(api: Api, steps: Any) -> None:
    contract = await steps.contract()
    path = f"/contracts/{contract['id']}"
    steps.refused(await api.post(f"{path}/resend"), "CONTRACT_NOT_BLOCKED")
    event_id = str(uuid.uuid4())
    for _ in range(2):
        data = {"contract_id": contract["id"], "reason": "未知物料 P1"}
        await deliver(api, "erp.order.rejected.v1", data, event_id)
    blocked = await api.must("GET", path)
    assert (blocked["exec_blocked"], blocked["block_reason"]) == (True, "未知物料 P1")
    tasks = (await api.get("/tasks", filter={"contract_id": contract["id"]})).json["items"]
    assert [(task["task_type"], task["assignee_id"]) for task in tasks] == [("exec_blocked", api.user_id)]
    again = await api.must("POST", f"{path}/resend")
    assert (again["exec_blocked"], again["block_reason"]) == (False, None)
    assert len(await outbox(api, "crm.contract.effective.v1")) == 2
    finished = await api.must("POST", f"/tasks/{tasks[0]['id']}/finish", {"result": "已补物料"})
    assert (finished["state"], finished["result"]) == ("done", "已补物料")


async def test_a_contract_ends(api: Api, steps: Any, clock: Clock) -> None:
    contract = await steps.planned(end_date="2027-01-31")
    path = f"/contracts/{contract['id']}"
    await api.must("POST", f"{path}/start")
    assert steps.refused(await api.post(f"{path}/complete"), "CONTRACT_NOT_SETTLED")["open"] == "1000.00"
    steps.refused(await api.post(f"{path}/expire"), "CONTRACT_NOT_EXPIRED")
    await steps.receipt(contract["id"], "1000.00")
    assert (await api.must("POST", f"{path}/complete"))["state"] == "completed"
    other = await steps.planned()
    waiting = await steps.receipt(other["id"], "10.00", approved=False)
    await api.must("POST", f"/receipts/{waiting['id']}/submit")
    steps.refused(await api.post(f"/contracts/{other['id']}/terminate", {"reason": "x"}), "CONTRACT_HAS_RECEIPTS")
    await steps.boss.must("POST", f"/receipts/{waiting['id']}/reject", {"reason": "未到账"})
    ended = await api.must("POST", f"/contracts/{other['id']}/terminate", {"reason": "客户违约"})
    assert (ended["state"], ended["end_reason"]) == ("terminated", "客户违约")
    assert {plan["state"] for plan in await steps.plans(other["id"])} == {"cancelled"}
    third = await steps.contract(end_date="2027-01-31")
    clock.advance(days=200)
    assert (await api.must("POST", f"/contracts/{third['id']}/expire"))["state"] == "expired"
