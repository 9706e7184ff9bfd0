"""Posting and reversing invoices."""

from __future__ import annotations

from typing import Any

from cell_erp.errors import BadSelection, DisabledPartner, MonthIsFixed
from cell_erp.figures import ZERO, plain
from cell_erp.invoices import rules
from cell_erp.invoices.errors import DeliveryNotPosted, OverBilling, WrongPartner
from cell_erp.orders.rules import state_by_progress
from cell_erp.periods.rules import code_of
from cell_erp.stock.actions import reversal_day
from cell_erp.tables import table
from cell_erp.vouchers.posting import Posting, open_posting, post_automatic

_PARTNER = "SELECT code, state, payment_terms, payment_days FROM erp_partner WHERE tenant_id = $1 AND id = $2"
_COPIED = ("order_id", "order_line_id", "item_id", "item_code", "price", "discount", "tax_rate")


async def prepare(work: Any, row: dict[str, Any], before: dict[str, Any] | None) -> None:
    """Fill the lines from deliveries and orders, and the due date from the customer's terms."""
    row["invoice_date"] = row["invoice_date"] or work.today
    if row["reversal_of_id"] is not None:
        return
    if before is not None and code_of(before["invoice_date"]) != code_of(row["invoice_date"]):
        raise MonthIsFixed
    partner = await work.row(_PARTNER, row["partner_id"])
    if partner is None:
        return  # the reference check names it
    if partner["state"] != "active":
        raise DisabledPartner(partner=partner["code"])
    if row["due_date"] is None:
        row["due_date"] = rules.due_date(row["invoice_date"], partner["payment_terms"], partner["payment_days"])
    await _fill_lines(work, row)


async def _fill_lines(work: Any, row: dict[str, Any]) -> None:
    found = await work.many(table(work, "delivery"), {line["delivery_id"] for line in row["lines"]})
    ordered = await work.many(table(work, "order"), {delivery["order_id"] for delivery in found.values()})
    for line in row["lines"]:
        delivery = found.get(line["delivery_id"])
        if delivery is None:
            continue  # the reference check names the line
        if delivery["partner_id"] != row["partner_id"]:
            raise WrongPartner(delivery=delivery["number"])
        if delivery["state"] != "posted":
            raise DeliveryNotPosted(delivery=delivery["number"])
        delivery_line = next((item for item in delivery["lines"] if item["id"] == line["delivery_line_id"]), None)
        if delivery_line is None:
            raise BadSelection(reason=f"delivery_line_id {line['delivery_line_id']}")
        order = ordered[delivery["order_id"]]
        order_line = next(item for item in order["lines"] if item["id"] == delivery_line["order_line_id"])
        line["order_id"], line["order_line_id"] = order["id"], order_line["id"]
        for name in ("item_id", "item_code", "price", "discount", "tax_rate"):
            line[name] = order_line[name]
        if line["quantity"] is not None and line["quantity"] > ZERO:
            _refuse_over_billing(delivery_line, line)
            line["amount"], line["tax"], line["total"] = rules.bill(
                order_line, line["quantity"], tax_included=order["tax_included"]
            )


def _refuse_over_billing(delivery_line: dict[str, Any], line: dict[str, Any]) -> None:
    if delivery_line["invoiced"] + line["quantity"] > delivery_line["quantity"]:
        raise OverBilling(
            item=delivery_line["item_code"],
            delivered=plain(delivery_line["quantity"]),
            invoiced=plain(delivery_line["invoiced"]),
            quantity=plain(line["quantity"]),
        )


async def post(work: Any, row: dict[str, Any]) -> None:
    """Dr receivable, Cr revenue and output tax; deliveries and orders count what is invoiced."""
    await _count(work, row, sign=1)
    posting = await open_posting(work, row["invoice_date"], ("receivable", "revenue", "output_tax"), stock=False)
    row["open_amount"] = row["total"]
    await _voucher(work, posting, row, source=f"erp/invoice/{row['id']}", word="销售发票")
    work.emit("erp.invoice.issued.v1", row, _event(row), key=str(row["id"]))


