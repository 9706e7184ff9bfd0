"""Audit entries as a reader may see them: through the one serializer, like every other outlet."""

from __future__ import annotations

from typing import Any

from cellkit.http.messages import from_json
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.read.projection import projection


class Shown:
    """Shows entries to one role."""

    def __init__(self, engine: Engine, role: RoleDocument) -> None:
        self._engine = engine
        self._role = role

    async def entries(self, connection: Any, records: list[Any]) -> list[dict[str, Any]]:  # noqa: ARG002
        """The records as rows of the answer."""
        return [self._entry(record) for record in records]

    def _entry(self, record: Any) -> dict[str, Any]:
        shown = dict(record)
        for name in ("before", "after"):
            if shown[name] is not None:
                shown[name] = self._values(record["entity"], from_json(shown[name]))
        return shown

    def _values(self, entity: str, values: Any) -> Any:
        table = self._engine.tables.get(entity)
        if table is None or not isinstance(values, dict):
            return values
        return projection(table, self._role).apply(values)
