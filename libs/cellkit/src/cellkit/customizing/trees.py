"""Trees: a row must not come to lie below itself."""

from __future__ import annotations

from typing import Any

from cellkit.db.shape import shape_of
from cellkit.declare.document import Row, Table
from cellkit.declare.fields import TreeParent
from cellkit.errors import ValidationFailed, problem


async def refuse_circles(work: Any) -> None:
    """Refuse what would close a circle; called before a work is written, asks only where a parent was changed."""
    moved: list[tuple[type[Table], TreeParent, Row]] = []
    for tracked in work.tracked.values():
        if tracked.before is None or tracked.removed or not tracked.marked:
            continue
        for item in shape_of(tracked.table).trees:
            above = tracked.row.get(item.name)
            if above is not None and above != tracked.before.get(item.name):
                moved.append((tracked.table, item, tracked.row))
    if not moved:
        return
    await work.begin()
    for name in sorted({table.table_name for table, _, _ in moved}):
        # Two moves that each are right can close a circle together, so they go one after the other.
        await work.connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"tree:{work.tenant_id}:{name}"
        )
    changing = {row["id"]: row.get(item.name) for _, item, row in moved}
    for table, item, row in moved:
        if await _is_below(work, table, item, row, changing):
            raise ValidationFailed(
                [
                    problem(
                        item.name, "cycle", f"{item.label.zh}不能是本条或其下级", f"{item.label.en} lies below this one"
                    )
                ]
            )


async def _is_below(work: Any, table: type[Table], item: TreeParent, row: Row, changing: dict[Any, Any]) -> bool:
    """Whether the row is met on the way up from its new parent; rows of this work count as they will be."""
    at, seen = row[item.name], set()
    while at is not None and at not in seen:
        if at == row["id"]:
            return True
        seen.add(at)
        if at in changing:
            at = changing[at]
            continue
        records = await work.connection.fetch(
            f'WITH RECURSIVE up AS (SELECT id, "{item.name}" AS above FROM "{table.table_name}" '
            "WHERE tenant_id = $1 AND id = $2 UNION "
            f'SELECT t.id, t."{item.name}" FROM "{table.table_name}" t JOIN up ON t.id = up.above '
            "WHERE t.tenant_id = $1 AND NOT t.id = ANY($3)) SELECT id, above FROM up",
            work.tenant_id,
            at,
            list(changing),
        )
        way = {record["id"]: record["above"] for record in records}
        if row["id"] in way:
            return True
        ends = [above for above in way.values() if above is not None and above not in way]
        seen.update(way)
        at = ends[0] if ends else None
    return False
