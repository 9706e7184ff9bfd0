"""Asks every service for its metrics every ten seconds, side by side."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

import aiohttp

from platform_monitor.exposition import GATEWAY, SERVICE, Reading, read
from platform_monitor.history import History
from platform_monitor.signals import Sample
from platform_monitor.targets import Target, Targets

SCRAPE_EVERY_SECONDS = 10.0
_ANSWER_SECONDS = 4.0
_MAX_BYTES = 8 * 1024 * 1024


class Scraper:
    """Fills the history."""

    def __init__(self, targets: Targets, history: History) -> None:
        self._targets = targets
        self._history = history
        self._session: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Open while the service runs."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            self._session = session
            yield
            self._session = None

    async def run(self) -> None:
        """Scrape for ever."""
        while True:
            began = time.monotonic()
            await self.round()
            await asyncio.sleep(max(SCRAPE_EVERY_SECONDS - (time.monotonic() - began), 1.0))

    async def round(self) -> None:
        """Ask everybody once."""
        await self._targets.refresh()
        await asyncio.gather(*(self._scrape(target) for target in self._targets.all()))

    async def _scrape(self, target: Target) -> None:
        readings = await asyncio.gather(*(self._read(target, url) for url in target.urls))
        self._history.add(target.name, Sample(time.time(), dict(zip(target.urls, readings, strict=True))))

    async def _read(self, target: Target, url: str) -> Reading | None:
        if self._session is None:
            return None
        try:
            async with self._session.get(url, timeout=aiohttp.ClientTimeout(total=_ANSWER_SECONDS)) as response:
                if response.status != HTTPStatus.OK:
                    return None
                body = bytearray()
                async for piece in response.content.iter_any():
                    body += piece
                    if len(body) > _MAX_BYTES:
                        return None
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None
        return read(body.decode("utf-8", "replace"), GATEWAY if target.kind == "gateway" else SERVICE)
