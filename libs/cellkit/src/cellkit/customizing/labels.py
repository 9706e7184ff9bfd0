"""Labels of other cells' documents, kept fresh: one handler a type of event, one statement a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cellkit.db.reading import row_of, select_document
from cellkit.db.shape import Shape, shape_of, shape_of_lines
from cellkit.declare.document import Lines, Table
from cellkit.declare.fields import ExternalRef
from cellkit.events import Event, Handler

_MOST_LABEL = 500
_SEARCH_BATCH = 500


@dataclass(frozen=True, slots=True)
class _Place:
    """A reference with a label beside it, in a document or its lines."""

    table: type[Table]
    grid: Lines | None
    field: ExternalRef

    @property
    def shape(self) -> Shape:
        return shape_of(self.table) if self.grid is None else shape_of_lines(self.grid)


def label_handlers(tables: Iterable[type[Table]]) -> list[Handler]:
    """A handler for the updates of every document that labels are kept of."""
    places: dict[str, list[_Place]] = defaultdict(list)
    for table in tables:
        for grid in (None, *table.lines.values()):
            fields = table.fields if grid is None else grid.fields
            for item in fields.values():
                if isinstance(item, ExternalRef) and item.label_field is not None:
                    if item.label_field not in fields:
                        message = f"{table.key}.{item.name}: no field {item.label_field}"
                        raise ValueError(message)
                    places[item.to].append(_Place(table, grid, item))
    return [Handler(f"{key}.updated.v1", _refresher(found)) for key, found in sorted(places.items())]


def _refresher(places: list[_Place]) -> Any:
    async def refresh(work: Any, event: Event) -> None:
        for place in places:
            title = event.data.get(place.field.title)
            if isinstance(title, str) and title:
                await _write(work, place, event.subject, title[:_MOST_LABEL])

    return refresh


async def _write(work: Any, place: _Place, subject: str, title: str) -> None:
    label, shape = place.field.label_field, place.shape
    await work.begin()
    # In the order of ids, so that two such writers cannot wait for each other.
    matching = (
        f'SELECT t.id FROM "{shape.name}" t{_joined(place)} WHERE t.tenant_id = $1 AND t."{place.field.name}" = $2 '
        f'AND t."{label}" IS DISTINCT FROM $3{_in_states(place)} ORDER BY t.id FOR NO KEY UPDATE OF t'
    )
    states = [] if place.field.fresh_in is None else [sorted(place.field.fresh_in)]
    records = await work.connection.fetch(matching, work.tenant_id, subject, title, *states)
    ids = [record["id"] for record in records]
    if not ids:
        return
    await work.connection.execute(
        f'UPDATE "{shape.name}" SET "{label}" = $3 WHERE tenant_id = $1 AND id = ANY($2)', work.tenant_id, ids, title
    )
    work.record(
        f"{place.table.key}.refresh-label", place.table.key, subject, {"field": label, "label": title, "rows": len(ids)}
    )
    if place.grid is None and any(item.name == label for item in shape.searched):
        await search_again(work, place.table, ids)


async def search_again(work: Any, table: type[Table], ids: list[Any]) -> None:
    """Make the search texts of documents anew; they hold pinyin, which SQL cannot make."""
    for start in range(0, len(ids), _SEARCH_BATCH):
        await _search_batch(work, work.document(table.key), ids[start : start + _SEARCH_BATCH])


async def _search_batch(work: Any, table: type[Table], ids: list[Any]) -> None:
    found = await work.connection.fetch(
        select_document(table, lines=False) + " AND t.id = ANY($2)", work.tenant_id, ids
    )
    rows = [row_of(table, record, lines=False) for record in found]
    texts = [work.columns.values(shape_of(table), row, ["search_text"])[0] for row in rows]
    await work.connection.execute(
        f'UPDATE "{table.table_name}" t SET search_text = x.text FROM unnest($2::uuid[], $3::text[]) AS x(id, text) '
        "WHERE t.tenant_id = $1 AND t.id = ANY($2) AND t.id = x.id",
        work.tenant_id,
        [row["id"] for row in rows],
        texts,
    )


def _joined(place: _Place) -> str:
    if place.grid is None or place.field.fresh_in is None:
        return ""
    return f' JOIN "{place.table.table_name}" p ON p.tenant_id = t.tenant_id AND p.id = t.parent_id'


def _in_states(place: _Place) -> str:
    if place.field.fresh_in is None:
        return ""
    return f" AND {'t' if place.grid is None else 'p'}.state = ANY($4::text[])"
