"""Two cells on real databases, and a server on loopback that plays gateway, identity and governance between them."""

from __future__ import annotations

import asyncio
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from cellkit import signing
from cellkit.db.migrate import create_directly
from cellkit.http.application import Application
from cellkit.ops.access import StaticRoleSource
from cellkit.ops.client import SERVICE_TOKEN_PATH
from cellkit.settings import Settings
from cellkit.testing import Api
from cellkit.testing.cells import SIGNING_SECRET, asgi_call, test_settings
from cellkit.testing.sharing import cluster_of

sys.path.insert(0, str(Path(__file__).parent))

import two_cells

RETRIES = (0.05, 0.05, 0.1)


@dataclass
class Platform:
    """What stands between the cells. ``refuse`` may answer a delivery with a status instead of the cell."""

    url: str = ""
    apps: dict[str, Application] = field(default_factory=dict)
    subscriptions: list[tuple[str, str]] = field(default_factory=list)
    since: str = "2026-01-01T00:00:00Z"
    given: dict[str, list[str]] = field(default_factory=dict)
    governance_up: bool = True
    asked: int = 0
    not_modified: int = 0
    down: set[str] = field(default_factory=set)
    refuse: Callable[[str, dict[str, Any]], int | None] = lambda _cell, _event: None
    before: Callable[[str, dict[str, Any]], Awaitable[None]] | None = None
    arrived: list[tuple[str, dict[str, Any], web.Request]] = field(default_factory=list)

    def served(self) -> web.Application:
        app = web.Application()
        app.router.add_post(SERVICE_TOKEN_PATH, self.token)
        app.router.add_get("/api/governance/subscriptions", self.subscribed)
        app.router.add_post("/api/governance/cells", self.register)
        app.router.add_route("*", "/api/v1/{cell}/{rest:.*}", self.pass_on)
        return app

    async def token(self, request: web.Request) -> web.Response:
        body = await request.json()
        return web.json_response({"accessToken": f"cell:{body['cell']} {body['tenantId']}", "expiresIn": 900})

    async def register(self, request: web.Request) -> web.Response:
        return web.json_response({"instanceId": "1", "leaseSeconds": 15})

    async def subscribed(self, request: web.Request) -> web.Response:
        self.asked += 1
        if not self.governance_up:
            return web.json_response({"code": "UNAVAILABLE"}, status=503)
        assert request.query["producer"]
        items: list[dict[str, Any]] = [
            {"type": kind, "subscriber": name, "since": self.since, "given": self.given.get(name, [])}
            for kind, name in self.subscriptions
        ]
        etag = f'"{abs(hash(tuple(self.subscriptions)))}"'
        if request.headers.get("If-None-Match") == etag:
            self.not_modified += 1
            return web.Response(status=304, headers={"ETag": etag})
        return web.json_response({"items": items}, headers={"ETag": etag})

    async def pass_on(self, request: web.Request) -> web.Response:
        cell = request.match_info["cell"]
        user, _, tenant = request.headers["Authorization"].removeprefix("Bearer ").partition(" ")
        assert request.headers["X-Tenant-Id"] == tenant
        event = await request.json()
        self.arrived.append((cell, event, request))
        if self.before is not None:
            await self.before(cell, event)
        if cell in self.down:
            return web.json_response({"code": "CELL_UNREACHABLE", "message": "down"}, status=502)
        status = self.refuse(cell, event)
        if status is not None:
            return web.json_response({"code": "X", "message": "refused"}, status=status)
        if cell not in self.apps:
            return web.json_response({"status": "handled"})
        identity = request.headers["X-Request-ID"]
        answer = await deliver(self.apps[cell], cell, user, tenant, await request.read(), identity)
        return web.Response(status=answer.status, body=answer.body, content_type="application/json")

    def ids(self, cell: str = "beta") -> list[str]:
        return [event["id"] for name, event, _ in self.arrived if name == cell]


