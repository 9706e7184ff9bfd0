"""Custom fields that refer to documents of the cell: no foreign key keeps them, so they are looked up when written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from cellkit.db.shape import shape_of
from cellkit.declare.document import Document, Row
from cellkit.declare.fields import Ref
from cellkit.errors import FieldProblem, ValidationFailed, problem


async def refuse_missing(work: Any, document: type[Document], rows: Sequence[Row], before: Row | None = None) -> None:
    """Refuse references of custom fields to rows that are not there; asks once for all, and only where one is new."""
    items = [item for item in shape_of(document).custom if isinstance(item, Ref)]
    if not items:
        return
    wanted: dict[str, set[UUID]] = {}
    for item in items:
        for row in rows:
            value = row.get(item.name)
            if value is not None and (before is None or value != before.get(item.name)):
                wanted.setdefault(item.to, set()).add(value)
    if not wanted:
        return
    parts, arguments = [], []
    for key, ids in wanted.items():
        arguments.append(list(ids))
        table = work.engine.tables[key].table_name
        place = f"${len(arguments) + 1}"
        parts.append(f"SELECT '{key}' AS key, id FROM \"{table}\" WHERE tenant_id = $1 AND id = ANY({place})")
    known = {(row["key"], row["id"]) for row in await work.rows(" UNION ALL ".join(parts), *arguments)}
    known.update(work.tracked)
    problems: list[FieldProblem] = [
        problem(item.name, "reference", f"{item.label.zh}不存在", f"{item.label.en} does not exist")
        for item in items
        for row in rows
        if (value := row.get(item.name)) in wanted.get(item.to, ()) and (item.to, value) not in known
    ]
    if problems:
        raise ValidationFailed(problems[:50])
