"""``/api/admin/system``."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query

from cellkit.settings import Settings
from platform_monitor.access import Access
from platform_monitor.system import databases, machine


class SystemRoutes:
    """What an operator wants to know of the installation, and support asks for first."""

    def __init__(self, settings: Settings, backups: Path, access: Access) -> None:
        self._settings = settings
        self._backups = backups
        self._access = access

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(prefix="/api/admin/system")
        router.add_api_route("", self.system, methods=["GET"])
        router.add_api_route("/databases", self.databases, methods=["GET"])
        router.add_api_route("/licences", self.licences, methods=["GET"])
        return router

    async def system(self) -> dict[str, Any]:
        """Versions, the machine, disks, processes with their memory, and how old the keys are."""
        await self._access.require()
        return await asyncio.to_thread(self._shown)

    async def databases(self, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> dict[str, Any]:
        """Sizes of the databases and the statements that have cost most."""
        await self._access.require()
        return await databases.report(self._settings, limit)

    async def licences(self) -> dict[str, Any]:
        """Every installed package with its licence."""
        await self._access.require()
        items = await asyncio.to_thread(_licences)
        return {"items": items, "next": None, "total": len(items)}

    def _shown(self) -> dict[str, Any]:
        whole, rows = machine.processes(self._settings)
        return {
            "versions": _versions(),
            "host": machine.host(),
            "disks": machine.disks(self._settings, self._backups),
            "platform": whole,
            "processes": rows,
            "keys": machine.keys(self._settings),
            # TLS ends in front of the gateway, so the platform holds no certificate of its own.
            "certificates": [],
        }


@cache
def _versions() -> dict[str, Any]:
    return machine.versions()


@cache
def _licences() -> list[dict[str, Any]]:
    return machine.licences()
