"""The SQL of a bound report: one statement for all groups, subtotals and totals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from cellkit.expression import Situation
from cellkit.expression.periods import add_days, add_months, period_range
from cellkit.expression.sql import Compiler
from cellkit.reporting.binding import Bound, BoundDimension

MOST_GROUPS = 5_000
_TYPES = {"number": "numeric", "text": "text", "id": "uuid", "date": "date", "flag": "boolean"}


@dataclass(frozen=True, slots=True)
class Span:
    """The days that figures are of; ``months`` and ``days`` is how far they are moved to stand beside the current."""

    first: date
    after: date
    months: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class TopKeys:
    """The keys of the first row dimension that stand for themselves."""

    keys: tuple[Any, ...]
    rest: bool


def spans(bound: Bound, situation: Situation) -> tuple[Span, Span] | None:
    """The current period and the one it is compared with."""
    if bound.compare is None:
        return None
    name, count = bound.compare.period
    first, after = period_range(name, count, situation.today)
    months, days = _distance(name, count)
    if bound.compare.to == "year_before":
        months, days = 12, 0
    if days:
        return Span(first, after), Span(add_days(first, -days), add_days(after, -days), 0, days)
    # The day after a month's end is a first day, so whole months stay whole.
    return Span(first, after), Span(add_months(first, -months), add_months(after, -months), months, 0)


def _distance(name: str, count: int) -> tuple[int, int]:
    if name in ("last_days", "next_days"):
        return 0, count
    if name == "last_months":
        return count, 0
    unit = name.partition("_")[0] if name.endswith("_to_date") else name.rpartition("_")[2]
    return {"month": (1, 0), "quarter": (3, 0), "year": (12, 0), "week": (0, 7)}.get(unit, (0, 1))


class ReportSql:
    """Writes the statements of one run. ``where`` and ``parameters`` are the list's own (tenant, scope, filter)."""

    def __init__(
        self, bound: Bound, situation: Situation, where: str, parameters: list[Any], span: Span | None = None
    ) -> None:
        self._bound = bound
        self._situation = situation
        self._span = span
        self.parameters = list(parameters)
        self._compiler = Compiler(bound.names, situation, self.parameters)
        self._tables = self._from()
        self._where = self._conditions(where)

    def top_keys(self, by: str, count: int) -> str:
        """The first keys of the first row dimension, by a measure."""
        measure = next(item for item in self._bound.measures if item.measure.name == by)
        ranked = self._compiler.value(measure.expression.tree)
        return (
            f"SELECT d.d0 AS key {self._tables}{self._where} GROUP BY d.d0 "
            f"ORDER BY {ranked} DESC NULLS LAST, d.d0 LIMIT {count}"
        )

    def groups(self, top: TopKeys | None = None, most: int = MOST_GROUPS) -> str:
        """Every group with its figures: ``g`` tells which dimensions are summed up in it, ``rest`` the others' row."""
        bound = self._bound
        columns = [f"d.d{index}" for index in range(len(bound.dimensions))]
        source, rest = f"{self._tables}{self._where}", "false AS rest"
        if top is not None:
            inside = self._inside(top)
            if top.rest:
                alone = f"(SELECT NOT {inside} AS rest, CASE WHEN {inside} THEN d.d0 END AS d0)"
                source = f"{self._tables} CROSS JOIN LATERAL {alone} e{self._where}"
                columns[0], rest = "e.d0", "e.rest"
            else:
                source += f" AND {inside}"
        figures = [
            f"{self._compiler.value(item.expression.tree)} AS m{index}" for index, item in enumerate(bound.measures)
        ]
        if not columns:
            return f"SELECT 0 AS g, {rest}, {', '.join(figures)} {source}"
        marked = f"grouping({', '.join(columns)})"
        shown = [f"{column} AS k{index}" for index, column in enumerate(columns)]
        having = ""
        if bound.having is not None:
            having = f" HAVING {marked} <> 0 OR {self._compiler.condition(bound.having.tree)}"
        if rest == "e.rest":
            columns[0] = "e.rest, e.d0"
        return (
            f"SELECT {marked}::int AS g, {rest}, {', '.join([*shown, *figures])} {source} "
            f"GROUP BY GROUPING SETS ({', '.join(self._sets(columns))}){having} "
            # Totals first, so that a limit never cuts them off.
            f"ORDER BY g DESC, {', '.join(f'k{index}' for index in range(len(columns)))} LIMIT {most + 1}"
        )

    def _sets(self, columns: list[str]) -> list[str]:
        """Every beginning of the rows, each with all columns and with none."""
        rows = len(self._bound.rows)
        across = columns[rows:]
        behind = [across, []] if across else [[]]
        return [f"({', '.join([*columns[:depth], *more])})" for depth in range(rows, -1, -1) for more in behind]

    def _inside(self, top: TopKeys) -> str:
        first = self._bound.rows[0]
        self.parameters.append([key for key in top.keys if key is not None])
        named = f"d.d0 = ANY(${len(self.parameters)}::{_TYPES[first.kind]}[])"
        return f"({named} OR d.d0 IS NULL)" if None in top.keys else f"({named} AND d.d0 IS NOT NULL)"

    def _from(self) -> str:
        bound = self._bound
        text = f'FROM "{bound.table.table_name}" t'
        lines = bound.definition.lines
        if lines is not None:
            table = bound.names.line_tables[lines]
            text += f' JOIN "{table}" l ON l.tenant_id = t.tenant_id AND l.parent_id = t.id'
        made = [f"{self._dimension(item)} AS d{index}" for index, item in enumerate(bound.dimensions)]
        if made:
            # Named once, so that SELECT, GROUP BY and HAVING mean the same expression with the same parameters.
            text += f" CROSS JOIN LATERAL (SELECT {', '.join(made)}) d"
        return text

    def _conditions(self, where: str) -> str:
        bound = self._bound
        conditions = [where, *(self._compiler.condition(item.tree) for item in bound.where)]
        if self._span is not None and bound.compare is not None:
            conditions.append(self._within(self._span))
        return f" WHERE {' AND '.join(conditions)}"

    def _within(self, span: Span) -> str:
        assert self._bound.compare is not None  # noqa: S101 - asked by the caller
        expression = self._bound.compare.expression
        text = self._compiler.value(expression.tree)
        ends: list[Any] = [span.first, span.after]
        kind = "date"
        if expression.kind == "moment":
            ends, kind = [self._situation.start_of_day(day) for day in ends], "timestamptz"
        self.parameters += ends
        place = len(self.parameters)
        return f"({text} >= ${place - 1}::{kind} AND {text} < ${place}::{kind})"

    def _dimension(self, item: BoundDimension) -> str:
        text = self._compiler.value(item.expression.tree)
        if item.bucket is None:
            return f"nullif({text}, '')" if item.kind == "text" else text
        if item.expression.kind == "moment":
            self.parameters.append(self._situation.zone_name)
            text = f"({text} AT TIME ZONE ${len(self.parameters)}::text)::date"
        text = self._moved(item, text)
        if item.bucket == "day":
            return text
        return f"date_trunc('{item.bucket}', ({text})::timestamp)::date"

    def _moved(self, item: BoundDimension, text: str) -> str:
        """The days of the period before, moved to those that they stand beside."""
        compare, span = self._bound.compare, self._span
        if compare is None or span is None or compare.expression.tree != item.expression.tree:
            return text
        if span.months:
            return f"({text} + make_interval(months => {span.months}))::date"
        return f"({text} + {span.days})" if span.days else text