async def deliver(
    app: Application, cell: str, user: str, tenant: str, body: bytes, request_id: str | None = None
) -> Any:
    """POST to a cell's inbox as the gateway would."""
    path = f"/api/v1/{cell}/_inbox"
    signed = signing.signed_headers(SIGNING_SECRET, "POST", path, user, request_id or str(uuid.uuid4()), tenant)
    headers = {name.lower(): value for name, value in signed.items()} | {"content-type": "application/cloudevents+json"}
    return await asgi_call(app, "POST", path, headers, body)


@dataclass
class World:
    """Both cells, started or not."""

    platform: Platform
    settings: dict[str, Settings]
    databases: dict[str, str]
    sql: Callable[[str, str], str]
    tenant: str = field(default_factory=lambda: str(uuid.uuid4()))

    def app(self, name: str) -> Application:
        """Another instance of a cell, not started yet; with short pauses between tries."""
        made = getattr(two_cells, name).create_app(self.settings[name], role_source=StaticRoleSource())
        made.messaging.relay.retry_seconds = RETRIES
        return made

    @asynccontextmanager
    async def running(self, name: str) -> AsyncIterator[Api]:
        app = self.app(name)
        await app.start()
        self.platform.apps[name] = app
        try:
            yield self.api(app)
        finally:
            self.platform.apps.pop(name, None)
            await app.stop()

    def api(self, app: Application) -> Api:
        source = app.engine.roles._source
        return Api(app, app.engine.cell, source, self.tenant, "").as_user()

    def count(self, cell: str, table: str, where: str = "true") -> int:
        """Rows of a table as the superuser sees them."""
        return int(self.query(cell, f"SELECT count(*) FROM {table} WHERE {where}")[0])  # noqa: S608 - a test's own text

    def query(self, cell: str, text: str) -> list[str]:
        """Rows as the superuser sees them."""
        return self.sql(text, self.databases[cell]).split()


@pytest.fixture(scope="session")
def two_databases(pytestconfig: pytest.Config) -> dict[str, Any]:
    cluster = cluster_of(pytestconfig)
    made: dict[str, Any] = {}
    for name in ("alpha", "beta"):
        database = f"{name}_{uuid.uuid4().hex[:8]}"
        urls = cluster.create_database(database)
        create_directly(urls.owner, getattr(two_cells, name).documents)
        made[name] = (database, test_settings(name, urls.owner, urls.app))
    made["sql"] = cluster.sql
    return made


@pytest.fixture
async def world(two_databases: dict[str, Any]) -> AsyncIterator[World]:
    platform = Platform(subscriptions=[("alpha.note.created.v1", "beta"), ("alpha.note.updated.v1", "beta")])
    two_cells.antidote.clear()
    for name in ("alpha", "beta"):
        two_databases["sql"](
            "TRUNCATE kit_outbox, kit_delivery, kit_inbox, kit_request, kit_audit, kit_audit_head, "
            + ("alpha_note" if name == "alpha" else "beta_copy"),
            two_databases[name][0],
        )
    async with TestServer(platform.served()) as server:
        platform.url = str(server.make_url("")).rstrip("/")
        settings = {
            name: replace(two_databases[name][1], gateway_url=platform.url, governance_url=platform.url)
            for name in ("alpha", "beta")
        }
        databases = {name: two_databases[name][0] for name in ("alpha", "beta")}
        yield World(platform, settings, databases, two_databases["sql"])


@pytest.fixture
async def alpha(world: World) -> AsyncIterator[Api]:
    async with world.running("alpha") as api:
        yield api


@pytest.fixture
async def beta(world: World) -> AsyncIterator[Api]:
    async with world.running("beta") as api:
        yield api


async def until(condition: Callable[[], Any], seconds: float = 8.0) -> Any:
    """Wait until ``condition`` (plain or asynchronous) holds."""
    async with asyncio.timeout(seconds):
        while True:
            value = condition()
            if asyncio.iscoroutine(value):
                value = await value
            if value:
                return value
            await asyncio.sleep(0.02)


@pytest.fixture(name="until")
def until_fixture() -> Any:
    return until


@pytest.fixture(name="deliver")
def deliver_fixture() -> Any:
    return deliver
