"""Posting and reversing stock receipts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from cell_erp.errors import DisabledItem, DisabledPartner, DisabledWarehouse
from cell_erp.figures import ZERO, fits_money, money, product, total
from cell_erp.stock import moving
from cell_erp.stock.errors import BeforeOriginal, NotAStockItem, SupplierMissing
from cell_erp.vouchers.posting import Posting, open_posting, post_automatic

COUNTER_PURPOSE = {
    "opening": "opening_stock",
    "purchase": "goods_received",
    "gain": "stock_gain",
    "other": "other_income",
}
"""Which account stands against the stock account, by kind of receipt."""

_ITEMS = "SELECT id, code, state, kind FROM erp_item WHERE tenant_id = $1 AND id = ANY($2)"


def derive_receipt(row: dict[str, Any]) -> None:
    """Amounts of the lines and their sum."""
    for line in row["lines"]:
        if line.get("quantity") is not None and line.get("unit_cost") is not None:
            line["amount"] = money(product(line["quantity"], line["unit_cost"]))
    row["amount"] = total(line.get("amount") or ZERO for line in row["lines"])


def receipt_fits(row: dict[str, Any]) -> bool:
    """Whether the amounts fit their columns."""
    return fits_money(row["amount"], *(line.get("amount") or ZERO for line in row["lines"]))


async def prepare_receipt(work: Any, row: dict[str, Any], before: dict[str, Any] | None) -> None:  # noqa: ARG001 - the kit's signature
    """Set the date, copy item codes, refuse services and disabled items."""
    row["receipt_date"] = row["receipt_date"] or work.today
    if row["kind"] == "purchase" and row["partner_id"] is None:
        raise SupplierMissing
    await _check_items(work, row)


async def _check_items(work: Any, row: dict[str, Any]) -> None:
    found = await work.rows(_ITEMS, list({line["item_id"] for line in row["lines"]}))
    items = {item["id"]: item for item in found}
    services = [item["code"] for item in found if item["kind"] == "service"]
    if services:
        raise NotAStockItem(items=", ".join(services))
    disabled = [item["code"] for item in found if item["state"] != "active"]
    if disabled:
        raise DisabledItem(items=", ".join(disabled))
    for line in row["lines"]:
        if line["item_id"] in items:
            line["item_code"] = items[line["item_id"]]["code"]


async def check_warehouse(work: Any, warehouse_id: Any) -> None:
    """Refuse a disabled warehouse."""
    code = await work.value(
        "SELECT code FROM erp_warehouse WHERE tenant_id = $1 AND id = $2 AND state <> 'active'", warehouse_id
    )
    if code is not None:
        raise DisabledWarehouse(warehouse=code)


def reversal_day(parameters: dict[str, Any], original: date) -> date:
    """The date a reversal is posted on: as asked, else the original's; never before it."""
    day: date = parameters["date"] or original
    if day < original:
        raise BeforeOriginal(date=original)
    return day


async def post_receipt(work: Any, row: dict[str, Any]) -> None:
    """Raise stock and value; Dr stock, Cr what the kind of receipt says; adjust cost of stock sold in advance."""
    await check_warehouse(work, row["warehouse_id"])
    await _check_items(work, row)
    if row["partner_id"]:
        sql = "SELECT code FROM erp_partner WHERE tenant_id = $1 AND id = $2 AND state <> 'active'"
        disabled = await work.value(sql, row["partner_id"])
        if disabled:
            raise DisabledPartner(partner=disabled)
    counter = COUNTER_PURPOSE[row["kind"]]
    posting = await open_posting(work, row["receipt_date"], ("inventory", counter, "cost_of_sales"), stock=True)
    movements = await moving.move_stock(work, posting, row, "receipt", _moves(row), moving.receive)
    adjustment = total(movement.adjustment for movement in movements)
    await _voucher(work, posting, row, row["amount"], adjustment, source=f"erp/stock_receipt/{row['id']}", word="入库")


async def reverse_receipt(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
    """Take the goods back out at their value, with a red voucher."""
    day = reversal_day(parameters, row["receipt_date"])
    counter = COUNTER_PURPOSE[row["kind"]]
    posting = await open_posting(work, day, ("inventory", counter, "cost_of_sales"), stock=True)
    await moving.move_stock(work, posting, row, "receipt_reversal", _moves(row), moving.withdraw)
    await _voucher(
        work, posting, row, -row["amount"], ZERO, source=f"erp/stock_receipt/{row['id']}/reversal", word="冲销入库"
    )
    row["reversed_on"], row["reverse_reason"] = day, parameters["reason"]


def _moves(row: dict[str, Any]) -> list[moving.Move]:
    return [
        moving.Move(
            line["item_id"], row["warehouse_id"], line["item_code"], line["id"], line["quantity"], line["amount"]
        )
        for line in row["lines"]
    ]


async def _voucher(
    work: Any, posting: Posting, row: dict[str, Any], amount: Decimal, adjustment: Decimal, *, source: str, word: str
) -> None:
    summary = f"{word} {row['number']}"
    lines = []
    if amount:
        partner = {"partner_id": row["partner_id"]}
        lines.append(posting.entry("inventory", summary, debit=amount))
        lines.append(posting.entry(COUNTER_PURPOSE[row["kind"]], summary, credit=amount, **partner))
    if adjustment:
        lines.append(posting.entry("cost_of_sales", summary, debit=adjustment))
        lines.append(posting.entry("inventory", summary, credit=adjustment))
    if lines:
        await post_automatic(work, posting, source=source, origin=row, summary=summary, lines=lines)
