"""Which names an expression may use: a document's fields, its line grids, parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal as Words

from cellkit.db.shape import shape_of, shape_of_lines
from cellkit.declare.document import Table
from cellkit.declare.fields import Choice, Field, Integer
from cellkit.expression.errors import FieldNotReadable
from cellkit.labels import L
from cellkit.read.filters import STANDARD_FIELDS

Kind = Words["number", "text", "id", "date", "moment", "flag", "period", "empty", "other"]
_BY_ARRAY: dict[str, Kind] = {
    "numeric": "number", "bigint": "number", "integer": "number", "text": "text", "uuid": "id", "date": "date",
    "timestamptz": "moment", "boolean": "flag",
}  # fmt: skip
_CASTS = {
    "number": ("numeric", r"^-?[0-9]{1,30}(\.[0-9]{1,30})?$"),
    "id": ("uuid", "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
    "date": ("date", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    "moment": ("timestamptz", "^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}.{0,20}$"),
    "flag": ("boolean", "^(true|false)$"),
}
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
_LINE_NUMBER = Integer(L("行号", "Line"))
_LINE_NUMBER.name = "line_no"


@dataclass(frozen=True, slots=True)
class Place:
    """A name that may be used: where its value is, and of what kind it is.

    ``grid``: the line grid it belongs to. ``custom``: stored in the document's ``extension``. ``options``: its only
    values, for choices and states.
    """

    name: str
    kind: Kind
    field: Field
    grid: str | None = None
    custom: bool = False
    options: tuple[str, ...] | None = None

    @property
    def full_name(self) -> str:
        """As expressions write it."""
        return f"{self.grid}.{self.name}" if self.grid else self.name

    @property
    def whole(self) -> bool:
        """Whether it is stored as a 64 bit number."""
        return self.field.array_type in ("bigint", "integer") and not self.custom

    def column(self, alias: str) -> str:
        """The SQL of its stored value; names are of declarations, never of requests."""
        if not self.custom:
            return f'{alias}."{self.name}"'
        if not _PLAIN.fullmatch(self.name):
            raise ValueError(self.name)
        text = f"({alias}.extension->>'{self.name}')"
        if self.kind not in _CASTS:
            return text
        cast, pattern = _CASTS[self.kind]
        # What is not of its type counts as empty; a cast would fail the whole query.
        return f"(CASE WHEN {text} ~ '{pattern}' THEN {text}::{cast} END)"


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one use of the language.

    ``places`` are values of the row itself; ``grids`` are those of its lines, used inside ``sum(…)`` and the like;
    ``line_tables`` the tables of the grids. ``rows_are_lines`` names the grid whose lines are the rows (reports over
    lines): its fields then stand in ``places``. ``parameters``: kinds of ``:name``. ``readable``: whether the caller
    sees a field in clear.
    """

    table: type[Table]
    places: Mapping[str, Place]
    grids: Mapping[str, Mapping[str, Place]]
    line_tables: Mapping[str, str]
    rows_are_lines: str | None = None
    parameters: Mapping[str, Kind] = field(default_factory=dict)
    readable: Callable[[str], bool] | None = None

    def may_use(self, name: str) -> None:
        """Raise :class:`FieldNotReadable` for a field or grid that the caller does not see in clear."""
        if self.readable is not None and not self.readable(name):
            raise FieldNotReadable(name)


def names_of(
    table: type[Table],
    fields: Mapping[str, Field] | None = None,
    *,
    rows_are_lines: str | None = None,
    parameters: Mapping[str, Kind] | None = None,
    readable: Callable[[str], bool] | None = None,
) -> Names:
    """The names of a document as a tenant has it (``table_of``); ``fields``: those to take instead of its own."""
    columns = shape_of(table).by_name
    places = {name: _standard(table, name, item) for name, item in STANDARD_FIELDS.items() if name in columns}
    for name, item in (table.fields if fields is None else fields).items():
        # Fields that are computed on reading have no column, so only a part of the language could use them.
        if item.stored:
            places[name] = _place(name, item, custom=item.custom)
    grids: dict[str, dict[str, Place]] = {}
    tables: dict[str, str] = {}
    for name, grid in table.lines.items():
        own = {inner: _place(inner, item, grid=name) for inner, item in grid.fields.items() if item.stored}
        own["line_no"] = _place("line_no", _LINE_NUMBER, grid=name)
        tables[name] = shape_of_lines(grid).name
        if name == rows_are_lines:
            places |= {item.full_name: item for item in own.values()}
        else:
            grids[name] = own
    return Names(table, places, grids, tables, rows_are_lines, parameters or {}, readable)


def kind_of(item: Field) -> Kind:
    """The kind of a field's value in expressions; ``other`` can only be asked whether it is empty."""
    if item.secret or item.kind in ("json", "tags"):
        return "other"
    return _BY_ARRAY.get(item.array_type, "other")


def _place(name: str, item: Field, *, grid: str | None = None, custom: bool = False) -> Place:
    options = tuple(item.options) if isinstance(item, Choice) else None
    return Place(name, kind_of(item), item, grid, custom, options)


def _standard(table: type[Table], name: str, item: Field) -> Place:
    states = getattr(table, "states", None)
    options = tuple(states.items) if name == "state" and states is not None else None
    return Place(name, kind_of(item), item, options=options)
