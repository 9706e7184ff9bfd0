"""What every request of a cell shares: its declarations, database, keys, numbers, clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cellkit.cache.shared import NO_CACHE, SharedCache
from cellkit.context import Caller
from cellkit.db.kit_tables import SYSTEM_TENANT
from cellkit.db.pool import Database
from cellkit.db.shape import shape_of, shape_of_lines
from cellkit.declare.document import Table
from cellkit.errors import MissingTenantId, Unauthorized
from cellkit.ops.access import RoleDocument, RoleDocuments
from cellkit.pipeline.numbers import NumberBlocks
from cellkit.secrets import KeyRing

if TYPE_CHECKING:
    from cellkit.approval.service import Approvals
    from cellkit.customizing.definitions import Definitions

_SYSTEM = UUID(SYSTEM_TENANT)
DEFAULT_TIME_ZONE = "Asia/Shanghai"
_KEPT_ANSWER = "kit_request.body"
_SEALED = (b"v1:", b"v2:")


def utc_now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


@lru_cache(maxsize=600)
def zone(name: str) -> ZoneInfo:
    """A time zone by name; an unknown one is the default, so that a typing error cannot stop a tenant's work."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(DEFAULT_TIME_ZONE)


def _is_tenant(tenant_id: str) -> bool:
    try:
        return UUID(tenant_id) != _SYSTEM
    except ValueError:
        return False


@dataclass(slots=True)
class Engine:
    """The shared parts of one cell's process."""

    cell: str
    database: Database
    roles: RoleDocuments
    keys: KeyRing | None
    numbers: NumberBlocks
    tables: dict[str, type[Table]]
    clock: Callable[[], datetime] = field(default=utc_now)
    # Told the event types of every work just committed, so that relay and sealer start at once; must return at once.
    committed: list[Callable[[Collection[str]], None]] = field(default_factory=list)
    # Given every work that is about to be written, with its statement; may add what goes with it. Hot: be quick.
    flushing: list[Callable[[Any, Any], None]] = field(default_factory=list)
    # Shared by the cell's processes where there is a Redis; without one it stores nothing.
    cache: SharedCache = NO_CACHE
    # How audit entries are hashed: sha256, or sm3 where AUDIT_HASH says so.
    audit_algorithm: str = "sha256"
    # The tenants' own fields and dictionaries (set by the feature "customizing").
    definitions: Definitions | None = None
    # Run before a work is written; whoever has nothing to do for its rows returns at once.
    before_flush: list[Callable[[Any], Awaitable[None]]] = field(default_factory=list)
    # What features put here for their jobs, by the feature's name.
    services: dict[str, Any] = field(default_factory=dict)
    # Tells the worker of this process that a job was put into the queue; must return at once.
    wake_jobs: Callable[[], None] = field(default=lambda: None)
    # Ends a job that this process may be running.
    cancel_job: Callable[[UUID], None] = field(default=lambda _job: None)
    # Rights of users who may be logged out, for what runs on their behalf later; the usual ones unless given.
    offline_roles: RoleDocuments | None = None
    # The engine of approvals (set by the feature "approval").
    approvals: Approvals | None = None
    # Whether anything of this cell is encrypted, in its tables or in its audit trail.
    holds_secrets: bool = field(init=False)
    _has_secrets: bool = field(init=False)

    def __post_init__(self) -> None:
        shapes = [shape_of(table) for table in self.tables.values()]
        shapes += [shape_of_lines(grid) for table in self.tables.values() for grid in table.lines.values()]
        self.holds_secrets = any(shape.secrets or shape.sealed_in_audit for shape in shapes)
        self._has_secrets = any(not item.write_only for shape in shapes for item in shape.secrets)

    def seal_answer(self, body: bytes, tenant_id: str) -> bytes:
        """A kept answer as it is stored: encrypted where the cell's answers may hold secrets in clear."""
        if not body or self.keys is None or not self._has_secrets:
            return body
        return self.keys.seal(body, tenant_id, _KEPT_ANSWER)

    def open_answer(self, stored: bytes, tenant_id: str) -> bytes:
        """The answer that :meth:`seal_answer` stored."""
        if self.keys is None or not stored.startswith(_SEALED):
            return stored
        return self.keys.open(stored, tenant_id, _KEPT_ANSWER)

    async def role_of(self, caller: Caller) -> RoleDocument:
        """The caller's role document; raises where no person or service of a tenant calls."""
        if not caller.tenant_id:
            raise MissingTenantId
        # Row-level security opens the kit's own tables to the system tenant, so nobody may come in under its id.
        if not caller.user_id or not _is_tenant(caller.tenant_id):
            raise Unauthorized
        await self.know(caller.tenant_id)
        if self.keys is not None and not self.keys.ready(caller.tenant_id):
            async with self.database.session(caller.tenant_id):
                # Opening it has read the tenant's keys: filters need them before they have a session.
                pass
        return await self.roles.get(caller.tenant_id, caller.user_id)

    async def know(self, tenant_id: str) -> None:
        """Know the tenant's own fields and dictionaries from here on; asks nothing where they are known already."""
        if self.definitions is not None and not self.definitions.ready(tenant_id):
            await self.definitions.load(tenant_id)

    def variants(self, tenant_id: str) -> Mapping[str, type[Table]]:
        """The tables that the tenant has extended, by key (see :meth:`know`)."""
        return {} if self.definitions is None else self.definitions.variants(tenant_id)

    def table_for(self, tenant_id: str, table: type[Table]) -> type[Table]:
        """A table with the tenant's own fields and dictionaries; itself where the tenant has none."""
        return self.variants(tenant_id).get(table.key, table)

    def today(self, time_zone: str, now: datetime) -> date:
        """The calendar day at ``now`` where the tenant is."""
        return now.astimezone(zone(time_zone)).date()


def tables_by_key(tables: Iterable[type[Table]]) -> dict[str, type[Table]]:
    """Declarations by key; the same key twice is a programming error."""
    found: dict[str, type[Table]] = {}
    for table in tables:
        if table.key in found:
            message = f"declared twice: {table.key}"
            raise ValueError(message)
        found[table.key] = table
    return found
