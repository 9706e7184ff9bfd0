"""What the platform does while the database is away or the disk is full: clear refusals, nothing lost, well again."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from demo.api import Api
from tests.e2e.conftest import NewTenant, port_base
from tests.running import Platform

AWAY_SECONDS = 8.0
PATIENCE_SECONDS = 60.0
CUSTOMERS = "/api/v1/crm/customers"
SHAPE = {"code", "message", "details", "requestId"}
SMALL_DISK_BYTES = 400 * 1024 * 1024
OTHER_PORTS = -17_900
"""From the ports of a worker's usual platform to those of the one on the small disk.

Lower ones, that no other test takes: the system gives ports from 32,768 on to outgoing connections.
"""
LEFT_BYTES = 3 * 1024 * 1024


async def once(user: Api, method: str, path: str, body: Any = None, request_id: str = "") -> tuple[int, Any, str]:
    """One request without repeats: status, JSON, Retry-After."""
    headers = {
        "Authorization": f"Bearer {user.token}",
        "X-Tenant-Id": user.tenant_id,
        "X-Request-ID": request_id or str(uuid.uuid4()),
    }
    timeout = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.request(method, user.url + path, json=body, headers=headers) as answer,
    ):
        return answer.status, await answer.json(content_type=None), answer.headers.get("Retry-After", "")


async def until_well(user: Api) -> None:
    """Until reads are answered again."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (await once(user, "GET", CUSTOMERS))[0] != 200:
        assert time.monotonic() < deadline, "the platform did not recover"
        await asyncio.sleep(0.2)


def pids(platform: Platform) -> dict[str, int]:
    return {row["name"]: row["pid"] for row in platform.status()["processes"]}


async def test_while_the_database_is_away_requests_are_refused_and_repeatable(
    platform: Platform, new_tenant: NewTenant
) -> None:
    async with Api(platform.first_login["url"]) as user:
        await new_tenant(user)
        await user.post(CUSTOMERS, {"name": "之前的客户"})
        before = pids(platform)
        supervisor = json.loads((platform.data / "run" / "state.json").read_text())["supervisor"]
        request_id, seen = str(uuid.uuid4()), []
        # A supervisor that is held still cannot start the database again.
        os.kill(supervisor, signal.SIGSTOP)
        try:
            os.kill(before["postgres"], signal.SIGKILL)
            gone_until = time.monotonic() + AWAY_SECONDS
            while time.monotonic() < gone_until:
                seen.append(await once(user, "GET", CUSTOMERS))
                seen.append(await once(user, "POST", CUSTOMERS, {"name": "断库时的客户"}, request_id))
                await asyncio.sleep(0.3)
        finally:
            os.kill(supervisor, signal.SIGCONT)
        # Sessions outlive their postmaster by a moment.
        refused = list(itertools.dropwhile(lambda answer: answer[0] < 300, seen))
        assert len(refused) >= 4
        for status, body, retry_after in refused:
            assert status == 503, body
            assert body.keys() == SHAPE
            assert int(retry_after) > 0
        await until_well(user)
        await user.post(CUSTOMERS, {"name": "断库时的客户"}, request_id=request_id)
        names = [row["name"] for row in await user.all(CUSTOMERS)]
        assert sorted(names) == ["之前的客户", "断库时的客户"]
        after = pids(platform)
        assert {name for name in before if before[name] != after[name]} == {"postgres"}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    options = f"size={SMALL_DISK_BYTES},mode=755"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)
    for parent in (tmp_path, *tmp_path.parents):
        if parent.stat().st_uid == os.getuid() and parent != Path("/"):
            # The database runs as another user when we are root.
            parent.chmod(parent.stat().st_mode | 0o011)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


@pytest.mark.needs_root
@pytest.mark.skipif(os.geteuid() != 0, reason="a file system of its own can be mounted by root only")
async def test_on_a_full_disk_writes_are_refused_and_nothing_is_lost(small_disk: Path) -> None:
    platform = Platform.start(small_disk / "data", port_base() + OTHER_PORTS, "crm")
    try:
        async with Api(platform.first_login["url"]) as user:
            login = platform.first_login
            await user.login(login["tenant"], login["username"], login["password"])
            confirmed = [(await user.post(CUSTOMERS, {"name": "空间充足"}))["id"]]
            ballast = small_disk / "ballast"
            free = os.statvfs(small_disk)
            with ballast.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, free.f_bavail * free.f_frsize - LEFT_BYTES)
            refused = []
            deadline = time.monotonic() + PATIENCE_SECONDS
            number = 0
            while len(refused) < 3 and time.monotonic() < deadline:
                number += 1
                body = {"name": f"客户 {number}", "remark": "满" * 1500}
                status, answer, _ = await once(user, "POST", CUSTOMERS, body)
                if status == 201:
                    confirmed.append(answer["id"])
                else:
                    refused.append((status, answer))
            assert len(refused) == 3
            for status, answer in refused:
                assert status == 503, answer
                assert answer.keys() == SHAPE
            ballast.unlink()
            await until_well(user)
            rows = await user.all(CUSTOMERS)
            assert {row["id"] for row in rows} == set(confirmed)
            await user.post(CUSTOMERS, {"name": "又有空间"})
            verified = await user.get("/api/v1/crm/_audit/verify")
            assert verified["holds"] is True
    finally:
        platform.stop()
