"""A report's definition: from JSON to checked parts. Its names are checked later, against a document."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from cellkit.errors import FieldProblem, ValidationFailed, problem

BUCKETS = ("day", "week", "month", "quarter", "year")
FUNCTIONS = ("sum", "avg", "min", "max", "count", "count_distinct")
PARAMETER_KINDS = ("text", "number", "date", "flag", "id", "period")
CHARTS = ("table", "bar", "line", "pie", "area", "stacked")
MOST_ROWS, MOST_COLUMNS, MOST_MEASURES, MOST_PARAMETERS, MOST_SORTS, MOST_TOP = 5, 3, 20, 20, 5, 100
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,79}")
_DIMENSION = re.compile(r"(day|week|month|quarter|year)\(([A-Za-z0-9_.]+)\)")
_MEASURE = re.compile(r"(sum|avg|min|max|count|count_distinct)\(([A-Za-z0-9_.]*)\)")
Source = str | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Dimension:
    """What is grouped by: an expression, cut to days, weeks … where ``bucket`` says so."""

    name: str
    source: Source
    bucket: str | None = None
    label: Any = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure over the rows of a group."""

    name: str
    source: Source
    label: Any = None
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class ReportParameter:
    """A value that filters ask for as ``:name``."""

    name: str
    kind: str
    label: Any = None
    default: Any = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Sort:
    """By a dimension's or measure's name."""

    by: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Top:
    """Only the first ``count`` of the first row dimension by a measure; ``rest``: the others as one group."""

    count: int
    by: str
    rest: bool = True


