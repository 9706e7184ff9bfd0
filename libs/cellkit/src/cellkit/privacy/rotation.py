"""Rotation: wrap the tenant's keys with the current master key, and encrypt what hangs on older keys again."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cellkit.db.shape import shape_of, shape_of_lines
from cellkit.files.sealing import KEY_PLACE
from cellkit.jobs import JobContext, job
from cellkit.labels import L
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.work import Work
from cellkit.secrets import KEY_BYTES, KeyRing

BATCH = 200
_LATEST = "SELECT coalesce(max(generation), 0) FROM kit_tenant_key WHERE tenant_id = $1 AND purpose = 'data'"


@dataclass(frozen=True, slots=True)
class EncryptedColumn:
    """A column that holds encrypted values. Statements are made of declared names only."""

    table: str
    column: str
    place: str
    key: str = "id"
    # Bytes as :meth:`KeyRing.seal` makes them; otherwise text as :meth:`KeyRing.encrypt` does.
    sealed: bool = False

    def _begins(self, prefix: str) -> str:
        """The condition that a value begins with a text."""
        if self.sealed:
            return f"position(convert_to({prefix}::text, 'UTF8') IN \"{self.column}\") = 1"
        return f'starts_with("{self.column}", {prefix})'

    def again(self, ring: KeyRing, stored: Any, tenant_id: str) -> Any:
        """The value under the current key."""
        if self.sealed:
            return ring.seal(ring.open(stored, tenant_id, self.place), tenant_id, self.place)
        return ring.encrypt(ring.decrypt(stored, tenant_id, self.place), tenant_id, self.place)

    async def count(self, connection: Any, tenant_id: UUID, prefix: str) -> int:
        """How many values are not under the current key."""
        text = (
            f'SELECT count(*) FROM "{self.table}" WHERE tenant_id = $1 '  # noqa: S608 - declared names
            f'AND "{self.column}" IS NOT NULL AND NOT {self._begins("$2")}'
        )
        return int(await connection.fetchval(text, tenant_id, prefix))

    async def holds_master_encrypted(self, connection: Any, tenant_id: UUID) -> bool:
        """Whether a value hangs on a master key itself."""
        begins = self._begins("'v1:'")
        text = f'SELECT EXISTS (SELECT FROM "{self.table}" WHERE tenant_id = $1 AND {begins})'  # noqa: S608 - declared names
        return bool(await connection.fetchval(text, tenant_id))

    async def next_batch(self, connection: Any, tenant_id: UUID, prefix: str, after: UUID) -> list[Any]:
        """Older values by rising key."""
        text = (
            f'SELECT "{self.key}" AS id, "{self.column}" AS value FROM "{self.table}" '  # noqa: S608 - declared names
            f'WHERE tenant_id = $1 AND "{self.key}" > $3 AND "{self.column}" IS NOT NULL '
            f'AND NOT {self._begins("$2")} ORDER BY "{self.key}" LIMIT {BATCH}'
        )
        found: list[Any] = await connection.fetch(text, tenant_id, prefix, after)
        return found

    async def replace(self, connection: Any, tenant_id: UUID, changes: list[tuple[UUID, Any, Any]]) -> None:
        """Put new ciphertexts where the old ones still stand: what somebody changed meanwhile is newer than ours."""
        kind = "bytea" if self.sealed else "text"
        text = (
            f'UPDATE "{self.table}" t SET "{self.column}" = x.fresh '  # noqa: S608 - declared names
            f"FROM unnest($2::uuid[], $3::{kind}[], $4::{kind}[]) AS x(id, old, fresh) "
            f'WHERE t.tenant_id = $1 AND t."{self.key}" = x.id AND t."{self.column}" = x.old'
        )
        columns = [list(part) for part in zip(*changes, strict=True)]
        await connection.execute(text, tenant_id, *columns)


def columns_of(engine: Engine, tenant_id: str) -> list[EncryptedColumn]:
    """Every encrypted column of the cell's documents and lines, the keys of sealed audit entries and of files."""
    found = [
        EncryptedColumn("kit_audit_key", "wrapped", "kit_audit_key", key="audit_id"),
        EncryptedColumn("kit_file_blob", "sealed_key", KEY_PLACE, sealed=True),
    ]
    for declared in engine.tables.values():
        table = engine.table_for(tenant_id, declared)
        for shape in (shape_of(table), *map(shape_of_lines, table.lines.values())):
            found += [
                EncryptedColumn(shape.name, item.name, f"{shape.name}.{item.name}")
                for item in shape.secrets
                if not item.custom
            ]
    return found


