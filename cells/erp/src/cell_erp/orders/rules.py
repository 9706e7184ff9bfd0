"""What an order is worth, what is open on it, and which state its lines add up to. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from cell_erp.figures import ONE, ZERO, fits_money, money, product, quotient, total

Row = dict[str, Any]

OPEN_STATES = ("confirmed", "partly_shipped", "shipped")
"""States in which an order still uses up credit: agreed, not yet wholly invoiced."""


def line_amounts(
    price: Decimal, quantity: Decimal, discount: Decimal, tax_rate: Decimal, *, tax_included: bool
) -> tuple[Decimal, Decimal, Decimal]:
    """``(amount without tax, tax, total)`` of a line, each rounded half up to 0.01.

    Price × quantity × (1 − discount) is the amount, or the total when prices include the tax; the other two follow,
    so that amount + tax = total holds to the cent.
    """
    value = money(product(price, quantity, ONE - discount))
    if tax_included:
        amount = money(quotient(value, ONE + tax_rate))
        return amount, value - amount, value
    tax = money(product(value, tax_rate))
    return value, tax, value + tax


def derive_order(row: Row) -> None:
    """Fill the amounts of the lines and their sums in the header."""
    included = row.get("tax_included", False)
    for line in row["lines"]:
        if line.get("price") is None or line.get("quantity") is None:
            continue
        line["amount"], line["tax"], line["total"] = line_amounts(
            line["price"],
            line["quantity"],
            line.get("discount") or ZERO,
            line.get("tax_rate") or ZERO,
            tax_included=included,
        )
    for name in ("amount", "tax", "total"):
        row[name] = total(line.get(name) or ZERO for line in row["lines"])


def amounts_fit(row: Row) -> bool:
    """Whether every amount fits its column."""
    return fits_money(row["amount"] or ZERO, row["total"] or ZERO) and all(
        fits_money(line.get("amount") or ZERO, line.get("total") or ZERO) for line in row["lines"]
    )


def open_to_ship(line: Mapping[str, Any]) -> Decimal:
    """What is still to be shipped of a line; never below zero."""
    left: Decimal = line["quantity"] - line["delivered"]
    return max(ZERO, left)


def may_ship(line: Mapping[str, Any], quantity: Decimal, tolerance: Decimal) -> bool:
    """Whether ``quantity`` more stays within ordered × (1 + tolerance)."""
    return bool(line["delivered"] + quantity <= product(line["quantity"], ONE + tolerance))


def state_by_progress(lines: Iterable[Mapping[str, Any]], *, short_closed: bool) -> str:
    """The state that shipped and invoiced quantities add up to.

    A short-closed order counts as fully shipped, and is closed once everything shipped is invoiced.
    """
    rows = list(lines)
    shipped = any(line["delivered"] > ZERO for line in rows)
    complete = short_closed or all(line["delivered"] >= line["quantity"] for line in rows)
    invoiced = all(line["invoiced"] >= line["delivered"] for line in rows)
    if complete and invoiced and (shipped or short_closed):
        return "closed" if short_closed else "invoiced"
    if complete:
        return "shipped"
    return "partly_shipped" if shipped else "confirmed"


def credit_excess(limit: Decimal | None, exposure: Decimal, addition: Decimal) -> Decimal:
    """By how much an order would exceed the limit; zero when it does not, or when there is no limit."""
    if limit is None:
        return ZERO
    return max(ZERO, exposure + addition - limit)
