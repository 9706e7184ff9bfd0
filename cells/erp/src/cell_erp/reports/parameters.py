"""Parameters and errors that reports share."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from cell_erp.figures import money
from cell_erp.periods.rules import code_of, is_code
from cellkit.errors import ValidationFailed, problem


def period_range(work: Any, parameters: dict[str, Any]) -> tuple[str, str]:
    """``period``, or ``from_period`` to ``to_period``; the month of today when nothing is given."""
    single = parameters.get("period")
    last = single or parameters["to_period"] or parameters["from_period"] or code_of(work.today)
    first = single or parameters["from_period"] or last
    problems = [
        problem(name, "pattern", "期间格式应为 YYYY-MM", "A period looks like YYYY-MM")
        for name, value in (("from_period", first), ("to_period", last))
        if not is_code(value)
    ]
    if not problems and first > last:
        problems.append(problem("from_period", "range", "开始期间晚于结束期间", "The range ends before it begins"))
    if problems:
        raise ValidationFailed(problems)
    return first, last


def day_of(work: Any, parameters: dict[str, Any]) -> date:
    """The day asked for, today when none is."""
    day: date = parameters["date"] or work.today
    return day


def figure(value: Decimal | int | None) -> Decimal:
    """An amount of a report, always with two digits."""
    return money(Decimal(value or 0))
