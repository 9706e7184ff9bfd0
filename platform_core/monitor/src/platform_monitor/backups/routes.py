"""``/api/admin/backups``."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from typing import Any

from fastapi import APIRouter

from cellkit.errors import NotFound
from cellkit.ops.control import ask
from cellkit.settings import Settings
from platform_monitor.access import UPDATE, Access
from platform_monitor.backups.reading import BackupFolder


class BackupRoutes:
    """Shows what lies in the folder; new ones are made by the supervisor, as they are at night."""

    def __init__(self, settings: Settings, folder: BackupFolder, access: Access) -> None:
        self._settings = settings
        self._folder = folder
        self._access = access

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(prefix="/api/admin/backups")
        router.add_api_route("", self.backups, methods=["GET"])
        router.add_api_route("", self.begin, methods=["POST"], status_code=202)
        router.add_api_route("/{name}", self.backup, methods=["GET"])
        router.add_api_route("/{name}/verify", self.verify, methods=["POST"], status_code=202)
        return router

    async def backups(self) -> dict[str, Any]:
        """All backups, the last restore test with the time it took, and how much would be lost now."""
        await self._access.require()
        return await asyncio.to_thread(self._shown)

    async def backup(self, name: str) -> dict[str, Any]:
        """One backup with its files."""
        await self._access.require()
        found = await asyncio.to_thread(self._folder.one, name, whole=True)
        if found is None:
            raise NotFound
        return found

    async def begin(self) -> dict[str, Any]:
        """Begin a backup; it goes on in the background."""
        caller = await self._access.require(UPDATE)
        await ask(self._settings.data_folder, do="backup", actor=caller.user_id)
        return {"started": True}

    async def verify(self, name: str) -> dict[str, Any]:
        """Begin a restore test of one backup beside the running platform."""
        caller = await self._access.require(UPDATE)
        if await asyncio.to_thread(self._folder.one, name) is None:
            raise NotFound
        await ask(self._settings.data_folder, do="verify", id=name, actor=caller.user_id)
        return {"started": True}

    def _shown(self) -> dict[str, Any]:
        items = self._folder.all()
        tests = sorted((item["verified"] for item in items if item["verified"]), key=lambda test: str(test["at"]))
        newest = items[0]["consistent_at"] if items else None
        lost = None if newest is None else max(0, round(time.time() - datetime.fromisoformat(newest).timestamp()))
        return {
            "folder": str(self._folder.folder),
            "schedule": self._folder.schedule(),
            "running": self._folder.running(),
            "last_failure": self._folder.failure(),
            "last_test": tests[-1] if tests else None,
            "recovery": {
                "point_seconds": lost,
                "time_seconds": next((test["restore_seconds"] for test in reversed(tests) if test.get("holds")), None),
            },
            "items": items,
            "next": None,
            "total": len(items),
        }
