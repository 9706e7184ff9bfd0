"""What a template's columns of references can be chosen from: the codes of the rows that the caller reaches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from cellkit.declare.fields import Ref
from cellkit.exchange.headings import Target
from cellkit.exchange.references import natural_key, title_name
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.read.scope import scope_condition

MOST_ROWS = 500
"""A longer list helps nobody to choose, and would make the workbook heavy."""


async def reference_lists(
    engine: Engine, columns: Iterable[Target], role: RoleDocument, tenant_id: str
) -> dict[str, list[str]]:
    """Referenced table → its codes (else its titles), for tables of at most 500 rows that the caller may read."""
    keys = {target.field.to for target in columns if isinstance(target.field, Ref)}
    found: dict[str, list[str]] = {}
    async with engine.database.session(tenant_id) as connection:
        for key in sorted(keys):
            table = engine.tables[key]
            name = natural_key(table, role) or title_name(table, role)
            if name is None or not role.allows(f"{key}.read"):
                continue
            parameters: list[Any] = [UUID(tenant_id)]
            scope = scope_condition(role, table, parameters)
            records = await connection.fetch(
                f'SELECT t."{name}" AS word FROM "{table.table_name}" t '
                f'WHERE t.tenant_id = $1 AND t."{name}" IS NOT NULL{scope} ORDER BY t."{name}" LIMIT {MOST_ROWS + 1}',
                *parameters,
            )
            if 0 < len(records) <= MOST_ROWS:
                found[key] = [record["word"] for record in records]
    return found
