"""Reading a list of chosen lines from an action's parameters."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from cell_erp.errors import BadSelection
from cellkit.declare.fields import FieldError, Number, parse_uuid
from cellkit.labels import L

_LONGEST = 1000


def chosen_quantities(value: Any, key: str, amount: str = "quantity", scale: int = 6) -> dict[UUID, Decimal] | None:
    """``[{key: uuid, amount: "1.5"}]`` as a mapping; None when nothing was chosen. Raises :class:`BadSelection`."""
    if value is None:
        return None
    if not isinstance(value, list) or not value or len(value) > _LONGEST:
        raise BadSelection(reason=f"[{{{key}, {amount}}}]")
    number = Number(L("数量", "Quantity"), scale=scale, above=0)
    result: dict[UUID, Decimal] = {}
    for index, item in enumerate(value):
        if not isinstance(item, dict) or item.keys() != {key, amount}:
            raise BadSelection(reason=f"[{index}]: {{{key}, {amount}}}")
        try:
            identity, figure = parse_uuid(item[key]), number.accept(item[amount])
        except FieldError as error:
            raise BadSelection(reason=f"[{index}]: {error.message.en}") from None
        if identity in result:
            raise BadSelection(reason=f"[{index}]: {key} ×2")
        result[identity] = figure
    return result
