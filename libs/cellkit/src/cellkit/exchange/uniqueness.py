"""Values that must be unique: duplicates are found in sets before the database refuses them one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from cellkit.db.shape import shape_of
from cellkit.declare.document import Document, Row
from cellkit.exchange.drafts import Draft
from cellkit.exchange.headings import STANDARD_LABELS
from cellkit.exchange.report import Problem
from cellkit.labels import L, Label

Pair = tuple[Draft, Row]


async def find_duplicates(
    connection: Any, tenant_id: UUID, document: type[Document], pairs: Sequence[Pair], origin: str
) -> dict[Draft, list[Problem]]:
    """The drafts whose unique values another row has; ``origin`` begins the ``source`` of this import's rows."""
    found: dict[Draft, list[Problem]] = {}
    for names in _keys(document):
        values = [(draft, tuple(row.get(name) for name in names)) for draft, row in pairs]
        values = [(draft, key) for draft, key in values if None not in key and "" not in key]
        if not values:
            continue
        for draft, place in [
            *_in_batch(values),
            *await _in_database(connection, tenant_id, document, names, values, origin),
        ]:
            found.setdefault(draft, []).append(_problem(document, draft, names, place))
    return found


def _keys(document: type[Document]) -> Iterator[tuple[str, ...]]:
    for item in document.fields.values():
        if item.unique and not item.secret:
            yield (item.name,)
    if document.number is not None:
        yield ("number",)
    yield from document.unique_together


def _in_batch(values: list[tuple[Draft, tuple[Any, ...]]]) -> Iterator[tuple[Draft, int]]:
    first: dict[tuple[Any, ...], Draft] = {}
    for draft, key in values:
        other = first.setdefault(key, draft)
        if other is not draft:
            yield draft, other.row


async def _in_database(
    connection: Any,
    tenant_id: UUID,
    document: type[Document],
    names: tuple[str, ...],
    values: list[tuple[Draft, tuple[Any, ...]]],
    origin: str,
) -> list[tuple[Draft, int]]:
    shape = shape_of(document)
    arrays = ", ".join(f"${index}::{shape.by_name[name].array_type}[]" for index, name in enumerate(names, start=2))
    quoted = ", ".join(f'"{name}"' for name in names)
    shown = ", ".join(f't."{name}"' for name in names)
    joined = " AND ".join(f't."{name}" = x."{name}"' for name in names)
    records = await connection.fetch(
        f'SELECT t.source, {shown} FROM "{document.table_name}" t JOIN unnest({arrays}) AS x({quoted}) ON {joined} '
        "WHERE t.tenant_id = $1",
        tenant_id,
        *(list(part) for part in zip(*(key for _, key in values), strict=True)),
    )
    taken = {tuple(record[name] for name in names): _row_of(record["source"], origin) for record in records}
    return [(draft, taken[key]) for draft, key in values if key in taken]


def _row_of(source: str | None, origin: str) -> int:
    """The row of this file that wrote a stored row; 0: another one did."""
    return int(source.removeprefix(origin)) if source is not None and source.startswith(origin) else 0


def _problem(document: type[Document], draft: Draft, names: tuple[str, ...], row: int) -> Problem:
    labels = [document.fields[name].label if name in document.fields else STANDARD_LABELS[name] for name in names]
    zh, en = "、".join(label.zh for label in labels), ", ".join(label.en for label in labels)
    message: Label = (
        L(f"{zh}与第 {row} 行重复", f"Same {en} as row {row}") if row else L(f"{zh}已存在", f"{en} exists already")
    )
    heading = draft.columns.headings.get(names[0], "")
    return Problem(draft.row, heading, names[0], "unique", message)
