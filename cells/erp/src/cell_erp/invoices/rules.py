"""Due dates, what a delivered quantity is billed at, and how paid an invoice is. Pure functions."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from cell_erp.figures import ZERO, total
from cell_erp.orders.rules import line_amounts

Row = dict[str, Any]


def due_date(invoice_date: date, terms: str, days: int) -> date:
    """``days`` after the invoice, or after the end of its month when the terms are ``month_end``."""
    start = invoice_date
    if terms == "month_end":
        start = invoice_date.replace(day=calendar.monthrange(invoice_date.year, invoice_date.month)[1])
    return start + timedelta(days=days)


def bill(order_line: Mapping[str, Any], quantity: Decimal, *, tax_included: bool) -> tuple[Decimal, Decimal, Decimal]:
    """``(amount, tax, total)`` for billing ``quantity`` of an order line.

    The billing that completes the ordered quantity takes what is left of the line's amounts, so that the invoices of
    a line add up to the order to the cent.
    """
    if order_line["invoiced"] + quantity == order_line["quantity"]:
        amount = order_line["amount"] - order_line["invoiced_amount"]
        tax = order_line["tax"] - order_line["invoiced_tax"]
        return amount, tax, amount + tax
    return line_amounts(
        order_line["price"], quantity, order_line["discount"], order_line["tax_rate"], tax_included=tax_included
    )


def derive_invoice(row: Row) -> None:
    """Fill the sums of the header; while a draft, all of it is open."""
    for name in ("amount", "tax", "total"):
        row[name] = total(line.get(name) or ZERO for line in row["lines"])
    if row.get("state") in (None, "draft"):
        row["open_amount"] = row["total"]


def state_by_open(total_amount: Decimal, open_amount: Decimal) -> str:
    """``posted``, ``part_paid`` or ``paid``."""
    if open_amount == ZERO:
        return "paid"
    return "posted" if open_amount == total_amount else "part_paid"
