"""The unit of work: what actions, prepare hooks and event handlers read and change with.

One ``Work`` is one database transaction. Rows are read without a lock and written under their version, so most work
needs no open transaction and two round trips; the pipeline runs a work again when another writer was faster. Locks
(``lock=True``, balances) and gapless numbers open a transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cellkit.context import Caller
from cellkit.customizing.references import refuse_missing
from cellkit.declare.document import Document, Ledger, Row
from cellkit.declare.numbering import Numbering
from cellkit.errors import StateConflict
from cellkit.ids import uuid7
from cellkit.jobs.declare import Job
from cellkit.jobs.queue import enqueue
from cellkit.labels import Label
from cellkit.notifications.writing import Notice, notice_of
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.numbers import stand_in, take_in_transaction
from cellkit.pipeline.outgoing import PendingAudit, PendingEvent
from cellkit.pipeline.reader import Reader
from cellkit.pipeline.tracked import Tracked, fill_computed, number_lines
from cellkit.pipeline.validate import new_row, parameters_row, run_checks


class Work(Reader):
    """One transaction of a cell."""

    def __init__(self, engine: Engine, connection: Any, caller: Caller, role: RoleDocument) -> None:
        super().__init__(engine, connection, caller, role)
        self.ledger_rows: list[tuple[type[Ledger], Row]] = []
        self.audits: list[PendingAudit] = []
        self.events: list[PendingEvent] = []
        self.gapless: list[tuple[Row, Numbering, date]] = []
        # (event id, type, source, subject) of the event that this work handles: written with its effect.
        self.handled: list[tuple[str, str, str, str]] = []
        self.notices: list[Notice] = []
        # Called after the commit; must return at once.
        self.committing: list[Callable[[], None]] = []
        # Whether the pipeline can undo this work and run it again (pipeline.fetch_first).
        self.restartable = False

    async def create(
        self, document: type[Document] | str, values: Mapping[str, Any], *, source: str | None = None
    ) -> Row:
        """A new document by the cell's own code (readonly fields and ``state`` may be given)."""
        document = self.document(document)
        return await self.add(document, new_row(document, values, trusted=True), source=source)

    async def add(self, document: type[Document], row: Row, *, source: str | None = None) -> Row:
        """A new document from a validated row: prepare, derive, checks, number, audit, event."""
        await self.prepare_new(document, [row])
        self.finish_row(document, row, source=source)
        await self.take_numbers(document, [row])
        self.track_new(document, row)
        return row

    async def prepare_new(self, document: type[Document], rows: list[Row]) -> None:
        """Run the look-ups of new rows, at once where the document can."""
        await refuse_missing(self, document, rows)
        if document.prepare_many is not None:
            await document.prepare_many(self, rows)
        elif document.prepare is not None:
            for row in rows:
                await document.prepare(self, row, None)

    def finish_row(self, document: type[Document], row: Row, *, source: str | None = None) -> None:
        """Derived fields, checks and standard columns of a new row."""
        document = self.document(document)
        number_lines(document, row)
        row["id"] = uuid7()
        if document.derive is not None:
            document.derive(row)
        fill_computed(document, row)
        run_checks(document, row)
        if document.states is not None:
            row.setdefault("state", document.states.initial)
        row["version"] = 1
        row.setdefault("owner_id", self.caller.user_id)
        row.setdefault("department_id", self.role.department_id)
        row["source"] = source
        row["created_at"] = row["updated_at"] = self.now
        row["created_by"] = row["updated_by"] = self.caller.user_id
        row.setdefault("extension", None)

    async def take_numbers(self, document: type[Document], rows: Sequence[Row]) -> None:
        """Numbers for new rows that have none yet; gapless ones are taken when the work is written."""
        rule = document.number
        if rule is None:
            return
        by_series: dict[str, list[Row]] = {}
        for row in rows:
            if row.get("number"):
                continue
            day = (row.get(document.number_date) if document.number_date else None) or self.today
            if rule.gapless:
                row["number"] = stand_in()
                self.gapless.append((row, rule, day))
            else:
                by_series.setdefault(rule.series(day), []).append(row)
        for series, waiting in by_series.items():
            serials = await self.engine.numbers.take(self.tenant_id, f"{document.key}:{series}", len(waiting))
            for row, serial in zip(waiting, serials, strict=True):
                row["number"] = rule.render(series, serial)

    def track_new(self, document: type[Document], row: Row) -> None:
        """Put a finished new row into the work."""
        tracked = self._track(Tracked(self.document(document), row, new=True))
        self.audits.append(PendingAudit(f"{document.key}.create", tracked))
        self.events.append(PendingEvent(f"{document.key}.created.v1", tracked))

    def change(self, row: Row) -> None:
        """Mark a row read in this work to be written."""
        tracked = self.tracked_of(row)
        if not tracked.marked:
            tracked.marked = True
            if not any(entry.tracked is tracked for entry in self.audits):
                self.audits.append(PendingAudit(f"{tracked.table.key}.update", tracked))

    async def act(
        self, document: type[Document] | str, row: Row, verb: str, parameters: Mapping[str, Any] | None = None
    ) -> Any:
        """Run an action of a row inside this work; the caller's permission is not asked.

        Where the document has an approval flow, its actions are what the approval makes of them.
        """
        document = self.document(document)
        if document.bound_flow is not None and self.engine.approvals is not None:
            return await self.engine.approvals.act(self, document, row, verb, parameters or {})
        return await self.perform(document, row, verb, parameters or {})

    async def perform(
        self, document: type[Document], row: Row, verb: str, parameters: Mapping[str, Any], *, anywhere: bool = False
    ) -> Any:
        """The action itself, past any approval; ``anywhere``: whatever the state is."""
        action = document.actions[verb]
        values = parameters_row(action.parameters, parameters)
        tracked = self.tracked_of(row)
        if not anywhere and action.source is not None and row["state"] not in action.source:
            states = document.states
            label = states.label(row["state"]).text(self.caller.language) if states else row.get("state")
            raise StateConflict(state=label, action=action.label.text(self.caller.language))
        result = await action.function(self, row, values)
        if action.target is not None:
            row["state"] = action.target
        number_lines(document, row)
        tracked.marked = True
        self.audits.append(PendingAudit(f"{document.key}.{verb}", tracked))
        if action.event is not None:
            self.events.append(PendingEvent(f"{document.key}.{action.event}.v1", tracked))
        return result

    async def remove(self, row: Row) -> None:
        """Delete a document that was read in this work."""
        tracked = self.tracked_of(row)
        if issubclass(tracked.table, Document) and tracked.table.before_delete is not None:
            await tracked.table.before_delete(self, row)
        tracked.removed = True
        self.audits.append(PendingAudit(f"{tracked.table.key}.delete", tracked))
        self.events.append(PendingEvent(f"{tracked.table.key}.deleted.v1", tracked))

    def append(self, ledger: type[Ledger], values: Sequence[Mapping[str, Any]]) -> list[Row]:
        """New ledger rows."""
        rows: list[Row] = []
        for item in values:
            unknown = item.keys() - ledger.fields.keys()
            if unknown:
                raise KeyError(sorted(unknown))
            row: Row = {name: field.initial() for name, field in ledger.fields.items()}
            row.update(item)
            row.update(id=uuid7(), created_at=self.now, created_by=self.caller.user_id)
            rows.append(row)
            self.ledger_rows.append((ledger, row))
        return rows

    def emit(
        self, event_type: str, subject: Row | UUID | str, data: Mapping[str, Any], *, key: str | None = None
    ) -> None:
        """An extra event; ``key`` (default: the subject) is what order holds within."""
        identity = str(subject["id"] if isinstance(subject, dict) else subject)
        self.events.append(PendingEvent(event_type, None, identity, dict(data), key or identity))

    def event(self, event_type: str, row: Row) -> None:
        """An event about a row of this work, with the document's own payload."""
        self.events.append(PendingEvent(event_type, self.tracked_of(row)))

    def notify(
        self,
        users: Sequence[str],
        kind: str,
        title: Label,
        text: Label,
        *,
        link: str | None = None,
        document: tuple[str, UUID | str] | None = None,
        must_read: bool = False,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        """Put a notice into the users' inboxes; the tenant's channels (mail, robots) carry it on.

        ``kind`` (``"crm.contract.expiring"``) is what users, templates and channels choose by. Texts may hold
        placeholders: ``{number}`` and other fields of ``document`` (key, id), shown as each reader may see them, and
        the names in ``values``, shown as given. ``must_read`` asks for a confirmation.
        """
        self.notices.append(
            notice_of(users, kind, title, text, link=link, document=document, must_read=must_read, values=values)
        )

    async def enqueue(
        self, run: Job, payload: Mapping[str, Any], *, run_at: datetime | None = None, key: str | None = None
    ) -> UUID:
        """Put a job into the queue, in this transaction; its id. It runs as this work's caller, from ``run_at`` on.

        ``key``: at most one of the tenant and job waits with it; the id is then that one's, its payload the first.
        """
        return await enqueue(self, run, payload, run_at, key)

    def record(self, action: str, entity: str, entity_id: str, after: Mapping[str, Any] | None = None) -> None:
        """An extra audit entry for something that changes no document."""
        self.audits.append(PendingAudit(action, None, entity, entity_id, after))

    async def next_number(self, rule: Numbering, day: date | None = None, *, series: str = "") -> str:
        """A number of a series of the cell's own; a gapless one is taken in this transaction."""
        name = rule.series(day or self.today)
        key = f"{series or self.engine.cell}:{name}"
        if rule.gapless:
            await self.begin()
            taken = await take_in_transaction(self.connection, self.tenant_id, {key: 1})
            return rule.render(name, taken[key])
        return rule.render(name, (await self.engine.numbers.take(self.tenant_id, key))[0])

    # The transaction

    async def commit(self) -> None:
        """Commit what is open; called by the pipeline alone."""
        transaction, self._transaction = self._transaction, None
        if transaction is not None:
            await transaction.commit()
        for tell in self.committing:
            tell()

    async def rollback(self) -> None:
        """Undo what is open; called by the pipeline alone."""
        transaction, self._transaction = self._transaction, None
        if transaction is not None and not self.connection.is_closed():
            await transaction.rollback()
