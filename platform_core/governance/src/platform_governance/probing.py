"""Asks every instance and the platform's own services every two seconds whether they are ready."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus

import msgspec

from cellkit.http.messages import from_json
from platform_governance.outbound import Outbound
from platform_governance.registry import Registry
from platform_governance.rules.lights import Light, ProbeState, after_probe

PROBE_EVERY_SECONDS = 2.0
# Who is not ready yet is asked more often: most of them are just starting.
PENDING_EVERY_SECONDS = 0.2
_STARTING_SECONDS = 30.0
_LONGEST_REASON = 80


@dataclass(slots=True)
class PlatformService:
    """One of the platform's own services as its probes show it."""

    name: str
    url: str
    probe: ProbeState = field(default_factory=ProbeState)
    since: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def light(self) -> Light:
        """Green when it is ready."""
        return Light.GREEN if self.probe.ready else Light.RED

    @property
    def reason(self) -> str:
        """Why it is not ready, or OK."""
        return "OK" if self.probe.ready else f"NOT_READY:{self.probe.reason or 'starting'}"


class Prober:
    """Keeps the probes' results in the registry; a slow instance delays no other."""

    def __init__(self, registry: Registry, outbound: Outbound, platform_urls: dict[str, str]) -> None:
        self._registry = registry
        self._outbound = outbound
        self.platform = {name: PlatformService(name, url) for name, url in platform_urls.items()}

    async def run(self) -> None:
        """Probe for ever, at once when an instance has just registered."""
        next_round = 0.0
        while True:
            whole = time.monotonic() >= next_round
            if whole:
                next_round = time.monotonic() + PROBE_EVERY_SECONDS
            await self.round(pending_only=not whole)
            try:
                await asyncio.wait_for(self._registry.probe_soon.wait(), self._pause(next_round))
            except TimeoutError:
                continue

    async def round(self, *, pending_only: bool = False) -> None:
        """Ask everybody once, or those that were not ready, side by side. Each answer counts as soon as it is there."""
        self._registry.probe_soon.clear()
        instances = [
            self._probe_instance(cell.name, item.instance_id, item.url)
            for cell in self._registry.cells.values()
            for item in cell.instances.values()
            if not (pending_only and item.probe.ready)
        ]
        platform = [
            self._probe_platform(item) for item in self.platform.values() if not (pending_only and item.probe.ready)
        ]
        await asyncio.gather(*instances, *platform)
        await self._registry.decide()

    def _pause(self, next_round: float) -> float:
        now = datetime.now(UTC)
        starting = any(
            not item.probe.ready and (now - item.registered_at).total_seconds() < _STARTING_SECONDS
            for cell in self._registry.cells.values()
            for item in cell.instances.values()
        )
        return PENDING_EVERY_SECONDS if starting else max(next_round - time.monotonic(), 0.0)

    async def _probe_instance(self, cell: str, instance_id: str, url: str) -> None:
        problem = await self._ask(url)
        self._registry.probed_instance(cell, instance_id, problem)
        if problem is None:
            # A cell that has just come need not wait for another one's time-out.
            await self._registry.decide()

    async def _probe_platform(self, service: PlatformService) -> None:
        before = service.probe.ready
        service.probe = after_probe(service.probe, await self._ask(service.url))
        if service.probe.ready != before:
            service.since = datetime.now(UTC)

    async def _ask(self, url: str) -> str | None:
        """None when ready, else the failed check's name."""
        answer = await self._outbound.get(f"{url}/ready")
        if answer is None:
            return "unreachable"
        if answer.status == HTTPStatus.OK:
            return None
        return failed_check(answer.status, answer.body)


def failed_check(status: int, body: bytes) -> str:
    """The first check that a cell's ``/ready`` names, or its status."""
    try:
        details = from_json(body)["details"]
        name = next(iter(details))
    except (msgspec.DecodeError, KeyError, TypeError, StopIteration):
        return f"http_{status}"
    return str(name)[:_LONGEST_REASON]
