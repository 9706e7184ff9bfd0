"""A definition put onto a document as a caller sees it: every name found, every right asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from cellkit.declare.document import Table
from cellkit.declare.fields import Date, Field, FieldError, Number, Text, parse_uuid
from cellkit.errors import FieldProblem, ValidationFailed, problem
from cellkit.expression import (
    Call,
    Expression,
    ExpressionInvalid,
    FieldNotReadable,
    Name,
    Names,
    Node,
    Situation,
    check,
    condition,
    from_json,
    names_of,
    parse,
)
from cellkit.expression.names import Kind
from cellkit.expression.readable import readable_by
from cellkit.expression.values import read_period
from cellkit.labels import L
from cellkit.ops.access import RoleDocument
from cellkit.read.filters import field_of
from cellkit.read.where import WHERE
from cellkit.reporting.definition import Definition, Dimension, Measure, ReportParameter, Source

_GROUPED: tuple[Kind, ...] = ("number", "text", "id", "date", "moment", "flag")
_NUMBER, _DATE, _TEXT = Number(L("", ""), digits=40, scale=20), Date(L("", "")), Text(L("", ""), max=500)


@dataclass(frozen=True, slots=True)
class BoundDimension:
    """A dimension with its checked expression; ``bucket`` is set for every time."""

    dimension: Dimension
    expression: Expression
    bucket: str | None

    @property
    def kind(self) -> str:
        """The kind of its values; those of buckets are days."""
        return "date" if self.bucket else self.expression.kind

    @property
    def field(self) -> Field | None:
        """The field it is, where it is one and nothing computed from one."""
        place = self.expression.tree.place
        return None if place is None else place.field

    @property
    def is_state(self) -> bool:
        """Whether it is the document's state."""
        place = self.expression.tree.place
        return place is not None and place.name == "state" and place.grid is None and place.options is not None


@dataclass(frozen=True, slots=True)
class BoundMeasure:
    """A measure with its checked expression; ``digits`` after the point, None: as many as it has, at most six."""

    measure: Measure
    expression: Expression
    digits: int | None
    field: Field | None

    @property
    def shown_as(self) -> str:
        """What the web shows it as: the kind of its field, ``integer``, ``date``, ``moment``, ``text``, ``decimal``."""
        if self.expression.kind != "number":
            return self.expression.kind
        tree = self.expression.tree
        if tree.operation == "rows" and tree.value in ("count", "count_distinct"):
            return "integer"
        return self.field.kind if self.field is not None else "decimal"


@dataclass(frozen=True, slots=True)
class BoundCompare:
    """What is compared: a day or time, and the period of the current figures."""

    expression: Expression
    period: tuple[str, int]
    to: str


@dataclass(frozen=True, slots=True)
class Bound:
    """A definition that fits its document and its caller."""

    definition: Definition
    table: type[Table]
    names: Names
    rows: tuple[BoundDimension, ...]
    columns: tuple[BoundDimension, ...]
    measures: tuple[BoundMeasure, ...]
    where: tuple[Expression, ...]
    having: Expression | None
    compare: BoundCompare | None
    filter: dict[str, Any]
    used: frozenset[str] = frozenset()

    @property
    def dimensions(self) -> tuple[BoundDimension, ...]:
        """Rows, then columns."""
        return (*self.rows, *self.columns)


def bind(definition: Definition, table: type[Table], role: RoleDocument | None) -> Bound:
    """Check a definition against a table as the tenant has it.

    Raises :class:`ValidationFailed` naming every part that does not fit, :class:`FieldNotReadable` for what ``role``
    does not see in clear (None: whether it fits at all).
    """
    return _Binder(definition, table, role).bound()


