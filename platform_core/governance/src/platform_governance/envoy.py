"""Reads the gateway's counters for the breakers, and waits for it to take in new upstreams."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

import msgspec

from cellkit.http.messages import from_json
from platform_governance.outbound import Outbound
from platform_governance.registry import Registry

POLL_SECONDS = 1.0
_COUNTERS = r"^cluster\..*\.upstream_rq_(completed|5xx)$"
_WARMING = r"^cluster_manager\.(warming_clusters|cds\.update_(success|rejected))$"


class Envoy:
    """The gateway's administration interface."""

    def __init__(self, admin_url: str, outbound: Outbound) -> None:
        self._admin_url = admin_url
        self._outbound = outbound

    async def stats(self, pattern: str) -> dict[str, int] | None:
        """Counters whose name matches a regular expression; None when the gateway does not answer."""
        url = f"{self._admin_url}/stats?format=json&filter={quote(pattern)}"
        answer = await self._outbound.get(url, seconds=2)
        if answer is None:
            return None
        try:
            items: list[dict[str, Any]] = from_json(answer.body)["stats"]
        except (msgspec.DecodeError, KeyError, TypeError):
            return None
        return {item["name"]: item["value"] for item in items if isinstance(item.get("value"), int)}

    async def ready(self) -> bool:
        """Whether the gateway serves."""
        answer = await self._outbound.get(f"{self._admin_url}/ready", seconds=2)
        return answer is not None and answer.body.strip() == b"LIVE"

    async def settled(self, before: int | None, seconds: float = 2.0) -> None:
        """Wait until upstreams written after ``before`` (see :meth:`updates`) are in use, ``seconds`` at most."""
        if before is None:
            return
        for _ in range(int(seconds / 0.02)):
            stats = await self.stats(_WARMING)
            if stats is None:
                return
            if _updates(stats) > before and not stats.get("cluster_manager.warming_clusters", 0):
                return
            await asyncio.sleep(0.02)

    async def updates(self) -> int | None:
        """How many versions of the upstreams the gateway has read."""
        stats = await self.stats(_WARMING)
        return None if stats is None else _updates(stats)


def _updates(stats: dict[str, int]) -> int:
    return stats.get("cluster_manager.cds.update_success", 0) + stats.get("cluster_manager.cds.update_rejected", 0)


class BreakerWatch:
    """Feeds the gateway's counters to the breakers once a second."""

    def __init__(self, registry: Registry, envoy: Envoy) -> None:
        self._registry = registry
        self._envoy = envoy

    async def run(self) -> None:
        """Watch for ever."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            await self.look()

    async def look(self) -> None:
        """Read the counters once and decide the lights."""
        stats = await self._envoy.stats(_COUNTERS)
        if stats is None:
            return
        for name in list(self._registry.cells):
            total = stats.get(f"cluster.{name}.upstream_rq_completed", 0)
            self._registry.counted(name, total, stats.get(f"cluster.{name}.upstream_rq_5xx", 0))
        await self._registry.decide()
