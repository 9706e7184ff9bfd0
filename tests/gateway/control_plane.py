"""Governance and gateway together, as the tests of both use them."""

from __future__ import annotations

import asyncio
import json
import threading
import time
import uuid
from typing import Any, Self

import uvicorn
from platform_governance.app import create_app

from cellkit.ops.access import documents_of
from cellkit.serve import server_config
from cellkit.settings import Settings
from cellkit.signing import service_key, signed_headers
from tests.gateway.support import MASTER, TENANT, USER, Answer, Gateway, Signer, Upstream

READER = "0192f6a0-0000-7000-8000-0000000000bb"
STRANGER = "0192f6a0-0000-7000-8000-0000000000cc"
LEADS = "/api/v1/crm/leads"
HELD = {
    USER: ("platform.governance.read", "platform.governance.update"),
    READER: ("platform.governance.read",),
    STRANGER: ("*", "crm.*"),
}


class IdentityUpstream(Upstream):
    """Identity as far as governance needs it: its keys."""

    def __init__(self, signer: Signer) -> None:
        super().__init__("identity")
        self.keys = [signer]

    async def _answer(self, request: Any) -> Any:
        from aiohttp import web

        if request.path == "/api/v1/auth/jwks":
            return web.json_response({"keys": [key.jwk() for key in self.keys]})
        return await super()._answer(request)


class Governance:
    """The service in a thread of its own, as it runs in its process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    def start(self) -> Self:
        app = create_app(self.settings, roles=documents_of(TENANT, HELD))
        self._server = uvicorn.Server(server_config(app, self.settings))
        self._thread = threading.Thread(target=lambda: asyncio.run(self._server.serve()), daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 10
        while self.call("GET", "/ready", "").status != 200:
            assert time.monotonic() < deadline, "governance does not become ready"
            time.sleep(0.02)
        return self

    def stop(self) -> None:
        assert self._server is not None
        assert self._thread is not None
        self._server.should_exit = True
        self._thread.join(15)

    def call(
        self,
        method: str,
        path: str,
        sender: str,
        body: Any = None,
        *,
        key: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        import http.client

        sent = signed_headers(key or service_key(MASTER, sender), method, path, f"cell:{sender}", str(uuid.uuid4()))
        connection = http.client.HTTPConnection("127.0.0.1", self.settings.port, timeout=10)
        try:
            connection.request(
                method,
                path,
                None if body is None else json.dumps(body),
                {**sent, "Content-Type": "application/json", **(headers or {})},
            )
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        except OSError:
            return Answer(0, {}, b"")
        finally:
            connection.close()

    def register(self, upstream: Upstream, **changes: Any) -> Answer:
        name = upstream.name
        body = {
            "name": name,
            "version": "1.2.3",
            "label": {"zh": "客户", "en": "Customers"},
            "url": upstream.url,
            "manifest": {"entities": ["lead"], "subscribes": [{"type": "erp.order.shipped.v1"}]},
            **changes,
        }
        return self.call("POST", "/api/governance/cells", name, body)

    def cell(self, name: str) -> dict[str, Any]:
        answer = self.call("GET", "/api/governance/health", "")
        return next((item for item in answer.json["cells"] if item["name"] == name), {})


class Platform:
    def __init__(self, gateway: Gateway, governance: Governance, identity: IdentityUpstream) -> None:
        self.gateway = gateway
        self.governance = governance
        self.identity = identity

    def light(self, name: str) -> tuple[str, str]:
        cell = self.governance.cell(name)
        return cell.get("light", ""), cell.get("reason", "")

    def wait_light(self, name: str, light: str, reason: str, seconds: float = 8) -> None:
        deadline = time.monotonic() + seconds
        while self.light(name) != (light, reason):
            assert time.monotonic() < deadline, f"{name} is {self.light(name)}, not {(light, reason)}"
            time.sleep(0.02)
