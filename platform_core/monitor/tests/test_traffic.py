"""Counting calls from the access log as it grows and is rotated."""

from __future__ import annotations

import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from platform_monitor.traffic.counting import Count, Ring, Traffic
from platform_monitor.traffic.following import Follower
from platform_monitor.traffic.line import read_line

NOW = time.time()


def line(at: float = NOW, **values: Any) -> bytes:
    """A line as the gateway writes it."""
    moment = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    usual = {
        "timestamp": moment,
        "method": "GET",
        "path": "/api/v1/crm/leads",
        "status": 200,
        "duration_ms": 4,
        "service": "crm",
        "user_id": "u1",
        "tenant_id": "t1",
        "request_id": "r",
        "service_ms": "3.5",
    }
    return msgspec.json.encode({**usual, **values}) + b"\n"


@pytest.mark.parametrize(
    ("values", "edge"),
    [
        ({}, ("users", "crm")),
        ({"user_id": "cell:erp"}, ("erp", "crm")),
        ({"service": "no-cell"}, ("users", "gateway")),
        ({"service": None, "status": 0}, ("users", "gateway")),
        ({"service": "identity", "user_id": None, "path": "/api/v1/auth/service-token"}, ("services", "identity")),
    ],
)
def test_who_called_whom(values: dict[str, Any], edge: tuple[str, str]) -> None:
    read = read_line(line(**values))
    assert read is not None
    assert (read.caller, read.callee) == edge


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"timestamp":"yesterday"}', b'{"status":200}', b"\xff\xfe"])
def test_broken_lines_are_passed_over(raw: bytes) -> None:
    assert read_line(raw) is None


def test_percentiles_and_errors_of_an_edge() -> None:
    count = Count()
    for status, milliseconds in [(200, 1), (200, 8), (404, 8), (503, 900), (0, 60_000)]:
        count.add(status, milliseconds)
    assert (count.requests, count.refused, count.errors) == (5, 1, 1)
    half = count.percentile(0.5)
    assert half is not None
    assert 5 <= half <= 10


def test_a_ring_forgets_what_is_too_old_and_keeps_late_lines() -> None:
    ring = Ring(10, 60)
    for second in range(0, 200, 10):
        ring.add(("a", "b"), 1000 + second, 200, 1)
    ring.add(("a", "b"), 1185, 200, 1)
    counts = ring.since(0)
    assert counts["a", "b"].requests == 7 + 1
    assert ring.since(1185)["a", "b"].requests == 3


async def test_the_log_is_followed_over_its_rotation(tmp_path: Path) -> None:
    path, traffic = tmp_path / "gateway-access.log", Traffic()
    path.write_bytes(line(NOW - 90_000) + line() * 3 + line()[:20])
    follower = Follower(path, traffic)
    await follower.look()
    counted = traffic.window(3600, NOW)
    assert counted["users", "crm"].requests == 3
    with path.open("ab") as file:
        file.write(line()[20:] + line(user_id="cell:erp", status=500))
    await follower.look()
    # Two lines come before the rotation that the follower has not seen yet, one after it.
    with path.open("ab") as file:
        file.write(line() * 2)
    shutil.copyfile(path, tmp_path / "gateway-access.log.1")
    os.truncate(path, 0)
    path.write_bytes(line())
    await follower.look()
    counted = traffic.window(3600, NOW)
    assert counted["users", "crm"].requests == 3 + 1 + 2 + 1
    assert counted["erp", "crm"].errors == 1
    assert traffic.window(86_400, NOW)["users", "crm"].requests == 7


async def test_no_log_is_no_trouble(tmp_path: Path) -> None:
    traffic = Traffic()
    await Follower(tmp_path / "none.log", traffic).look()
    assert traffic.window(60, NOW) == {}