@dataclass(frozen=True, slots=True)
class Compare:
    """The same figures of the period before: ``field in period`` against the one before it, or a year before."""

    field: str
    period: str
    to: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A whole report."""

    entity: str
    lines: str | None = None
    rows: tuple[Dimension, ...] = ()
    columns: tuple[Dimension, ...] = ()
    measures: tuple[Measure, ...] = ()
    filter: dict[str, Any] = field(default_factory=dict)
    where: Source | None = None
    having: Source | None = None
    parameters: tuple[ReportParameter, ...] = ()
    sort: tuple[Sort, ...] = ()
    top: Top | None = None
    compare: Compare | None = None
    chart: str = "table"

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """Rows, then columns."""
        return (*self.rows, *self.columns)


_KEYS = frozenset(
    {"entity", "lines", "rows", "columns", "measures", "filter", "where", "having", "parameters", "sort", "top",
     "compare", "chart"}
)  # fmt: skip


def read_definition(value: Any, *, entity: str | None = None) -> Definition:
    """The definition in ``value`` (``entity``: that of a declared one); raises :class:`ValidationFailed`."""
    return _Reader().read(value, entity)


class _Reader:
    def __init__(self) -> None:
        self._problems: list[FieldProblem] = []

    def read(self, value: Any, entity: str | None) -> Definition:
        if not isinstance(value, dict):
            raise ValidationFailed([problem("definition", "type", "应为对象", "Must be an object")])
        for name in sorted(value.keys() - _KEYS):
            self._wrong(str(name)[:60], "unknown", "未知字段", "Unknown field")
        made = Definition(
            entity=entity or self._text(value, "entity", required=True) or "",
            lines=self._text(value, "lines"),
            rows=self._many(value, "rows", MOST_ROWS, self._dimension),
            columns=self._many(value, "columns", MOST_COLUMNS, self._dimension),
            measures=self._many(value, "measures", MOST_MEASURES, self._measure),
            filter=self._object(value, "filter") or {},
            where=self._source(value.get("where"), "where", optional=True),
            having=self._source(value.get("having"), "having", optional=True),
            parameters=self._many(value, "parameters", MOST_PARAMETERS, self._parameter),
            sort=self._many(value, "sort", MOST_SORTS, self._sort),
            top=self._top(self._object(value, "top")),
            compare=self._compare(self._object(value, "compare")),
            chart=self._choice(value.get("chart", "table"), "chart", CHARTS),
        )
        if not made.measures and not self._problems:
            self._wrong("measures", "required", "至少要有一个指标", "At least one measure")
        self._check_names(made)
        if self._problems:
            raise ValidationFailed(self._problems[:100])
        return made

    def _wrong(self, place: str, rule: str, zh: str, en: str) -> None:
        self._problems.append(problem(place, rule, zh, en))

    def _check_names(self, made: Definition) -> None:
        taken: set[str] = set()
        named = {
            "rows": [item.name for item in made.rows],
            "columns": [item.name for item in made.columns],
            "measures": [item.name for item in made.measures],
        }
        for place, items in named.items():
            for index, name in enumerate(items):
                if name in taken:
                    self._wrong(f"{place}[{index}]", "unique", f"“{name}”重复", f"“{name}” stands twice")
                taken.add(name)
        names = {item.name for item in made.parameters}
        if len(names) < len(made.parameters):
            self._wrong("parameters", "unique", "参数重复", "a parameter stands twice")
        for index, one in enumerate(made.sort):
            if one.by not in taken:
                self._wrong(f"sort[{index}].by", "unknown", "没有这个维度或指标", "no such dimension or measure")
        if made.top is not None:
            if made.top.by not in {item.name for item in made.measures}:
                self._wrong("top.by", "unknown", "没有这个指标", "no such measure")
            if not made.rows:
                self._wrong("top", "rows", "前几名需要行维度", "top needs a row dimension")

    def _many(self, value: dict[str, Any], key: str, most: int, read: Any) -> tuple[Any, ...]:
        items = value.get(key)
        if items is None:
            return ()
        if not isinstance(items, list) or len(items) > most:
            self._wrong(key, "max_items", f"应为列表，最多 {most} 项", f"Must be a list of at most {most}")
            return ()
        made = [read(item, f"{key}[{index}]") for index, item in enumerate(items)]
        return tuple(item for item in made if item is not None)

    def _object(self, value: dict[str, Any], key: str) -> dict[str, Any] | None:
        found = value.get(key)
        if found is None or isinstance(found, dict):
            return found
        self._wrong(key, "type", "应为对象", "Must be an object")
        return None

    def _text(self, value: dict[str, Any], key: str, *, place: str = "", required: bool = False) -> str | None:
        found = value.get(key)
        if found is None and not required:
            return None
        if not isinstance(found, str) or not _NAME.fullmatch(found):
            self._wrong(place or key, "required" if found is None else "type", "应为名称", "A name expected")
            return None
        return found

    def _choice(self, found: Any, place: str, allowed: tuple[str, ...]) -> str:
        if found not in allowed:
            listed = ", ".join(allowed)
            self._wrong(place, "choice", f"应为以下之一：{listed}", f"Must be one of: {listed}")
            return allowed[0]
        return str(found)

    def _source(self, found: Any, place: str, *, optional: bool = False) -> Any:
        if found is None and optional:
            return None
        if not isinstance(found, str | dict) or not found:
            self._wrong(place, "type", "应为表达式", "An expression expected")
            return ""
        return found

    def _known(self, item: Any, place: str, keys: tuple[str, ...]) -> dict[str, Any] | None:
        if not isinstance(item, dict):
            self._wrong(place, "type", "应为对象或文本", "Must be an object or a text")
            return None
        for name in sorted(item.keys() - set(keys)):
            self._wrong(f"{place}.{str(name)[:60]}", "unknown", "未知字段", "Unknown field")
        label = item.get("label")
        plain = isinstance(label, str) and len(label) <= 100
        both = (
            isinstance(label, dict) and label.keys() == {"zh", "en"} and all(isinstance(v, str) for v in label.values())
        )
        if label is not None and not plain and not both:
            self._wrong(f"{place}.label", "type", "应为文本（最多 100 字）", "A text of at most 100 characters")
        return item

    def _dimension(self, item: Any, place: str) -> Dimension | None:
        if isinstance(item, str):
            match = _DIMENSION.fullmatch(item)
            item = {"field": match[2], "by": match[1]} if match else {"field": item}
        found = self._known(item, place, ("field", "expression", "by", "name", "label"))
        if found is None:
            return None
        bucket = None if found.get("by") is None else self._choice(found["by"], f"{place}.by", BUCKETS)
        if "expression" in found:
            name = self._text(found, "name", place=f"{place}.name", required=True)
            source = self._source(found["expression"], f"{place}.expression")
        else:
            source = self._text(found, "field", place=f"{place}.field", required=True)
            name = self._text(found, "name", place=f"{place}.name") or (f"{source}_{bucket}" if bucket else source)
        return Dimension(name or "", source or "", bucket, found.get("label"))

    def _measure(self, item: Any, place: str) -> Measure | None:
        if isinstance(item, str):
            match = _MEASURE.fullmatch(item)
            item = {"function": match[1], "field": match[2] or None} if match else {"expression": item}
        found = self._known(item, place, ("function", "field", "expression", "name", "label", "digits"))
        if found is None:
            return None
        digits = found.get("digits")
        if digits is not None and (isinstance(digits, bool) or not isinstance(digits, int) or not 0 <= digits <= 12):
            self._wrong(f"{place}.digits", "range", "应为 0 到 12", "Must be 0 to 12")
        if "expression" in found:
            source = self._source(found["expression"], f"{place}.expression")
            name = self._text(found, "name", place=f"{place}.name") or place.replace("[", "_").rstrip("]")
            return Measure(name, source, found.get("label"), digits)
        function = self._choice(found.get("function"), f"{place}.function", FUNCTIONS)
        of = self._text(found, "field", place=f"{place}.field", required=function != "count") or ""
        inside = f"{of} is not empty" if function == "count" and of else of
        name = self._text(found, "name", place=f"{place}.name") or (f"{function}_{of}" if of else function)
        return Measure(name, f"{function}({inside})", found.get("label"), digits)

    def _parameter(self, item: Any, place: str) -> ReportParameter | None:
        found = self._known(item, place, ("name", "kind", "label", "default", "required"))
        if found is None:
            return None
        name = self._text(found, "name", place=f"{place}.name", required=True) or ""
        if name in ("format", "sort") or "." in name:
            self._wrong(f"{place}.name", "reserved", "此名称不可用", "This name cannot be used")
        kind = self._choice(found.get("kind", "text"), f"{place}.kind", PARAMETER_KINDS)
        return ReportParameter(name, kind, found.get("label"), found.get("default"), found.get("required") is True)

    def _sort(self, item: Any, place: str) -> Sort | None:
        if isinstance(item, str):
            item = {"by": item.removeprefix("-"), "descending": item.startswith("-")}
        found = self._known(item, place, ("by", "descending"))
        if found is None:
            return None
        return Sort(self._text(found, "by", place=f"{place}.by", required=True) or "", found.get("descending") is True)

    def _top(self, found: dict[str, Any] | None) -> Top | None:
        if found is None or self._known(found, "top", ("count", "by", "rest")) is None:
            return None
        count = found.get("count")
        if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_TOP:
            self._wrong("top.count", "range", f"应在 1 与 {MOST_TOP} 之间", f"Must be 1 to {MOST_TOP}")
            count = 1
        by = self._text(found, "by", place="top.by", required=True) or ""
        return Top(count, by, found.get("rest") is not False)

    def _compare(self, found: dict[str, Any] | None) -> Compare | None:
        if found is None or self._known(found, "compare", ("field", "period", "to")) is None:
            return None
        period = found.get("period")
        if not isinstance(period, str) or len(period) > 60:
            self._wrong("compare.period", "type", "应为时间段，如 this_month", "A period such as this_month expected")
            period = "this_month"
        to = self._choice(found.get("to", "before"), "compare.to", ("before", "year_before"))
        return Compare(self._text(found, "field", place="compare.field", required=True) or "", period, to)
