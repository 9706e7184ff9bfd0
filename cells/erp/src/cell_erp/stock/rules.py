"""Moving average cost. Pure functions over a position (quantity and value of an item in a warehouse).

Value leaves at ``quantity × value / on-hand quantity`` rounded half up to 0.01, and the last unit takes what is left,
so a position of quantity zero is always worth exactly zero. Where an item may go negative, the missing quantity
leaves at the last known average, and the receipt that fills the gap puts the difference into an adjustment.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from cell_erp.figures import ZERO, money, product, quotient, unit_price


@dataclass(frozen=True, slots=True)
class Position:
    """Stock of one item in one warehouse. ``average`` is the last known unit cost and outlives an empty position."""

    quantity: Decimal = ZERO
    value: Decimal = ZERO
    average: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Movement:
    """One change of a position: signed ``quantity`` and ``value``, and the position after it.

    ``adjustment`` is the value by which stock issued in advance turned out to be dearer (positive) or cheaper than it
    was issued at; it belongs to cost of sales, and ``after`` already includes its effect on the stock value.
    """

    quantity: Decimal
    value: Decimal
    after: Position
    adjustment: Decimal = ZERO

    @property
    def unit_cost(self) -> Decimal:
        """Value per unit, six digits."""
        return unit_price(quotient(self.value, self.quantity)) if self.quantity else ZERO


def covers(position: Position, quantity: Decimal) -> bool:
    """Whether the position can give ``quantity`` without going negative."""
    return quantity <= position.quantity


def receive(position: Position, quantity: Decimal, value: Decimal) -> Movement:
    """Take ``quantity`` (> 0) worth ``value`` (≥ 0) into a position."""
    after_quantity = position.quantity + quantity
    after_value = position.value + value
    adjustment = ZERO
    if position.quantity < ZERO:
        rate = quotient(value, quantity)
        settled = (
            money(product(after_quantity, rate))
            if after_quantity >= ZERO
            else money(product(after_quantity, position.average))
        )
        adjustment = after_value - settled
        after_value = settled
    return Movement(
        quantity,
        value,
        _position(after_quantity, after_value, _received_average(position, quantity, value)),
        adjustment,
    )


def issue(position: Position, quantity: Decimal) -> Movement:
    """Take ``quantity`` (> 0) out of a position at moving average; see :func:`covers` for whether it may."""
    if ZERO < quantity == position.quantity:
        cost = position.value
    elif quantity < position.quantity:
        cost = min(position.value, money(quotient(product(position.value, quantity), position.quantity)))
    else:
        covered = max(position.quantity, ZERO)
        value = position.value if covered else ZERO
        cost = value + money(product(quantity - covered, position.average))
    after = _position(position.quantity - quantity, position.value - cost, position.average)
    return Movement(-quantity, -cost, after)


def withdraw(position: Position, quantity: Decimal, value: Decimal) -> Movement | None:
    """Take back a receipt at its original value; None when the position would end up impossible.

    Impossible is: less than nothing on hand, value below zero, or value without quantity.
    """
    after_quantity, after_value = position.quantity - quantity, position.value - value
    if after_quantity < ZERO or after_value < ZERO or (after_quantity == ZERO and after_value != ZERO):
        return None
    return Movement(-quantity, -value, _position(after_quantity, after_value, position.average))


def _received_average(position: Position, quantity: Decimal, value: Decimal) -> Decimal:
    return position.average if position.quantity > ZERO else unit_price(quotient(value, quantity))


def _position(quantity: Decimal, value: Decimal, fallback: Decimal) -> Position:
    average = unit_price(quotient(value, quantity)) if quantity > ZERO else fallback
    return Position(quantity, value, average)
