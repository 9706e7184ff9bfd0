"""Orders from CRM's contracts: made once, refused with a reason, heard of again."""

import uuid
from datetime import UTC, datetime
from typing import Any

from cell_erp.orders.handlers import on_contract_effective

from cellkit.context import Caller
from cellkit.events import Event
from cellkit.pipeline.execute import execute


async def handle(company: Any, data: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Run the handler as the inbox does; answers the events it emitted by itself."""
    engine = company.api.app.engine
    caller = Caller(company.api.tenant_id, "cell:crm", str(uuid.uuid4()), "", "zh-CN", "127.0.0.1")
    event = Event(
        id=str(uuid.uuid4()),
        type="crm.contract.effective.v1",
        source="/cells/crm",
        subject=str(data["contract_id"]),
        time=datetime.now(UTC),
        tenant_id=company.api.tenant_id,
        actor=company.api.user_id,
        data=data,
    )
    emitted: list[tuple[str, dict[str, Any]]] = []

    async def operation(work: Any) -> None:
        emit = work.emit
        work.emit = lambda kind, subject, values, key=None: (
            emitted.append((kind, dict(values))),
            emit(kind, subject, values, key=key),
        )
        await on_contract_effective.function(work, event)

    await execute(engine, caller, await engine.role_of(caller), operation)
    return emitted


def contract(**values: Any) -> dict[str, Any]:
    return {
        "contract_id": str(uuid.uuid4()),
        "no": "HT20240001",
        "customer": {"code": "KH0001", "name": "新客户有限公司", "tax": "91310000MA1FL0000X"},
        "lines": [
            {"item": "CHAI", "qty": "10", "price": "18.5", "tax": "0.13", "discount": "0.1", "due": "2099-01-31"},
            {"item": "CHANG", "qty": "1", "price": "19", "tax": None, "discount": None, "due": None},
        ],
        "terms": "月结 30 天",
    } | values


async def test_a_contract_becomes_a_draft_order_once(company: Any) -> None:
    data = contract()
    assert await handle(company, data) == []
    again = await handle(company, data)
    assert [kind for kind, _ in again] == ["erp.order.created.v1"]
    orders = await company.all("orders", source=f"crm/contract/{data['contract_id']}")
    assert len(orders) == 1
    order = await company.read("orders", orders[0]["id"])
    assert (order["state"], order["amount"], order["tax"], order["contract_number"]) == (
        "draft",
        "185.50",
        "21.65",
        "HT20240001",
    )
    assert order["contract_id"] == data["contract_id"]
    partner = await company.read("partners", order["partner_id"])
    assert (partner["code"], partner["name"]) == ("KH0001", "新客户有限公司")
    assert again[0][1]["contract_id"] == data["contract_id"]


async def test_what_cannot_be_ordered_is_answered_with_the_reason(company: Any) -> None:
    line = {"item": "CHAI", "qty": "1", "price": "1", "tax": "0", "due": None}
    cases = [
        (contract(lines=[line | {"item": "NOPE"}]), "ITEM_UNKNOWN"),
        (contract(lines=[]), "CONTRACT_WITHOUT_LINES"),
        (contract(customer={}), "CUSTOMER_MISSING"),
        (contract(customer={"code": "EXOTIC"}), "PARTNER_NOT_CUSTOMER"),
        (contract(lines=[line | {"qty": "-1"}]), "VALIDATION_FAILED"),
        (contract(lines=[line | {"price": "viel"}]), "VALIDATION_FAILED"),
        (contract(lines=["CHAI"]), "CONTRACT_WITHOUT_LINES"),
    ]
    for data, code in cases:
        emitted = await handle(company, data)
        assert [(kind, values["code"]) for kind, values in emitted] == [("erp.order.rejected.v1", code)]
        assert emitted[0][1]["contract_id"] == data["contract_id"]
        assert emitted[0][1]["reason"]
    assert await company.all("orders") == []


async def test_credit_is_asked_when_the_contract_arrives(company: Any) -> None:
    await company.limit("ALFKI", "50")
    emitted = await handle(company, contract(customer={"code": "ALFKI"}))
    assert [(kind, values["code"]) for kind, values in emitted] == [("erp.order.rejected.v1", "CREDIT_EXCEEDED")]
    assert await company.all("orders") == []
