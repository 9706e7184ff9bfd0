"""Exact figures: money with two digits, prices and quantities with six, half up, never a float.

The context is wide enough that a product of a price, a quantity and a discount is exact before it is rounded once.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal

ZERO = Decimal(0)
ONE = Decimal(1)
CENT = Decimal("0.01")
MICRO = Decimal("0.000001")
MONEY_LIMIT = Decimal(10) ** 16
"""Amounts from here on do not fit an 18 digit money column."""

_EXACT = Context(prec=120, rounding=ROUND_HALF_UP)


def product(*factors: Decimal) -> Decimal:
    """The exact product."""
    result = ONE
    for factor in factors:
        result = _EXACT.multiply(result, factor)
    return result


def quotient(dividend: Decimal, divisor: Decimal) -> Decimal:
    """The quotient with far more digits than any column keeps."""
    return _EXACT.divide(dividend, divisor)


def money(value: Decimal) -> Decimal:
    """Half up to 0.01."""
    return value.quantize(CENT, context=_EXACT)


def unit_price(value: Decimal) -> Decimal:
    """Half up to six digits, as prices and unit costs are kept."""
    return value.quantize(MICRO, context=_EXACT)


def total(values: Iterable[Decimal]) -> Decimal:
    """The sum, zero when there is nothing."""
    return sum(values, ZERO)


def plain(value: Decimal) -> str:
    """A figure for people: no exponent, no needless zeros after the point."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def fits_money(*values: Decimal) -> bool:
    """Whether all amounts fit a money column."""
    return all(-MONEY_LIMIT < value < MONEY_LIMIT for value in values)
