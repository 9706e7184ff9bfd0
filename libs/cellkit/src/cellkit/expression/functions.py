"""The functions of the language: what they take and give."""

from __future__ import annotations

from dataclasses import dataclass

from cellkit.expression.names import Kind

DATES: tuple[Kind, ...] = ("date", "moment")
ORDERED: tuple[Kind, ...] = ("number", "date", "moment", "text")


@dataclass(frozen=True, slots=True)
class Signature:
    """Kinds of the arguments (a tuple of kinds each), how many of them must be there, and the kind of the answer.

    ``answer`` None: that of the arguments, which must agree. ``more``: further arguments like the last one.
    """

    arguments: tuple[tuple[Kind, ...], ...]
    answer: Kind | None
    least: int | None = None
    more: bool = False

    @property
    def minimum(self) -> int:
        """How many arguments there must be."""
        return len(self.arguments) if self.least is None else self.least


FUNCTIONS: dict[str, Signature] = {
    "year": Signature((DATES,), "number"),
    "quarter": Signature((DATES,), "number"),
    "month": Signature((DATES,), "number"),
    "day": Signature((DATES,), "number"),
    "weekday": Signature((DATES,), "number"),
    "date": Signature((DATES,), "date"),
    "week_start": Signature((DATES,), "date"),
    "month_start": Signature((DATES,), "date"),
    "quarter_start": Signature((DATES,), "date"),
    "year_start": Signature((DATES,), "date"),
    "add_months": Signature((DATES, ("number",)), "date"),
    "days_between": Signature((DATES, DATES), "number"),
    "abs": Signature((("number",),), "number"),
    "round": Signature((("number",), ("number",)), "number", least=1),
    "min": Signature((ORDERED, ORDERED), None, more=True),
    "max": Signature((ORDERED, ORDERED), None, more=True),
    "if": Signature((("flag",), (*ORDERED, "flag", "id"), (*ORDERED, "flag", "id")), None),
    "coalesce": Signature(((*ORDERED, "flag", "id"), (*ORDERED, "flag", "id")), None, more=True),
    "length": Signature((("text",),), "number"),
    "contains": Signature((("text",), ("text",)), "flag"),
    "starts": Signature((("text",), ("text",)), "flag"),
}
AGGREGATES = frozenset({"sum", "avg", "min", "max", "count", "count_distinct", "any", "all"})
"""Over the lines of a grid; in reports, over the rows of a group (there without ``any`` and ``all``)."""
ROUNDING = 12
"""Digits after the point that a division keeps."""
MOST_DIGITS = 12
MOST_MONTHS = 12_000
MOST_DAYS = 36_500