async def stale_count(connection: Any, engine: Engine, tenant_id: str) -> int:
    """How many values hang on older keys."""
    ring = _ring(engine)
    prefix = ring.prefix(tenant_id)
    total = 0
    for column in columns_of(engine, tenant_id):
        total += await column.count(connection, UUID(tenant_id), prefix)
    return total


@job("rotate-keys", label=L("轮换加密密钥", "Rotate keys"), attempts=5, timeout_seconds=6 * 3600, once_per_tenant=True)
async def rotate_keys(context: JobContext, payload: dict[str, Any]) -> dict[str, Any]:
    """Payload ``{"fresh": bool}``; answers ``{"generation", "wrapped", "encrypted"}``.

    May be killed anywhere and goes on: it looks only for what is not under the current key yet. Older generations of
    the key are kept, because answers kept for repeats and other processes may use them for some minutes.
    """
    engine, tenant = context.engine, UUID(context.tenant_id)
    ring = _ring(engine)
    if payload.get("fresh"):
        await context.step("fresh key", _fresh_key)
        ring.forget(context.tenant_id)
    async with engine.database.session(context.tenant_id) as connection:
        wrapped = await _wrap_again(connection, ring, tenant)
        total = await stale_count(connection, engine, context.tenant_id)
    encrypted = 0
    for column in columns_of(engine, context.tenant_id):
        after = UUID(int=0)
        while True:
            context.check()
            async with engine.database.session(context.tenant_id) as connection:
                prefix = ring.prefix(context.tenant_id)
                records = await column.next_batch(connection, tenant, prefix, after)
                if not records:
                    break
                changes = [
                    (item["id"], item["value"], column.again(ring, item["value"], context.tenant_id))
                    for item in records
                ]
                await column.replace(connection, tenant, changes)
            after = records[-1]["id"]
            encrypted += len(records)
            await context.progress(encrypted, max(total, encrypted))
    return {"generation": ring.keys_of(context.tenant_id).current, "wrapped": wrapped, "encrypted": encrypted}


async def _fresh_key(work: Work) -> int:
    await work.begin()
    await work.connection.execute("SELECT 1 FROM kit_tenant_key WHERE tenant_id = $1 FOR UPDATE", work.tenant_id)
    generation = int(await work.connection.fetchval(_LATEST, work.tenant_id)) + 1
    key = _ring(work.engine).wrap(os.urandom(KEY_BYTES), work.caller.tenant_id, "data")
    await work.connection.execute(
        "INSERT INTO kit_tenant_key (tenant_id, purpose, generation, wrapped) VALUES ($1, 'data', $2, $3)",
        work.tenant_id,
        generation,
        key,
    )
    return generation


async def _wrap_again(connection: Any, ring: KeyRing, tenant: UUID) -> int:
    """Wrap keys that hang on an older master key or cipher with the current one."""
    records = await connection.fetch(
        "SELECT purpose, generation, wrapped FROM kit_tenant_key WHERE tenant_id = $1 AND wrapped IS NOT NULL", tenant
    )
    older = [record for record in records if not ring.wrapped_with_current(record["wrapped"])]
    if older:
        fresh = [
            ring.wrap(ring.unwrap(item["wrapped"], str(tenant), item["purpose"]), str(tenant), item["purpose"])
            for item in older
        ]
        await connection.execute(
            "UPDATE kit_tenant_key k SET wrapped = x.fresh "
            "FROM unnest($2::text[], $3::int[], $4::text[], $5::text[]) AS x(purpose, generation, old, fresh) "
            "WHERE k.tenant_id = $1 AND k.purpose = x.purpose AND k.generation = x.generation AND k.wrapped = x.old",
            tenant,
            [item["purpose"] for item in older],
            [item["generation"] for item in older],
            [item["wrapped"] for item in older],
            fresh,
        )
    return len(older)


def _ring(engine: Engine) -> KeyRing:
    if engine.keys is None:
        message = "FIELD_ENCRYPTION_KEYS is not set"
        raise RuntimeError(message)
    return engine.keys
