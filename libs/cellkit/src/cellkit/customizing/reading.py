"""What other features ask: a table's fields with the tenant's own among them, a dictionary as the tenant has it."""

from __future__ import annotations

from collections.abc import Mapping

from cellkit.declare.dictionaries import Entries
from cellkit.declare.document import Table
from cellkit.declare.fields import Field
from cellkit.errors import NotFound
from cellkit.pipeline.engine import Engine


async def table_of(engine: Engine, tenant_id: str, table: type[Table] | str) -> type[Table]:
    """A table as the tenant has it: with its own fields and dictionaries, itself where it has none.

    What it gives may be used wherever a declared table may: lists, projection, import, export, SQL by ``shape_of``.
    """
    await engine.know(tenant_id)
    return engine.table_for(tenant_id, engine.tables[table] if isinstance(table, str) else table)


async def fields_of(engine: Engine, tenant_id: str, table: type[Table] | str) -> Mapping[str, Field]:
    """The declared fields of a table (or its key) and the tenant's own, by name; no query where it has none."""
    return (await table_of(engine, tenant_id, table)).fields


async def dictionary(engine: Engine, tenant_id: str, code: str) -> Entries:
    """The entries of a dictionary as the tenant has it; raises :class:`NotFound` where there is none."""
    await engine.know(tenant_id)
    if engine.definitions is not None:
        found = engine.definitions.dictionary(tenant_id, code)
        if found is not None:
            return found.entries
    raise NotFound(dictionary=code[:60])
