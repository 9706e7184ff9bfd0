"""Posting, allocating and reversing receipts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from cell_erp.errors import DisabledPartner
from cell_erp.figures import ZERO, total
from cell_erp.invoices.rules import state_by_open
from cell_erp.receipts import rules
from cell_erp.receipts.errors import (
    AllocationExceedsInvoice,
    AllocationExceedsReceipt,
    InvoiceNotOpen,
    NotACashAccount,
    NothingToAllocate,
)
from cell_erp.selection import chosen_amounts
from cell_erp.stock.actions import reversal_day
from cell_erp.tables import table
from cell_erp.vouchers import rules as voucher_rules
from cell_erp.vouchers.actions import check_account
from cell_erp.vouchers.posting import Posting, open_posting, post_automatic

_MONEY_ACCOUNTS = ("1001", "1002", "1012")
_OPEN_STATES = ("posted", "part_paid")

_OLDEST = """
SELECT id, number, due_date, invoice_date, open_amount FROM erp_invoice
WHERE tenant_id = $1 AND partner_id = $2 AND state IN ('posted', 'part_paid') AND open_amount > 0
ORDER BY due_date, invoice_date, number LIMIT 500
"""


async def prepare(work: Any, row: dict[str, Any], before: dict[str, Any] | None) -> None:  # noqa: ARG001 - the kit's signature
    """Set the date; refuse an account that holds no money, and more allocations than money."""
    row["receipt_date"] = row["receipt_date"] or work.today
    if row["account_id"] is not None:
        account = await work.get(table(work, "account"), row["account_id"])
        if not account["code"].startswith(_MONEY_ACCOUNTS):
            raise NotACashAccount(account=account["code"])
    row["unallocated"] = row["amount"] or ZERO
    listed = total(line["amount"] or ZERO for line in row["allocations"])
    if row["amount"] is not None and listed > row["amount"]:
        raise AllocationExceedsReceipt(left=row["amount"], amount=listed)


async def post(work: Any, row: dict[str, Any]) -> None:
    """Dr money, Cr receivable; then allocate."""
    sql = "SELECT code FROM erp_partner WHERE tenant_id = $1 AND id = $2 AND state <> 'active'"
    disabled = await work.value(sql, row["partner_id"])
    if disabled:
        raise DisabledPartner(partner=disabled)
    listed = [(line["invoice_id"], line["amount"]) for line in row["allocations"]]
    row["allocations"], row["allocated"], row["unallocated"] = [], ZERO, row["amount"]
    if row["allocation"] == "chosen":
        await _apply(work, row, listed, row["receipt_date"])
    elif row["allocation"] == "fifo":
        await _apply(work, row, await _oldest(work, row), row["receipt_date"])
    posting = await open_posting(work, row["receipt_date"], (row["method"], "receivable"), stock=False)
    await _voucher(work, posting, row, row["amount"], source=f"erp/receipt/{row['id']}", word="收款")


async def _voucher(
    work: Any, posting: Posting, row: dict[str, Any], amount: Decimal, *, source: str, word: str
) -> None:
    summary = f"{word} {row['number']}"
    money = posting.entry(row["method"], summary, debit=amount)
    if row["account_id"] is not None:
        account = await work.get(table(work, "account"), row["account_id"])
        money = voucher_rules.entry(account["id"], summary, debit=amount) | {"account_code": account["code"]}
        check_account(account, money)
    receivable = posting.entry("receivable", summary, credit=amount, partner_id=row["partner_id"])
    await post_automatic(work, posting, source=source, origin=row, summary=summary, lines=[money, receivable])


async def allocate(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
    """Allocate chosen amounts, or what is left to the oldest invoices."""
    day = reversal_day(parameters, row["receipt_date"])
    chosen = chosen_amounts(parameters["invoices"], "invoice_id", "amount")
    shares = await _oldest(work, row) if chosen is None else list(chosen.items())
    if not shares:
        raise NothingToAllocate
    await _apply(work, row, shares, day)


async def open_invoices(work: Any, row: dict[str, Any]) -> dict[str, Any]:
    """What an allocation begins with: the customer's open invoices, paid from the oldest on."""
    found = await work.rows(_OLDEST, row["partner_id"])
    shares = dict(rules.fifo(row["unallocated"], found))
    return {
        "invoices": [
            {"invoice_id": item["id"], "open_amount": item["open_amount"], "amount": shares.get(item["id"])}
            for item in found
        ]
    }


