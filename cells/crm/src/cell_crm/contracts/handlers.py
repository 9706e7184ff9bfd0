"""What ERP says about the order it made of a contract."""

from __future__ import annotations

from typing import Any

from cell_crm.contracts import rules
from cellkit.declare import Row
from cellkit.errors import NotFound
from cellkit.events import Event, handles
from cellkit.pipeline.work import Work


async def _contract(work: Work, data: dict[str, Any]) -> Row | None:
    key = rules.contract_of_event(data)
    if key is None:
        return None
    try:
        return await work.get("crm.contract", key, lock=True)
    except NotFound:
        # The tenant of the event has no such contract: the order came from elsewhere.
        return None


async def _executing(work: Work, event: Event) -> None:
    contract = await _contract(work, event.data)
    if contract is None or contract["state"] not in rules.IN_FORCE:
        return
    contract["erp_order_id"] = str(event.data.get("id") or event.data.get("so_id") or event.subject)
    contract["erp_order_number"] = event.data.get("number") or event.data.get("no") or contract["erp_order_number"]
    contract["exec_blocked"] = False
    contract["block_reason"] = None
    contract["state"] = "executing"
    work.change(contract)


@handles("erp.order.created.v1", given="contract_id")
async def on_order_created(work: Work, event: Event) -> None:
    """The contract is being executed; the order's number is kept."""
    await _executing(work, event)


@handles("erp.order.approved.v1", given="contract_id")
async def on_order_approved(work: Work, event: Event) -> None:
    """The same, for an ERP that tells only of approved orders."""
    await _executing(work, event)


@handles("erp.order.rejected.v1", given="contract_id")
async def on_order_rejected(work: Work, event: Event) -> None:
    """Execution is blocked; the contract's owner gets a task with the reason."""
    contract = await _contract(work, event.data)
    if contract is None or contract["state"] not in rules.IN_FORCE:
        return
    reason = str(event.data.get("reason") or "")[:500]
    contract["exec_blocked"] = True
    contract["block_reason"] = reason
    contract["state"] = "effective"
    work.change(contract)
    await work.create(
        "crm.task",
        {
            "subject": f"合同 {contract['number']} 执行受阻",
            "task_type": "exec_blocked",
            "assignee_id": contract["owner_id"],
            "owner_id": contract["owner_id"],
            "department_id": contract["department_id"],
            "due_date": work.today,
            "customer_id": contract["customer_id"],
            "contract_id": contract["id"],
            "content": reason,
        },
        source=f"erp/order-rejected/{event.id}",
    )
