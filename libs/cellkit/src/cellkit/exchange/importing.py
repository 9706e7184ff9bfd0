"""Run an import: one file, one connection, one report."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cellkit.context import Caller
from cellkit.declare.document import Document
from cellkit.errors import PayloadTooLarge
from cellkit.exchange.columns import Mapped, recognise
from cellkit.exchange.drafts import Draft, DraftMaker
from cellkit.exchange.errors import ImportRefused, NoDataRows
from cellkit.exchange.limits import BATCH_DOCUMENTS, BATCH_LINES, MOST_ROWS
from cellkit.exchange.pace import ahead
from cellkit.exchange.report import Problem, Report
from cellkit.exchange.tables import RowSource
from cellkit.exchange.updating import Updates
from cellkit.exchange.writing import BatchWriter
from cellkit.http.messages import Reply, json_reply
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine, zone
from cellkit.pipeline.execute import kept_reply
from cellkit.pipeline.flush import Kept, flush
from cellkit.pipeline.work import Work
from cellkit.read.projection import projection

_LOCK_SECONDS = 0.2
MODES = ("dry_run", "all", "batch")


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What is imported, by whom and how."""

    engine: Engine
    caller: Caller
    role: RoleDocument
    document: type[Document]
    mode: str
    mapping: Mapped
    kept: Kept | None
    # create, update or both: what happens to rows whose unique key a stored document has.
    existing: str = "create"
    # Called after every batch; raises to end the import, which takes back what is not committed.
    progress: Callable[[Report], Awaitable[None]] | None = None
    # Called in the transaction of a ``batch``, and of the ``whole``.
    committing: Callable[[Any, Report, str], Awaitable[None]] | None = None

    def batch_id(self) -> UUID:
        """The same for a repeat of the same request, so that an interrupted import can be told from a new one."""
        path, content = ("", b"") if self.kept is None else (self.kept.path, self.kept.body_hash)
        parts = (self.caller.tenant_id, self.caller.user_id, self.caller.request_id, path)
        return UUID(bytes=hashlib.sha256("|".join(parts).encode() + content).digest()[:16], version=5)


async def run_import(asked: ImportRequest, source: RowSource) -> Reply:
    """Import the rows of a file and answer the report; raises :class:`ImportRefused` when nothing could be written."""
    batch_id = asked.batch_id()
    async with only_one(asked.engine, asked.caller.tenant_id, batch_id) as connection:
        if asked.mode != "dry_run" and asked.kept is not None:
            reply = await kept_reply(asked.engine, connection, asked.caller, asked.kept)
            if reply is not None:
                return reply
        return await import_rows(asked, source, connection, Report(str(batch_id), asked.mode))


@asynccontextmanager
async def only_one(engine: Engine, tenant_id: str, batch_id: UUID) -> AsyncIterator[Any]:
    """A connection for an import, which no other process runs at the same time.

    A repeat that arrives while the first still runs waits here. The lock is the connection's: it goes with a process
    that is killed.
    """
    async with engine.database.session(tenant_id) as connection:
        lock = int.from_bytes(batch_id.bytes[:8], signed=True)
        # Asked again and again: waiting inside the database would end by the time-out of statements.
        while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", lock):  # noqa: ASYNC110 - not ours to tell
            await asyncio.sleep(_LOCK_SECONDS)
        try:
            yield connection
        finally:
            if not connection.is_closed():
                await connection.execute("SELECT pg_advisory_unlock($1)", lock)


async def import_rows(asked: ImportRequest, source: RowSource, connection: Any, report: Report) -> Reply:
    """Import on a connection; see :func:`run_import`."""
    language = asked.caller.language
    columns, problems = recognise(
        asked.document, _header(source), asked.mapping, projection(asked.document, asked.role)
    )
    report.ignored = columns.ignored
    if asked.existing == "update":
        # What is stored already need not stand in the file.
        problems = [problem for problem in problems if problem.rule != "required"]
    if problems:
        report.add(problems)
        if asked.mode == "dry_run":
            return json_reply(report.as_json(language))
        raise ImportRefused(report.errors(language), count=report.problem_count)
    maker = DraftMaker(asked.document, columns, zone(asked.role.time_zone), quoted=source.quoted)
    writer = BatchWriter(
        asked.engine, asked.caller, asked.role, asked.document, report,
        rehearsal=asked.mode == "dry_run", updates=Updates.of(asked.document, columns, asked.existing),
    )  # fmt: skip
    batches = ahead(_batches(asked.document, maker, source, report))
    try:
        if asked.mode == "batch":
            return await _by_batch(asked, connection, report, writer, batches)
        return await _as_one(asked, connection, report, writer, batches)
    finally:
        await batches.aclose()


