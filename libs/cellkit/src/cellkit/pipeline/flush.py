"""Write a unit of work: rows, lines, ledgers, audit, events and the kept answer, in one statement where it can be."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from cellkit.customizing.trees import refuse_circles
from cellkit.db.pool import JsonText
from cellkit.db.shape import Shape, has_computed, shape_of, shape_of_lines
from cellkit.declare.document import Document, Lines, Row, Table
from cellkit.http.messages import Reply, to_json
from cellkit.pipeline.answers import TitledAnswer
from cellkit.pipeline.auditing import audits_of, row_json, write_audits
from cellkit.pipeline.dry_runs import end_dry_run
from cellkit.pipeline.gapless import GaplessNumbers
from cellkit.pipeline.outgoing import cloud_event, event_data
from cellkit.pipeline.statement import Statement
from cellkit.pipeline.tracked import Tracked, fill_computed, pad_decimals, with_dependent_columns
from cellkit.pipeline.work import Work

_OUTBOX = (
    ("id", "uuid"), ("type", "text"), ("subject", "text"), ("partition_key", "text"), ("event", "text"),
    ("created_at", "timestamptz"),
)  # fmt: skip
_REQUEST = (
    ("user_id", "text"), ("request_id", "text"), ("method", "text"), ("path", "text"), ("body_hash", "bytea"),
    ("status", "int"), ("headers", "json"), ("body", "bytea"),
)  # fmt: skip
_INBOX = (("event_id", "text"), ("type", "text"), ("source", "text"), ("subject", "text"))
STALE = "stale"
Sent = tuple[str, str, str, bytes]
"""Type, subject, partition key, data."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The request whose answer is kept for repeats.

    ``again`` makes of the kept body, with a session of the tenant, what its caller is told now: his rights may be
    fewer than they were, and the texts beside references are not kept.
    """

    method: str
    path: str
    body_hash: bytes
    again: Callable[[Any, bytes], Awaitable[bytes]] | None = None


def body_hash(raw: bytes) -> bytes:
    """What two bodies are compared by."""
    return hashlib.sha256(raw).digest()


async def flush(work: Work, kept: Kept | None, answer: Callable[[dict[int, bytes]], Reply] | None) -> Reply | None:
    """Write everything and commit. ``answer`` gets the JSON of the changed rows by ``id(row)`` and makes the reply.

    Usually that is one statement. A series without gaps lets its next taker wait until this transaction ends, so where
    numbers of one are needed, everything that does not carry them is written before they are taken.
    """
    async with AsyncExitStack() as turns:
        return await _flush(work, kept, answer, turns)


async def _flush(
    work: Work, kept: Kept | None, answer: Callable[[dict[int, bytes]], Reply] | None, turns: AsyncExitStack
) -> Reply | None:
    for prepare in work.engine.before_flush:
        await prepare(work)
    prepare_rows(work)
    await refuse_circles(work)
    gapless = GaplessNumbers(work)
    phases = _Phases(work, gapless)
    last = phases.last
    rows_json: dict[int, bytes] = {}
    _write_rows(work, phases)
    _write_ledgers(work, phases)
    for add in work.engine.flushing:
        add(work, last)
    audits = audits_of(work, rows_json)
    events = _events(work, rows_json)
    if gapless:
        await work.begin()
        if phases.early:
            await work.connection.fetchval(phases.early.text(), *phases.early.parameters)
        await gapless.take(turns)
        last.parameters = [gapless.fill(value) for value in last.parameters]
        audits = [(*entry[:3], gapless.fill(entry[3]), gapless.fill(entry[4]), entry[5]) for entry in audits]
        events = [(*event[:3], gapless.fill(event[3])) for event in events]
        rows_json = {key: gapless.fill(made) for key, made in rows_json.items()}
    write_audits(work, last, audits)
    _write_events(work, last, events)
    if work.handled:
        last.insert("kit_inbox", _INBOX, work.handled)
    reply = answer(rows_json) if answer is not None else None
    if reply is not None and gapless:
        reply.body = gapless.fill(reply.body)
    if kept is not None and reply is not None and isinstance(reply.body, bytes):
        _keep(work, last, kept, reply)
    found = None
    if last:
        if isinstance(answer, TitledAnswer):
            answer.ask(last)
        found = await work.connection.fetchval(last.text(), *last.parameters)
    if work.caller.dry_run is None:
        await work.commit()
        _tell(work)
    else:
        await end_dry_run(work, audits, [event[0] for event in events])
    if isinstance(answer, TitledAnswer):
        reply = answer.told(rows_json, found)
        reply.body = gapless.fill(reply.body)
    return reply


def _tell(work: Work) -> None:
    if work.events or work.audits or work.notices:
        types = {pending.type for pending in work.events}
        for tell in work.engine.committed:
            tell(types)


def prepare_rows(work: Work) -> None:
    """Bring computed fields to what the rows say now, and decimals to the digits that reading them shows."""
    for tracked in work.tracked.values():
        if not tracked.marked or tracked.removed:
            continue
        if has_computed(tracked.table) and tracked.has_lines:
            fill_computed(tracked.table, tracked.row)
        pad_decimals(tracked.table, tracked.row)


class _Phases:
    """What is written before gapless numbers are taken, and what after; without such numbers both are one."""

    def __init__(self, work: Work, gapless: GaplessNumbers) -> None:
        self.last = Statement(work.tenant_id)
        self.early = Statement(work.tenant_id) if gapless else self.last
        self._gapless = gapless

    def insert(self, shape: Shape, rows: list[list[Any]]) -> None:
        """Insert whole rows.

        They wait for the numbers where they carry one or refer to a row that does. Lines need not wait for their
        document: that foreign key is checked at the end of the transaction.
        """
        table = shape.table
        waits = isinstance(table, type) and (
            table.key in self._gapless.tables or any(item.to in self._gapless.tables for item in shape.references)
        )
        columns = [(column.name, column.array_type) for column in shape.columns]
        self._place(rows, waits=waits).insert(shape.name, columns, rows)

    def update(self, shape: Shape, names: list[str], rows: list[list[Any]], *, versioned: bool) -> None:
        """Update columns of rows by id (and version)."""
        columns = [(name, shape.by_name[name].array_type) for name in names]
        place = self._place(rows, waits=False)
        place.update(shape.name, columns, rows, versioned=versioned, reason=STALE)

    def _place(self, rows: list[list[Any]], *, waits: bool) -> Statement:
        if self.early is self.last:
            return self.last
        return self.last if waits or self._gapless.carried_by(rows) else self.early


def _keep(work: Work, statement: Statement, kept: Kept, reply: Reply) -> None:
    headers = [[name.decode(), value.decode()] for name, value in reply.headers]
    row = (
        work.caller.user_id,
        work.caller.request_id,
        kept.method,
        kept.path,
        kept.body_hash,
        reply.status,
        JsonText(to_json(headers).decode()),
        work.engine.seal_answer(bytes(reply.body), work.caller.tenant_id),  # type: ignore[arg-type]  # asked by the caller
    )
    statement.insert("kit_request", _REQUEST, [row])


def _write_rows(work: Work, phases: _Phases) -> None:
    new: dict[type[Table], list[Tracked]] = defaultdict(list)
    changed: dict[tuple[type[Table], tuple[str, ...]], list[Tracked]] = defaultdict(list)
    removed: dict[type[Table], list[Tracked]] = defaultdict(list)
    for tracked in work.tracked.values():
        if tracked.removed:
            if tracked.before is not None:
                removed[tracked.table].append(tracked)
        elif tracked.before is None:
            new[tracked.table].append(tracked)
        elif tracked.marked:
            columns = tuple(with_dependent_columns(shape_of(tracked.table), tracked.changed_columns()))
            if columns or tracked.table.kind == "document":
                changed[tracked.table, columns].append(tracked)
    grids: dict[Lines, _GridChanges] = defaultdict(_GridChanges)
    for table, items in new.items():
        shape = shape_of(table)
        phases.insert(shape, [work.columns.values(shape, item.row, shape.names) for item in items])
        for item in items:
            for name, grid in item.table.lines.items():
                grids[grid].new += [(item.row["id"], line) for line in item.row.get(name) or ()]
    for (table, names), items in changed.items():
        _update(work, phases, shape_of(table), names, items)
        for item in items:
            _compare_lines(item, grids)
    for table, items in removed.items():
        versions = [item.row["version"] for item in items] if table.kind == "document" else None
        phases.early.delete(table.table_name, [item.row["id"] for item in items], versions, reason=STALE)
    for grid, changes in grids.items():
        _write_lines(work, phases, grid, changes)


def _update(work: Work, phases: _Phases, shape: Shape, names: tuple[str, ...], items: list[Tracked]) -> None:
    versioned = "version" in shape.by_name
    rows = [[item.row["id"]] for item in items]
    if versioned:
        for row, item in zip(rows, items, strict=True):
            row.append(item.row["version"])
            item.row["updated_at"], item.row["updated_by"] = work.now, work.caller.user_id
        names = (*names, "updated_at", "updated_by")
    for values, item in zip(rows, items, strict=True):
        values.extend(work.columns.values(shape, item.row, names))
    phases.update(shape, ["id", *(["version"] if versioned else []), *names], rows, versioned=versioned)
    if versioned:
        for item in items:
            item.row["version"] += 1


class _GridChanges:
    def __init__(self) -> None:
        self.new: list[tuple[Any, Row]] = []
        self.changed: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        self.removed: list[Any] = []


def _compare_lines(item: Tracked, grids: dict[Lines, _GridChanges]) -> None:
    for name, grid in item.table.lines.items():
        if name not in item.row:
            continue
        changes = grids[grid]
        before = {line["id"]: line for line in (item.before or {}).get(name) or ()}
        names = [column for column in shape_of_lines(grid).names if column not in {"id", "parent_id"}]
        for line in item.row[name]:
            old = before.pop(line["id"], None)
            if old is None:
                changes.new.append((item.row["id"], line))
                continue
            differing = tuple(column for column in names if line.get(column) != old.get(column))
            if differing:
                changes.changed[differing].append(line)
        changes.removed += before


def _write_lines(work: Work, phases: _Phases, grid: Lines, changes: _GridChanges) -> None:
    shape = shape_of_lines(grid)
    if changes.removed:
        phases.early.delete(shape.name, changes.removed, None, reason=STALE)
    if changes.new:
        rows = []
        for parent_id, line in changes.new:
            line["parent_id"] = parent_id
            rows.append(work.columns.values(shape, line, shape.names))
        phases.insert(shape, rows)
    for changed, lines in changes.changed.items():
        names = with_dependent_columns(shape, changed)
        rows = [[line["id"], *work.columns.values(shape, line, names)] for line in lines]
        phases.update(shape, ["id", *names], rows, versioned=False)


def _write_ledgers(work: Work, phases: _Phases) -> None:
    by_ledger: dict[Any, list[Row]] = defaultdict(list)
    for ledger, row in work.ledger_rows:
        by_ledger[ledger].append(row)
    for ledger, rows in by_ledger.items():
        shape = shape_of(ledger)
        phases.insert(shape, [work.columns.values(shape, row, shape.names) for row in rows])


def _events(work: Work, rows_json: dict[int, bytes]) -> list[Sent]:
    found: list[Sent] = []
    for pending in work.events:
        subject, key, content = pending.subject, pending.partition_key, None
        tracked = pending.tracked
        if tracked is not None:
            if tracked.vanished:
                continue
            subject = key = str(tracked.row["id"])
            given = pending.data is not None or (
                issubclass(tracked.table, Document) and tracked.table.payload is not None
            )
            content = None if given else row_json(tracked, rows_json)
        found.append((pending.type, subject, key, event_data(pending, content)))
    return found


def _write_events(work: Work, statement: Statement, events: list[Sent]) -> None:
    values = []
    for event_type, subject, key, data in events:
        identity, text = cloud_event(work.engine.cell, work.caller, work.now, event_type, subject, key, data)
        values.append((identity, event_type, subject, key, text.decode(), work.now))
    if values:
        statement.insert("kit_outbox", _OUTBOX, values)
