"""What a document that follows another begins with."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from cell_erp.figures import ZERO


def lines_left(row: Mapping[str, Any], left: Mapping[Any, Decimal], origin: str) -> list[dict[str, Any]]:
    """A line for each of ``row`` of which something is left; ``origin`` names the field that points back to it."""
    return [
        {
            origin: line["id"],
            "item_code": line["item_code"],
            "item_id": line["item_id"],
            "open_quantity": left[line["id"]],
            "quantity": left[line["id"]],
        }
        for line in row["lines"]
        if left[line["id"]] > ZERO
    ]
