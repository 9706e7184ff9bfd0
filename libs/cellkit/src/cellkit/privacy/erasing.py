"""The jobs that remove: a person's values on his demand, and documents that have been kept long enough."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from cellkit.declare.document import Document
from cellkit.errors import ServiceError
from cellkit.ids import first_id
from cellkit.jobs import JobContext, job
from cellkit.labels import L
from cellkit.pipeline.work import Work
from cellkit.privacy.rules import erase_row, hold_of
from cellkit.timeline.store import erase_words

BATCH = 50
_SHRED = "DELETE FROM kit_audit_key WHERE tenant_id = $1 AND entity = $2 AND entity_id = ANY($3::text[])"


@job("erase-subject", label=L("删除个人信息", "Erase personal data"), attempts=5)
async def erase_subject(context: JobContext, payload: dict[str, Any]) -> dict[str, Any]:
    """Erase what an erasure lists; payload ``{"erasure_id"}``. Run again, it finds nothing more to do.

    Every document's audit entries lose the keys of their sealed values in the same transaction.
    """
    key = f"{context.engine.cell}.privacy_erasure"
    async with context.work() as work:
        erasure = await work.get(key, payload["erasure_id"])
        listed, number = [(item["entity"], UUID(item["id"])) for item in erasure["documents"]], erasure["number"]
    report: list[dict[str, Any]] = []
    for start in range(0, len(listed), BATCH):
        context.check()
        batch = listed[start : start + BATCH]

        async def erase(work: Work, batch: list[tuple[str, UUID]] = batch) -> list[dict[str, Any]]:
            return await _erase_batch(work, batch, number)

        report += await context.step(f"batch {start}", erase)
        await context.progress(min(start + BATCH, len(listed)), len(listed))

    async def finish(work: Work) -> None:
        row = await work.get(key, payload["erasure_id"])
        row["state"], row["report"], row["finished_at"] = "done", report, work.now
        work.change(row)

    await context.step("finish", finish)
    outcomes = [item["outcome"] for item in report]
    return {outcome: outcomes.count(outcome) for outcome in ("erased", "held", "missing", "nothing")}


async def _erase_batch(work: Work, batch: list[tuple[str, UUID]], number: str) -> list[dict[str, Any]]:
    by_entity: dict[str, list[UUID]] = {}
    for entity, identity in batch:
        by_entity.setdefault(entity, []).append(identity)
    report: list[dict[str, Any]] = []
    for entity, ids in sorted(by_entity.items()):
        document = work.document(entity)
        rows = await work.many(document, ids, lock=True)
        done = [_erase_one(work, document, rows.get(identity), identity, number) for identity in dict.fromkeys(ids)]
        report += done
        gone = [item["id"] for item in done if item["outcome"] != "held"]
        await work.connection.execute(_SHRED, work.tenant_id, entity, gone)
        await erase_words(work, entity, [UUID(identity) for identity in gone])
    return report


def _erase_one(
    work: Work, document: type[Document], row: dict[str, Any] | None, identity: UUID, number: str
) -> dict[str, Any]:
    told: dict[str, Any] = {"entity": document.key, "id": str(identity)}
    if row is None:
        return {**told, "outcome": "missing"}
    hold = hold_of(document, row)
    if hold is not None:
        return {**told, "outcome": "held", "reason": hold.as_json()}
    erased, kept = erase_row(document, row)
    if not erased:
        return {**told, "outcome": "nothing", "kept": kept}
    if document.derive is not None:
        document.derive(row)
    # Written without the entry that would tell the values before; what was done is told instead.
    work.tracked_of(row).marked = True
    work.record(f"{document.key}.erase", document.key, str(identity), {"fields": erased, "erasure": number})
    work.event(f"{document.key}.updated.v1", row)
    return {**told, "outcome": "erased", "fields": erased, "kept": kept}


@job("privacy-retention", label=L("清理到期数据", "Remove what was kept long enough"), schedule="30 3 * * *")
async def remove_expired(context: JobContext, _payload: dict[str, Any]) -> dict[str, Any]:
    """Delete documents older than their ``keep_days``, and the keys of what the audit trail holds sealed of them.

    A document that others refer to, or that refuses its deletion, stays and is counted as ``kept``.
    """
    engine = context.engine
    removed = kept = 0
    for declared in engine.tables.values():
        if not issubclass(declared, Document) or not isinstance(declared.keep_days, int):
            continue
        cutoff = engine.clock() - timedelta(days=declared.keep_days)
        after = UUID(int=0)
        while True:
            context.check()
            async with engine.database.session(context.tenant_id) as connection:
                records = await connection.fetch(
                    f'SELECT id FROM "{declared.table_name}" WHERE tenant_id = $1 AND id > $2 AND id < $3 '  # noqa: S608 - a declared name
                    f"AND created_at < $4 ORDER BY id LIMIT {BATCH}",
                    UUID(context.tenant_id),
                    after,
                    first_id(cutoff, after=True),
                    cutoff,
                )
            if not records:
                break
            ids = [record["id"] for record in records]
            after = ids[-1]
            done = await _remove(context, declared, ids)
            removed, kept = removed + done, kept + len(ids) - done
            await context.progress(removed + kept, None)
    return {"removed": removed, "kept": kept}


async def _remove(context: JobContext, document: type[Document], ids: list[UUID]) -> int:
    """Remove as many as can be: together, else one by one."""
    try:
        return await _remove_together(context, document, ids)
    except (asyncpg.IntegrityConstraintViolationError, ServiceError):
        # What refers to one row, or its own refusal (before_delete), says nothing about its neighbours.
        if len(ids) == 1:
            return 0
    return sum([await _remove(context, document, [identity]) for identity in ids])


async def _remove_together(context: JobContext, document: type[Document], ids: list[UUID]) -> int:
    async with context.work() as work:
        rows = await work.many(document, ids, lock=True)
        free = [row for row in rows.values() if document.legal_hold is None or document.legal_hold(row) is None]
        for row in free:
            await work.remove(row)
            # Told without the contents: what has to go must not live on in the trail.
            work.audits.pop()
            told = {"number": row.get("number"), "keep_days": document.keep_days}
            work.record(f"{document.key}.delete", document.key, str(row["id"]), told)
        await work.begin()
        await work.connection.execute(_SHRED, work.tenant_id, document.key, [str(row["id"]) for row in free])
    return len(free)
