"""Run a piece of work as one transaction: again when another writer was faster, once per request id."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg

from cellkit.context import Caller
from cellkit.errors import Conflict, IdempotentConflict, ServiceError, ValidationFailed
from cellkit.http.messages import Reply
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.database_errors import is_repeat, is_transient, missing_references, translate
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.fetch_first import FetchFirst
from cellkit.pipeline.flush import Kept, flush
from cellkit.pipeline.work import Work

Answer = Callable[[dict[int, bytes]], Reply]
Operation = Callable[[Work], Awaitable[Answer | None]]
MOST_ATTEMPTS = 8


class Busy(Conflict):
    """Other writers were faster every time."""

    zh, en = "其他人正在修改同一数据，请重试", "Others are changing the same data; please try again"


async def execute(
    engine: Engine, caller: Caller, role: RoleDocument, operation: Operation, kept: Kept | None = None
) -> Reply | None:
    """Run ``operation`` and write what it changed. Returns the reply it made, or the one kept for this request."""
    await engine.know(caller.tenant_id)
    if caller.dry_run is not None:
        kept = None
    for attempt in range(MOST_ATTEMPTS):
        async with engine.database.session(caller.tenant_id) as connection:
            work = Work(engine, connection, caller, role)
            work.restartable = True
            try:
                if caller.dry_run is not None:
                    await work.begin()
                answer = await operation(work)
                return await flush(work, kept, answer)
            except FetchFirst as error:
                await work.rollback()
                missing: FetchFirst | None = error
            except Exception as error:
                missing = None
                await work.rollback()
                if kept is not None and (is_repeat(error) or _may_be_repeat(error)):
                    reply = await kept_reply(engine, connection, caller, kept)
                    if reply is not None:
                        return reply
                if not is_transient(error):
                    translated = translate(error)
                    if isinstance(error, asyncpg.ForeignKeyViolationError) and isinstance(translated, ValidationFailed):
                        rows = [tracked.row for tracked in work.tracked.values()]
                        named = await missing_references(connection, work.tenant_id, error, engine.tables, rows)
                        translated = named or translated
                    if translated is not None:
                        raise translated from error
                    raise
            except BaseException:
                await work.rollback()
                raise
        if missing is not None:
            await missing.fetch()
            continue
        # The row lock of the faster writer is gone by now; a growing random pause keeps a crowd from meeting again.
        await asyncio.sleep(random.uniform(0, 0.004 * 2**attempt))  # noqa: S311 - no secret
    raise Busy(reason="concurrency", retry_after_seconds=1)


def _may_be_repeat(error: Exception) -> bool:
    # A repeat usually meets the state that the first request left behind, so any refusal may hide one.
    return isinstance(error, ServiceError) and error.status < 500


async def kept_reply(engine: Engine, connection: Any, caller: Caller, kept: Kept) -> Reply | None:
    """The answer that this request got before, if any; raises :class:`IdempotentConflict` for another body."""
    record = await connection.fetchrow(
        "SELECT body_hash, status, headers, body FROM kit_request WHERE tenant_id = $1 AND user_id = $2 "
        "AND request_id = $3 AND method = $4 AND path = $5",
        UUID(caller.tenant_id),
        caller.user_id,
        caller.request_id,
        kept.method,
        kept.path,
    )
    if record is None:
        return None
    if record["body_hash"] != kept.body_hash:
        raise IdempotentConflict
    headers = [(name.encode(), value.encode()) for name, value in record["headers"]]
    headers.append((b"idempotent-replay", b"true"))
    body = engine.open_answer(record["body"], caller.tenant_id)
    if body and kept.again is not None:
        body = await kept.again(connection, body)
    return Reply(
        body,
        status=record["status"],
        headers=headers,
        content_type=b"application/json" if record["body"] else None,
    )
