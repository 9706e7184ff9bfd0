"""The texts beside references: titles of the rows that a document and its lines refer to, in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cellkit.db.arrays import any_of_ids
from cellkit.db.shape import shape_of, shape_of_lines
from cellkit.declare.document import Row, Table
from cellkit.declare.fields import FieldError, Ref, parse_uuid

if TYPE_CHECKING:
    from cellkit.pipeline.engine import Engine
    from cellkit.pipeline.work import Work

Place = tuple[Row, tuple[Ref, ...]]
Titles = Mapping[tuple[str, UUID], str | None]
Wanted = Mapping[str, set[UUID]]
"""Ids of rows by their table's key."""


def clear_title(table: type[Table]) -> str | None:
    """The column that names a row; None where it is not for everybody who sees the row."""
    item = table.fields.get(table.title or "")
    return None if item is not None and (item.secret or item.mask) else table.title


def refers(table: type[Table]) -> bool:
    """Whether a table or its lines have references, beside which texts are told."""
    return bool(shape_of(table).references) or any(shape_of_lines(grid).references for grid in table.lines.values())


def line_places(table: type[Table], row: Row) -> list[Place]:
    """The lines of a row with their reference fields."""
    return [
        (line, references)
        for name, grid in table.lines.items()
        if (references := shape_of_lines(grid).references)
        for line in row.get(name) or ()
    ]


def titles_query(tables: Mapping[str, type[Table]], wanted: Wanted, add: Callable[[list[UUID]], int]) -> str:
    """The titles of rows as ``place, id, title``, the place being that of the table among the sorted keys.

    ``$1`` is the tenant; ``add`` takes a parameter and answers its number.
    """
    return " UNION ALL ".join(
        f'SELECT {place} AS place, r.id, r."{clear_title(tables[key])}"::text AS title '
        f'FROM "{tables[key].table_name}" r '
        f"WHERE r.tenant_id = $1 AND r.id = {any_of_ids(add(list(wanted[key])))}"
        for place, key in enumerate(sorted(wanted))
    )


async def find_titles(connection: Any, engine: Engine, tenant_id: UUID, wanted: Wanted) -> Titles:
    """The titles of rows by their table's key and id."""
    if not wanted:
        return {}
    parameters: list[Any] = [tenant_id]

    def add(ids: list[UUID]) -> int:
        parameters.append(ids)
        return len(parameters)

    query = titles_query(engine.tables, wanted, add)
    keys = sorted(wanted)
    records = await connection.fetch(query, *parameters)
    return {(keys[record["place"]], record["id"]): record["title"] for record in records}


def wanted_of(engine: Engine, places: Iterable[Place]) -> dict[str, set[UUID]]:
    """Which rows the places refer to, by table; only of tables whose titles may be told."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for row, references in places:
        for item in references:
            value = row.get(item.name)
            if isinstance(value, UUID) and clear_title(engine.tables[item.to]) is not None:
                wanted[item.to].add(value)
    return wanted


def put_titles(engine: Engine, places: Iterable[Place], titles: Titles) -> None:
    """Write the texts beside the references."""
    for row, references in places:
        for item in references:
            if clear_title(engine.tables[item.to]) is not None:
                row[item.label_name] = titles.get((item.to, row[item.name])) if row.get(item.name) else None


async def add_line_titles(connection: Any, engine: Engine, tenant_id: UUID, table: type[Table], row: Row) -> None:
    """Texts beside the references of the lines of a row that was read."""
    places = line_places(table, row)
    put_titles(engine, places, await find_titles(connection, engine, tenant_id, wanted_of(engine, places)))


async def add_titles(connection: Any, engine: Engine, tenant_id: UUID, table: type[Table], shown: Row) -> None:
    """Texts beside all references of a public row that was kept as JSON, as its caller saw it then."""
    places = [(shown, shape_of(table).references), *line_places(table, shown)]
    for row, references in places:
        for item in references:
            # What was masked is no id, and has no text.
            with suppress(FieldError):
                if row.get(item.name) is not None:
                    row[item.name] = parse_uuid(row[item.name])
    put_titles(engine, places, await find_titles(connection, engine, tenant_id, wanted_of(engine, places)))


def titles_to_find(work: Work, table: type[Table], row: Row) -> tuple[Titles, Wanted]:
    """The titles that an answer about a row of this work shows: those the work knows, and those still to be read."""
    references = shape_of(table).references
    missing = wanted_of(work.engine, [(row, references), *line_places(table, row)])
    known: dict[tuple[str, UUID], str | None] = {}
    for key, ids in missing.items():
        title = clear_title(work.engine.tables[key])
        for identity in list(ids):
            tracked = work.tracked.get((key, identity))
            if tracked is not None:
                value = tracked.row.get(title or "")
                known[key, identity] = None if value is None else str(value)
                ids.discard(identity)
    return known, {key: ids for key, ids in missing.items() if ids}


def with_titles(engine: Engine, table: type[Table], shown: Row, titles: Titles) -> Row:
    """A public row with the texts beside its references and those of its lines, as reading it tells them."""
    put_titles(engine, [(shown, shape_of(table).references), *line_places(table, shown)], titles)
    return shown
