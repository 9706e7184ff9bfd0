"""Posting, reversing and invoicing deliveries."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cell_erp.deliveries.errors import NothingToInvoice, OrderNotOpen, OverDelivery
from cell_erp.errors import BadSelection, DisabledWarehouse, DownstreamExists
from cell_erp.figures import ZERO, plain, total
from cell_erp.following import lines_left
from cell_erp.orders.rules import may_ship, state_by_progress
from cell_erp.selection import chosen_amounts
from cell_erp.stock import moving
from cell_erp.stock.actions import reversal_day
from cell_erp.tables import table
from cell_erp.vouchers.posting import open_posting, post_automatic

_SHIPPABLE = {"confirmed", "partly_shipped"}

_ITEMS = """
SELECT i.id, i.kind, i.allow_negative, i.over_delivery_tolerance, (
    SELECT w.code FROM erp_warehouse w WHERE w.tenant_id = $1 AND w.id = $3 AND w.state <> 'active'
) AS disabled_warehouse
FROM erp_item i WHERE i.tenant_id = $1 AND i.id = ANY($2)
"""

_ON_DRAFT_INVOICES = """
SELECT l.delivery_line_id, sum(l.quantity) AS quantity
FROM erp_invoice_line l JOIN erp_invoice i ON i.tenant_id = l.tenant_id AND i.id = l.parent_id
WHERE l.tenant_id = $1 AND l.delivery_id = $2 AND i.state = 'draft' GROUP BY 1
"""


async def prepare(work: Any, row: dict[str, Any], before: dict[str, Any] | None) -> None:  # noqa: ARG001 - the kit's signature
    """Copy customer and items from the order; refuse lines that are not the order's."""
    row["delivery_date"] = row["delivery_date"] or work.today
    order = await work.get(table(work, "order"), row["order_id"])
    if order["state"] not in _SHIPPABLE:
        raise OrderNotOpen(order=order["number"])
    row["partner_id"] = order["partner_id"]
    row["ship_to"] = row["ship_to"] or order["ship_to"]
    by_id = {line["id"]: line for line in order["lines"]}
    for line in row["lines"]:
        order_line = by_id.get(line["order_line_id"])
        if order_line is None:
            raise BadSelection(reason=f"order_line_id {line['order_line_id']}")
        line["item_id"], line["item_code"] = order_line["item_id"], order_line["item_code"]


async def post(work: Any, row: dict[str, Any]) -> None:
    """Stock out at moving average, Dr cost of sales, Cr stock; the order's lines and state follow."""
    order = await work.get(table(work, "order"), row["order_id"])
    if order["state"] not in _SHIPPABLE:
        raise OrderNotOpen(order=order["number"])
    items = await _items(work, row)
    _ship(order, row, items)
    work.change(order)
    posting = await open_posting(work, row["delivery_date"], ("cost_of_sales", "inventory"), stock=True)
    stocked = [line for line in row["lines"] if items[line["item_id"]]["kind"] == "goods"]
    moves = [
        moving.Move(
            line["item_id"],
            row["warehouse_id"],
            line["item_code"],
            line["id"],
            line["quantity"],
            allow_negative=items[line["item_id"]]["allow_negative"],
        )
        for line in stocked
    ]
    movements = await moving.move_stock(work, posting, row, "delivery", moves, moving.issue)
    for line, movement in zip(stocked, movements, strict=True):
        line["cost"], line["unit_cost"] = -movement.value, movement.unit_cost
    row["cost"] = total(line["cost"] for line in row["lines"])
    if row["cost"]:
        summary = f"销售出库 {row['number']}"
        await post_automatic(
            work,
            posting,
            source=f"erp/delivery/{row['id']}",
            origin=row,
            summary=summary,
            lines=[
                posting.entry("cost_of_sales", summary, debit=row["cost"]),
                posting.entry("inventory", summary, credit=row["cost"]),
            ],
        )


async def _items(work: Any, row: dict[str, Any]) -> dict[Any, dict[str, Any]]:
    found = await work.rows(_ITEMS, list({line["item_id"] for line in row["lines"]}), row["warehouse_id"])
    if found[0]["disabled_warehouse"] is not None:
        raise DisabledWarehouse(warehouse=found[0]["disabled_warehouse"])
    return {item["id"]: item for item in found}


