"""Rules of receipts: how money is spread over plans (pure functions)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from cell_crm.common.money import ZERO
from cell_crm.receipts.errors import AllocationExceedsReceipt, PlanAlreadyUsed, PlanOfOtherContract, PlanOverused
from cellkit.declare import Row


def derive_receipt(row: Row) -> None:
    """What of the money is not allocated."""
    row["unallocated"] = row["amount"] - sum((line["amount"] for line in row["allocations"]), ZERO)


def spread(amount: Decimal, plans: Iterable[Row]) -> list[Row]:
    """Oldest due date first, then period: as much as each plan has open, until the money is used up."""
    allocations: list[Row] = []
    left = amount
    for plan in sorted(plans, key=lambda plan: (plan["due_date"], plan["period"], str(plan["id"]))):
        part = min(left, plan["amount"] - plan["allocated_amount"])
        if part > 0:
            allocations.append({"plan_id": plan["id"], "amount": part})
            left -= part
    return allocations


def check_chosen(amount: Decimal, lines: Sequence[Row], plans: Mapping[Any, Row]) -> None:
    """Raise unless the chosen allocations are possible: own, open plans, each once, none over-used, sum ≤ amount.

    ``plans``: the contract's plans by id, in any state.
    """
    seen: set[Any] = set()
    for line in lines:
        plan = plans.get(line["plan_id"])
        if plan is None:
            raise PlanOfOtherContract
        if plan["id"] in seen or plan["state"] != "open":
            raise PlanAlreadyUsed(period=plan["period"])
        seen.add(plan["id"])
        still_open = plan["amount"] - plan["allocated_amount"]
        if line["amount"] > still_open:
            raise PlanOverused(period=plan["period"], open=still_open, amount=line["amount"])
    allocated = sum((line["amount"] for line in lines), ZERO)
    if allocated > amount:
        raise AllocationExceedsReceipt(allocated=allocated, amount=amount)


def use_plan(plan: Row, amount: Decimal) -> None:
    """Allocate to a plan (a negative amount gives back); keeps its open amount and state."""
    plan["allocated_amount"] = plan["allocated_amount"] + amount
    plan["open_amount"] = plan["amount"] - plan["allocated_amount"]
    plan["state"] = "settled" if plan["open_amount"] == 0 else "open"


def exceeds(contract: Row, amount: Decimal) -> bool:
    """Whether one more receipt would be more than the contract is worth."""
    received: Decimal = contract["received_amount"]
    worth: Decimal = contract["amount"]
    return received + amount > worth


def receive(contract: Row, amount: Decimal) -> None:
    """Money came in on a contract (a negative amount goes back)."""
    contract["received_amount"] = contract["received_amount"] + amount
    contract["open_amount"] = contract["amount"] - contract["received_amount"]


def receipt_payload(row: Row) -> dict[str, Any]:
    """The data of a receipt's events."""
    return {
        "id": row["id"],
        "number": row["number"],
        "contract_id": row["contract_id"],
        "customer_id": row["customer_id"],
        "receipt_date": row["receipt_date"],
        "amount": row["amount"],
        "method": row["method"],
        "state": row["state"],
        "allocations": [{"plan_id": line["plan_id"], "amount": line["amount"]} for line in row["allocations"]],
        "unallocated": row["unallocated"],
    }
