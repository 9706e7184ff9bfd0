"""``/api/admin/configuration``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from cellkit.errors import NotFound, ServiceError
from cellkit.ops.control import ask
from platform_governance.access import READ, UPDATE, Access
from platform_governance.configuration.catalogue import CATALOGUE, Setting, differences
from platform_governance.configuration.keeping import Configuration

Reason = Annotated[str, Field(min_length=1, max_length=500)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Change(_Body):
    """New values (None: the default again); ``version`` is the one that was read."""

    version: int = Field(ge=0)
    reason: Reason
    values: dict[str, int | str | None] = Field(min_length=1, max_length=100)


class RollBack(_Body):
    """Go back; ``version`` is the current one."""

    version: int = Field(ge=0)
    reason: Reason


class Restart(_Body):
    """Processes to restart so that what was changed takes effect."""

    services: list[Annotated[str, Field(max_length=60)]] = Field(min_length=1, max_length=100)


class ConfigurationRoutes:
    """The operator's interface to settings."""

    def __init__(self, configuration: Configuration, access: Access, data_folder: Path) -> None:
        self._configuration = configuration
        self._access = access
        self._data_folder = data_folder

    def routes(self) -> APIRouter:
        """The routes."""
        router = APIRouter(prefix="/api/admin/configuration")
        router.add_api_route("", self.current, methods=["GET"])
        router.add_api_route("", self.change, methods=["PUT"])
        router.add_api_route("/restart", self.restart, methods=["POST"], status_code=202)
        router.add_api_route("/versions", self.versions, methods=["GET"])
        router.add_api_route("/versions/{version}", self.version, methods=["GET"])
        router.add_api_route("/versions/{version}/difference", self.difference, methods=["GET"])
        router.add_api_route("/versions/{version}/rollback", self.roll_back, methods=["POST"])
        return router

    async def current(self) -> dict[str, Any]:
        """All settings with their values, where each comes from, and which processes must be restarted for what."""
        await self._access.require(READ)
        return await self._shown()

    async def change(self, body: Change) -> dict[str, Any]:
        """Set some values as a new version."""
        caller = await self._access.require(UPDATE)
        await self._configuration.change(body.values, body.version, caller.user_id, body.reason)
        return await self._shown()

    async def versions(
        self, limit: Annotated[int, Query(ge=1, le=200)] = 20, cursor: int | None = None
    ) -> dict[str, Any]:
        """Who changed what, when and why; the latest first."""
        await self._access.require(READ)
        rows = await self._configuration.versions(cursor, limit + 1)
        items = rows[:limit]
        return {"items": items, "next": str(items[-1]["version"]) if len(rows) > limit else None, "total": None}

    async def version(self, version: int) -> dict[str, Any]:
        """One version with all its values."""
        await self._access.require(READ)
        return await self._configuration.one(version)

    async def difference(self, version: int, to: int | None = None) -> dict[str, Any]:
        """What changed between two versions; ``to`` is by default the one in force, 0 is all defaults."""
        await self._access.require(READ)
        first = await self._content(version)
        second = self._configuration.content if to is None else await self._content(to)
        target = self._configuration.version if to is None else to
        return {"from": version, "to": target, "items": differences(first, second)}

    async def roll_back(self, version: int, body: RollBack) -> dict[str, Any]:
        """Make an old version's values the current ones, as a new version; 0 is all defaults."""
        caller = await self._access.require(UPDATE)
        await self._configuration.roll_back(version, body.version, caller.user_id, body.reason)
        return await self._shown()

    async def restart(self, body: Restart) -> dict[str, Any]:
        """Restart processes one after the other; requests under way are answered first."""
        caller = await self._access.require(UPDATE)
        started = await self._started()
        if unknown := sorted(set(body.services) - set(started)):
            raise NotFound(services=", ".join(unknown))
        # This service last: it has to answer first.
        for name in sorted(set(body.services), key=lambda name: name == "governance"):
            await ask(self._data_folder, do="restart", name=name, actor=caller.user_id)
        return {"restarting": sorted(set(body.services))}

    async def _content(self, version: int) -> dict[str, Any]:
        return {} if version == 0 else dict((await self._configuration.one(version))["content"])

    async def _started(self) -> dict[str, dict[str, Any]]:
        """The processes of this machine with the moment they began; empty where no supervisor tells."""
        try:
            answer = await ask(self._data_folder, do="status")
        except ServiceError:
            return {}
        return {item["name"]: item for item in answer.get("processes", [])}

    async def _shown(self) -> dict[str, Any]:
        started, changed = await self._started(), await self._configuration.changed_at()
        items = [self._item(setting, started, changed.get(setting.name)) for setting in CATALOGUE]
        waiting = sorted({name for item in items for name in item["restart"]})
        return {"version": self._configuration.version, "items": items, "restart": waiting, "total": len(items)}

    def _item(self, setting: Setting, started: dict[str, dict[str, Any]], changed: float | None) -> dict[str, Any]:
        configuration = self._configuration
        own = configuration.content.get(setting.name)
        is_fixed = setting.name in configuration.fixed
        late = [
            name
            for name, item in started.items()
            if changed is not None and not setting.live and _reaches(setting, item) and float(item["began"]) < changed
        ]
        return {
            "name": setting.name,
            "group": setting.group,
            "label": setting.label.as_json(),
            "help": setting.help.as_json() if setting.help else None,
            "unit": setting.unit,
            "least": None if setting.choices or setting.pattern else setting.least,
            "most": None if setting.choices or setting.pattern else setting.most,
            "choices": list(setting.choices),
            "default": setting.default,
            "value": None if is_fixed else setting.default if own is None else own,
            "source": "environment" if is_fixed else "default" if own is None else "console",
            "takes_effect": "immediately" if setting.live else "restart",
            "scope": setting.scope,
            "restart": sorted(late),
        }


def _reaches(setting: Setting, process: dict[str, Any]) -> bool:
    kind, name = str(process.get("kind")), str(process.get("name"))
    if setting.scope == "all":
        return kind in {"platform", "cell"}
    if setting.scope == "cells":
        return kind == "cell"
    return name == setting.scope