def _ship(order: dict[str, Any], row: dict[str, Any], items: dict[Any, dict[str, Any]]) -> None:
    by_id = {line["id"]: line for line in order["lines"]}
    for line in row["lines"]:
        order_line = by_id.get(line["order_line_id"])
        if order_line is None:
            raise BadSelection(reason=f"order_line_id {line['order_line_id']}")
        tolerance = items[line["item_id"]]["over_delivery_tolerance"] or ZERO
        if not may_ship(order_line, line["quantity"], tolerance):
            raise OverDelivery(
                item=line["item_code"],
                ordered=plain(order_line["quantity"]),
                delivered=plain(order_line["delivered"]),
                quantity=plain(line["quantity"]),
                tolerance=plain(tolerance),
            )
        order_line["delivered"] += line["quantity"]
    order["state"] = state_by_progress(order["lines"], short_closed=order["short_closed"])


async def reverse(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
    """Stock back in at the original cost, with a red voucher; refused while any of it is invoiced."""
    if any(line["invoiced"] > ZERO for line in row["lines"]):
        raise DownstreamExists(documents="发票 / invoices")
    order = await work.get(table(work, "order"), row["order_id"])
    drafts = await work.rows(_ON_DRAFT_INVOICES, row["id"])
    if drafts:
        raise DownstreamExists(documents="未过账发票 / draft invoices")
    day = reversal_day(parameters, row["delivery_date"])
    posting = await open_posting(work, day, ("cost_of_sales", "inventory"), stock=True)
    items = {
        item["id"]: item
        for item in await work.rows(_ITEMS, list({line["item_id"] for line in row["lines"]}), row["warehouse_id"])
    }
    moves = [
        moving.Move(line["item_id"], row["warehouse_id"], line["item_code"], line["id"], line["quantity"], line["cost"])
        for line in row["lines"]
        if items[line["item_id"]]["kind"] == "goods"
    ]
    movements = await moving.move_stock(work, posting, row, "delivery_reversal", moves, moving.receive)
    by_id = {line["id"]: line for line in order["lines"]}
    for line in row["lines"]:
        by_id[line["order_line_id"]]["delivered"] -= line["quantity"]
    # The order opens again even when it had been short-closed: its goods came back.
    if order["state"] == "closed":
        order["short_closed"] = False
    order["state"] = state_by_progress(order["lines"], short_closed=order["short_closed"])
    work.change(order)
    row["reversed_on"], row["reverse_reason"] = day, parameters["reason"]
    cost = row["cost"] - total(movement.adjustment for movement in movements)
    if cost:
        summary = f"冲销销售出库 {row['number']}"
        await post_automatic(
            work,
            posting,
            source=f"erp/delivery/{row['id']}/reversal",
            origin=row,
            summary=summary,
            lines=[
                posting.entry("cost_of_sales", summary, debit=-cost),
                posting.entry("inventory", summary, credit=-cost),
            ],
        )


async def open_lines(work: Any, row: dict[str, Any]) -> dict[str, Any]:
    """What an invoice begins with: everything that is neither invoiced nor on a draft invoice."""
    left = await _left(work, row)
    return {
        "invoice_date": work.today,
        "lines": lines_left(row, left, "delivery_line_id"),
    }


async def _left(work: Any, row: dict[str, Any]) -> dict[Any, Decimal]:
    """How much of each line is neither invoiced nor on a draft invoice."""
    planned: dict[Any, Decimal] = {
        item["delivery_line_id"]: item["quantity"] for item in await work.rows(_ON_DRAFT_INVOICES, row["id"])
    }
    return {
        line["id"]: max(ZERO, line["quantity"] - line["invoiced"] - planned.get(line["id"], ZERO))
        for line in row["lines"]
    }


async def invoice(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> dict[str, str]:
    """Make an invoice; without chosen lines, of everything that is neither invoiced nor on a draft invoice."""
    chosen = chosen_amounts(parameters["lines"], "delivery_line_id")
    work.change(row)  # its version moves on, so two invoices made at once cannot both take the open quantity
    left = await _left(work, row)
    lines = []
    for line in row["lines"]:
        quantity = left[line["id"]] if chosen is None else chosen.pop(line["id"], ZERO)
        if quantity > ZERO:
            lines.append({"delivery_id": row["id"], "delivery_line_id": line["id"], "quantity": quantity})
    if chosen:
        raise BadSelection(reason=f"delivery_line_id {next(iter(chosen))}")
    if not lines:
        raise NothingToInvoice(delivery=row["number"])
    made = await work.create(
        table(work, "invoice"),
        {
            "partner_id": row["partner_id"],
            "invoice_date": parameters["invoice_date"],
            "lines": lines,
            "owner_id": row["owner_id"],
            "department_id": row["department_id"],
        },
    )
    if parameters["post"]:
        await work.act(table(work, "invoice"), made, "post")
    return {"invoice_id": str(made["id"]), "invoice_number": made["number"]}
