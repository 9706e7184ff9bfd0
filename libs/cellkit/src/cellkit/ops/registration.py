"""Keeps a cell registered with governance while it runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from cellkit.errors import ServiceError
from cellkit.log import get_logger
from cellkit.ops.client import Answer, ServiceClient
from cellkit.settings import Settings

RENEW_SECONDS = 5.0
RETRY_SECONDS = 1.0
log = get_logger("registration")


class Registration:
    """Registers, renews, and leaves at the end; governance may come and go meanwhile."""

    def __init__(self, settings: Settings, client: ServiceClient, description: dict[str, Any]) -> None:
        self._settings = settings
        self._client = client
        self._description = description
        self._instance = ""

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Stay registered while the service runs."""
        if not self._settings.governance_url:
            yield
            return
        task = asyncio.create_task(self._stay(), name="registration")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            if self._instance:
                try:
                    await self._call("DELETE", self._instance_path())
                except (ServiceError, OSError, TimeoutError):
                    log.info("leave_failed")

    async def _stay(self) -> None:
        failing = False
        while True:
            try:
                await self._register_or_renew()
                pause, failing = RENEW_SECONDS, False
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever goes wrong, the cell serves on and tries again
                if not failing:
                    log.warning("registration_failed", error=f"{type(error).__name__}: {error}"[:300])
                pause, failing = RETRY_SECONDS, True
            await asyncio.sleep(pause)

    async def _register_or_renew(self) -> None:
        if self._instance:
            answer = await self._call("PUT", self._instance_path())
            if answer.status < 400:
                return
            self._instance = ""
        answer = await self._call("POST", "/api/governance/cells", self._description)
        if answer.status >= 400:
            message = f"governance answered {answer.status}: {answer.body[:200]!r}"
            raise RuntimeError(message)
        self._instance = answer.json()["instanceId"]
        log.info("registered", instance=self._instance)

    def _instance_path(self) -> str:
        return f"/api/governance/cells/{self._settings.service_name}/instances/{self._instance}"

    async def _call(self, method: str, path: str, body: Any = None) -> Answer:
        return await self._client.signed_request(method, self._settings.governance_url, path, json=body)
