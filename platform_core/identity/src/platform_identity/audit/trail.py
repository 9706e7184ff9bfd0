"""Writing the audit trail, and sealing it: the chain is linked after the commit, so that writers never queue for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cellkit.audit import GENESIS, AuditEntry, chain_hash
from cellkit.context import Caller
from cellkit.db.kit_tables import SYSTEM_TENANT
from cellkit.db.pool import Database
from cellkit.http.messages import to_json
from cellkit.ids import uuid7

_SEAL_LOCK = 7_260_411_002
_BATCH = 500
_HIDDEN = frozenset({"password_hash", "tenant_id", "private_key", "nonce"})

_WAITING = "SELECT DISTINCT tenant_id FROM audit WHERE sequence IS NULL"
_INSERT = """
INSERT INTO audit (tenant_id, id, at, user_id, action, entity, entity_id, before, after, request_id, address, row_hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""


async def record(
    connection: Any,
    caller: Caller,
    tenant_id: UUID,
    action: str,
    entity: str,
    entity_id: object,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    user_id: str | None = None,
) -> None:
    """Add an entry in the caller's transaction; secrets are left out of ``before`` and ``after``."""
    entry = AuditEntry(
        id=uuid7(),
        at=datetime.now(UTC),
        user_id=caller.user_id if user_id is None else user_id,
        action=action,
        entity=entity,
        entity_id=str(entity_id),
        before=_json(before),
        after=_json(after),
        request_id=caller.request_id,
        address=caller.address,
    )
    await connection.execute(
        _INSERT,
        tenant_id,
        entry.id,
        entry.at,
        entry.user_id,
        entry.action,
        entry.entity,
        entry.entity_id,
        entry.before,
        entry.after,
        entry.request_id,
        entry.address,
        entry.hash(tenant_id),
    )


def _json(values: Mapping[str, Any] | None) -> str | None:
    if values is None:
        return None
    return to_json({name: value for name, value in values.items() if name not in _HIDDEN}).decode()


async def seal(database: Database) -> int:
    """Link what is not linked yet, tenant by tenant; returns how many entries were."""
    async with database.session(SYSTEM_TENANT) as connection:
        tenants = [row["tenant_id"] for row in await connection.fetch(_WAITING)]
    sealed = 0
    for tenant_id in tenants:
        sealed += await _seal_tenant(database, tenant_id)
    return sealed


async def _seal_tenant(database: Database, tenant_id: UUID) -> int:
    async with database.transaction(SYSTEM_TENANT) as connection:
        # One sealer at a time; another replica simply comes back later.
        if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", _SEAL_LOCK):
            return 0
        last = await connection.fetchrow(
            "SELECT sequence, chain_hash FROM audit WHERE tenant_id = $1 AND sequence IS NOT NULL"
            " ORDER BY sequence DESC LIMIT 1",
            tenant_id,
        )
        sequence, previous = (0, GENESIS) if last is None else (last["sequence"], last["chain_hash"])
        rows = await connection.fetch(
            "SELECT id, row_hash FROM audit WHERE tenant_id = $1 AND sequence IS NULL ORDER BY id LIMIT $2",
            tenant_id,
            _BATCH,
        )
        ids, sequences, hashes = [], [], []
        for row in rows:
            sequence += 1
            previous = chain_hash(previous, sequence, row["row_hash"])
            ids.append(row["id"])
            sequences.append(sequence)
            hashes.append(previous)
        await connection.execute(
            "UPDATE audit SET sequence = link.sequence, chain_hash = link.hash"
            " FROM unnest($2::uuid[], $3::bigint[], $4::bytea[]) AS link (id, sequence, hash)"
            " WHERE audit.tenant_id = $1 AND audit.id = link.id",
            tenant_id,
            ids,
            sequences,
            hashes,
        )
        return len(ids)


async def verify(connection: Any, tenant_id: UUID) -> dict[str, Any]:
    """Recompute a tenant's whole chain: ``{"sealed", "open", "holds", "first_bad"}``."""
    previous, sealed, first_bad = GENESIS, 0, None
    async for row in connection.cursor(
        "SELECT * FROM audit WHERE tenant_id = $1 AND sequence IS NOT NULL ORDER BY sequence", tenant_id
    ):
        sealed += 1
        # Identity's own table has the columns that every entry has; what cells note besides keeps its default.
        entry = AuditEntry(**{name: row[name] for name in AuditEntry.__dataclass_fields__ if name in row})
        row_hash = entry.hash(tenant_id)
        previous = chain_hash(previous, sealed, row_hash)
        if row["row_hash"] != row_hash or row["chain_hash"] != previous or row["sequence"] != sealed:
            first_bad = str(row["id"])
            break
    waiting = await connection.fetchval(
        "SELECT count(*) FROM audit WHERE tenant_id = $1 AND sequence IS NULL", tenant_id
    )
    return {"sealed": sealed, "open": waiting, "holds": first_bad is None, "first_bad": first_bad}
