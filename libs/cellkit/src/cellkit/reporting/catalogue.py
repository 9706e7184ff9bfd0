"""All reports of a cell that a caller may run: coded, declared, his own, shared with him."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cellkit.declare.fields import FieldError, parse_uuid
from cellkit.declare.reports import declared_reports
from cellkit.errors import NotFound, ServiceError, ValidationFailed
from cellkit.expression import FieldNotReadable
from cellkit.labels import Label
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.read.projection import projection
from cellkit.reporting.definition import Definition, read_definition
from cellkit.reporting.documents import DEFINITION
from cellkit.reporting.labels import given
from cellkit.reporting.run import Reports
from cellkit.reports import Report
from cellkit.views.sharing import VISIBLE, may_change, may_see

MOST_LISTED = 500
_KEPT = f'SELECT t.* FROM "kit_{DEFINITION}" t WHERE t.tenant_id = $1'


@dataclass(frozen=True, slots=True)
class Known:
    """A report that may be run: ``row`` is that of a definition a user made, None for declared ones."""

    id: str
    label: Any
    definition: Definition
    source: dict[str, Any]
    row: dict[str, Any] | None = None

    def name(self, language: str) -> str:
        """Its name for people."""
        return given(self.label, language)


def declared_of(engine: Engine) -> dict[str, Known]:
    """The declared reports of a cell by id (``erp.order.by-month``)."""
    found: dict[str, Known] = {}
    for table in engine.tables.values():
        for item in declared_reports(table):
            identity = f"{table.key}.{item.name}"
            if identity in found:
                message = f"report declared twice: {identity}"
                raise ValueError(message)
            definition = read_definition(item.definition, entity=table.key)
            found[identity] = Known(identity, item.label, definition, item.definition)
    return found


class Catalogue:
    """The reports of one cell."""

    def __init__(self, engine: Engine, reports: Reports) -> None:
        self._engine = engine
        self._reports = reports
        self.declared = declared_of(engine)

    async def find(self, identity: str, role: RoleDocument, connection: Any = None) -> Known:
        """A report by id; :class:`NotFound` when there is none that the caller may know of."""
        known = self.declared.get(identity)
        if known is not None:
            role.require(f"{known.definition.entity}.read")
            return known
        try:
            key = parse_uuid(identity)
        except FieldError:
            raise NotFound(report=identity[:100]) from None
        if connection is None:
            async with self._engine.database.session(role.tenant_id) as own:
                row = await own.fetchrow(f"{_KEPT} AND t.id = $2", UUID(role.tenant_id), key)
        else:
            row = await connection.fetchrow(f"{_KEPT} AND t.id = $2", UUID(role.tenant_id), key)
        if row is None or not may_see(dict(row), role):
            raise NotFound(report=identity[:100])
        return _kept(dict(row))

    async def listed(
        self, role: RoleDocument, language: str, entity: str | None, coded: Sequence[Report]
    ) -> list[dict[str, Any]]:
        """Every report that the caller may know of."""
        items = [] if entity else self._coded(coded, role, language)
        known = [one for one in self.declared.values() if role.allows(f"{one.definition.entity}.read")]
        async with self._engine.database.session(role.tenant_id) as connection:
            rows = await connection.fetch(
                f"{_KEPT} AND {VISIBLE} ORDER BY t.name, t.id LIMIT {MOST_LISTED}",
                UUID(role.tenant_id),
                role.user_id,
                list(role.roles),
            )
        for row in rows:
            if role.allows(f"{row['entity']}.read"):
                try:
                    known.append(_kept(dict(row)))
                except ValidationFailed:
                    # Made by an earlier version of the product; its own resource still shows it.
                    continue
        for one in known:
            if entity in (None, one.definition.entity):
                items.append(await self.shown(one, role, language))
        return items

    async def shown(self, known: Known, role: RoleDocument, language: str) -> dict[str, Any]:
        """A report in the list; ``usable`` tells whether the caller may see all that it shows."""
        usable = True
        try:
            await self._reports.bound(known.definition, role, role.tenant_id)
        except (FieldNotReadable, ServiceError):
            usable = False
        row = known.row
        seen = projection(self._engine.tables[f"{self._engine.cell}.{DEFINITION}"], role)
        share = f"{self._engine.cell}.{DEFINITION}.share"
        return {
            "id": known.id,
            "origin": "system" if row is None else "own" if row["owner_id"] == role.user_id else "shared",
            "name": known.name(language) if row is None or seen.readable("name") else known.id,
            "entity": known.definition.entity,
            "chart": known.definition.chart,
            "path": f"/api/v1/{self._engine.cell}/_reports/{known.id}/run",
            "parameters": [
                {
                    "name": item.name,
                    "kind": item.kind,
                    "label": item.name if item.label is None else given(item.label, language),
                    "default": item.default,
                    "required": item.required or item.kind == "period",
                }
                for item in known.definition.parameters
            ],
            "usable": usable,
            "editable": row is not None and may_change(row, role, share),
            "sharing": None if row is None else row["sharing"],
            "version": None if row is None else row["version"],
        }

    def _coded(self, coded: Sequence[Report], role: RoleDocument, language: str) -> list[dict[str, Any]]:
        return [
            {
                "id": item.name,
                "origin": "code",
                "name": item.label.text(language),
                "entity": None,
                "chart": "table",
                "path": f"/api/v1/{self._engine.cell}/reports/{item.name}",
                "parameters": [
                    {
                        "name": name,
                        "kind": field.kind,
                        "label": field.label.text(language),
                        "default": None,
                        "required": field.required,
                    }
                    for name, field in item.parameters.items()
                ],
                "usable": True,
                "editable": False,
                "sharing": None,
                "version": None,
            }
            for item in coded
            if role.allows(f"{self._engine.cell}.report.{item.name}")
        ]


def _kept(row: dict[str, Any]) -> Known:
    definition = read_definition(row["definition"], entity=row["entity"])
    return Known(str(row["id"]), row["name"], definition, row["definition"], row)


def label_of(known: Known) -> Label:
    """A report's name in both languages."""
    return Label(known.name("zh-CN"), known.name("en-US"))
