"""The service with a make-believe governance and a cell in the same process."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web
from platform_monitor.app import create_app
from platform_monitor.scraping import Scraper

from cellkit.ops.access import documents_of
from cellkit.settings import read_settings
from cellkit.signing import service_key, signed_headers, verify

MASTER = "m" * 64
TENANT = "0192f6a0-0000-7000-8000-00000000000a"


class Outside:
    """Governance's discovery and a cell's metrics on one port."""

    def __init__(self) -> None:
        self.requests = 0
        self.trusted = False
        self.url = ""

    async def cells(self, request: web.Request) -> web.Response:
        headers = request.headers
        self.trusted = verify(
            service_key(MASTER, "monitor"),
            headers["X-Gateway-Signature"],
            "GET",
            request.raw_path,
            "",
            "cell:monitor",
            headers["X-Request-ID"],
            headers["X-Gateway-Time"],
        )
        item = {"name": "crm", "label": {"zh": "客户", "en": "CRM"}, "version": "1", "light": "green", "reason": "OK"}
        return web.json_response({"items": [{**item, "urls": [self.url]}]})

    async def metrics(self, _request: web.Request) -> web.Response:
        self.requests += 100
        return web.Response(text=f'http_requests_total{{method="GET",route="/x",status="200"}} {self.requests}\n')


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    state = Outside()
    application = web.Application()
    application.router.add_get("/api/governance/cells", state.cells)
    application.router.add_get("/metrics", state.metrics)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    state.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield state
    await runner.cleanup()


async def ask(app: Any, path: str, user: str) -> tuple[int, Any]:
    name, _, query = path.partition("?")
    key = service_key(MASTER, "monitor")
    headers = signed_headers(key, "GET", path, user, str(uuid.uuid4()), TENANT)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": name,
        "raw_path": name.encode(),
        "query_string": query.encode(),
        "headers": [(key.lower().encode(), value.encode()) for key, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 1),
        "scheme": "http",
        "http_version": "1.1",
        "root_path": "",
    }
    await app(scope, receive, send)
    body = b"".join(item.get("body", b"") for item in sent if item["type"] == "http.response.body")
    return sent[0]["status"], msgspec.json.decode(body)


async def test_signals_of_a_cell(outside: Outside, tmp_path: Path) -> None:
    environment = {
        "GATEWAY_SIGNING_SECRET": MASTER,
        "GOVERNANCE_URL": outside.url,
        "ENVOY_ADMIN_URL": "http://127.0.0.1:1",
        "SERVICE_PORT": "1",
        "SUPERPAAS_DATA": str(tmp_path),
    }
    settings = read_settings("monitor", environment=environment)
    app = create_app(settings, roles=documents_of(TENANT, {"boss": ("platform.monitor.read",), "clerk": ("*",)}))
    await app.start()
    try:
        scraper = next(item for item in _scrapers(app))
        await scraper.round()
        await scraper.round()
        assert outside.trusted
        status, health = await ask(app, "/api/monitor/health", "")
        assert (status, health["status"]) == (200, "up")
        status, answer = await ask(app, "/api/admin/services", "boss")
        assert status == 200
        services = {item["name"]: item for item in answer["items"]}
        assert services["crm"]["up"] is True
        assert services["crm"]["light"] == "green"
        assert services["gateway"]["up"] is False
        status, answer = await ask(app, "/api/admin/golden-signals?service=crm&window=60", "boss")
        assert answer["signals"]["requests"] >= 100
        assert answer["points"]
        assert (await ask(app, "/api/admin/golden-signals?service=none", "boss"))[0] == 404
        assert (await ask(app, "/api/admin/golden-signals?window=1", "boss"))[0] == 422
        assert (await ask(app, "/api/admin/golden-signals", "clerk"))[0] == 403
        assert (await ask(app, "/api/admin/services", "clerk"))[1]["code"] == "FORBIDDEN"
    finally:
        await app.stop()


def _scrapers(app: Any) -> list[Scraper]:
    return [factory.__self__ for factory in app._lifespans if isinstance(getattr(factory, "__self__", None), Scraper)]