def _event(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "invoice_id": row["id"],
        "partner_id": row["partner_id"],
        "invoice_date": row["invoice_date"],
        "due_date": row["due_date"],
        "amount": row["amount"],
        "tax": row["tax"],
        "total": row["total"],
        "open": row["open_amount"],
        "orders": sorted({str(line["order_id"]) for line in row["lines"]}),
    }


async def _count(work: Any, row: dict[str, Any], *, sign: int) -> None:
    """Add (or with ``sign`` −1 take away) the invoice's quantities on its deliveries and orders."""
    found = await work.many(table(work, "delivery"), {line["delivery_id"] for line in row["lines"]})
    ordered = await work.many(table(work, "order"), {line["order_id"] for line in row["lines"]})
    delivery_lines = {line["id"]: line for delivery in found.values() for line in delivery["lines"]}
    order_lines = {line["id"]: line for order in ordered.values() for line in order["lines"]}
    for line in row["lines"]:
        delivery = found[line["delivery_id"]]
        if delivery["state"] != "posted":
            raise DeliveryNotPosted(delivery=delivery["number"])
        delivery_line, order_line = delivery_lines[line["delivery_line_id"]], order_lines[line["order_line_id"]]
        if sign > 0:
            _refuse_over_billing(delivery_line, line)
        delivery_line["invoiced"] += sign * line["quantity"]
        order_line["invoiced"] += sign * line["quantity"]
        order_line["invoiced_amount"] += sign * line["amount"]
        order_line["invoiced_tax"] += sign * line["tax"]
        ordered[line["order_id"]]["invoiced_total"] += sign * line["total"]
    for order in ordered.values():
        order["state"] = state_by_progress(order["lines"], short_closed=order["short_closed"])
        work.change(order)
    for delivery in found.values():
        work.change(delivery)


async def _voucher(work: Any, posting: Posting, row: dict[str, Any], *, source: str, word: str) -> None:
    # A number without gaps is given out last of all, so an invoice posted as it is made has none yet.
    summary = f"{word} {row['number']}".strip()
    partner = {"partner_id": row["partner_id"]}
    lines = []
    if row["total"]:
        lines.append(posting.entry("receivable", summary, debit=row["total"], **partner))
    if row["amount"]:
        lines.append(posting.entry("revenue", summary, credit=row["amount"], **partner))
    if row["tax"]:
        lines.append(posting.entry("output_tax", summary, credit=row["tax"], **partner))
    if lines:
        await post_automatic(work, posting, source=source, origin=row, summary=summary, lines=lines)


async def reverse(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> dict[str, str]:
    """A red invoice takes the whole invoice back; both are settled against each other on the day."""
    day = reversal_day(parameters, row["invoice_date"])
    await _count(work, row, sign=-1)
    posting = await open_posting(work, day, ("receivable", "revenue", "output_tax"), stock=False)
    red = await work.create(
        table(work, "invoice"),
        {
            "partner_id": row["partner_id"],
            "invoice_date": day,
            "due_date": day,
            "reversal_of_id": row["id"],
            "reverse_reason": parameters["reason"],
            "state": "red",
            "owner_id": row["owner_id"],
            "department_id": row["department_id"],
            "lines": [
                {name: line[name] for name in (*_COPIED, "delivery_id", "delivery_line_id")}
                | {name: -line[name] for name in ("quantity", "amount", "tax", "total")}
                for line in row["lines"]
            ],
        },
        source=f"erp/invoice/{row['id']}/reversal",
    )
    await _voucher(work, posting, red, source=f"erp/invoice/{red['id']}", word=f"红字发票，冲销 {row['number']}")
    common = {"partner_id": row["partner_id"], "allocated_on": day, "receipt_id": None}
    work.append(
        table(work, "allocation"),
        [
            {**common, "invoice_id": row["id"], "amount": row["total"]},
            {**common, "invoice_id": red["id"], "amount": -row["total"]},
        ],
    )
    row["open_amount"], row["reverse_reason"] = ZERO, parameters["reason"]
    return {"invoice_id": str(red["id"])}
