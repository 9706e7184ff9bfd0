"""The service client against a small HTTP server that plays gateway and identity."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from cellkit import signing
from cellkit.errors import Unauthorized, Unavailable
from cellkit.ops.client import SERVICE_TOKEN_PATH, ServiceClient
from cellkit.settings import Settings

KEY = "the cell's key"


class Gateway:
    def __init__(self) -> None:
        self.issued = 0
        self.refused: set[str] = set()
        self.token_status = 200
        self.seen: list[tuple[str, str, str, Any]] = []
        self.broken = 0

    async def token(self, request: web.Request) -> web.Response:
        body = await request.json()
        assert signing.verify(
            KEY, body["signature"], "POST", SERVICE_TOKEN_PATH, body["tenantId"], "cell:crm", "", body["time"]
        )
        if self.token_status != 200:
            return web.json_response({"code": "X"}, status=self.token_status)
        self.issued += 1
        await asyncio.sleep(0.02)
        return web.json_response({"accessToken": f"{body['tenantId']}-{self.issued}", "expiresIn": 900})

    async def resource(self, request: web.Request) -> web.Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        body = await request.json() if request.can_read_body else None
        self.seen.append((token, request.headers["X-Tenant-Id"], request.headers["X-Request-ID"], body))
        if self.broken:
            self.broken -= 1
            assert request.transport is not None
            request.transport.abort()
        if token in self.refused:
            return web.json_response({"code": "UNAUTHORIZED"}, status=401)
        return web.json_response({"ok": True})


@pytest.fixture
async def gateway() -> AsyncIterator[tuple[Gateway, ServiceClient]]:
    made = Gateway()
    app = web.Application()
    app.router.add_post(SERVICE_TOKEN_PATH, made.token)
    app.router.add_route("*", "/api/v1/erp/items", made.resource)
    async with TestServer(app) as server:
        client = ServiceClient(
            Settings("crm", gateway_url=str(server.make_url("")).rstrip("/"), signing_secret=KEY), timeout_seconds=2
        )
        async with client.lifespan():
            yield made, client


async def test_a_token_is_fetched_once_per_tenant(gateway: tuple[Gateway, ServiceClient]) -> None:
    server, client = gateway
    await asyncio.gather(*(client.request("GET", "/api/v1/erp/items", tenant_id="a") for _ in range(10)))
    await client.request("GET", "/api/v1/erp/items", tenant_id="b")
    assert server.issued == 2
    assert {(token[0], tenant) for token, tenant, _, _ in server.seen} == {("a", "a"), ("b", "b")}


async def test_body_and_request_id_arrive(gateway: tuple[Gateway, ServiceClient]) -> None:
    server, client = gateway
    answer = await client.request("POST", "/api/v1/erp/items", tenant_id="a", json={"n": 1}, request_id="event-1")
    assert (answer.status, answer.json()) == (200, {"ok": True})
    assert server.seen == [("a-1", "a", "event-1", {"n": 1})]


async def test_a_refused_token_is_renewed_once(gateway: tuple[Gateway, ServiceClient]) -> None:
    server, client = gateway
    server.refused = {"a-1"}
    assert (await client.request("GET", "/api/v1/erp/items", tenant_id="a")).status == 200
    server.refused = {"a-2", "a-3"}
    assert (await client.request("GET", "/api/v1/erp/items", tenant_id="a")).status == 401


async def test_a_broken_connection_is_tried_once_more_with_the_same_id(gateway: tuple[Gateway, ServiceClient]) -> None:
    server, client = gateway
    server.broken = 1
    answer = await client.request("POST", "/api/v1/erp/items", tenant_id="a", json={}, request_id="r")
    assert answer.status == 200
    assert [item[2] for item in server.seen] == ["r", "r"]
    server.broken = 2
    with pytest.raises(Unavailable):
        await client.request("POST", "/api/v1/erp/items", tenant_id="a", json={})


async def test_a_disabled_tenant_and_a_failing_identity_differ(gateway: tuple[Gateway, ServiceClient]) -> None:
    server, client = gateway
    server.token_status = 401
    with pytest.raises(Unauthorized):
        await client.request("GET", "/api/v1/erp/items", tenant_id="a")
    server.token_status = 503
    with pytest.raises(Unavailable):
        await client.request("GET", "/api/v1/erp/items", tenant_id="a")


async def test_no_gateway_is_unavailable() -> None:
    client = ServiceClient(Settings("crm", gateway_url="http://127.0.0.1:1", signing_secret=KEY))
    async with client.lifespan():
        with pytest.raises(Unavailable):
            await client.request("GET", "/x", tenant_id="a")
