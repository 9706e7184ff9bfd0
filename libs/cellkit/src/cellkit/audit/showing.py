"""Audit entries as a reader may see them: through the one serializer, like every other outlet."""

from __future__ import annotations

from typing import Any

from cellkit.http.messages import from_json
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.privacy.sealing import EntryOpener, holds_sealed
from cellkit.read.projection import projection

_KEYS = "SELECT audit_id, wrapped FROM kit_audit_key WHERE tenant_id = $1 AND audit_id = ANY($2::uuid[])"


class Shown:
    """Shows entries to one role; ``erased`` names the values that were erased on the person's demand."""

    def __init__(self, engine: Engine, role: RoleDocument) -> None:
        self._engine = engine
        self._role = role

    async def entries(self, connection: Any, records: list[Any]) -> list[dict[str, Any]]:
        """The records as rows of the answer."""
        sealed = [record["id"] for record in records if holds_sealed((record["before"], record["after"]))]
        keys: dict[Any, str] = {}
        if sealed:
            found = await connection.fetch(_KEYS, self._role.tenant_id, sealed)
            keys = {item["audit_id"]: item["wrapped"] for item in found}
        return [self._entry(record, keys.get(record["id"])) for record in records]

    def _entry(self, record: Any, wrapped: str | None) -> dict[str, Any]:
        shown = dict(record)
        opener = EntryOpener(self._engine.keys, self._role.tenant_id, wrapped)
        for name in ("before", "after"):
            if shown[name] is not None:
                shown[name] = self._values(record["entity"], opener.open(from_json(shown[name])))
        if opener.erased:
            shown["erased"] = sorted(opener.erased)
        return shown

    def _values(self, entity: str, values: Any) -> Any:
        table = self._engine.tables.get(entity)
        if table is None or not isinstance(values, dict):
            return values
        return projection(self._engine.table_for(self._role.tenant_id, table), self._role).apply(values)