async def _as_one(
    asked: ImportRequest,
    connection: Any,
    report: Report,
    writer: BatchWriter,
    batches: AsyncGenerator[list[Draft], None],
) -> Reply:
    language = asked.caller.language
    transaction = connection.transaction()
    await transaction.start()
    try:
        async for drafts in batches:
            await writer.write(connection, drafts)
            if asked.mode == "all" and report.problem_count >= report.most:
                break
            if asked.progress is not None:
                await asked.progress(report)
        _require_rows(report)
        if asked.mode == "dry_run":
            await transaction.rollback()
            if asked.progress is None:
                report.created = 0
            return json_reply(report.as_json(language))
        if report.problem_count:
            raise ImportRefused(report.errors(language), count=report.problem_count)
        reply = await _answer(asked, connection, report)
    except BaseException:
        if connection.is_in_transaction():
            await transaction.rollback()
        raise
    await transaction.commit()
    _announce(asked)
    return reply


async def _by_batch(
    asked: ImportRequest,
    connection: Any,
    report: Report,
    writer: BatchWriter,
    batches: AsyncGenerator[list[Draft], None],
) -> Reply:
    try:
        async for drafts in batches:
            waiting = await writer.skip_written(connection, drafts)
            async with connection.transaction():
                await writer.write(connection, waiting)
                if asked.committing is not None:
                    await asked.committing(connection, report, "batch")
            _announce(asked)
            if asked.progress is not None:
                await asked.progress(report)
    except PayloadTooLarge as error:
        if report.created == 0:
            raise
        # What stands above the unreadable row is written already; the report must say so.
        report.add([Problem(int(error.values.get("row", MOST_ROWS + 2)), "", "", error.code, error.label())])
    _require_rows(report)
    return await _answer(asked, connection, report)


async def _answer(asked: ImportRequest, connection: Any, report: Report) -> Reply:
    """The audit entry of the import as a whole and the kept answer."""
    work = Work(asked.engine, connection, asked.caller, asked.role)
    told = {"mode": report.mode, "rows": report.rows, "created": report.created, "failed": report.failed}
    if asked.existing != "create":
        told |= {"updated": report.updated, "unchanged": report.unchanged}
    work.record(f"{asked.document.key}.import", asked.document.key, report.batch_id, told)
    reply = json_reply(report.as_json(asked.caller.language))
    if asked.committing is None:
        await flush(work, asked.kept, lambda _made: reply)
        return reply
    async with connection.transaction():
        await asked.committing(connection, report, "whole")
        await flush(work, asked.kept, lambda _made: reply)
    return reply


async def _batches(
    document: type[Document], maker: DraftMaker, source: RowSource, report: Report
) -> AsyncGenerator[list[Draft], None]:
    batch: list[Draft] = []
    size = 0
    unreadable: PayloadTooLarge | None = None
    try:
        async for draft in maker.drafts(source):
            draft.check_early(document)
            report.documents += 1
            report.rows += draft.row_count
            batch.append(draft)
            size += draft.size
            if len(batch) >= BATCH_DOCUMENTS or size >= BATCH_LINES:
                yield batch
                batch, size = [], 0
    except PayloadTooLarge as error:
        unreadable = error
    if batch:
        yield batch
    if unreadable is not None:
        raise unreadable


def _header(source: RowSource) -> list[str]:
    rows = source.rows()
    try:
        return next(rows)[1]
    except StopIteration:
        raise NoDataRows from None
    finally:
        rows.close()  # type: ignore[attr-defined]  # both sources are generators


def _require_rows(report: Report) -> None:
    if report.rows == 0:
        raise NoDataRows


def _announce(asked: ImportRequest) -> None:
    created = {f"{asked.document.key}.created.v1"}
    for tell in asked.engine.committed:
        tell(created)
