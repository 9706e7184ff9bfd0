"""A small cell that the suite plays itself, to receive the events of the cell under test and to send it some."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from cellkit.http.messages import from_json
from cellkit.ops.client import ServiceClient
from cellkit.settings import Settings
from cellkit.signing import service_key
from superpaas.conformance.doors import Answer, User
from superpaas.messages import TroubleError

_REFUSAL = {"code": "UNAVAILABLE", "message": "…", "details": {}, "requestId": ""}


class Peer:
    """Registered with governance under a name of its own while it runs; forgotten afterwards."""

    def __init__(self, target: Any, operator: User) -> None:
        self.name = f"probe{secrets.token_hex(4)}"
        self.tried: list[dict[str, Any]] = []
        self.taken: list[dict[str, Any]] = []
        self.refusals_of_each = 0
        self._refused: Counter[str] = Counter()
        self._operator = operator
        settings = Settings(
            self.name,
            gateway_url=target.gateway,
            governance_url=target.governance,
            signing_secret=service_key(target.master, self.name),
        )
        self._settings = settings
        self._client = ServiceClient(settings)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[None]:
        """The connections with which it calls."""
        async with self._client.lifespan():
            yield

    @asynccontextmanager
    async def running(self, wanted: list[str]) -> AsyncIterator[Peer]:
        """Serve and subscribe to ``wanted``."""
        app = web.Application()
        for path in ("/health", "/ready"):
            app.router.add_get(path, self._well)
        app.router.add_post(f"/api/v1/{self.name}/_inbox", self._inbox)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        async with self.session():
            try:
                instance = await self._register(f"http://{host}:{port}", wanted)
                try:
                    yield self
                finally:
                    path = f"/api/governance/cells/{self.name}/instances/{instance}"
                    await self._client.signed_request("DELETE", self._settings.governance_url, path)
                    await self._operator.call("DELETE", f"/api/admin/cells/{self.name}")
            finally:
                await runner.cleanup()

    async def deliver(self, cell: str, tenant_id: str, event: dict[str, Any]) -> Answer:
        """Send an event to a cell's inbox, as a relay does."""
        path = f"/api/v1/{cell}/_inbox"
        headers = {"Content-Type": "application/cloudevents+json"}
        answer = await self._client.request("POST", path, tenant_id=tenant_id, json=event, headers=headers)
        return Answer(f"POST {path}", answer.status, answer.headers, answer.body)

    async def _register(self, url: str, wanted: list[str]) -> str:
        body = {
            "name": self.name,
            "version": "1",
            "label": {"zh": "契约检查", "en": "Contract check"},
            "url": url,
            "manifest": {"subscribes": [{"type": kind} for kind in wanted]},
        }
        answer = await self._client.signed_request(
            "POST", self._settings.governance_url, "/api/governance/cells", json=body
        )
        if not answer.succeeded:
            raise TroubleError(f"登记检查用的订阅者失败：{answer.body!r}", f"Cannot subscribe: {answer.body!r}")
        return str(answer.json()["instanceId"])

    async def _well(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "up"})

    async def _inbox(self, request: web.Request) -> web.Response:
        event = from_json(await request.read())
        self.tried.append(event)
        # Counted by event: one that was still on its way from before must not use up the refusals of the one looked at.
        event_id = str(event.get("id"))
        if self._refused[event_id] < self.refusals_of_each:
            self._refused[event_id] += 1
            return web.json_response(_REFUSAL, status=503)
        self.taken.append(event)
        return web.json_response({"status": "handled"})
