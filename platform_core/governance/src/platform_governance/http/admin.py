"""The operator's interface, through the gateway: health, cells, routes, subscriptions."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from cellkit.errors import NotFound, Unavailable
from cellkit.ops.control import ask, stopped_cells
from platform_governance.access import READ, UPDATE, Access
from platform_governance.envoy import Envoy
from platform_governance.http.views import detail_of, moment, overall, summary_of
from platform_governance.outbound import Outbound
from platform_governance.probing import Prober
from platform_governance.publishing import Publisher
from platform_governance.registry import Registry
from platform_governance.rules.lights import Light
from platform_governance.rules.tables import CellEntry, difference
from platform_governance.store import RouteVersion, Store

_DOCUMENT_SECONDS = 10.0


class RouteChange(BaseModel):
    """What an operator may set of a cell's route; None goes back to the gateway's own time-out."""

    model_config = ConfigDict(extra="forbid")

    timeout_seconds: float | None = Field(ge=1, le=600)


class Administration:
    """Everything the operator's routes need."""

    def __init__(
        self,
        *,
        registry: Registry,
        store: Store,
        access: Access,
        prober: Prober,
        envoy: Envoy,
        publisher: Publisher,
        outbound: Outbound,
        data_folder: Path,
    ) -> None:
        self._data_folder = data_folder
        self._registry = registry
        self._store = store
        self._access = access
        self._prober = prober
        self._envoy = envoy
        self._publisher = publisher
        self._outbound = outbound

    def routes(self) -> APIRouter:
        """The routes below ``/api/admin``."""
        router = APIRouter(prefix="/api/admin")
        router.add_api_route("/health-summary", self.health_summary, methods=["GET"])
        router.add_api_route("/cells", self.cells, methods=["GET"])
        router.add_api_route("/cells/{name}", self.cell, methods=["GET"])
        router.add_api_route("/cells/{name}", self.remove, methods=["DELETE"], status_code=204)
        router.add_api_route("/cells/{name}/docs", self.documents, methods=["GET"])
        router.add_api_route("/cells/{name}/lights", self.lights, methods=["GET"])
        router.add_api_route("/cells/{name}/enable", self.enable, methods=["POST"])
        router.add_api_route("/cells/{name}/disable", self.disable, methods=["POST"])
        router.add_api_route("/cells/{name}/{action}", self.operate, methods=["POST"])
        router.add_api_route("/routes", self.current_routes, methods=["GET"])
        router.add_api_route("/routes/cells/{name}", self.change_route, methods=["PATCH"])
        router.add_api_route("/routes/versions", self.versions, methods=["GET"])
        router.add_api_route("/routes/versions/{version}", self.version, methods=["GET"])
        router.add_api_route("/routes/versions/{version}/difference", self.difference, methods=["GET"])
        router.add_api_route("/routes/versions/{version}/rollback", self.roll_back, methods=["POST"])
        router.add_api_route("/subscriptions", self.subscribed, methods=["GET"])
        return router

    async def health_summary(self) -> dict[str, Any]:
        """The gateway, the platform's services and every cell in one answer."""
        await self._access.require(READ)
        gateway = "up" if await self._envoy.ready() else "down"
        platform = [
            {
                "name": item.name,
                "url": item.url,
                "light": item.light.value,
                "reason": item.reason,
                "since": moment(item.since),
            }
            for item in self._prober.platform.values()
        ]
        lights = {overall(self._registry), *(item["light"] for item in platform)}
        worst = next((light for light in (Light.RED, Light.YELLOW) if light.value in lights), Light.GREEN)
        return {
            "status": worst.value if gateway == "up" else Light.RED.value,
            "gateway": gateway,
            "gateway_problem": self._publisher.error or None,
            "route_version": self._registry.version,
            "platform": platform,
            "cells": self._summaries(),
        }

    async def cells(self) -> dict[str, Any]:
        """All cells."""
        await self._access.require(READ)
        items = self._summaries()
        return {"items": items, "next": None, "total": len(items)}

    async def cell(self, name: str) -> dict[str, Any]:
        """One cell with instances, breaker and manifest."""
        await self._access.require(READ)
        stopped = name in stopped_cells(self._data_folder)
        return {**detail_of(self._registry, self._registry.cell(name)), "stopped": stopped}

    async def remove(self, name: str) -> Response:
        """Forget a cell that no longer runs."""
        caller = await self._access.require(UPDATE)
        await self._registry.remove_cell(name, caller.user_id)
        return Response(status_code=204)

    async def documents(self, name: str) -> Response:
        """The cell's OpenAPI document, fetched from one of its instances."""
        await self._access.require(READ)
        instances = sorted(self._registry.cell(name).instances.values(), key=lambda item: not item.probe.ready)
        for instance in instances:
            answer = await self._outbound.get(f"{instance.url}/openapi.json", seconds=_DOCUMENT_SECONDS)
            if answer is not None and answer.status == HTTPStatus.OK:
                return Response(answer.body, media_type="application/json")
        raise Unavailable

    async def lights(self, name: str, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> dict[str, Any]:
        """How a cell's light changed, the latest first."""
        await self._access.require(READ)
        self._registry.cell(name)
        rows = await self._store.light_history(name, limit)
        items = [{**row, "changed_at": moment(row["changed_at"])} for row in rows]
        return {"items": items, "next": None, "total": None}

    async def enable(self, name: str) -> dict[str, Any]:
        """Let a cell serve again."""
        return await self._switch(name, enabled=True)

    async def disable(self, name: str) -> dict[str, Any]:
        """Take a cell out of service; its instances run on."""
        return await self._switch(name, enabled=False)

    async def operate(self, name: str, action: Literal["stop", "start", "restart"]) -> dict[str, Any]:
        """Stop, start or restart a cell's process on this machine; a stopped one stays stopped until it is started."""
        caller = await self._access.require(UPDATE)
        self._registry.cell(name)
        answer = await ask(self._data_folder, do=action, name=name, actor=caller.user_id)
        return {**detail_of(self._registry, self._registry.cell(name)), "stopped": bool(answer.get("held"))}

    def _summaries(self) -> list[dict[str, Any]]:
        stopped = stopped_cells(self._data_folder)
        return [
            {**summary_of(self._registry, cell), "stopped": name in stopped}
            for name, cell in sorted(self._registry.cells.items())
        ]

    async def _switch(self, name: str, *, enabled: bool) -> dict[str, Any]:
        caller = await self._access.require(UPDATE)
        await self._registry.set_enabled(name, enabled=enabled, actor=caller.user_id)
        return detail_of(self._registry, self._registry.cell(name))

    async def current_routes(self) -> dict[str, Any]:
        """The route table in force."""
        await self._access.require(READ)
        return self._table_in_force()

    async def change_route(self, name: str, body: RouteChange) -> dict[str, Any]:
        """Change a cell's route."""
        caller = await self._access.require(UPDATE)
        entry = CellEntry(self._registry.entry(name).enabled, body.timeout_seconds)
        await self._registry.change_entry(name, entry, caller.user_id, "change")
        return detail_of(self._registry, self._registry.cell(name))

    async def versions(
        self, limit: Annotated[int, Query(ge=1, le=200)] = 20, cursor: int | None = None
    ) -> dict[str, Any]:
        """Versions of the route table, the latest first."""
        await self._access.require(READ)
        rows = await self._store.versions(cursor, limit + 1)
        more = len(rows) > limit
        items = [row.as_json() for row in rows[:limit]]
        return {"items": items, "next": str(items[-1]["version"]) if more else None, "total": None}

    async def version(self, version: int) -> dict[str, Any]:
        """One version with its whole content."""
        await self._access.require(READ)
        return (await self._version(version)).as_json()

    async def difference(self, version: int, to: int | None = None) -> dict[str, Any]:
        """What changed between two versions; ``to`` is by default the one in force."""
        await self._access.require(READ)
        first = await self._version(version)
        second = self._registry.table.as_json() if to is None else (await self._version(to)).content
        return {
            "from": version,
            "to": self._registry.version if to is None else to,
            "items": difference(first.content or {}, second or {}),
        }

    async def roll_back(self, version: int) -> dict[str, Any]:
        """Make an old version's settings the current ones, as a new version."""
        caller = await self._access.require(UPDATE)
        await self._registry.roll_back(version, caller.user_id)
        return self._table_in_force()

    def _table_in_force(self) -> dict[str, Any]:
        return {"version": self._registry.version, **self._registry.table.as_json()}

    async def subscribed(self, producer: str | None = None) -> dict[str, Any]:
        """All event subscriptions."""
        await self._access.require(READ)
        items = self._registry.subscriptions(producer)
        return {"items": items, "next": None, "total": len(items)}

    async def _version(self, version: int) -> RouteVersion:
        row = await self._store.version(version)
        if row is None:
            raise NotFound
        return row
