"""Write a batch of drafts through the pipeline: good ones are written, each bad one is told with its rows."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from cellkit.context import Caller
from cellkit.declare.document import Document, Row
from cellkit.declare.fields import Ref
from cellkit.errors import FieldProblem, ServiceError, ValidationFailed
from cellkit.exchange.drafts import Draft
from cellkit.exchange.limits import WRITE_ROWS
from cellkit.exchange.numbering import go_on_after
from cellkit.exchange.pace import Pace
from cellkit.exchange.references import AmbiguousError, References
from cellkit.exchange.report import Problem, Report
from cellkit.exchange.uniqueness import Pair, find_duplicates
from cellkit.exchange.updating import Updates, UpdateWriter
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.database_errors import is_transient, translate
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.execute import MOST_ATTEMPTS, Busy
from cellkit.pipeline.flush import flush
from cellkit.pipeline.work import Work

Failures = dict[Draft, list[Problem]]


class BatchWriter:
    """Writes the batches of one import on one connection. ``rehearsal``: what it writes will be undone."""

    def __init__(
        self,
        engine: Engine,
        caller: Caller,
        role: RoleDocument,
        document: type[Document],
        report: Report,
        *,
        rehearsal: bool,
        updates: Updates | None = None,
    ) -> None:
        self._engine = engine
        self._caller = caller
        self._role = role
        self._document = document
        self._report = report
        self._rehearsal = rehearsal
        self._updates = updates
        self._tenant_id = UUID(caller.tenant_id)
        self._references = References(engine, self._tenant_id, role)
        self._self_references = any(
            item.to == document.key for item in document.fields.values() if isinstance(item, Ref)
        )
        self.origin = f"import/{report.batch_id}/"

    async def skip_written(self, connection: Any, drafts: list[Draft]) -> list[Draft]:
        """The drafts that an interrupted run of this very import has not written yet."""
        sources = {f"{self.origin}{draft.row}": draft for draft in drafts}
        records = await connection.fetch(
            f'SELECT source FROM "{self._document.table_name}" WHERE tenant_id = $1 AND source = ANY($2::text[])',
            self._tenant_id,
            list(sources),
        )
        written = {record["source"] for record in records}
        self._report.created += len(written)
        return [draft for source, draft in sources.items() if source not in written]

    async def write(self, connection: Any, drafts: list[Draft]) -> None:
        """Write a batch inside the connection's open transaction."""
        waiting = drafts
        while waiting:
            ready, later = await self._resolve(connection, waiting)
            if not ready:
                for draft in later:
                    self._not_found(draft)
                ready, later = later, []
            if self._updates is not None:
                writer = UpdateWriter(
                    self._engine, self._caller, self._role, self._document, self._report, self._updates
                )
                ready = await writer.write(connection, ready, rehearsal=self._rehearsal)
            await self._write_valid(connection, ready)
            waiting = later

    async def _resolve(self, connection: Any, drafts: list[Draft]) -> tuple[list[Draft], list[Draft]]:
        texts: dict[str, set[str]] = {}
        for draft in drafts:
            for _, target, text, _ in draft.references:
                texts.setdefault(_target_key(target), set()).add(text)
        for key, wanted in texts.items():
            await self._references.look_up(connection, key, wanted)
        brought = self._brought(drafts) if self._self_references else frozenset()
        ready: list[Draft] = []
        later: list[Draft] = []
        for draft in drafts:
            (later if self._fill(draft, brought) else ready).append(draft)
        return ready, later

    def _brought(self, drafts: list[Draft]) -> frozenset[str]:
        """The keys by which rows of this batch can be named before they are written."""
        unique = [item.name for item in self._document.fields.values() if item.unique]
        found = {draft.body[name] for draft in drafts for name in unique if isinstance(draft.body.get(name), str)}
        return frozenset(found | {draft.number for draft in drafts if draft.number})

    def _fill(self, draft: Draft, brought: frozenset[str]) -> bool:
        """Put the ids found into the draft; true when it must wait for another row of its batch."""
        waits, missing = False, []
        for holder, target, text, row in draft.references:
            key = _target_key(target)
            try:
                found = self._references.get(key, text)
            except AmbiguousError:
                draft.problem(
                    row,
                    target,
                    "ambiguous",
                    f"“{text[:60]}”对应多条数据，请用编码",
                    f"Several rows are called “{text[:60]}”; use the code",
                )
                continue
            if found is not None:
                holder[target.name] = found
            elif key == self._document.key and text in brought:
                waits = True
            else:
                missing.append((target, text, row))
        for target, text, row in missing:
            draft.problem(row, target, "reference", f"“{text[:60]}”不存在", f"“{text[:60]}” does not exist")
        return waits and not draft.problems

    def _not_found(self, draft: Draft) -> None:
        for holder, target, text, row in draft.references:
            if target.name not in holder:
                draft.problem(row, target, "reference", f"“{text[:60]}”不存在", f"“{text[:60]}” does not exist")

    async def _write_valid(self, connection: Any, drafts: list[Draft]) -> None:
        pace = Pace()
        good: list[Pair] = []
        for draft in drafts:
            try:
                row = draft.ready or draft.new_row(self._document)
                # Hooks change it; another attempt needs a fresh one.
                draft.ready = None
            except ValidationFailed as error:
                row = {}
                known = {problem.field for problem in draft.problems}
                located = [draft.located(item) for item in error.problems]
                draft.problems += [item for item in located if item.field not in known]
            if draft.problems:
                self._fail({draft: draft.problems})
            else:
                good.append((draft, row))
            if pace.due:
                await pace.breathe()
        if good:
            await self._write_pairs(connection, good)

    async def _write_pairs(self, connection: Any, pairs: list[Pair]) -> None:
        attempts = 0
        while pairs:
            try:
                async with connection.transaction():
                    failed = await self._attempt(connection, pairs)
            except _Again as again:
                self._fail(again.failed)
                pairs = self._fresh(draft for draft, _ in pairs if draft not in again.failed)
            except Exception as error:
                attempts += 1
                if is_transient(error):
                    if attempts >= MOST_ATTEMPTS:
                        raise Busy(reason="concurrency", retry_after_seconds=1) from error
                    await asyncio.sleep(random.uniform(0, 0.01 * 2**attempts))  # noqa: S311 - no secret
                    pairs = self._fresh(draft for draft, _ in pairs)
                    continue
                refusal = error if isinstance(error, ServiceError) else translate(error)
                if refusal is None or refusal.status >= 500:
                    raise refusal or error from error
                if len(pairs) == 1:
                    self._fail({pairs[0][0]: list(_problems(pairs[0][0], refusal))})
                    return
                # One of them is refused and it is not known which: halves are tried until it stands alone.
                middle = len(pairs) // 2
                for half in (pairs[:middle], pairs[middle:]):
                    await self._write_pairs(connection, self._fresh(draft for draft, _ in half))
                return
            else:
                self._fail(failed)
                self._report.created += len(pairs) - len(failed)
                return

    def _fresh(self, drafts: Iterable[Draft]) -> list[Pair]:
        return [(draft, draft.new_row(self._document)) for draft in drafts]

    async def _attempt(self, connection: Any, pairs: list[Pair]) -> Failures:
        work = Work(self._engine, connection, self._caller, self._role)
        failed = await self._prepare(work, pairs)
        good = await self._finish(work, [pair for pair in pairs if pair[0] not in failed], failed)
        for draft, problems in (
            await find_duplicates(connection, self._tenant_id, self._document, good, self.origin)
        ).items():
            failed.setdefault(draft, []).extend(problems)
        if failed and _has_effects(work):
            # What the look-ups of refused rows wrote must go as well.
            raise _Again(failed)
        rows = [row for draft, row in good if draft not in failed]
        await self._number(work, connection, [draft for draft in (pair[0] for pair in good) if draft.number], rows)
        if _has_effects(work):
            await self._flush(work)
        await self._write_parts(connection, rows)
        return failed

    async def _prepare(self, work: Work, pairs: Sequence[Pair]) -> Failures:
        failed: Failures = {}
        if self._document.prepare_many is not None:
            await self._document.prepare_many(work, [row for _, row in pairs])
        elif self._document.prepare is not None:
            pace = Pace()
            for draft, row in pairs:
                try:
                    await self._document.prepare(work, row, None)
                except ServiceError as error:
                    if error.status >= 500:
                        raise
                    failed[draft] = list(_problems(draft, error))
                if pace.due:
                    await pace.breathe()
        return failed

    async def _finish(self, work: Work, pairs: Sequence[Pair], failed: Failures) -> list[Pair]:
        pace = Pace()
        good = []
        for draft, row in pairs:
            try:
                work.finish_row(self._document, row, source=f"{self.origin}{draft.row}")
                good.append((draft, row))
            except ServiceError as error:
                failed[draft] = list(_problems(draft, error))
            if pace.due:
                await pace.breathe()
        return good

    async def _number(self, work: Work, connection: Any, given: list[Draft], rows: list[Row]) -> None:
        rule = self._document.number
        if rule is None:
            return
        if self._rehearsal:
            # A rehearsal spends no numbers.
            for row in rows:
                row["number"] = row.get("number") or f"~{row['id']}"
            return
        if given:
            await go_on_after(
                self._engine, connection, self._tenant_id, self._document, [draft.number for draft in given]
            )
        if not rule.gapless:
            await work.take_numbers(self._document, rows)

    async def _write_parts(self, connection: Any, rows: list[Row]) -> None:
        if self._document.number is not None and self._document.number.gapless:
            # Numbers of such a series are taken in turn.
            for part in _parts(rows, self._document):
                await self._write_part(connection, part)
            return
        # While the database writes one portion, the next is prepared for it.
        shared = OneAtATime(connection)
        under_way: list[asyncio.Task[None]] = []
        try:
            for part in _parts(rows, self._document):
                under_way.append(asyncio.ensure_future(self._write_part(shared, part)))
                if len(under_way) > 1:
                    await under_way.pop(0)
            for task in under_way:
                await task
        finally:
            for task in under_way:
                task.cancel()
            # Whoever undoes the savepoint must find the connection free.
            await asyncio.gather(*under_way, return_exceptions=True)

    async def _write_part(self, connection: Any, rows: list[Row]) -> None:
        work = Work(self._engine, connection, self._caller, self._role)
        if self._document.number is not None and self._document.number.gapless and not self._rehearsal:
            await work.take_numbers(self._document, rows)
        for row in rows:
            work.track_new(self._document, row)
        await self._flush(work)

    async def _flush(self, work: Work) -> None:
        if self._rehearsal:
            work.audits.clear()
            work.events.clear()
        # Inside the import's own transaction, so committing the work only ends its savepoint.
        await flush(work, None, None)

    def _fail(self, failed: Failures) -> None:
        self._report.failed += len(failed)
        for problems in failed.values():
            self._report.add(problems)


