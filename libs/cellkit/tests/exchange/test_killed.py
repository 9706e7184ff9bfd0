"""A cell's process is killed in the middle of an import: nothing stays half, the next process finishes it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import pytest
from exchange_helpers import csv_bytes, customers

from cellkit import signing
from cellkit.settings import Settings
from cellkit.testing.cells import SIGNING_SECRET

ROWS = 3000
BASE = "/api/v1/trade"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Process:
    """The cell's process, started again after it was killed."""

    settings: Settings
    tenant: str = field(default_factory=lambda: str(uuid.uuid4()))
    user: str = field(default_factory=lambda: str(uuid.uuid4()))
    port: int = field(default_factory=free_port)
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = {
            **os.environ,
            **self.settings.environment,
            "SERVICE_PORT": str(self.port),
            "JOB_HEARTBEAT_SECONDS": "2",
        }
        command = [sys.executable, str(Path(__file__).parent / "serve_trade.py"), self.tenant, self.user]
        self.running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)

    def kill(self) -> None:
        if self.running is not None:
            self.running.send_signal(signal.SIGKILL)
            self.running.wait()

    async def call(self, method: str, path: str, body: bytes = b"", content_type: str = "application/json") -> Any:
        headers = signing.signed_headers(SIGNING_SECRET, method, BASE + path, self.user, str(uuid.uuid4()), self.tenant)
        url = f"http://127.0.0.1:{self.port}{BASE}{path}"
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, url, data=body, headers={**headers, "content-type": content_type}) as answer,
        ):
            found = await answer.json()
            assert answer.status < 300, found
            return found

    async def ready(self) -> None:
        async with asyncio.timeout(30):
            while True:
                try:
                    await self.call("GET", "/_imports?limit=1")
                except aiohttp.ClientConnectionError:
                    await asyncio.sleep(0.1)
                else:
                    return

    async def until(self, path: str, *states: str, done: int = 0) -> Any:
        """The import, once its job is in one of the states and so far."""
        async with asyncio.timeout(60):
            while True:
                found = await self.call("GET", path)
                if found["job"]["state"] in states and (found["job"]["done"] or 0) >= done:
                    return found
                assert found["job"]["state"] in ("waiting", "running"), found
                await asyncio.sleep(0.02)


@pytest.fixture
def process(cell_settings: Settings) -> Iterator[Process]:
    made = Process(cell_settings)
    yield made
    made.kill()


async def counts(settings: Settings, tenant: str) -> dict[str, int]:
    connection = await asyncpg.connect(settings.migration_database_url)
    try:
        texts = {
            "rows": "SELECT count(*) FROM trade_customer WHERE tenant_id = $1",
            "codes": "SELECT count(DISTINCT code) FROM trade_customer WHERE tenant_id = $1",
            "created": "SELECT count(*) FROM kit_audit WHERE tenant_id = $1 AND action = 'trade.customer.create'",
            "deleted": "SELECT count(*) FROM kit_audit WHERE tenant_id = $1 AND action = 'trade.customer.delete'",
            "events": "SELECT count(*) FROM kit_outbox WHERE tenant_id = $1 AND type = 'trade.customer.created.v1'",
        }
        return {name: await connection.fetchval(text, uuid.UUID(tenant)) for name, text in texts.items()}
    finally:
        await connection.close()


async def prepared(process: Process, mode: str) -> str:
    process.start()
    await process.ready()
    file = csv_bytes(*customers(ROWS))
    made = await process.call("POST", "/_imports?document=trade.customer", file, "text/csv")
    path = f"/_imports/{made['id']}"
    await process.call("PATCH", path, b'{"mode": "%s"}' % mode.encode())
    await process.call("POST", f"{path}/commit")
    await process.until(path, "running", done=1000)
    process.kill()
    return path


async def restarted(process: Process, path: str) -> Any:
    process.start()
    await process.ready()
    found = await process.until(path, "succeeded")
    job = await process.call("GET", f"/_jobs/{found['job']['id']}")
    assert (job["attempts"], job["failures"]) == (2, 0)
    return found


async def test_all_or_nothing_is_rolled_back_and_done_again(process: Process, cell_settings: Settings) -> None:
    path = await prepared(process, "all")
    assert await counts(cell_settings, process.tenant) == dict.fromkeys(
        ("rows", "codes", "created", "deleted", "events"), 0
    )
    found = await restarted(process, path)
    assert (found["state"], found["created"]) == ("committed", ROWS)
    after = await counts(cell_settings, process.tenant)
    assert after == {"rows": ROWS, "codes": ROWS, "created": ROWS, "deleted": 0, "events": ROWS}


async def test_batches_go_on_where_they_stopped_and_so_does_undo(process: Process, cell_settings: Settings) -> None:
    path = await prepared(process, "batch")
    cut = await counts(cell_settings, process.tenant)
    assert 0 < cut["rows"] < ROWS
    assert cut["rows"] % 1000 == 0
    assert cut["rows"] == cut["created"] == cut["events"]
    found = await restarted(process, path)
    assert (found["state"], found["created"]) == ("committed", ROWS)
    after = await counts(cell_settings, process.tenant)
    assert after == {"rows": ROWS, "codes": ROWS, "created": ROWS, "deleted": 0, "events": ROWS}
    await process.call("POST", f"{path}/undo")
    await process.until(path, "running", done=200)
    process.kill()
    cut = await counts(cell_settings, process.tenant)
    assert 0 < cut["rows"] < ROWS
    assert cut["rows"] + cut["deleted"] == ROWS
    found = await restarted(process, path)
    assert (found["state"], found["undone"], found["kept"]) == ("undone", ROWS, 0)
    assert (await counts(cell_settings, process.tenant))["deleted"] == ROWS
