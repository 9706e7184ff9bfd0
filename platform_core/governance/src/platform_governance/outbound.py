"""Governance's own calls: short, to addresses it knows, never through the gateway."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

PROBE_SECONDS = 3.0
MAX_BODY_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of any status."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Outbound:
    """One HTTP session for the life of the service."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Open while the service runs."""
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=64, keepalive_timeout=30),
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("User-Agent",),
        ) as session:
            self._session = session
            yield
            self._session = None

    async def get(
        self, url: str, headers: Mapping[str, str] | None = None, seconds: float = PROBE_SECONDS
    ) -> Answer | None:
        """Fetch a document; None when nothing answers in time."""
        if self._session is None:
            return None
        try:
            async with self._session.get(
                url,
                headers=dict(headers or {}),
                timeout=aiohttp.ClientTimeout(total=seconds),
                allow_redirects=False,
            ) as response:
                body = await response.content.read(MAX_BODY_BYTES)
                while not response.content.at_eof():
                    piece = await response.content.read(MAX_BODY_BYTES)
                    body += piece
                    if len(body) > MAX_BODY_BYTES:
                        return None
                return Answer(response.status, response.headers, body)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None
