"""What people read for the keys of a report's dimensions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from cellkit.declare.fields import Choice, Ref
from cellkit.exchange.references import title_name
from cellkit.labels import L, Label
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.reporting.binding import Bound, BoundDimension, BoundMeasure
from cellkit.reporting.people import names_what

EMPTY, REST = L("（空）", "(empty)"), L("其他", "Others")
_YES, _NO = L("是", "Yes"), L("否", "No")
_TOTALS = {
    "sum": L("合计", "Sum"), "avg": L("平均", "Average"), "min": L("最小", "Least"), "max": L("最大", "Greatest"),
    "count": L("数量", "Count"), "count_distinct": L("不同值数", "Distinct"),
}  # fmt: skip
_BUCKETS = {
    "day": L("日", "Day"), "week": L("周", "Week"), "month": L("月", "Month"), "quarter": L("季", "Quarter"),
    "year": L("年", "Year"),
}  # fmt: skip


async def reference_titles(
    engine: Engine, connection: Any, role: RoleDocument, bound: Bound, keys: Mapping[int, Iterable[Any]]
) -> dict[str, dict[UUID, str]]:
    """Titles of referenced rows by (table key, id), one query a table; none where the caller may not see the title."""
    wanted: dict[str, set[UUID]] = {}
    for index, item in enumerate(bound.dimensions):
        if isinstance(item.field, Ref):
            wanted.setdefault(item.field.to, set()).update(key for key in keys[index] if isinstance(key, UUID))
    found: dict[str, dict[UUID, str]] = {}
    for key, ids in wanted.items():
        table = engine.tables[key]
        title = title_name(table, role)
        if title is None or not ids:
            continue
        records = await connection.fetch(
            f'SELECT id, "{title}"::text AS title FROM "{table.table_name}" WHERE tenant_id = $1 AND id = ANY($2)',
            UUID(role.tenant_id),
            list(ids),
        )
        found[key] = {record["id"]: record["title"] or "" for record in records}
    return found


def key_label(item: BoundDimension, key: Any, titles: Mapping[str, Mapping[Any, str]], language: str) -> str:
    """A key for people."""
    field = item.field
    if key is None:
        return EMPTY.text(language)
    if item.bucket is not None:
        return bucket_label(item.bucket, key)
    if isinstance(key, bool):
        return (_YES if key else _NO).text(language)
    titled = field.to if isinstance(field, Ref) and isinstance(key, UUID) else names_what(item)
    if titled is not None:
        return titles.get(titled, {}).get(key) or str(key)
    if item.is_state:
        states = getattr(item.expression.names.table, "states", None)
        known = states.items.get(key) if states is not None else None
        return known.label.text(language) if known is not None else str(key)
    if isinstance(field, Choice) and key in field.options:
        return field.options[key].text(language)
    if field is not None and field.labelled:
        return str(field.label_of(key, language) or key)
    return format(key.normalize(), "f") if isinstance(key, Decimal) else str(key)


def bucket_label(bucket: str, first: date) -> str:
    """``2026-03``, ``2026-Q1``, ``2026-W10`` (ISO weeks), ``2026``."""
    if bucket == "week":
        year, week, _ = first.isocalendar()
        return f"{year:04}-W{week:02}"
    if bucket == "month":
        return first.isoformat()[:7]
    if bucket == "quarter":
        return f"{first.year:04}-Q{(first.month + 2) // 3}"
    return f"{first.year:04}" if bucket == "year" else first.isoformat()


def dimension_label(item: BoundDimension, language: str) -> str:
    """A dimension's heading."""
    if item.dimension.label is not None:
        return given(item.dimension.label, language)
    place = item.expression.tree.place
    if place is None:
        return item.dimension.name
    name = place.field.label.text(language)
    bucket = item.dimension.bucket
    return (
        f"{name}（{_BUCKETS[bucket].zh}）"
        if bucket and not language.startswith("en")
        else (f"{name} ({_BUCKETS[bucket].en})" if bucket else name)
    )


def measure_label(item: BoundMeasure, language: str) -> str:
    """A measure's heading."""
    if item.measure.label is not None:
        return given(item.measure.label, language)
    tree = item.expression.tree
    if tree.operation != "rows":
        return item.measure.name
    word = _TOTALS[tree.value].text(language)
    place = tree.arguments[0].place if tree.arguments else None
    return word if place is None else f"{place.field.label.text(language)} {word}"


def given(label: Any, language: str) -> str:
    """A label of a definition: one text, or ``{"zh", "en"}``."""
    if isinstance(label, dict):
        return str(label["en" if language.startswith("en") else "zh"])
    return label.text(language) if isinstance(label, Label) else str(label)
