"""Pages by keyset: the next page starts after the last row's sort values, so its cost does not grow with depth."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from cellkit.db.shape import shape_of
from cellkit.declare.document import Table
from cellkit.declare.fields import Field, FieldError
from cellkit.errors import BadRequest
from cellkit.http.messages import from_json, to_json
from cellkit.labels import L
from cellkit.read.filters import STANDARD_FIELDS, field_of

MAX_SORTS = 3
_SORTABLE_STANDARD = {"id", "number", "state"}


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort column."""

    name: str
    falling: bool
    nullable: bool


def parse_sort(table: type[Table], text: str, *, readable: Callable[[str], bool]) -> tuple[Sort, ...]:
    """``-order_date,number`` → sorts, the id always last; raises :class:`BadRequest` for columns without an index."""
    sorts: list[Sort] = []
    for part in filter(None, text.split(",")):
        name, falling = part.removeprefix("-"), part.startswith("-")
        if name == "created_at" and name in shape_of(table).by_name:
            # Ids rise with time, and their index is there.
            name = "id"
        item = field_of(table, name)
        indexed = name in _SORTABLE_STANDARD or (item is not None and _sortable(item))
        if item is None or not indexed or not readable(name):
            usable = ", ".join(sortable(table))
            raise BadRequest(
                reason=L(f"不能按 {name[:60]} 排序，可用：{usable}", f"cannot sort by {name[:60]}; use {usable}")
            )
        column = shape_of(table).by_name.get(name)
        sorts.append(Sort(name, falling, nullable=column is None or not column.required))
    if len(sorts) > MAX_SORTS:
        raise BadRequest(reason=L(f"最多按 {MAX_SORTS} 个字段排序", f"at most {MAX_SORTS} fields to sort by"))
    if not any(sort.name == "id" for sort in sorts):
        falling = sorts[-1].falling if sorts else True
        sorts.append(Sort("id", falling, nullable=False))
    return tuple(sorts)


def sortable(table: type[Table]) -> list[str]:
    """The columns that lists of the table may be sorted by."""
    shape = shape_of(table)
    standard = ["created_at"] if "created_at" in shape.by_name else []
    standard += [name for name in STANDARD_FIELDS if name in _SORTABLE_STANDARD and name in shape.by_name]
    return standard + [item.name for item in table.fields.values() if _sortable(item)]


def _sortable(item: Field) -> bool:
    # A tenant's own fields have no index; lists that they are shown in may still be sorted by them.
    return (item.index and not item.secret) or (item.custom and item.list and item.array_type not in ("jsonb", "uuid"))


def order_by(table: type[Table], sorts: tuple[Sort, ...]) -> str:
    """The ORDER BY text."""
    shape = shape_of(table)
    parts = [f"{shape.extracted(sort.name)[0]}{' DESC' if sort.falling else ''}" for sort in sorts]
    return " ORDER BY " + ", ".join(parts)


def make_cursor(sorts: tuple[Sort, ...], record: Any) -> str:
    """The cursor that continues after ``record``."""
    content = [[("-" if sort.falling else "") + sort.name, record[sort.name]] for sort in sorts]
    return base64.urlsafe_b64encode(to_json(content)).decode().rstrip("=")


def read_cursor(table: type[Table], sorts: tuple[Sort, ...], cursor: str) -> list[Any]:
    """The sort values in a cursor; raises :class:`BadRequest` when it is not one of this list."""
    try:
        content = from_json(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values = []
        for sort, (name, value) in zip(sorts, content, strict=True):
            item = field_of(table, sort.name)
            if name != ("-" if sort.falling else "") + sort.name or item is None:
                raise ValueError
            values.append(None if value is None else item.filter_value(value))
    except (ValueError, TypeError, binascii.Error, msgspec.DecodeError, FieldError, RecursionError):
        raise BadRequest(reason=L("翻页标记 cursor 无效或不属于此列表", "the cursor is not one of this list")) from None
    return values


def after(table: type[Table], sorts: tuple[Sort, ...], values: list[Any], parameters: list[Any]) -> str:
    """`` AND …``: rows that come after the cursor's values."""
    shape = shape_of(table)
    places = []
    for sort, value in zip(sorts, values, strict=True):
        parameters.append(shape.compared(sort.name, value))
        places.append(f"${len(parameters)}::{shape.extracted(sort.name)[1]}")
    uniform = all(sort.falling == sorts[0].falling and not sort.nullable for sort in sorts)
    if uniform:
        columns = ", ".join(shape.extracted(sort.name)[0] for sort in sorts)
        return f" AND ({columns}) {'<' if sorts[0].falling else '>'} ({', '.join(places)})"
    branches, equal = [], ""
    for sort, place, value in zip(sorts, places, values, strict=True):
        column = shape.extracted(sort.name)[0]
        branches.append(f"({equal}{_beyond(sort, column, place, value)})")
        equal += f"{column} IS NOT DISTINCT FROM {place} AND "
    return f" AND ({' OR '.join(branches)})"


def _beyond(sort: Sort, column: str, place: str, value: Any) -> str:
    # PostgreSQL sorts empty values last when rising and first when falling. Every branch mentions its parameter,
    # because one that no text mentions has no type.
    if value is None:
        return f"{column} IS NOT NULL AND {place} IS NULL" if sort.falling else f"false AND {place} IS NULL"
    if sort.falling:
        return f"{column} < {place}"
    return f"({column} > {place} OR {column} IS NULL)" if sort.nullable else f"{column} > {place}"
