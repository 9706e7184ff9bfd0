"""What is done with receipts. The contract's row is the lock under which its money is counted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from cell_crm.common.approval import decided_by
from cell_crm.common.references import referenced
from cell_crm.common.work import ledger
from cell_crm.contracts.rules import RECEIVING
from cell_crm.receipts import rules
from cell_crm.receipts.errors import ReceiptExceedsContract, ReceiptOnUnapprovedContract
from cellkit.declare import Row
from cellkit.pipeline.work import Work

_MOST_PLANS = 1000


async def prepare(work: Work, row: Row, before: Row | None) -> None:
    """On a contract in force, within what it is worth; chosen plans are the contract's own and open."""
    contract = await referenced(work, "crm.contract", row["contract_id"], "contract_id")
    _check_contract(contract, row["amount"])
    row["customer_id"] = contract["customer_id"]
    if before is None:
        row.setdefault("owner_id", contract["owner_id"])
        row.setdefault("department_id", contract["department_id"])
    if row["receipt_date"] is None:
        row["receipt_date"] = work.today
    if row["allocations"]:
        rules.check_chosen(row["amount"], row["allocations"], await _plans(work, contract))


async def submit(work: Work, receipt: Row, _parameters: Row) -> None:
    """To approval."""
    contract = await work.get("crm.contract", receipt["contract_id"])
    _check_contract(contract, receipt["amount"])
    receipt["submitted_by"] = work.caller.user_id
    receipt["approved_by"] = receipt["approval_comment"] = None


async def approve(work: Work, receipt: Row, parameters: Row) -> None:
    """The money counts: chosen plans, or the oldest open ones, are paid with it."""
    contract = await work.get("crm.contract", receipt["contract_id"], lock=True)
    _check_contract(contract, receipt["amount"])
    plans = await _plans(work, contract, lock=True)
    if receipt["allocations"]:
        rules.check_chosen(receipt["amount"], receipt["allocations"], plans)
    else:
        receipt["allocations"] = rules.spread(
            receipt["amount"], [plan for plan in plans.values() if plan["state"] == "open"]
        )
    for line in receipt["allocations"]:
        plan = plans[line["plan_id"]]
        rules.use_plan(plan, line["amount"])
        work.change(plan)
    _append(work, receipt, sign=1)
    rules.derive_receipt(receipt)
    rules.receive(contract, receipt["amount"])
    work.change(contract)
    receipt["approved_by"] = decided_by(work, receipt)
    receipt["approved_at"] = work.now
    receipt["approval_comment"] = parameters["comment"]


async def reject(_work: Work, receipt: Row, parameters: Row) -> None:
    """Back to draft, with the reason."""
    receipt["approval_comment"] = parameters["reason"]


async def reverse(work: Work, receipt: Row, parameters: Row) -> None:
    """The money did not come, or went back: plans and contract are as before, the receipt stays as a record."""
    contract = await work.get("crm.contract", receipt["contract_id"], lock=True)
    plans = await _plans(work, contract, lock=True)
    for line in receipt["allocations"]:
        plan = plans[line["plan_id"]]
        rules.use_plan(plan, -line["amount"])
        if contract["state"] not in RECEIVING:
            plan["state"] = "cancelled"
        work.change(plan)
    _append(work, receipt, sign=-1)
    rules.receive(contract, -receipt["amount"])
    if contract["state"] == "completed":
        contract["state"] = "executing"
    work.change(contract)
    receipt["reversed_at"] = work.now
    receipt["reverse_reason"] = parameters["reason"]


def _check_contract(contract: Row, amount: Decimal) -> None:
    if contract["state"] not in RECEIVING:
        raise ReceiptOnUnapprovedContract(number=contract["number"])
    if rules.exceeds(contract, amount):
        raise ReceiptExceedsContract(received=contract["received_amount"] + amount, amount=contract["amount"])


async def _plans(work: Work, contract: Row, *, lock: bool = False) -> dict[UUID, Row]:
    found = await work.find("crm.receivable_plan", {"contract_id": contract["id"]}, limit=_MOST_PLANS, lock=lock)
    return {plan["id"]: plan for plan in found}


def _append(work: Work, receipt: Row, *, sign: int) -> None:
    entries: list[dict[str, Any]] = [
        {
            "receipt_id": receipt["id"],
            "plan_id": line["plan_id"],
            "contract_id": receipt["contract_id"],
            "amount": sign * line["amount"],
        }
        for line in receipt["allocations"]
    ]
    if entries:
        work.append(ledger(work, "crm.allocation_entry"), entries)
