"""Checks and actions of sales orders."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cell_erp.errors import BadSelection, DisabledItem, DisabledPartner, DownstreamExists, NotACustomer
from cell_erp.figures import ZERO
from cell_erp.following import lines_left
from cell_erp.orders import rules
from cell_erp.orders.errors import CreditExceeded, NothingToDeliver, TaxRateMissing, WarehouseMissing
from cell_erp.selection import chosen_amounts
from cell_erp.tables import table
from cell_erp.taxes.rules import rate_on
from cellkit.errors import ValidationFailed, problem

_ITEMS = "SELECT id, code, state, sales_price, tax_code FROM erp_item WHERE tenant_id = $1 AND id = ANY($2)"
_RATES = "SELECT code, rate, valid_from, valid_to FROM erp_tax_rate WHERE tenant_id = $1 AND code = ANY($2)"

_PARTNER = """
SELECT p.code, p.state, p.is_customer, p.credit_limit, (
    SELECT string_agg(i.code, ', ' ORDER BY i.code) FROM erp_item i
    WHERE i.tenant_id = $1 AND i.id = ANY($3) AND i.state <> 'active'
) AS disabled_items
FROM erp_partner p WHERE p.tenant_id = $1 AND p.id = $2
"""

_LIMIT = "SELECT credit_limit FROM erp_partner WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE"

# What the customer owes, plus what is agreed and not invoiced yet, less money received and not allocated.
_EXPOSURE = """
SELECT coalesce((
    SELECT sum(open_amount) FROM erp_invoice
    WHERE tenant_id = $1 AND partner_id = $2 AND state IN ('posted', 'part_paid')
), 0) + coalesce((
    SELECT sum(greatest(total - invoiced_total, 0)) FROM erp_order
    WHERE tenant_id = $1 AND partner_id = $2 AND state IN ('confirmed', 'partly_shipped', 'shipped')
), 0) - coalesce((
    SELECT sum(unallocated) FROM erp_receipt WHERE tenant_id = $1 AND partner_id = $2 AND state = 'posted'
), 0)
"""


async def prepare(work: Any, row: dict[str, Any], before: dict[str, Any] | None) -> None:
    """Fill in what the items say about changed lines."""
    if before is None or before["lines"] != row["lines"] or before["order_date"] != row["order_date"]:
        await prepare_many(work, [row])


async def prepare_many(work: Any, rows: list[dict[str, Any]]) -> None:
    """Fill in what the items say: code, price where none is given, the tax rate of the order's day."""
    ids = {line["item_id"] for row in rows for line in row["lines"]}
    items = {item["id"]: item for item in await work.rows(_ITEMS, list(ids))}
    disabled = sorted(item["code"] for item in items.values() if item["state"] != "active")
    if disabled:
        raise DisabledItem(items=", ".join(disabled))
    codes = {item["tax_code"] for item in items.values() if item["tax_code"]}
    rates = await work.rows(_RATES, sorted(codes)) if codes else []
    for row in rows:
        row["order_date"] = row["order_date"] or work.today
        _fill_lines(row, items, rates)


def _fill_lines(row: dict[str, Any], items: dict[Any, dict[str, Any]], rates: list[dict[str, Any]]) -> None:
    problems = []
    for index, line in enumerate(row["lines"]):
        item = items.get(line["item_id"])
        if item is None:
            continue  # the reference check names the line
        line["item_code"] = item["code"]
        if line["price"] is None:
            line["price"] = item["sales_price"]
        if line["price"] is None:
            text = ("单价必填，物料没有参考售价", "Price is required: the item has none")
            problems.append(problem(f"lines[{index}].price", "required", *text))
        if line["discount"] is None:
            line["discount"] = ZERO
        if line["tax_rate"] is None:
            line["tax_rate"] = _tax_rate(item["tax_code"], rates, row["order_date"])
    if problems:
        raise ValidationFailed(problems)


def _tax_rate(tax_code: str | None, rates: list[dict[str, Any]], day: Any) -> Decimal:
    if not tax_code:
        return ZERO
    rate = rate_on(rates, tax_code, day)
    if rate is None:
        raise TaxRateMissing(tax_code=tax_code, date=day)
    return rate


def payload(row: dict[str, Any]) -> dict[str, Any]:
    """The data of an order's events."""
    return {
        "so_id": row["id"],
        "number": row["number"],
        "state": row["state"],
        "partner_id": row["partner_id"],
        "contract_id": row["contract_id"],
        "contract_number": row["contract_number"],
        "reference": row["reference"],
        "order_date": row["order_date"],
        "due": row["due_date"],
        "ship_to": row["ship_to"],
        "warehouse_id": row["warehouse_id"],
        "amount": row["amount"],
        "tax": row["tax"],
        "total": row["total"],
        "lines": [
            {
                "line_id": line["id"],
                "item": line["item_code"],
                "item_id": line["item_id"],
                "qty": line["quantity"],
                "price": line["price"],
                "discount": line["discount"],
                "total": line["total"],
                "due": line["due_date"],
            }
            for line in row["lines"]
        ],
    }


