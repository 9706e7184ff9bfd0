"""Writes the gateway's configuration whenever routes, lights or keys change, in an order that loses no request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from platform_gateway.files import ConfigurationFolder
from platform_gateway.policies import Policies
from platform_gateway.routing import Routing

from cellkit.log import get_logger
from platform_governance.envoy import Envoy
from platform_governance.registry import Registry

# Changes that come together, as at the start of many cells, are written together.
_GATHER_SECONDS = 0.01
_RETRY_SECONDS = 1.0
# The gateway has read new routes long before this.
_GRACE_SECONDS = 0.1
log = get_logger("publishing")


class Publisher:
    """The only writer of the routes after the gateway's own start."""

    def __init__(
        self,
        registry: Registry,
        folder: ConfigurationFolder,
        envoy: Envoy,
        platform_urls: dict[str, str],
        keys: Callable[[], dict[str, Any] | None],
        policies: Callable[[Policies], Policies] = lambda base: base,
    ) -> None:
        self._policies = policies
        self._last_policies: Policies | None = None
        self._registry = registry
        self._folder = folder
        self._envoy = envoy
        self._platform_urls = platform_urls
        self._keys = keys
        self._last = folder.read_routing()
        self.error = ""

    async def run(self) -> None:
        """Publish for ever."""
        while True:
            await self._registry.changed.wait()
            await asyncio.sleep(_GATHER_SECONDS)
            self._registry.changed.clear()
            try:
                await self.publish()
                self.error = ""
            except OSError as error:
                # A full disk or a missing right may pass; the gateway goes on with what it has.
                self.error = f"{type(error).__name__}: {error.strerror}"
                log.error("publish_failed", error=self.error)
                await asyncio.sleep(_RETRY_SECONDS)
                self._registry.changed.set()

    def wanted(self) -> Routing:
        """What the gateway should route now.

        Until the registry has been read and every instance asked once, cells stay as they were last published: an
        empty or half-known table never reaches the gateway.
        """
        known = {route.name: route for route in self._registry.routes()} if self._registry.loaded else {}
        if not self._registry.probed and self._last is not None:
            for route in self._last.cells:
                cell = self._registry.cells.get(route.name)
                starting = cell is None or not any(item.probe.ready is not None for item in cell.instances.values())
                if starting and not (self._registry.loaded and cell is None):
                    known[route.name] = route
        return Routing(
            version=self._registry.version if self._registry.loaded else (self._last.version if self._last else 0),
            cells=tuple(known[name] for name in sorted(known)),
            platform_urls=self._platform_urls,
            jwks=self._keys(),
        )

    async def publish(self) -> None:
        """Write what has changed: keys, then new upstreams, then routes, then upstreams that nobody needs any more."""
        if self._last is None and not self._registry.loaded:
            return
        routing = self.wanted()
        folder, last = self._folder, self._last
        policies = self._policies(folder.read_policies() or Policies())
        if routing == last and policies == self._last_policies:
            return
        folder.create()
        folder.write_token_filter(routing)
        before = await self._envoy.updates()
        if folder.write_clusters(routing, keep=last):
            await self._envoy.settled(before)
        folder.write_routes(routing, policies)
        folder.write_state(routing)
        self._last, self._last_policies = routing, policies
        if last is not None and _left_over(last, routing):
            await asyncio.sleep(_GRACE_SECONDS)
            folder.write_clusters(routing)
        log.info("published", version=routing.version, cells=[f"{item.name}:{item.traffic}" for item in routing.cells])


def _left_over(last: Routing, routing: Routing) -> bool:
    """Whether an upstream of the last routing is in no route any more."""
    return bool({item.name for item in last.cells if item.urls} - {item.name for item in routing.cells if item.urls})
