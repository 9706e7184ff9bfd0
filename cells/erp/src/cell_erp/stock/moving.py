"""Moving stock: balances under lock, the ledger beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cell_erp.figures import ZERO, plain
from cell_erp.stock import rules
from cell_erp.stock.errors import InsufficientStock, ReceiptConsumed
from cell_erp.stock.rules import Movement, Position
from cell_erp.tables import table
from cell_erp.vouchers.posting import Posting


@dataclass(frozen=True, slots=True)
class Move:
    """One line's movement: ``value`` is given for what comes in or is taken back, and found for what goes out."""

    item_id: Any
    warehouse_id: Any
    item_code: str
    line_id: Any
    quantity: Decimal
    value: Decimal = ZERO
    allow_negative: bool = False


def receive(position: Position, move: Move) -> Movement:
    """Into stock at the move's value."""
    return rules.receive(position, move.quantity, move.value)


def issue(position: Position, move: Move) -> Movement:
    """Out of stock at moving average; raises :class:`InsufficientStock`."""
    if not move.allow_negative and not rules.covers(position, move.quantity):
        raise InsufficientStock(item=move.item_code, available=plain(position.quantity), wanted=plain(move.quantity))
    return rules.issue(position, move.quantity)


def withdraw(position: Position, move: Move) -> Movement:
    """Take a receipt back at its value; raises :class:`ReceiptConsumed`."""
    movement = rules.withdraw(position, move.quantity, move.value)
    if movement is None:
        raise ReceiptConsumed(item=move.item_code)
    return movement


async def move_stock(
    work: Any,
    posting: Posting,
    origin: dict[str, Any],
    kind: str,
    moves: Sequence[Move],
    apply: Callable[[Position, Move], Movement],
) -> list[Movement]:
    """Apply the moves in order to locked balances and write the ledger; answers one movement a move."""
    balances = await work.balances(table(work, "stock_balance"), [(move.item_id, move.warehouse_id) for move in moves])
    movements: list[Movement] = []
    entries: list[dict[str, Any]] = []
    for move in moves:
        balance = balances[move.item_id, move.warehouse_id]
        movement = apply(Position(balance["quantity"], balance["value"], balance["average_cost"]), move)
        after = movement.after
        balance["quantity"], balance["value"], balance["average_cost"] = after.quantity, after.value, after.average
        movements.append(movement)
        entry = {
            "item_id": move.item_id,
            "warehouse_id": move.warehouse_id,
            "posting_date": posting.day,
            "period": posting.period,
            "kind": kind,
            "quantity": movement.quantity,
            "value": movement.value,
            "unit_cost": movement.unit_cost,
            "balance_quantity": after.quantity,
            "balance_value": after.value + movement.adjustment,
            "origin": origin["number"],
            "origin_id": origin["id"],
            "origin_line_id": move.line_id,
        }
        entries.append(entry)
        if movement.adjustment:
            entries.append(
                entry
                | {
                    "kind": "adjustment",
                    "quantity": ZERO,
                    "value": -movement.adjustment,
                    "unit_cost": ZERO,
                    "balance_value": after.value,
                }
            )
    work.append(table(work, "stock_ledger"), entries)
    return movements
