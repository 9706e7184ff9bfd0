"""Events as a reader of the console may see them: their data through the one serializer, or not at all."""

from __future__ import annotations

from typing import Any

from cellkit.declare.document import Document
from cellkit.http.messages import from_json
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.read.projection import projection


def event_for(engine: Engine, role: RoleDocument, text: str) -> dict[str, Any]:
    """The CloudEvent as a dict.

    ``data`` is None where the reader may not read the document; also where he may read only a part of it and the data
    is of the cell's own making, so that nobody can tell which of it that is.
    """
    event: dict[str, Any] = from_json(text)
    event["data"] = _data(engine, role, event)
    return event


def _data(engine: Engine, role: RoleDocument, event: dict[str, Any]) -> Any:
    data, key = event.get("data"), ".".join(str(event.get("type", "")).split(".")[:2])
    table = engine.tables.get(key)
    if table is None or not role.allows(f"{key}.read"):
        return data if table is None and role.allows(f"{engine.cell}.*") and not role.field_rules else None
    table = engine.table_for(role.tenant_id, table)
    ruled = any(name.startswith(f"{key}.") for name in role.field_rules)
    own = issubclass(table, Document) and table.payload is not None
    if not isinstance(data, dict) or ((own or data.get("id") != event.get("subject")) and ruled):
        return None if ruled else data
    return projection(table, role).apply(data)