async def _oldest(work: Any, row: dict[str, Any]) -> list[tuple[Any, Decimal]]:
    await work.begin()
    # Receipts of one customer take turns, so that two cannot spend the same invoice's open amount.
    await work.value("SELECT 1 FROM erp_partner WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE", row["partner_id"])
    return rules.fifo(row["unallocated"], await work.rows(_OLDEST, row["partner_id"]))


async def _apply(work: Any, row: dict[str, Any], shares: Sequence[tuple[Any, Decimal]], day: date) -> None:
    amount = total(share for _, share in shares)
    if amount > row["unallocated"]:
        raise AllocationExceedsReceipt(left=row["unallocated"], amount=amount)
    found = await work.many(table(work, "invoice"), {key for key, _ in shares})
    for key, share in shares:
        invoice = found.get(key)
        if invoice is None or invoice["partner_id"] != row["partner_id"] or invoice["state"] not in _OPEN_STATES:
            raise InvoiceNotOpen(invoice=invoice["number"] if invoice else key)
        if share > invoice["open_amount"]:
            raise AllocationExceedsInvoice(invoice=invoice["number"], open=invoice["open_amount"], amount=share)
        _settle(work, row, invoice, share, day)
        row["allocations"].append({"invoice_id": key, "amount": share, "allocated_on": day})
        work.emit("erp.receipt.allocated.v1", row, _event(row, invoice, share), key=str(invoice["id"]))


def _settle(work: Any, row: dict[str, Any], invoice: dict[str, Any], share: Decimal, day: date) -> None:
    """Move ``share`` (negative: back) from the receipt to the invoice."""
    invoice["open_amount"] -= share
    invoice["state"] = state_by_open(invoice["total"], invoice["open_amount"])
    work.change(invoice)
    row["allocated"] += share
    row["unallocated"] -= share
    work.append(
        table(work, "allocation"),
        [
            {
                "partner_id": row["partner_id"],
                "receipt_id": row["id"],
                "invoice_id": invoice["id"],
                "allocated_on": day,
                "amount": share,
            }
        ],
    )


def _event(row: dict[str, Any], invoice: dict[str, Any], share: Decimal) -> dict[str, Any]:
    return {
        "receipt_id": row["id"],
        "receipt_number": row["number"],
        "invoice_id": invoice["id"],
        "invoice_number": invoice["number"],
        "partner_id": row["partner_id"],
        "amount": share,
        "open": invoice["open_amount"],
        "orders": sorted({str(line["order_id"]) for line in invoice["lines"]}),
    }


async def unallocate(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
    """Take back the allocations to one invoice, or all of them."""
    day = reversal_day(parameters, row["receipt_date"])
    wanted = parameters["invoice_id"]
    taken = [line for line in row["allocations"] if wanted is None or line["invoice_id"] == wanted]
    if not taken:
        raise NothingToAllocate
    await _take_back(work, row, taken, day)


async def _take_back(work: Any, row: dict[str, Any], taken: list[dict[str, Any]], day: date) -> None:
    found = await work.many(table(work, "invoice"), {line["invoice_id"] for line in taken})
    for line in taken:
        invoice = found[line["invoice_id"]]
        _settle(work, row, invoice, -line["amount"], day)
        work.emit("erp.allocation.reversed.v1", row, _event(row, invoice, -line["amount"]), key=str(invoice["id"]))
    row["allocations"] = [line for line in row["allocations"] if line not in taken]


async def reverse(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
    """Take back every allocation, then the posting with a red voucher."""
    day = reversal_day(parameters, row["receipt_date"])
    await _take_back(work, row, list(row["allocations"]), day)
    posting = await open_posting(work, day, (row["method"], "receivable"), stock=False)
    await _voucher(work, posting, row, -row["amount"], source=f"erp/receipt/{row['id']}/reversal", word="冲销收款")
    row["unallocated"] = ZERO
    row["reversed_on"], row["reverse_reason"] = day, parameters["reason"]
