"""Connections behind the tenant wall.

Every connection carries the tenant it is set to (``cellkit.tenant``), and row-level security lets it see only that
tenant's rows. The setting is changed only when a connection changes hands between tenants, which saves a round trip
on most requests; SQL names the tenant as well, so a wrong setting can only make a query find nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, Protocol

import asyncpg

from cellkit.db.kit_tables import SYSTEM_TENANT
from cellkit.db.leases import Leases
from cellkit.http.messages import from_json, to_json
from cellkit.ops.metrics import Metrics

Record = asyncpg.Record


class KeyLoader(Protocol):
    """Whoever reads a tenant's keys (:mod:`cellkit.privacy.keys`)."""

    def ready(self, tenant_id: str) -> bool:
        """Whether nothing is to do."""
        ...

    async def load(self, connection: Any, tenant_id: str) -> None:
        """Read them on a session of the tenant."""
        ...


class TenantConnection(asyncpg.Connection):  # type: ignore[misc,type-arg,unused-ignore]  # asyncpg is partly typed
    """A connection that remembers which tenant it is set to."""

    __slots__ = ("tenant_id",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenant_id = ""

    async def _introspect_types(
        self,
        typeoids: Iterable[int],
        timeout: float | None,  # noqa: ASYNC109 - asyncpg's own signature
    ) -> tuple[list[Record], Any]:
        """What asyncpg has to know of types that it does not know by itself (arrays, mostly).

        It asks the catalogue anew in every session, which costs the server 150 ms and 4 MB a session. Types that come
        with the server have the same numbers everywhere, so one session's answer serves all.
        """
        found: list[Record] = []
        for oid in typeoids:
            if oid not in _types or oid >= _FIRST_OWN_TYPE:
                _types[oid], _ = await super()._introspect_types([oid], timeout)  # type: ignore[misc]  # not in the stubs
            found += _types[oid]
        return found, _ASKED


_types: dict[int, list[Record]] = {}
_FIRST_OWN_TYPE = 16_384
"""PostgreSQL's FirstNormalObjectId: types from here on were made in this very database."""
# Of the statement that asked asyncpg wants to know only whether it took the place of the unnamed one; it has a name.
_ASKED = SimpleNamespace(name="types")


async def _prepare(connection: TenantConnection) -> None:
    for name in ("json", "jsonb"):
        await connection.set_type_codec(
            name, schema="pg_catalog", encoder=_encode_json, decoder=from_json, format="text"
        )


def _encode_json(value: Any) -> str:
    return value if isinstance(value, JsonText) else to_json(value).decode()


class JsonText(str):
    """Text that is JSON already and goes to the database as it is."""

    __slots__ = ()


async def _reset(connection: TenantConnection) -> None:
    """Roll back what a cancelled request left open; the usual reset query would cost a round trip a request."""
    if connection.is_in_transaction():
        await connection.execute("ROLLBACK")


class Database:
    """The pool of one service's run-time role."""

    def __init__(self, url: str, *, size: int = 8, metrics: Metrics | None = None, name: str = "") -> None:
        self._url = url
        self._size = size
        self._metrics = metrics
        self._name = name
        self._pool: Any = None
        self._leases = Leases(size)
        self._connecting = asyncio.Lock()
        self._reserved: TenantConnection | None = None
        self._reserved_lock = asyncio.Lock()
        # Reads the keys of tenants before their sessions are used (set where a cell encrypts).
        self.key_loader: KeyLoader | None = None

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Open while the service runs; the database may come later than the service."""
        if self._metrics is not None:
            self._metrics.pool_size.set(self._size)
        try:
            yield
        finally:
            if self._reserved is not None:
                await self._reserved.close(timeout=2)
            if self._pool is not None:
                await self._leases.close(self._pool)
                await asyncio.wait_for(self._pool.close(), 5)

    async def _opened(self) -> Any:
        if self._pool is None:
            async with self._connecting:
                if self._pool is None:
                    # The stubs do not know all of the pool's and its connections' options.
                    create: Any = asyncpg.create_pool
                    self._pool = await create(
                        self._url,
                        min_size=1,
                        max_size=self._size,
                        connection_class=TenantConnection,
                        init=_prepare,
                        reset=_reset,
                        command_timeout=60,
                        timeout=5,
                        # The newest session is asked first: what a rush has left over is soon idle, 12 MB each.
                        max_inactive_connection_lifetime=20,
                        statement_cache_size=300,
                        max_cached_statement_lifetime=0,
                        max_cacheable_statement_size=0,
                        server_settings={"application_name": self._name, "timezone": "UTC", "jit": "off"},
                    )
        return self._pool

    @asynccontextmanager
    async def session(self, tenant_id: str, *, timeout_seconds: float = 20) -> AsyncIterator[TenantConnection]:
        """A connection set to ``tenant_id`` ("" sees no tenant's rows). Each statement is its own transaction."""
        pool = self._pool or await self._opened()
        connection = await self._leases.take(pool, timeout_seconds)
        well = False
        if self._metrics is not None:
            self._metrics.pool_in_use.inc()
        try:
            await use_tenant(connection, tenant_id)
            if self.key_loader is not None and not self.key_loader.ready(tenant_id):
                await self.key_loader.load(connection, tenant_id)
            yield connection
            well = True
        except asyncpg.InternalClientError:
            # A server that dies in the middle of an answer leaves the protocol between two states: no more of it.
            connection.terminate()
            raise
        finally:
            if self._metrics is not None:
                self._metrics.pool_in_use.dec()
            await self._leases.give(pool, connection, well=well)

    @asynccontextmanager
    async def transaction(self, tenant_id: str) -> AsyncIterator[TenantConnection]:
        """A connection set to the tenant with a transaction open on it."""
        async with self.session(tenant_id) as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def reserved(self) -> AsyncIterator[TenantConnection]:
        """A connection outside the pool, one at a time, for work that must not wait for the pool (serial numbers)."""
        async with self._reserved_lock:
            if self._reserved is None or self._reserved.is_closed():
                self._reserved = await asyncpg.connect(
                    self._url, connection_class=TenantConnection, timeout=5, command_timeout=20
                )
                await use_tenant(self._reserved, SYSTEM_TENANT)
            yield self._reserved

    async def check(self) -> None:
        """Raise when the database does not answer."""
        async with self.session("", timeout_seconds=2) as connection:
            await connection.fetchval("SELECT 1")


async def use_tenant(connection: Any, tenant_id: str) -> None:
    """Set a connection to a tenant; free when it already is."""
    # The pool hands out a proxy; the setting belongs to the real connection behind it.
    real = getattr(connection, "_con", connection)
    if real.tenant_id != tenant_id:
        # Unknown until the server has confirmed, so that a failure in between cannot leave a stale value.
        real.tenant_id = "?"
        await connection.execute("SELECT set_config('cellkit.tenant', $1, false)", tenant_id)
        real.tenant_id = tenant_id
