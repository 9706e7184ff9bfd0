"""The keys of tenants in the database: made at a tenant's first session, read when one is opened."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cellkit.db.kit_tables import SYSTEM_TENANT
from cellkit.db.shape import shape_of, shape_of_lines
from cellkit.declare.document import Table
from cellkit.secrets import KEY_BYTES, KeyRing, TenantKeys

_READ = "SELECT purpose, generation, wrapped FROM kit_tenant_key WHERE tenant_id = $1"
_MAKE = """
INSERT INTO kit_tenant_key (tenant_id, purpose, generation, wrapped)
SELECT $1, * FROM unnest($2::text[], $3::int[], $4::text[]) ON CONFLICT DO NOTHING
"""


@dataclass(slots=True)
class KeyLoader:
    """Puts the keys of tenants into the ring; :class:`~cellkit.db.pool.Database` calls it before a session is used."""

    ring: KeyRing
    # Tables (of documents and lines) with blind indexes: a tenant with rows there has an index key already.
    indexed: tuple[str, ...]

    def ready(self, tenant_id: str) -> bool:
        """Whether nothing is to do for a session of this tenant."""
        return not tenant_id or tenant_id == SYSTEM_TENANT or self.ring.ready(tenant_id)

    async def load(self, connection: Any, tenant_id: str) -> None:
        """Read the tenant's keys, or make its first ones."""
        tenant = UUID(tenant_id)
        records = await connection.fetch(_READ, tenant)
        if not records:
            index = self.ring.first_index_key if await self._has_rows(connection, tenant) else os.urandom(KEY_BYTES)
            fresh = (("data", os.urandom(KEY_BYTES)), ("index", index))
            wrapped = [self.ring.wrap(key, tenant_id, purpose) for purpose, key in fresh]
            await connection.execute(_MAKE, tenant, [purpose for purpose, _ in fresh], [1, 1], wrapped)
            # Another process may have been first: its keys count.
            records = await connection.fetch(_READ, tenant)
        self.ring.take(tenant_id, self._unwrapped(tenant_id, records))

    def _unwrapped(self, tenant_id: str, records: Iterable[Any]) -> TenantKeys:
        data: dict[int, bytes] = {}
        # A blind index of a tenant without its key finds nothing.
        index = os.urandom(KEY_BYTES)
        for record in records:
            if record["wrapped"] is None:
                continue
            key = self.ring.unwrap(record["wrapped"], tenant_id, record["purpose"])
            if record["purpose"] == "data":
                data[record["generation"]] = key
            else:
                index = key
        return TenantKeys(data, index)

    async def _has_rows(self, connection: Any, tenant: UUID) -> bool:
        if not self.indexed:
            return False
        checks = " OR ".join(f'EXISTS (SELECT FROM "{name}" WHERE tenant_id = $1)' for name in self.indexed)
        return bool(await connection.fetchval(f"SELECT {checks}", tenant))


def indexed_tables(tables: Iterable[type[Table]]) -> tuple[str, ...]:
    """The tables with blind indexes."""
    shapes = [shape for table in tables for shape in (shape_of(table), *map(shape_of_lines, table.lines.values()))]
    return tuple(sorted({shape.name for shape in shapes if any(item.find for item in shape.secrets)}))
