"""Rows of a file that change stored documents: found by a unique key, changed as a PATCH would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cellkit.context import Caller
from cellkit.declare.document import Document, Row
from cellkit.errors import BadRequest, ServiceError, ValidationFailed
from cellkit.exchange.columns import Columns
from cellkit.exchange.drafts import Draft
from cellkit.exchange.report import Problem, Report
from cellkit.labels import L
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.flush import flush
from cellkit.pipeline.tracked import fill_computed, number_lines
from cellkit.pipeline.validate import changed_row, run_checks
from cellkit.pipeline.work import Work
from cellkit.read.scope import in_scope

STANDARD_NUMBER = L("单号", "Number")
EXISTING = ("create", "update", "both")


@dataclass(frozen=True, slots=True)
class Updates:
    """How stored documents are found: by ``key``, ``number`` or a unique field. ``only``: nothing new is made."""

    key: str
    only: bool

    @classmethod
    def of(cls, document: type[Document], columns: Columns, existing: str) -> Updates | None:
        """For ``create``, ``update`` or ``both``; raises :class:`BadRequest` when the file has no key."""
        if existing == "create":
            return None
        key = next((name for name in keys(document) if columns.has(name)), None)
        if key is None:
            names = [STANDARD_NUMBER if name == "number" else document.fields[name].label for name in keys(document)]
            zh, en = "、".join(name.zh for name in names) or "—", ", ".join(name.en for name in names) or "—"
            raise BadRequest(
                reason=L(f"更新已有数据需要唯一编码列：{zh}", f"to update documents the file needs a unique key: {en}")
            )
        return cls(key, existing == "update")


def keys(document: type[Document]) -> Iterator[str]:
    """The unique texts that can name a stored document, in the order they are preferred."""
    for item in document.fields.values():
        if item.unique and not item.secret and item.array_type == "text":
            yield item.name
    if document.number is not None:
        yield "number"


class UpdateWriter:
    """Changes the stored documents that drafts name; hands back the drafts that name none."""

    def __init__(
        self,
        engine: Engine,
        caller: Caller,
        role: RoleDocument,
        document: type[Document],
        report: Report,
        updates: Updates,
    ) -> None:
        self._engine = engine
        self._caller = caller
        self._role = role
        self._document = document
        self._report = report
        self._updates = updates

    async def write(self, connection: Any, drafts: list[Draft], *, rehearsal: bool) -> list[Draft]:
        """Write inside the connection's open transaction."""
        named = {self._key_of(draft): draft for draft in drafts}
        found = await self._find(connection, [key for key in named if key])
        fresh = [draft for draft in drafts if self._key_of(draft) not in found]
        if self._updates.only:
            for draft in fresh:
                self._fail([self._unknown(draft)])
            fresh = []
        waiting = [(draft, found[key]) for draft in drafts if (key := self._key_of(draft)) in found]
        seen: set[UUID] = set()
        pairs = []
        for draft, identity in waiting:
            if identity in seen:
                message = L("同一数据在文件中出现多次", "The same document stands in the file twice")
                self._fail([Problem(draft.row, self._heading(draft), self._updates.key, "unique", message)])
            else:
                seen.add(identity)
                pairs.append((draft, identity))
        while pairs:
            failed = await self._attempt(connection, pairs, rehearsal=rehearsal)
            for problems in failed.values():
                self._fail(problems)
            if not failed:
                break
            # What was refused may have left traces in the work, so the others are written by a fresh one.
            pairs = [pair for pair in pairs if pair[0] not in failed]
        return fresh

    def _key_of(self, draft: Draft) -> str:
        value = draft.number if self._updates.key == "number" else draft.body.get(self._updates.key)
        return value if isinstance(value, str) else ""

    async def _find(self, connection: Any, wanted: Sequence[str]) -> dict[str, UUID]:
        if not wanted:
            return {}
        name, table = self._updates.key, self._document.table_name
        records = await connection.fetch(
            f'SELECT id, "{name}" AS key FROM "{table}" WHERE tenant_id = $1 AND "{name}" = ANY($2::text[])',
            UUID(self._caller.tenant_id),
            list(wanted),
        )
        return {record["key"]: record["id"] for record in records}

    async def _attempt(
        self, connection: Any, pairs: Sequence[tuple[Draft, UUID]], *, rehearsal: bool
    ) -> dict[Draft, list[Problem]]:
        failed: dict[Draft, list[Problem]] = {}
        changed = 0
        transaction = connection.transaction()
        await transaction.start()
        work = Work(self._engine, connection, self._caller, self._role)
        try:
            rows = await work.many(self._document, [identity for _, identity in pairs], lock=True)
            for draft, identity in pairs:
                try:
                    changed += await self._change(work, draft, rows.get(identity))
                except ServiceError as error:
                    if error.status >= 500:
                        raise
                    failed[draft] = list(_problems(draft, error))
            if failed:
                await work.rollback()
                await transaction.rollback()
                return failed
            if rehearsal:
                work.audits.clear()
                work.events.clear()
            await flush(work, None, None)
        except BaseException:
            if connection.is_in_transaction() and not connection.is_closed():
                await work.rollback()
                await transaction.rollback()
            raise
        await transaction.commit()
        self._report.updated += changed
        self._report.unchanged += len(pairs) - changed
        return failed

    async def _change(self, work: Work, draft: Draft, row: Row | None) -> bool:
        document = self._document
        if draft.problems:
            raise _Known(draft.problems)
        if row is None or not in_scope(self._role, document, row):
            raise _Known([self._unknown(draft)])
        editable = document.states is None or row["state"] in document.states.editable
        if not editable:
            state = document.states.label(row["state"]) if document.states is not None else L("", "")
            message = L(f"状态为“{state.zh}”，不能修改", f"State “{state.en}” does not allow changes")
            raise _Known([Problem(draft.row, "", "state", "state", message)])
        before = work.tracked_of(row).before or {}
        after = changed_row(document, row, self._body(draft, row), editable=True)
        if all(after[name] == row[name] for name in after):
            return False
        row.update(after)
        if document.prepare is not None:
            await document.prepare(work, row, before)
        number_lines(document, row)
        if document.derive is not None:
            document.derive(row)
        fill_computed(document, row)
        run_checks(document, row, before)
        work.change(row)
        work.event(f"{document.key}.updated.v1", row)
        return True

    def _body(self, draft: Draft, row: Row) -> dict[str, Any]:
        """What the file says, its lines standing for the stored ones in their order; empty cells change nothing."""
        body = dict(draft.body)
        for name in self._document.lines:
            if name in body:
                stored = row.get(name) or []
                body[name] = [
                    {**line, "id": str(stored[index]["id"])} if index < len(stored) else line
                    for index, line in enumerate(body[name])
                ]
        return body

    def _unknown(self, draft: Draft) -> Problem:
        message = L("要更新的数据不存在", "There is no such document to update")
        return Problem(draft.row, self._heading(draft), self._updates.key, "reference", message)

    def _heading(self, draft: Draft) -> str:
        return draft.columns.headings.get(self._updates.key, "")

    def _fail(self, problems: list[Problem]) -> None:
        self._report.failed += 1
        self._report.add(problems)


class _Known(ServiceError):
    """Problems that are located already."""

    status = 422

    def __init__(self, problems: list[Problem]) -> None:
        self.located = problems
        super().__init__()


def _problems(draft: Draft, error: ServiceError) -> Iterator[Problem]:
    if isinstance(error, _Known):
        yield from error.located
    elif isinstance(error, ValidationFailed):
        yield from (draft.located(item) for item in error.problems)
    else:
        yield Problem(draft.row, "", "", error.code, error.label())