async def confirm(work: Any, row: dict[str, Any]) -> None:
    """Refuse disabled partners and items, and orders beyond the customer's credit."""
    partner = await work.row(_PARTNER, row["partner_id"], list({line["item_id"] for line in row["lines"]}))
    if partner["state"] != "active":
        raise DisabledPartner(partner=partner["code"])
    if not partner["is_customer"]:
        raise NotACustomer(partner=partner["code"])
    if partner["disabled_items"]:
        raise DisabledItem(items=partner["disabled_items"])
    if partner["credit_limit"] is not None:
        await require_credit(work, partner["code"], row)


async def require_credit(work: Any, partner_code: str, row: dict[str, Any]) -> None:
    """Refuse what the customer's credit does not cover; confirmations of one customer wait for each other here."""
    await work.begin()
    limit = await work.value(_LIMIT, row["partner_id"])
    used = await work.value(_EXPOSURE, row["partner_id"])
    excess = rules.credit_excess(limit, used, row["total"])
    if excess > ZERO:
        raise CreditExceeded(partner=partner_code, limit=limit, used=used, amount=row["total"], excess=excess)


async def require_no_delivery(work: Any, row: dict[str, Any]) -> None:
    """Refuse while a delivery of the order exists that was not reversed."""
    found = await work.rows(
        "SELECT number FROM erp_delivery WHERE tenant_id = $1 AND order_id = $2 AND state <> 'reversed' LIMIT 5",
        row["id"],
    )
    if found:
        raise DownstreamExists(documents=", ".join(item["number"] for item in found))


async def short_close(work: Any, row: dict[str, Any], reason: str) -> None:
    """Close what is open; refuse while a draft delivery would still ship it."""
    found = await work.rows(
        "SELECT number FROM erp_delivery WHERE tenant_id = $1 AND order_id = $2 AND state = 'draft' LIMIT 5", row["id"]
    )
    if found:
        raise DownstreamExists(documents=", ".join(item["number"] for item in found))
    row["short_closed"], row["close_reason"] = True, reason
    row["state"] = rules.state_by_progress(row["lines"], short_closed=True)


async def deliver(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> dict[str, str]:
    """Make a delivery; without chosen lines, of everything that is neither shipped nor on a draft delivery."""
    chosen = chosen_amounts(parameters["lines"], "order_line_id")
    work.change(row)  # its version moves on, so two deliveries made at once cannot both take the open quantity
    left = await _left(work, row)
    quantities = left if chosen is None else {line["id"]: chosen.pop(line["id"], ZERO) for line in row["lines"]}
    if chosen:
        raise BadSelection(reason=f"order_line_id {next(iter(chosen))}")
    lines = [{"order_line_id": key, "quantity": quantity} for key, quantity in quantities.items() if quantity > ZERO]
    if not lines:
        raise NothingToDeliver(order=row["number"])
    delivery = await work.create(
        table(work, "delivery"),
        {
            "order_id": row["id"],
            "warehouse_id": parameters["warehouse_id"] or row["warehouse_id"] or await _default_warehouse(work),
            "delivery_date": parameters["delivery_date"],
            "ship_to": row["ship_to"],
            "lines": lines,
            "owner_id": row["owner_id"],
            "department_id": row["department_id"],
        },
    )
    if parameters["post"]:
        await work.act(table(work, "delivery"), delivery, "post")
    return {"delivery_id": str(delivery["id"]), "delivery_number": delivery["number"]}


async def open_lines(work: Any, row: dict[str, Any]) -> dict[str, Any]:
    """What a delivery begins with: everything that is neither shipped nor on a draft delivery."""
    left = await _left(work, row)
    return {
        "delivery_date": work.today,
        "warehouse_id": row["warehouse_id"] or await _usual_warehouse(work),
        "lines": lines_left(row, left, "order_line_id"),
    }


async def _left(work: Any, row: dict[str, Any]) -> dict[Any, Decimal]:
    """How much of each line is neither shipped nor on a draft delivery."""
    rows = await work.rows(
        """
        SELECT l.order_line_id, sum(l.quantity) AS quantity
        FROM erp_delivery d JOIN erp_delivery_line l ON l.tenant_id = d.tenant_id AND l.parent_id = d.id
        WHERE d.tenant_id = $1 AND d.order_id = $2 AND d.state = 'draft' GROUP BY 1
        """,
        row["id"],
    )
    planned = {item["order_line_id"]: item["quantity"] for item in rows}
    return {line["id"]: max(ZERO, rules.open_to_ship(line) - planned.get(line["id"], ZERO)) for line in row["lines"]}


async def _default_warehouse(work: Any) -> Any:
    found = await _usual_warehouse(work)
    if found is None:
        raise WarehouseMissing
    return found


async def _usual_warehouse(work: Any) -> Any:
    """The default warehouse, or the only one, or None."""
    found = await work.rows(
        "SELECT id, is_default FROM erp_warehouse WHERE tenant_id = $1 AND state = 'active' "
        "ORDER BY is_default DESC, id LIMIT 2"
    )
    if len(found) == 1 or (found and found[0]["is_default"]):
        return found[0]["id"]
    return None