class OneAtATime:
    """A connection that several works may write on, one statement after the other."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()

    async def fetchval(self, text: str, *parameters: Any) -> Any:
        """A value, in turn."""
        async with self._turn:
            return await self._connection.fetchval(text, *parameters)

    async def fetchrow(self, text: str, *parameters: Any) -> Any:
        """A row, in turn."""
        async with self._turn:
            return await self._connection.fetchrow(text, *parameters)

    async def fetch(self, text: str, *parameters: Any) -> Any:
        """Rows, in turn."""
        async with self._turn:
            return await self._connection.fetch(text, *parameters)

    async def execute(self, text: str, *parameters: Any) -> Any:
        """A command, in turn."""
        async with self._turn:
            return await self._connection.execute(text, *parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


class _Again(Exception):
    """The batch has to be written again without the refused drafts."""

    def __init__(self, failed: Failures) -> None:
        self.failed = failed
        super().__init__()


def _target_key(target: Any) -> str:
    key: str = target.field.to
    return key


def _has_effects(work: Work) -> bool:
    written = any(tracked.marked or tracked.removed for tracked in work.tracked.values())
    return bool(written or work.ledger_rows or work.audits or work.events or work.gapless)


def _parts(rows: list[Row], document: type[Document]) -> Iterator[list[Row]]:
    """Rows in portions that are prepared for the database within one slice of time."""
    part: list[Row] = []
    size = 0
    for row in rows:
        part.append(row)
        size += 1 + sum(len(row.get(name) or ()) for name in document.lines)
        if size >= WRITE_ROWS:
            yield part
            part, size = [], 0
    if part:
        yield part


def _problems(draft: Draft, error: ServiceError) -> Iterator[Problem]:
    if isinstance(error, ValidationFailed):
        found: list[FieldProblem] = error.problems
        yield from (draft.located(item) for item in found)
    else:
        yield Problem(draft.row, "", "", error.code, error.label())