class _Binder:
    def __init__(self, definition: Definition, table: type[Table], role: RoleDocument | None) -> None:
        self._definition = definition
        self._table = table
        self._problems: list[FieldProblem] = []
        self._readable = None if role is None else readable_by(table, role)
        lines = definition.lines
        if lines is not None and lines not in table.lines:
            raise ValidationFailed([problem("lines", "unknown", "没有这个明细表", "no such grid of lines")])
        if lines is not None and self._readable is not None and not self._readable(lines):
            raise FieldNotReadable(lines)
        kinds: dict[str, Any] = {item.name: item.kind for item in definition.parameters}
        self._names = names_of(table, rows_are_lines=lines, parameters=kinds, readable=self._readable)

    def bound(self) -> Bound:
        definition, names = self._definition, self._names
        kept, filters = self._filter()
        sources = [("where", definition.where), *((f"filter.{WHERE}", source) for source in filters)]
        where = [self._made(place, lambda text: condition(text, names), text) for place, text in sources if text]
        having = None
        if definition.having is not None:
            having = self._made("having", lambda text: check(text, names, over_rows=True), definition.having)
            if having is not None and having.kind != "flag":
                self._problems.append(problem("having", "expression", "应为条件", "a condition expected"))
        rows = self._dimensions("rows", definition.rows)
        columns = self._dimensions("columns", definition.columns)
        measures = tuple(self._measure(f"measures[{index}]", item) for index, item in enumerate(definition.measures))
        compare = self._compare()
        if self._problems:
            raise ValidationFailed(self._problems)
        return Bound(
            definition, self._table, names, _present(rows), _present(columns), _present(measures), _present(where),
            having, compare, kept, frozenset() if self._readable is None else frozenset(self._readable.used),
        )  # fmt: skip

    def _made(self, place: str, make: Callable[[Any], Expression], source: Source | Node) -> Expression | None:
        try:
            return make(source)
        except ExpressionInvalid as error:
            self._problems.append(error.problem(place))
            return None

    def _filter(self) -> tuple[dict[str, Any], list[Any]]:
        """The list's own part of the filter, and the expressions in it."""
        kept = dict(self._definition.filter)
        found = kept.pop(WHERE, None)
        for name in kept:
            if field_of(self._table, name) is None:
                zh, en = f"没有字段“{name[:60]}”", f"no field “{name[:60]}”"
                self._problems.append(problem("filter", "unknown", zh, en))
            elif self._readable is not None and not self._readable(name):
                raise FieldNotReadable(name)
        return kept, found if isinstance(found, list) else [found] if found else []

    def _dimensions(self, place: str, items: tuple[Dimension, ...]) -> tuple[BoundDimension | None, ...]:
        return tuple(self._dimension(f"{place}[{index}]", item) for index, item in enumerate(items))

    def _dimension(self, place: str, item: Dimension) -> BoundDimension | None:
        # A field's name is taken as it stands, also where it is a word of the language.
        source: Source | Node = item.source
        if isinstance(item.source, str) and item.source in self._names.places:
            source = Name(item.source)
        made = self._made(place, lambda text: check(text, self._names), source)
        if made is None:
            return None
        if made.kind not in _GROUPED:
            self._problems.append(problem(place, "kind", "不能按此字段分组", "cannot group by this field"))
            return None
        days = made.kind in ("date", "moment")
        if item.bucket is not None and not days:
            zh, en = "只有日期或时间可以按日、周、月、季、年分组", "only days and times are cut to day, week, month …"
            self._problems.append(problem(place, "kind", zh, en))
            return None
        return BoundDimension(item, made, item.bucket or ("day" if made.kind == "moment" else None))

    def _measure(self, place: str, item: Measure) -> BoundMeasure | None:
        made = self._made(place, lambda text: check(text, self._names, over_rows=True), item.source)
        if made is None:
            return None
        if made.kind not in ("number", "date", "moment", "text"):
            self._problems.append(
                problem(place, "kind", "指标应为数字、日期或文本", "a measure is a number, day or text")
            )
            return None
        tree = made.tree
        field = None
        digits = item.digits
        if tree.operation == "rows" and tree.value in ("sum", "min", "max") and tree.arguments[0].place is not None:
            field = tree.arguments[0].place.field
            if digits is None:
                digits = getattr(field, "scale", 0 if field.array_type == "bigint" else None)
        if tree.operation == "rows" and tree.value in ("count", "count_distinct"):
            digits = 0
        return BoundMeasure(item, made, digits, field)

    def _compare(self) -> BoundCompare | None:
        wanted = self._definition.compare
        if wanted is None:
            return None
        made = self._made("compare.field", lambda name: check(Name(name), self._names), wanted.field)
        if made is None:
            return None
        if made.kind not in ("date", "moment"):
            self._problems.append(problem("compare.field", "kind", "应为日期或时间", "a day or time expected"))
            return None
        try:
            return BoundCompare(made, period_in(wanted.period), wanted.to)
        except ExpressionInvalid as error:
            self._problems.append(error.problem("compare.period"))
            return None


def period_in(text: str) -> tuple[str, int]:
    """``this_month`` or ``last_days(30)`` as name and count; raises :class:`ExpressionInvalid`."""
    node = parse(f"x in {text}")
    members = node.arguments[1] if isinstance(node, Call) and node.function == "in" else None
    if not isinstance(members, Call) or members.function != "period":
        raise ExpressionInvalid(1, "没有这样的时间段", "no such period")
    return read_period(members)


def read_parameters(
    definition: Definition, table: type[Table], given: Mapping[str, Any], situation: Situation
) -> dict[str, Any]:
    """The values of a report's parameters from a query or body; raises :class:`ValidationFailed`."""
    unknown = sorted(given.keys() - {item.name for item in definition.parameters})
    problems: list[FieldProblem] = [
        problem(str(name)[:60], "unknown", "没有这个参数", "no such parameter") for name in unknown
    ]
    values: dict[str, Any] = {}
    for item in definition.parameters:
        raw = given.get(item.name)
        if raw in (None, ""):
            raw = item.default
        if raw in (None, ""):
            if item.required or item.kind == "period":
                problems.append(problem(item.name, "required", "请填写参数", "The parameter is required"))
            values[item.name] = None
            continue
        try:
            values[item.name] = _value(item, raw, table, situation)
        except FieldError as error:
            problems.append({"field": item.name, "rule": error.rule, "message": error.message})
        except ExpressionInvalid as error:
            problems.append(error.problem(item.name))
    if problems:
        raise ValidationFailed(problems)
    return values


def _value(item: ReportParameter, raw: Any, table: type[Table], situation: Situation) -> Any:
    if item.kind == "period":
        return period_in(str(raw)[:60])
    if item.kind == "flag":
        if raw not in (True, False, "true", "false"):
            raise FieldError("type", "应为是/否", "true or false expected")
        return raw in (True, "true")
    if item.kind == "id":
        return parse_uuid(raw)
    if item.kind == "text":
        return _TEXT.parse(raw)
    field, wanted = (_NUMBER, Decimal) if item.kind == "number" else (_DATE, date)
    try:
        return field.parse(raw)
    except FieldError:
        # ``today``, ``month_start(today)``: a value that moves with the day.
        made = check(from_json(str(raw)[:200]), names_of(table)) if isinstance(raw, str) else None
        value = made.value({}, situation) if made is not None and made.tree.fixed else None
        if not isinstance(value, wanted):
            raise
        return value


def _present(items: Any) -> Any:
    return tuple(item for item in items if item is not None)
