"""Import and export of many customers: rows a second, and the most memory that the cell's process took."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from demo.api import Api
from tests.load import scenarios
from tests.load.scenarios import CRM, Tenant
from tests.running import Platform

ROWS = int(os.environ.get("BENCH_EXCHANGE_ROWS", "100000"))
_SAMPLE_SECONDS = 0.2


@dataclass(slots=True)
class Memory:
    """The largest proportional set size of a process, in MB."""

    pid: int
    peak_mb: float = 0.0

    def look(self) -> None:
        """Take a sample."""
        for line in Path(f"/proc/{self.pid}/smaps_rollup").read_text(encoding="utf-8").splitlines():
            if line.startswith("Pss:"):
                self.peak_mb = max(self.peak_mb, int(line.split()[1]) / 1024)


@asynccontextmanager
async def watched(platform: Platform, process: str) -> AsyncIterator[Memory]:
    """Sample a process's memory while the block runs."""
    memory = Memory(next(row["pid"] for row in platform.status()["processes"] if row["name"] == process))

    async def sample() -> None:
        while True:
            memory.look()
            await asyncio.sleep(_SAMPLE_SECONDS)

    task = asyncio.create_task(sample())
    try:
        yield memory
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def import_100k(platform: Platform, api: Api) -> dict[str, Any]:
    """Upload, then commit all or nothing as a job; the time counts from the commit to the end of the job."""
    rows = [row | {"name": f"导入{row['name']}"} for row in scenarios.customers(ROWS)]
    body = scenarios.as_csv(rows)
    del rows
    made = await api.send("POST", f"{CRM}/_imports?document=crm.customer", body, content_type="text/csv; charset=utf-8")
    path = f"{CRM}/_imports/{made['id']}"
    async with watched(platform, "crm") as memory:
        before, began = platform.cpu_seconds(), time.perf_counter()
        await api.post(f"{path}/commit")
        found = await _ended(api, path)
        elapsed = time.perf_counter() - began
        after = platform.cpu_seconds()
    if found["job"]["state"] != "succeeded" or found["created"] != ROWS:
        raise RuntimeError(f"the import ended with {found['job']}, {found['created']} rows")
    return _figures("import_100k", elapsed, memory, before, after)


async def _ended(api: Api, path: str) -> Any:
    while True:
        found = await api.get(path)
        if found["job"]["state"] not in ("waiting", "running"):
            return found
        await asyncio.sleep(0.25)


async def export_100k(platform: Platform, tenant: Tenant, url: str) -> dict[str, Any]:
    """Read the CSV of all customers as it is streamed."""
    async with watched(platform, "crm") as memory, aiohttp.ClientSession(headers=tenant.headers()) as session:
        before, began = platform.cpu_seconds(), time.perf_counter()
        lines = 0
        async with session.get(f"{url}{CRM}/exports/customers", timeout=aiohttp.ClientTimeout(total=600)) as answer:
            answer.raise_for_status()
            async for piece in answer.content.iter_any():
                lines += piece.count(b"\n")
        elapsed = time.perf_counter() - began
        after = platform.cpu_seconds()
    if lines <= ROWS:
        raise RuntimeError(f"the export has {lines} lines")
    return _figures("export_100k", elapsed, memory, before, after)


def _figures(
    name: str, elapsed: float, memory: Memory, before: dict[str, float], after: dict[str, float]
) -> dict[str, Any]:
    cpu = {key: round((after[key] - before.get(key, 0.0)) * 1000 / ROWS, 3) for key in after}
    return {
        "name": name,
        "connections": 1,
        "ops_per_s": round(ROWS / elapsed, 1),
        "p50_ms": 0.0,
        "p95_ms": 0.0,
        "p99_ms": 0.0,
        "errors": 0,
        "cpu_ms": cpu,
        "ratio": None,
        "ratio_to": None,
        "peak_pss_mb": round(memory.peak_mb, 1),
    }
