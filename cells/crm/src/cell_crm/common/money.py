"""Amounts of quote and contract lines (pure functions)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from cellkit.declare import Row

CENT = Decimal("0.01")
ZERO = Decimal(0)
ONE = Decimal(1)
_RATE = Decimal("0.00000001")


def to_cents(value: Decimal) -> Decimal:
    """Half up to 0.01."""
    return value.quantize(CENT, ROUND_HALF_UP)


def to_rate(value: Decimal) -> Decimal:
    """Half up to eight digits after the point."""
    return value.quantize(_RATE, ROUND_HALF_UP)


def line_amount(quantity: Decimal, price: Decimal, discount: Decimal | None) -> Decimal:
    """Price × quantity × (1 − discount), half up to 0.01."""
    return to_cents(price * quantity * (ONE - (discount or ZERO)))


def effective_discount(list_price: Decimal | None, price: Decimal, discount: Decimal | None) -> Decimal:
    """What a customer pays less than the list price, as a factor; a lowered price counts like a discount.

    Without a list price only the stated discount is known. Never negative.
    """
    stated = discount or ZERO
    if not list_price:
        return to_rate(stated)
    return max(ZERO, to_rate(ONE - price * (ONE - stated) / list_price))


def derive_lines(lines: Iterable[Row]) -> Decimal:
    """Fill ``amount`` of each line; returns their sum.

    A line has no price only when its product is unknown; it counts 0.00 until the check of its references refuses it.
    """
    total = ZERO
    for line in lines:
        line["amount"] = line_amount(line["quantity"], line["price"] or ZERO, line["discount"])
        total += line["amount"]
    return total
