"""A made-up document to preview a template with, long enough to show how it wraps."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from cellkit.declare.document import Document, Row, Table
from cellkit.declare.fields import Field, Ref

_NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
_LINES = 5
_WORDS = ("样例文字", "较长的样例文字，用来看换行是否合适", "示例")


def sample_row(table: type[Table], language: str) -> Row:
    """A document with a value in every field and five lines in every grid."""
    row: Row = {"id": UUID(int=1), "version": 1, "created_at": _NOW, "updated_at": _NOW, "created_by": "张三"}
    if issubclass(table, Document):
        if table.number is not None:
            row["number"] = "SAMPLE-2026-0001"
        if table.states is not None:
            row["state"] = table.states.initial
    _fill(row, table.fields, 0, language)
    for name, grid in table.lines.items():
        row[name] = [{"id": UUID(int=place), "line_no": place} for place in range(1, _LINES + 1)]
        for place, line in enumerate(row[name]):
            _fill(line, grid.fields, place, language)
    return row


def _fill(row: Row, fields: dict[str, Field], place: int, language: str) -> None:
    for name, item in fields.items():
        row[name] = _value(item, place)
        if isinstance(item, Ref) or item.labelled:
            row[item.label_name] = f"{item.label.text(language)} {place + 1}"


def _value(item: Field, place: int) -> Any:
    simple: dict[str, Any] = {
        "money": Decimal("12345.60") * (place + 1), "price": Decimal("123.45"), "quantity": Decimal(10 * (place + 1)),
        "decimal": Decimal("12.34"), "percent": Decimal("0.13"), "integer": 10 + place, "date": date(2026, 1, 15),
        "moment": _NOW, "flag": True, "reference": UUID(int=place + 2), "user": "李四", "department": "销售部",
    }  # fmt: skip
    if item.kind in simple:
        return simple[item.kind]
    options = getattr(item, "options", None)
    if options:
        first = next(iter(options))
        return [first] if item.array_type == "jsonb" else first
    if item.array_type != "text":
        return None
    most = getattr(item, "max", 100)
    return _WORDS[place % len(_WORDS)][:most]
