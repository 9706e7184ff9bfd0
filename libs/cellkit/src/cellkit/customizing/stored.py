"""What documents hold of a tenant's definitions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cellkit.customizing.labels import search_again
from cellkit.db.shape import EXTENSION, Shape, shape_of, shape_of_lines
from cellkit.declare.document import Table
from cellkit.declare.fields import DictionaryChoice


async def values_of(work: Any, table: type[Table], name: str) -> int:
    """How many documents hold a value of a custom field."""
    return int(
        await work.value(f'SELECT count(*) FROM "{table.table_name}" WHERE tenant_id = $1 AND {EXTENSION} ? $2', name)
    )


async def chosen_of(work: Any, table: type[Table], name: str, values: Sequence[str]) -> list[str]:
    """Which of the choices some document holds; for one or several choices a document."""
    records = await work.rows(
        f'SELECT v.value FROM unnest($3::text[]) AS v(value) WHERE EXISTS (SELECT 1 FROM "{table.table_name}" t '
        f"WHERE t.tenant_id = $1 AND (t.{EXTENSION}->>$2 = v.value OR "
        f"(jsonb_typeof(t.{EXTENSION}->$2) = 'array' AND t.{EXTENSION}->$2 ? v.value)))",
        name,
        list(values),
    )
    return [record["value"] for record in records]


async def erase_values(work: Any, table: type[Table], name: str) -> int:
    """Remove the values of a custom field from all documents; they are not counted as changed by anybody."""
    await work.begin()
    records = await work.connection.fetch(
        f"UPDATE \"{table.table_name}\" SET {EXTENSION} = nullif({EXTENSION} - $2, '{{}}'::jsonb) "
        f"WHERE tenant_id = $1 AND {EXTENSION} ? $2 RETURNING id",
        work.tenant_id,
        name,
    )
    if "search_text" in shape_of(table).by_name:
        await search_again(work, table, [record["id"] for record in records])
    return len(records)


async def codes_in_use(work: Any, tables: Iterable[type[Table]], dictionary: str, codes: Sequence[str]) -> list[str]:
    """Which codes of a dictionary documents hold, in declared and custom fields."""
    places: list[str] = []
    for table in tables:
        for shape in (shape_of(table), *(shape_of_lines(grid) for grid in table.lines.values())):
            places += [
                f'SELECT {column} AS code FROM "{shape.name}" t WHERE t.tenant_id = $1 AND {column} = ANY($2)'
                for column in _columns(shape, dictionary)
            ]
    if not places or not codes:
        return []
    records = await work.rows(
        f"SELECT DISTINCT code FROM ({' UNION ALL '.join(places)}) AS used ORDER BY code LIMIT 20", list(codes)
    )
    return [record["code"] for record in records]


def _columns(shape: Shape, dictionary: str) -> list[str]:
    return [
        shape.extracted(item.name)[0]
        for item in shape.fields.values()
        if isinstance(item, DictionaryChoice) and item.dictionary == dictionary and item.stored and not item.secret
    ]
