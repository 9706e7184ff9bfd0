"""What a document that follows another begins with."""

from __future__ import annotations

from decimal import Decimal

from cell_erp.following import lines_left


def test_only_lines_of_which_something_is_left_are_offered() -> None:
    lines = [{"id": key, "item_code": f"I{key}", "item_id": f"i{key}"} for key in (1, 2, 3)]
    left = {1: Decimal("2.5"), 2: Decimal(0), 3: Decimal(-1)}
    assert lines_left({"lines": lines}, left, "order_line_id") == [
        {
            "order_line_id": 1,
            "item_code": "I1",
            "item_id": "i1",
            "open_quantity": Decimal("2.5"),
            "quantity": Decimal("2.5"),
        }
    ]
