"""Evaluate a checked expression on a row. Empty operands: figures are empty, comparisons do not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from typing import Any
from uuid import UUID

from cellkit.declare.fields import FieldError
from cellkit.expression import periods
from cellkit.expression.functions import MOST_DAYS, ROUNDING
from cellkit.expression.names import Place
from cellkit.expression.situation import Situation
from cellkit.expression.typed import Typed

# Digits for the longest product that fits into an expression, so that nothing but a division is ever rounded.
_EXACT = Context(prec=20_000, Emax=999_999, Emin=-999_999)
_UNIT = Decimal(1).scaleb(-ROUNDING)
_ZERO = Decimal(0)


def evaluate(tree: Typed, row: dict[str, Any], situation: Situation) -> Any:
    """The value of ``tree`` for ``row``; flags are always True or False."""
    return _Evaluation(row, situation).value(tree)


class _Evaluation:
    def __init__(self, row: dict[str, Any], situation: Situation, line: dict[str, Any] | None = None) -> None:
        self._row = row
        self._line = line
        self._now = situation

    def value(self, node: Typed) -> Any:
        operation = node.operation
        if operation == "literal":
            return node.value
        if operation == "place":
            return self._stored(node.place)
        if operation == "parameter":
            return plain(self._now.parameters.get(node.value), node.kind)
        if operation in ("and", "or"):
            decided = any if operation == "or" else all
            return decided(self.value(part) for part in node.arguments)
        if operation == "lines":
            return self._total(node)
        if operation == "if":
            chosen = node.arguments[1] if self.value(node.arguments[0]) else node.arguments[2]
            return self.value(chosen)
        if operation == "in_period":
            return self._in_period(node)
        return _OPERATIONS[operation](self._now, *(self.value(part) for part in node.arguments))

    def _stored(self, place: Place | None) -> Any:
        assert place is not None  # noqa: S101 - the checker sets it
        holder = self._row
        if place.grid is not None and self._line is not None:
            holder = self._line
        value = holder.get(place.full_name) if holder is self._row and place.grid else holder.get(place.name)
        if value is None and place.custom:
            extension = holder.get("extension")
            value = extension.get(place.name) if isinstance(extension, dict) else None
        if place.kind == "flag":
            return bool(value) if value is not None else None
        return plain(value, place.kind)

    def _in_period(self, node: Typed) -> bool:
        day = _day(self._now, self.value(node.arguments[0]))
        first, after = period_of(node.value, self._now)
        return day is not None and first <= day < after

    def _total(self, node: Typed) -> Any:
        lines: Iterable[dict[str, Any]] = self._row.get(node.grid or "") or ()
        each = [_Evaluation(self._row, self._now, line) for line in lines]
        if not node.arguments:
            return Decimal(len(each))
        if len(node.arguments) == 2:
            each = [one for one in each if one.value(node.arguments[1])]
        values = [one.value(node.arguments[0]) for one in each]
        return total(node.value, values)


def total(name: str, values: list[Any]) -> Any:
    """A total of the values of many lines or rows."""
    if name in ("any", "all"):
        return any(values) if name == "any" else all(values)
    if name == "count":
        return Decimal(sum(1 for value in values if value))
    present = [value for value in values if value is not None]
    if name == "sum":
        return _sum(present)
    if name == "avg":
        return divide(_sum(present), Decimal(len(present)))
    return (min(present) if name == "min" else max(present)) if present else None


def _sum(values: Iterable[Decimal]) -> Decimal:
    result = _ZERO
    for value in values:
        result = _EXACT.add(result, value)
    return result


def divide(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    """A quotient, half up at 12 digits after the point; empty where the divisor is zero."""
    if left is None or right is None or not right:
        return None
    exact = _EXACT.divide_int(_EXACT.scaleb(left, ROUNDING + 1), right)
    return _EXACT.scaleb(exact, -ROUNDING - 1).quantize(_UNIT, ROUND_HALF_UP, _EXACT)


def period_of(value: tuple[str, int | None], situation: Situation) -> tuple[date, date]:
    """The days of a named period or of a parameter that holds one."""
    name, count = value
    if count is None:
        chosen = situation.parameters.get(name) or ("today", 1)
        name, count = chosen
    return periods.period_range(str(name), int(count or 1), situation.today)


def plain(value: Any, kind: str) -> Any:
    """A value as rows or JSON hold it, as the back end compares it; what does not fit is empty."""
    if value is None or kind in ("text", "other"):
        return value if value is None or isinstance(value, str) or kind == "other" else str(value)
    try:
        if kind == "number":
            return value if isinstance(value, Decimal) else Decimal(value)
        if kind == "id":
            return value if isinstance(value, UUID) else UUID(value)
        if kind == "date" and isinstance(value, str):
            return date.fromisoformat(value)
        if kind == "moment" and isinstance(value, str):
            return datetime.fromisoformat(value)
    except (ValueError, ArithmeticError, TypeError, FieldError):
        return None
    return value


def _day(situation: Situation, value: Any) -> date | None:
    return situation.day_of(value) if isinstance(value, datetime) else value


def _comparable(situation: Situation, left: Any, right: Any) -> tuple[Any, Any]:
    if isinstance(left, datetime) != isinstance(right, datetime):
        return _day(situation, left), _day(situation, right)
    if isinstance(left, UUID) != isinstance(right, UUID) and left is not None and right is not None:
        return str(left), str(right)
    return left, right


def _ordered(holds: Callable[[Any, Any], bool]) -> Callable[..., bool]:
    def compare(situation: Situation, left: Any, right: Any) -> bool:
        left, right = _comparable(situation, left, right)
        return left is not None and right is not None and holds(left, right)

    return compare


def _equal(situation: Situation, left: Any, right: Any) -> bool:
    left, right = _comparable(situation, left, right)
    return bool(left == right)


def _member(situation: Situation, value: Any, *members: Any) -> bool:
    return value is not None and any(_equal(situation, value, member) for member in members)


def _exact(function: Callable[[Any, Any], Decimal]) -> Callable[..., Decimal | None]:
    return lambda _now, left, right: None if left is None or right is None else function(left, right)


def _moved(situation: Situation, value: Any, days: Decimal | None, sign: int) -> date | None:
    day = _day(situation, value)
    if day is None or days is None:
        return None
    whole = max(min(int(days.to_integral_value(ROUND_DOWN)), MOST_DAYS), -MOST_DAYS)
    return periods.add_days(day, sign * whole)


def _of_day(function: Callable[[date], Any]) -> Callable[..., Any]:
    def apply(situation: Situation, value: Any) -> Any:
        day = _day(situation, value)
        return None if day is None else function(day)

    return apply


def _rounded(_now: Situation, value: Decimal | None, digits: Decimal = _ZERO) -> Decimal | None:
    return None if value is None else value.quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP, _EXACT)


def _months_on(situation: Situation, value: Any, months: Decimal) -> date | None:
    day = _day(situation, value)
    return None if day is None else periods.add_months(day, int(months))


def _days_between(situation: Situation, first: Any, second: Any) -> Decimal | None:
    start, end = _day(situation, first), _day(situation, second)
    return None if start is None or end is None else Decimal((end - start).days)


def _pick(best: Callable[..., Any]) -> Callable[..., Any]:
    def apply(_now: Situation, *values: Any) -> Any:
        present = [value for value in values if value is not None]
        return best(present) if present else None

    return apply


def _text_test(holds: Callable[[str, str], bool]) -> Callable[..., bool]:
    return lambda _now, text, part: text is not None and part is not None and holds(text, part)


_OPERATIONS: dict[str, Callable[..., Any]] = {
    "not": lambda _now, value: not value,
    "==": _equal,
    "!=": lambda now, left, right: not _equal(now, left, right),
    "<": _ordered(lambda left, right: left < right),
    "<=": _ordered(lambda left, right: left <= right),
    ">": _ordered(lambda left, right: left > right),
    ">=": _ordered(lambda left, right: left >= right),
    "in": _member,
    "is empty": lambda _now, value: value is None or value in ("", [], {}),
    "is not empty": lambda _now, value: not (value is None or value in ("", [], {})),
    "+": _exact(_EXACT.add),
    "-": _exact(_EXACT.subtract),
    "*": _exact(_EXACT.multiply),
    "/": lambda _now, left, right: divide(left, right),
    "neg": lambda _now, value: None if value is None else value.copy_negate(),
    "add_days": lambda now, value, days: _moved(now, value, days, 1),
    "take_days": lambda now, value, days: _moved(now, value, days, -1),
    "days_between": _days_between,
    "today": lambda now: now.today,
    "now": lambda now: now.now,
    "me": lambda now: now.user_id,
    "my_department": lambda now: now.department_id,
    "year": _of_day(lambda day: Decimal(day.year)),
    "quarter": _of_day(lambda day: Decimal((day.month + 2) // 3)),
    "month": _of_day(lambda day: Decimal(day.month)),
    "day": _of_day(lambda day: Decimal(day.day)),
    "weekday": _of_day(lambda day: Decimal(day.isoweekday())),
    "date": _of_day(lambda day: day),
    "week_start": _of_day(lambda day: periods.start_of("week", day)),
    "month_start": _of_day(lambda day: periods.start_of("month", day)),
    "quarter_start": _of_day(lambda day: periods.start_of("quarter", day)),
    "year_start": _of_day(lambda day: periods.start_of("year", day)),
    "add_months": _months_on,
    "abs": lambda _now, value: None if value is None else value.copy_abs(),
    "round": _rounded,
    "min": _pick(min),
    "max": _pick(max),
    "coalesce": lambda _now, *values: next((value for value in values if value is not None), None),
    "length": lambda _now, text: None if text is None else Decimal(len(text)),
    "contains": _text_test(lambda text, part: part in text),
    "starts": _text_test(lambda text, part: text.startswith(part)),
}
