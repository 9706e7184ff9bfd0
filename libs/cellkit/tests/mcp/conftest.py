"""The kit's sample cell on a real port, and the protocol's official client to drive it."""

from __future__ import annotations

import asyncio
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

from cellkit.serve import server_config
from cellkit.testing import Api, cell_fixtures

sys.path.insert(0, str(Path(__file__).parent.parent / "pipeline"))
globals().update(cell_fixtures("sample_cell:cell"))


@dataclass
class Door:
    """Opens the agents' door as a user of the cell's tests."""

    url: str

    @asynccontextmanager
    async def open(
        self, api: Api, *, mode: str = "auto", language: str = "zh-CN", **headers: str
    ) -> AsyncIterator[Client]:
        sent = {"X-Tenant-Id": api.tenant_id, "X-User-Id": api.user_id, "Accept-Language": language, **headers}
        async with (
            httpx2.AsyncClient(headers=sent) as http,
            Client(streamable_http_client(self.url, http_client=http), mode=mode, cache=None) as client,
        ):
            yield client

    async def post(self, api: Api, body: Any, **headers: str) -> httpx2.Response:
        """A message as it is."""
        sent = {"X-Tenant-Id": api.tenant_id, "X-User-Id": api.user_id, "X-Request-ID": str(uuid.uuid4())}
        async with httpx2.AsyncClient(headers=sent | headers) as http:
            if isinstance(body, bytes):
                return await http.post(self.url, content=body)
            return await http.post(self.url, json=body)


@pytest.fixture
async def door(api: Api) -> AsyncIterator[Door]:
    """The cell that ``api`` calls, behind a real server; the gateway's signature is another test's matter."""
    app = api.app
    app.settings = replace(app.settings, verify_signature=False, host="127.0.0.1", port=0)
    config = server_config(app, app.settings)
    config.lifespan = "off"
    config.loop = "none"
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110 - the server has no event of its own
            await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Door(f"http://127.0.0.1:{port}/api/v1/sample/_mcp")
    server.should_exit = True
    await task
