"""Compile a checked expression to SQL. Every value is a parameter; names come from declarations only."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cellkit.expression.functions import MOST_DAYS, ROUNDING
from cellkit.expression.names import Names, Place
from cellkit.expression.nodes import COMPARISONS
from cellkit.expression.rows import period_of, plain
from cellkit.expression.situation import Situation
from cellkit.expression.typed import Typed

_TYPES = {
    "number": "numeric", "text": "text", "id": "uuid", "date": "date", "moment": "timestamptz", "flag": "boolean",
}  # fmt: skip
_LINE = "s"
_SHIFT, _UNSHIFT = "1" + "0" * (ROUNDING + 1), "0." + "0" * ROUNDING + "1"
_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
_PARTS = {"year": "year", "quarter": "quarter", "month": "month", "day": "day", "weekday": "isodow"}
_STARTS = {"week_start": "week", "month_start": "month", "quarter_start": "quarter", "year_start": "year"}
_SITUATION = {"me": "user_id", "my_department": "department_id"}
_FIRST_DAY, _LAST_DAY = "'0001-01-01'::date", "'9999-12-31'::date"


class Compiler:
    """Writes SQL over the table ``alias`` (and ``line_alias`` where the rows are lines)."""

    def __init__(
        self, names: Names, situation: Situation, parameters: list[Any], alias: str = "t", line_alias: str = "l"
    ) -> None:
        self._names = names
        self._now = situation
        self._parameters = parameters
        self._alias = alias
        self._line_alias = line_alias

    def condition(self, node: Typed) -> str:
        """For a WHERE: NULL counts as false there, so plain comparisons may stay plain and use indexes."""
        operation = node.operation
        if operation in ("and", "or"):
            return "(" + f" {operation.upper()} ".join(self.condition(part) for part in node.arguments) + ")"
        if operation == "not":
            return f"(NOT {self.exact(node.arguments[0])})"
        if operation in COMPARISONS:
            return self._comparison(node)
        if operation == "in":
            return self._membership(node)
        if operation == "in_period":
            return self._in_period(node)
        return self.value(node)

    def exact(self, node: Typed) -> str:
        """A condition that is true or false, never NULL."""
        operation = node.operation
        if operation in ("and", "or"):
            return "(" + f" {operation.upper()} ".join(self.exact(part) for part in node.arguments) + ")"
        if operation in ("not", "is empty", "is not empty"):
            return self.condition(node)
        return f"(({self.condition(node)}) IS TRUE)"

    def value(self, node: Typed) -> str:  # noqa: PLR0911 - one return an operation
        """The value of a node; conditions are exact."""
        operation, parts = node.operation, node.arguments
        if operation == "literal":
            return self._given(node.value, node.kind)
        if operation == "parameter":
            return self._given(plain(self._now.parameters.get(node.value), node.kind), node.kind)
        if operation == "place":
            return self._stored(node)
        if operation == "lines":
            return self._lines(node)
        if operation == "rows":
            return self._rows(node)
        if operation in ("is empty", "is not empty"):
            return self._empty(node)
        if operation in ("and", "or", "not", "in", "in_period") or operation in COMPARISONS:
            return self.exact(node)
        if operation in ("today", "now", "me", "my_department"):
            return self._given(getattr(self._now, _SITUATION.get(operation, operation)), node.kind)
        if operation in ("+", "-", "*"):
            return f"({self.value(parts[0])} {operation} {self.value(parts[1])})"
        if operation == "/":
            return divided(self.value(parts[0]), self.value(parts[1]))
        if operation == "neg":
            return f"(- {self.value(parts[0])})"
        return self._function(node)

    def _given(self, value: Any, kind: str) -> str:
        self._parameters.append(value)
        return f"${len(self._parameters)}::{_TYPES.get(kind, 'text')}"

    def _stored(self, node: Typed, *, plain_number: bool = False) -> str:
        place = node.place
        assert place is not None  # noqa: S101 - the checker sets it
        text = self._column(place)
        if place.kind == "number" and not place.custom and place.whole and not plain_number:
            # A product of two bigints may not fit into a bigint.
            return f"{text}::numeric"
        return text

    def _column(self, place: Place) -> str:
        if place.grid is None:
            return place.column(self._alias)
        return place.column(self._line_alias if place.grid == self._names.rows_are_lines else _LINE)

    def _day(self, node: Typed) -> str:
        text = self.value(node)
        if node.kind != "moment":
            return text
        return f"({text} AT TIME ZONE {self._given(self._now.zone_name, 'text')})::date"

    def _comparison(self, node: Typed) -> str:
        left, right = node.arguments
        operator = node.operation
        if left.fixed and not right.fixed:
            left, right, operator = right, left, _FLIPPED[operator]
        if left.kind == "moment" and right.kind == "date" and right.fixed and operator != "!=":
            return self._around_day(left, operator, right)
        first, second = self._sides(left, right)
        if left.kind == "text" and operator not in ("==", "!="):
            first, second = f'{first} COLLATE "C"', f'{second} COLLATE "C"'
        if operator == "!=":
            return f"({first} IS DISTINCT FROM {second})"
        if operator == "==":
            known = right.operation == "literal"
            return f"({first} = {second})" if known else f"({first} IS NOT DISTINCT FROM {second})"
        return f"({first} {operator} {second})"

    def _sides(self, left: Typed, right: Typed) -> tuple[str, str]:
        if {left.kind, right.kind} == {"date", "moment"}:
            return self._day(left), self._day(right)
        if {left.kind, right.kind} == {"id", "text"}:
            return f"{self.value(left)}::text", f"{self.value(right)}::text"
        if left.place is not None and left.place.whole and right.operation == "literal" and _fits(right.value):
            # Compared as they are stored, so that an index serves.
            self._parameters.append(int(right.value))
            return self._stored(left, plain_number=True), f"${len(self._parameters)}::bigint"
        return self.value(left), self.value(right)

    def _around_day(self, moment: Typed, operator: str, day: Typed) -> str:
        """A time compared with a fixed day, as a range of times that an index serves."""
        column = self.value(moment)
        given = self._fixed_day(day)
        if given is None:
            # The column's text may hold parameters, and one that no text mentions has no type.
            return f"({column} IS NULL AND false)"
        from cellkit.expression.periods import add_days  # noqa: PLC0415 - beside its one use

        start, after = self._now.start_of_day(given), self._now.start_of_day(add_days(given, 1))
        if operator == "==":
            low, high = self._given(start, "moment"), self._given(after, "moment")
            return f"({column} >= {low} AND {column} < {high})"
        edge = self._given(start if operator in ("<", ">=") else after, "moment")
        return f"({column} {'<' if operator in ('<', '<=') else '>='} {edge})"

    def _fixed_day(self, node: Typed) -> Any:
        from cellkit.expression.rows import evaluate  # noqa: PLC0415 - beside its one use

        return evaluate(node, {}, self._now)

    def _membership(self, node: Typed) -> str:
        left, members = node.arguments[0], node.arguments[1:]
        if left.kind == "moment" or any(member.operation != "literal" for member in members):
            each = (self._comparison(Typed("==", "flag", (left, member))) for member in members)
            return "(" + " OR ".join(each) + ")"
        column = self.value(left)
        self._parameters.append([member.value for member in members])
        return f"({column} = ANY(${len(self._parameters)}::{_TYPES[left.kind]}[]))"

    def _in_period(self, node: Typed) -> str:
        first, after = period_of(node.value, self._now)
        column = node.arguments[0]
        text = self.value(column)
        if column.kind == "moment":
            low = self._given(self._now.start_of_day(first), "moment")
            high = self._given(self._now.start_of_day(after), "moment")
        else:
            low, high = self._given(first, "date"), self._given(after, "date")
        return f"({text} >= {low} AND {text} < {high})"

    def _empty(self, node: Typed) -> str:
        asked = node.arguments[0]
        no = node.operation == "is not empty"
        if asked.kind == "text":
            return f"((({self.value(asked)}) <> '') IS {'TRUE' if no else 'NOT TRUE'})"
        if asked.kind == "other" and asked.place is not None:
            text = f"{self._column(asked.place)}::text"
            return f"(coalesce({text}, '') {'NOT IN' if no else 'IN'} ('', '[]', '{{}}', 'null'))"
        return f"({self.value(asked)} IS {'NOT ' if no else ''}NULL)"

    def _lines(self, node: Typed) -> str:
        table = self._names.line_tables[node.grid or ""]
        source = (
            f'FROM "{table}" {_LINE} WHERE {_LINE}.tenant_id = {self._alias}.tenant_id '
            f"AND {_LINE}.parent_id = {self._alias}.id"
        )
        if node.value in ("any", "all"):
            condition = self.exact(node.arguments[0])
            wrong = condition if node.value == "any" else f"NOT {condition}"
            return f"({'' if node.value == 'any' else 'NOT '}EXISTS (SELECT 1 {source} AND {wrong}))"
        if not node.arguments:
            return f"(SELECT count(*)::numeric {source})"
        return f"(SELECT {self._total(node)} {source})"

    def _rows(self, node: Typed) -> str:
        return "count(*)::numeric" if not node.arguments else self._total(node)

    def _total(self, node: Typed) -> str:
        name, first = node.value, node.arguments[0]
        if name == "count":
            return f"(count(*) FILTER (WHERE {self.condition(first)}))::numeric"
        value = self.value(first)
        narrowed = f" FILTER (WHERE {self.condition(node.arguments[1])})" if len(node.arguments) == 2 else ""
        if name == "sum":
            return f"coalesce(sum({value}){narrowed}, 0)"
        if name == "avg":
            # The text stands twice; its parameters are the same ones.
            return divided(f"coalesce(sum({value}){narrowed}, 0)", f"(count({value}){narrowed})")
        if name == "count_distinct":
            return f"(count(DISTINCT {value}){narrowed})::numeric"
        return f"({name}({value}{_collated(first)}){narrowed})"

    def _function(self, node: Typed) -> str:  # noqa: PLR0911 - one return a function
        name, parts = node.operation, node.arguments
        if name in _PARTS:
            return f"extract({_PARTS[name]} FROM {self._day(parts[0])})::numeric"
        if name == "date":
            return self._day(parts[0])
        if name in _STARTS:
            return f"date_trunc('{_STARTS[name]}', ({self._day(parts[0])})::timestamp)::date"
        if name in ("add_days", "take_days"):
            sign = "+" if name == "add_days" else "-"
            days = f"least(greatest(trunc({self.value(parts[1])}), -{MOST_DAYS}), {MOST_DAYS})::int"
            return self._within(f"{self._day(parts[0])} {sign} {days}", f"{self._day(parts[0])}", self.value(parts[1]))
        if name == "add_months":
            months = f"make_interval(months => {int(parts[1].value)})"
            return self._within(f"({self._day(parts[0])} + {months})::date", self._day(parts[0]))
        if name == "days_between":
            return f"({self._day(parts[1])} - {self._day(parts[0])})::numeric"
        if name == "round":
            digits = int(parts[1].value) if len(parts) == 2 else 0
            return f"round({self.value(parts[0])}, {digits})"
        if name in ("min", "max"):
            word = "least" if name == "min" else "greatest"
            return f"{word}({', '.join(self.value(part) + _collated(part) for part in parts)})"
        if name == "if":
            return f"(CASE WHEN {self.condition(parts[0])} THEN {self.value(parts[1])} ELSE {self.value(parts[2])} END)"
        if name == "coalesce":
            return f"coalesce({', '.join(self.value(part) for part in parts)})"
        if name == "abs":
            return f"abs({self.value(parts[0])})"
        if name == "length":
            return f"char_length({self.value(parts[0])})::numeric"
        pair = f"{self.value(parts[0])}, {self.value(parts[1])}"
        return f"(strpos({pair}) > 0)" if name == "contains" else f"starts_with({pair})"

    @staticmethod
    def _within(text: str, *operands: str) -> str:
        """A day moved, inside the years that both back ends know; empty where an operand is."""
        missing = " OR ".join(f"({operand}) IS NULL" for operand in operands)
        return f"(CASE WHEN {missing} THEN NULL ELSE least(greatest({text}, {_FIRST_DAY}), {_LAST_DAY}) END)"


def divided(left: str, right: str) -> str:
    """A quotient as :func:`cellkit.expression.rows.divide` makes it: half up at 12 digits, empty for zero.

    ``numeric / numeric`` keeps 16 digits in all; ``div`` cuts exactly, and rounding what is cut one digit later is
    rounding the exact quotient.
    """
    return f"round(div({left} * {_SHIFT}, nullif({right}, 0)) * {_UNSHIFT}, {ROUNDING})"


def _fits(value: Decimal) -> bool:
    return value == value.to_integral_value() and abs(value) < 2**63


def _collated(node: Typed) -> str:
    return ' COLLATE "C"' if node.kind == "text" else ""
