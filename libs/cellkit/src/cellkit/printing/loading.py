"""The documents to print, as the caller sees them, with the texts of what they refer to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from cellkit.customizing import table_of
from cellkit.db.reading import finish, reference_labels, row_of, select_document
from cellkit.db.shape import shape_of, shape_of_lines
from cellkit.declare.document import Row, Table
from cellkit.errors import NotFound, Unauthorized
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine, zone
from cellkit.pipeline.tracked import ColumnWriter
from cellkit.printing.texts import Texts
from cellkit.read.keyset import order_by
from cellkit.read.listing import add_search, label_sources, parse_list
from cellkit.read.projection import projection
from cellkit.read.scope import scope_condition

MOST_PEOPLE = 200


async def chosen_ids(
    engine: Engine, table: type[Table], query: dict[str, str], role: RoleDocument, most: int
) -> list[UUID]:
    """The ids of the caller's list, in its order, at most ``most`` and one."""
    found = parse_list(engine, table, query, role, role.tenant_id)
    add_search(table, found, role)
    text = f'SELECT t.id FROM "{table.table_name}" t WHERE {found.where}{order_by(table, found.sorts)} LIMIT {most + 1}'
    async with engine.database.session(role.tenant_id) as connection:
        return [record["id"] for record in await connection.fetch(text, *found.parameters)]


async def load(
    engine: Engine, table: type[Table], ids: Sequence[UUID], role: RoleDocument, language: str
) -> tuple[type[Table], list[Row]]:
    """The table with the tenant's own fields, and the documents in the order of ``ids``.

    Raises :class:`NotFound` when one is missing or out of the caller's scope.
    """
    variant = await table_of(engine, role.tenant_id, table)
    parameters: list[Any] = [UUID(role.tenant_id), list(ids)]
    text = select_document(variant, lines=True)
    labels = reference_labels(variant, label_sources(engine, variant))
    text = text.replace(f' FROM "{variant.table_name}" t WHERE', f'{labels} FROM "{variant.table_name}" t WHERE', 1)
    text += " AND t.id = ANY($2)" + scope_condition(role, variant, parameters)
    async with engine.database.session(role.tenant_id) as connection:
        records = await connection.fetch(text, *parameters)
        rows = [row_of(variant, record, lines=True) for record in records]
        await _label_lines(engine, connection, variant, rows, UUID(role.tenant_id))
    _reveal(engine, variant, rows, role.tenant_id)
    seen = projection(variant, role)
    shown = {row["id"]: seen.apply(row, language) for row in rows}
    missing = [one for one in ids if one not in shown]
    if missing:
        raise NotFound(entity=table.key, id=str(missing[0]))
    return variant, [shown[one] for one in ids]


def _reveal(engine: Engine, table: type[Table], rows: list[Row], tenant_id: str) -> None:
    columns = ColumnWriter(engine.keys, tenant_id)
    shape = shape_of(table)
    for row in rows:
        if shape.secrets:
            columns.reveal(shape, row)
        for name, grid in table.lines.items():
            lines = shape_of_lines(grid)
            for line in row[name] if lines.secrets else ():
                columns.reveal(lines, line)
        finish(table, row)


async def _label_lines(engine: Engine, connection: Any, table: type[Table], rows: list[Row], tenant_id: UUID) -> None:
    """Put the titles of what lines refer to beside their ids, one query a referenced table."""
    wanted: dict[str, set[UUID]] = {}
    for name, grid in table.lines.items():
        for item in shape_of_lines(grid).references:
            ids = wanted.setdefault(item.to, set())
            ids.update(line[item.name] for row in rows for line in row[name] if line[item.name] is not None)
    titles: dict[str, dict[UUID, str]] = {}
    for key, ids in wanted.items():
        target = engine.tables[key]
        title = target.fields.get(target.title or "")
        if not ids or (target.title != "number" and (title is None or title.secret or title.mask)):
            continue
        shown = f'id, "{target.title}"::text AS title'
        text = f'SELECT {shown} FROM "{target.table_name}" WHERE tenant_id = $1 AND id = ANY($2)'
        titles[key] = {record["id"]: record["title"] for record in await connection.fetch(text, tenant_id, list(ids))}
    for name, grid in table.lines.items():
        for item in shape_of_lines(grid).references:
            known = titles.get(item.to, {})
            for row in rows:
                for line in row[name]:
                    line[item.label_name] = known.get(line[item.name])


async def texts_for(
    engine: Engine, table: type[Table], rows: Sequence[Row], role: RoleDocument, language: str
) -> Texts:
    """What values are written with: the reader's language and zone, the names of the people that rows name."""
    named = {str(row["created_by"]) for row in rows if row.get("created_by")}
    for row in rows:
        named.update(
            str(row[item.name]) for item in table.fields.values() if item.kind == "user" and row.get(item.name)
        )
    people, known = {}, engine.offline_roles or engine.roles
    for user_id in sorted(named)[:MOST_PEOPLE]:
        try:
            people[user_id] = (await known.get(role.tenant_id, user_id)).display_name or user_id
        except Unauthorized:
            # Somebody who has left keeps the name under which he is known here: his id.
            people[user_id] = user_id
    user = role.display_name or role.username or role.user_id
    return Texts(zone(role.time_zone), language, engine.clock(), user, people)
