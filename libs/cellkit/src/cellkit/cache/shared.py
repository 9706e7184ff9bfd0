"""The shared cache. Everything works without it, and when it dies at any moment; it only saves asking again.

Every key holds cell and tenant. What is changed is never overwritten but gets a new version, and that is part of the
key: a reader who was slower than the writer stores under a version that nobody reads any more. Every entry carries
the cell's signature, so that whoever can write to Redis cannot give himself rights, and a lifetime, so that an
invalidation that got lost counts no longer than that.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from prometheus_client import Counter

from cellkit.cache.codec import pack, unpack
from cellkit.log import get_logger
from cellkit.ops.metrics import Metrics
from cellkit.settings import Settings, SettingsError

WAIT_SECONDS = 0.2
"""The longest that a request waits for Redis, connecting included."""
PAUSE_SECONDS = 2.0
"""After a failure Redis is left alone for so long."""
LONGEST_SECONDS = 600
_SCHEMES = ("redis", "rediss", "unix")
_TAG_BYTES = 32
_MOST_BYTES = 1024 * 1024
log = get_logger("cache")


class SharedCache:
    """One cell's part of a Redis; ``url`` empty: none, every look misses and nothing is stored."""

    def __init__(self, url: str, cell: str, key: bytes, metrics: Metrics | None = None) -> None:
        if url and urlsplit(url).scheme not in _SCHEMES:
            message = f"REDIS_URL must begin with one of {', '.join(f'{scheme}://' for scheme in _SCHEMES)}"
            raise SettingsError(message)
        self._url = url
        self._prefix = f"superpaas:{cell}"
        self._key = hashlib.sha256(b"cellkit cache" + key).digest()
        self._client: Any = None
        self._away_until = 0.0
        # Names whose invalidation got lost: left alone until no entry of theirs can be alive.
        self._lost: dict[tuple[str, str], float] = {}
        self._answers: Counter | None = None
        if url and metrics is not None:
            self._answers = Counter(
                "cache_answers", "Looks into the shared cache", ["answer"], registry=metrics.registry
            )

    @classmethod
    def of(cls, settings: Settings, metrics: Metrics) -> SharedCache:
        """From ``REDIS_URL``; raises :class:`SettingsError` for a URL that is none."""
        url = settings.environment.get("REDIS_URL", "")
        return cls(url, settings.service_name, settings.own_key.encode(), metrics)

    @property
    def on(self) -> bool:
        """Whether there is one."""
        return bool(self._url)

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Open while the service runs."""
        try:
            yield
        finally:
            client, self._client = self._client, None
            if client is not None:
                await client.aclose()

    async def remember(
        self, tenant_id: str, name: str, key: str, load: Callable[[], Awaitable[Any]], *, seconds: float
    ) -> Any:
        """What ``load`` answers, or answered within ``seconds``; :meth:`forget` makes it anew at once."""
        if not self._url or self._is_lost(tenant_id, name):
            return await load()
        version = await self._version(tenant_id, name)
        if version is None:
            return await load()
        return await self._kept(f"{tenant_id}:{name}:{version}:{_short(key)}", load, seconds)

    async def versioned(
        self, tenant_id: str, name: str, version: str, load: Callable[[], Awaitable[Any]], *, seconds: float
    ) -> Any:
        """As :meth:`remember`, where the reader knows the version himself (from the database)."""
        if not self._url:
            return await load()
        return await self._kept(f"{tenant_id}:{name}:={_short(version)}", load, seconds)

    async def forget(self, tenant_id: str, name: str) -> None:
        """Everything remembered under ``name`` is old; call it after the commit."""
        if not self._url:
            return
        self._lost.pop((tenant_id, name), None)
        done = await self._do(lambda redis: redis.set(self._place(f"{tenant_id}:{name}"), secrets.token_hex(8)))
        if done is None:
            self._lost[tenant_id, name] = time.monotonic() + LONGEST_SECONDS

    async def get(self, tenant_id: str, name: str, key: str) -> Any:
        """A value that was put, or None."""
        raw = await self._read(f"{tenant_id}:{name}:{_short(key)}")
        return None if raw is None else raw[0]

    async def put(self, tenant_id: str, name: str, key: str, value: Any, *, seconds: float) -> None:
        """Put a value for a while."""
        await self._write(f"{tenant_id}:{name}:{_short(key)}", value, seconds)

    async def drop(self, tenant_id: str, name: str, key: str) -> None:
        """Remove a value that was put."""
        if self._url:
            await self._do(lambda redis: redis.delete(self._place(f"{tenant_id}:{name}:{_short(key)}")))

    async def _kept(self, place: str, load: Callable[[], Awaitable[Any]], seconds: float) -> Any:
        found = await self._read(place)
        if found is not None:
            return found[0]
        value = await load()
        await self._write(place, value, seconds)
        return value

    def _is_lost(self, tenant_id: str, name: str) -> bool:
        until = self._lost.get((tenant_id, name))
        if until is None:
            return False
        if time.monotonic() >= until:
            del self._lost[tenant_id, name]
            return False
        return True

    async def _version(self, tenant_id: str, name: str) -> str | None:
        place = self._place(f"{tenant_id}:{name}")
        found = await self._do(lambda redis: redis.get(place))
        if found is None and self._away_until <= time.monotonic():
            # Never made, or thrown out: a new one, so that what an older one left behind is not met again.
            await self._do(lambda redis: redis.set(place, secrets.token_hex(8), nx=True))
            found = await self._do(lambda redis: redis.get(place))
        return None if found is None else found.decode("ascii", "replace")

    async def _read(self, place: str) -> tuple[Any] | None:
        if not self._url:
            return None
        full = self._place(place)
        raw = await self._do(lambda redis: redis.get(full))
        answer = "miss" if raw is None else "hit"
        value: tuple[Any] | None = None
        if raw is not None:
            if hmac.compare_digest(raw[:_TAG_BYTES], self._tag(full, raw[_TAG_BYTES:])):
                value = (unpack(raw[_TAG_BYTES:]),)
            else:
                answer = "forged"
                log.error("cache_entry_forged", place=full)
        if self._answers is not None:
            self._answers.labels(answer).inc()
        return value

    async def _write(self, place: str, value: Any, seconds: float) -> None:
        if not self._url:
            return
        try:
            raw = pack(value)
        except TypeError:
            log.warning("cache_value_unusual", place=place)
            return
        if len(raw) > _MOST_BYTES:
            return
        full = self._place(place)
        lifetime = max(1, int(min(seconds, LONGEST_SECONDS) * 1000))
        await self._do(lambda redis: redis.set(full, self._tag(full, raw) + raw, px=lifetime))

    def _tag(self, place: str, raw: bytes) -> bytes:
        return hmac.new(self._key, place.encode() + b"\x00" + raw, hashlib.sha256).digest()

    def _place(self, place: str) -> str:
        return f"{self._prefix}:{place}"

    async def _do(self, operation: Callable[[Any], Awaitable[Any]]) -> Any:
        """The answer, or None where Redis does not give one in time."""
        if time.monotonic() < self._away_until:
            return None
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                return await operation(self._opened())
        except Exception as error:  # noqa: BLE001 - whatever ails Redis must not ail a request
            self._away_until = time.monotonic() + PAUSE_SECONDS
            if self._answers is not None:
                self._answers.labels("failed").inc()
            log.warning("cache_away", error=type(error).__name__)
            return None

    def _opened(self) -> Any:
        if self._client is None:
            from redis.asyncio import Redis  # noqa: PLC0415 - only where there is one
            from redis.asyncio.retry import Retry  # noqa: PLC0415
            from redis.backoff import NoBackoff  # noqa: PLC0415

            self._client = Redis.from_url(
                self._url,
                socket_timeout=WAIT_SECONDS,
                socket_connect_timeout=WAIT_SECONDS,
                retry=Retry(NoBackoff(), 0),
                max_connections=32,
            )
        return self._client


def _short(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


NO_CACHE = SharedCache("", "", b"")
