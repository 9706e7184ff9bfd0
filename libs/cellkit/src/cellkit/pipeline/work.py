"""The unit of work: what actions, prepare hooks and event handlers read and change with.

One ``Work`` is one database transaction. Rows are read without a lock and written under their version, so most work
needs no open transaction and two round trips; the pipeline runs a work again when another writer was faster. Locks
(``lock=True``, balances) and gapless numbers open a transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cellkit.context import Caller
from cellkit.customizing.references import refuse_missing
from cellkit.db.arrays import any_of_ids
from cellkit.db.reading import row_of, select_document
from cellkit.db.shape import declared_of, shape_of, shape_of_lines
from cellkit.declare.document import Balance, Document, Ledger, Row, Table
from cellkit.declare.numbering import Numbering
from cellkit.errors import NotFound, StateConflict, Unauthorized
from cellkit.ids import uuid7
from cellkit.jobs.declare import Job
from cellkit.jobs.queue import enqueue
from cellkit.labels import Label
from cellkit.notifications.writing import Notice, notice_of
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.equality import equalities
from cellkit.pipeline.numbers import stand_in, take_in_transaction
from cellkit.pipeline.outgoing import PendingAudit, PendingEvent
from cellkit.pipeline.tracked import ColumnWriter, Tracked, fill_computed, number_lines
from cellkit.pipeline.validate import new_row, parameters_row, run_checks
from cellkit.read.scope import scope_condition


class Work:
    """One transaction of a cell."""

    def __init__(self, engine: Engine, connection: Any, caller: Caller, role: RoleDocument) -> None:
        self.engine = engine
        self.connection = connection
        self.caller = caller
        self.role = role
        self.tenant_id = UUID(caller.tenant_id)
        self.now: datetime = engine.clock()
        self.today: date = engine.today(role.time_zone, self.now)
        self.columns = ColumnWriter(engine.keys, caller.tenant_id)
        # The tenant's variants of tables (cellkit.customizing), the same for the whole work.
        self.variants: Mapping[str, type[Table]] = engine.variants(caller.tenant_id)
        self.tracked: dict[tuple[str, UUID], Tracked] = {}
        self._by_identity: dict[int, Tracked] = {}
        self.ledger_rows: list[tuple[type[Ledger], Row]] = []
        self.audits: list[PendingAudit] = []
        self.events: list[PendingEvent] = []
        self.gapless: list[tuple[Row, Numbering, date]] = []
        # (event id, type, source, subject) of the event that this work handles: written with its effect.
        self.handled: list[tuple[str, str, str, str]] = []
        self.notices: list[Notice] = []
        # Called after the commit; must return at once.
        self.committing: list[Callable[[], None]] = []
        self._transaction: Any = None
        # Whether the pipeline can undo this work and run it again (pipeline.fetch_first).
        self.restartable = False

    # Reading

    async def get(self, document: type[Document] | str, key: UUID | str, *, lock: bool = False) -> Row:
        """One document with its lines; raises :class:`NotFound`. A document may be named by its key everywhere."""
        document = self.document(document)
        found = await self.many(document, [key], lock=lock)
        if not found:
            raise NotFound(entity=document.key, id=str(key))
        return next(iter(found.values()))

    def document(self, document: type[Document] | str) -> type[Document]:
        """A document's class by its key or declaration: with the tenant's own fields, where it has some."""
        if isinstance(document, type) and declared_of(document) is not document:
            # A variant that was taken before: what was read with it is written with it.
            return document
        key = document if isinstance(document, str) else document.key
        table = self.variants.get(key) or (self.engine.tables[key] if isinstance(document, str) else document)
        if not issubclass(table, Document):
            raise TypeError(document)
        return table

    async def user(self, user_id: str) -> RoleDocument | None:
        """Another user of the tenant (name, department, rights), or None when there is no such active user.

        Somebody who is not signed in at the moment is a user, too.
        """
        roles = self.engine.offline_roles or self.engine.roles
        try:
            return await roles.get(self.caller.tenant_id, user_id)
        except Unauthorized:
            return None

    def scope(self, table: type[Table] | str, *, alias: str = "t", first: int = 2) -> tuple[str, list[Any]]:
        """The caller's data scope for SQL of a report: `` AND …`` on ``alias`` and its arguments from ``$first`` on."""
        chosen = self.engine.tables[table] if isinstance(table, str) else table
        parameters: list[Any] = [None] * (first - 1)
        text = scope_condition(self.role, chosen, parameters)
        return text.replace("t.", f"{alias}."), parameters[first - 1 :]

    async def many(
        self, document: type[Document] | str, keys: Iterable[UUID | str], *, lock: bool = False, lines: bool = True
    ) -> dict[UUID, Row]:
        """Documents by id; missing ones are missing. Locks are taken in id order."""
        document = self.document(document)
        wanted = sorted({key if isinstance(key, UUID) else UUID(key) for key in keys})
        known = {
            key: tracked.row
            for key in wanted
            if (tracked := self.tracked.get((document.key, key))) is not None and (not lines or tracked.has_lines)
        }
        missing = [key for key in wanted if key not in known]
        if lock:
            await self.begin()
            await self.connection.execute(
                f'SELECT 1 FROM "{document.table_name}" WHERE tenant_id = $1 AND id = ANY($2) '
                f"ORDER BY id FOR NO KEY UPDATE",
                self.tenant_id,
                wanted,
            )
        if missing:
            # A single id gets a text of its own, which is the cheaper one.
            one = len(missing) == 1
            text = select_document(document, lines=lines) + (
                " AND t.id = $2" if one else f" AND t.id = {any_of_ids(2)}"
            )
            for row in await self._fetch(document, text, missing[0] if one else missing, lines=lines):
                known[row["id"]] = row
        return {key: known[key] for key in wanted if key in known}

    async def find(
        self,
        table: type[Table] | str,
        where: Mapping[str, Any],
        *,
        lock: bool = False,
        lines: bool = False,
        limit: int = 100,
        sort: str = "id",
    ) -> list[Row]:
        """Rows by equality; a list value means any of, None means empty. ``sort``: a column, ``-`` for falling.

        A secret field with ``find=True`` is looked up by its clear value through the blind index.
        """
        key = table if isinstance(table, str) else table.key
        table = self.variants.get(key) or (self.engine.tables[key] if isinstance(table, str) else table)
        shape = shape_of(table)
        parameters: list[Any] = []
        text = select_document(table, lines=lines) + equalities(self.columns, shape, where, parameters)
        column_name = sort.removeprefix("-")
        if column_name not in shape.by_name:
            raise KeyError(column_name)
        text += f' ORDER BY t."{column_name}" {"DESC" if sort.startswith("-") else "ASC"}, t.id LIMIT {int(limit)}'
        if lock:
            await self.begin()
            text += " FOR NO KEY UPDATE OF t"
        return await self._fetch(table, text, *parameters, lines=lines)

    async def rows(self, sql: str, *arguments: Any) -> list[dict[str, Any]]:
        """Rows of the cell's own SQL; ``$1`` is the tenant and must stand in the text."""
        return [dict(record) for record in await self.connection.fetch(_scoped(sql), self.tenant_id, *arguments)]

    async def row(self, sql: str, *arguments: Any) -> dict[str, Any] | None:
        """The first row of the cell's own SQL, or None."""
        record = await self.connection.fetchrow(_scoped(sql), self.tenant_id, *arguments)
        return None if record is None else dict(record)

    async def value(self, sql: str, *arguments: Any) -> Any:
        """The first value of the cell's own SQL."""
        return await self.connection.fetchval(_scoped(sql), self.tenant_id, *arguments)

    # Changing

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

    def tracked_of(self, row: Row) -> Tracked:
        """What this work knows of a row it handed out."""
        tracked = self._by_identity.get(id(row))
        if tracked is None:
            message = "the row was not read or created in this work"
            raise LookupError(message)
        return tracked

    def _track(self, tracked: Tracked) -> Tracked:
        # The identity stays valid because the tracked entry keeps the row alive.
        self._by_identity[id(tracked.row)] = tracked
        self.tracked[tracked.table.key, tracked.row["id"]] = tracked
        return tracked

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

    async def balances(self, balance: type[Balance], keys: Iterable[tuple[Any, ...]]) -> dict[tuple[Any, ...], Row]:
        """The balance rows of ``keys``, locked in key order; missing ones are made with the fields' defaults."""
        names = balance.unique_together[0]
        wanted = sorted(set(keys), key=lambda key: tuple(str(part) for part in key))
        if not wanted:
            return {}
        await self.begin()
        found = await self._locked_balances(balance, names, wanted)
        missing = [key for key in wanted if key not in found]
        if missing:
            shape = shape_of(balance)
            rows = [
                {name: field.initial() for name, field in balance.fields.items()}
                | dict(zip(names, key, strict=True))
                | {"id": uuid7()}
                for key in missing
            ]
            arrays = [[row[column.name] for row in rows] for column in shape.columns]
            places = ", ".join(
                f"${index}::{column.array_type}[]" for index, column in enumerate(shape.columns, start=2)
            )
            quoted = ", ".join(f'"{name}"' for name in shape.names)
            await self.connection.execute(
                f'INSERT INTO "{balance.table_name}" (tenant_id, {quoted}) '
                f"SELECT $1, * FROM unnest({places}) ON CONFLICT DO NOTHING",
                self.tenant_id,
                *arrays,
            )
            found.update(await self._locked_balances(balance, names, wanted))
        return found

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

    async def begin(self) -> None:
        """Open the transaction, if it is not open yet."""
        if self._transaction is None:
            transaction = self.connection.transaction()
            await transaction.start()
            self._transaction = transaction

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._transaction is not None

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

    async def _fetch(self, table: type[Table], text: str, *parameters: Any, lines: bool) -> list[Row]:
        shape = shape_of(table)
        rows = []
        for record in await self.connection.fetch(text, self.tenant_id, *parameters):
            row = row_of(table, record, lines=lines)
            known = self.tracked.get((table.key, record["id"]))
            if known is not None:
                if lines and not known.has_lines:
                    known.take_lines(row)
                rows.append(known.row)
                continue
            if shape.secrets:
                self.columns.reveal(shape, row)
            if lines:
                for grid in table.lines.values():
                    line_shape = shape_of_lines(grid)
                    if line_shape.secrets:
                        for line in row[grid.name]:
                            self.columns.reveal(line_shape, line)
            self._track(Tracked(table, row, new=False))
            rows.append(row)
        return rows

    async def _locked_balances(
        self, balance: type[Balance], names: tuple[str, ...], keys: Sequence[tuple[Any, ...]]
    ) -> dict[tuple[Any, ...], Row]:
        shape = shape_of(balance)
        joined = " AND ".join(f't."{name}" = x."{name}"' for name in names)
        arrays = ", ".join(f"${index}::{shape.by_name[name].array_type}[]" for index, name in enumerate(names, start=2))
        quoted = ", ".join(f'"{name}"' for name in names)
        columns = ", ".join(f't."{name}"' for name in shape.public)
        order = ", ".join(f't."{name}"' for name in names)
        records = await self.connection.fetch(
            f'SELECT {columns} FROM "{balance.table_name}" t JOIN unnest({arrays}) AS x({quoted}) ON {joined} '
            f"WHERE t.tenant_id = $1 ORDER BY {order} FOR NO KEY UPDATE OF t",
            self.tenant_id,
            *(list(part) for part in zip(*keys, strict=True)),
        )
        found: dict[tuple[Any, ...], Row] = {}
        for record in records:
            known = self.tracked.get((balance.key, record["id"]))
            if known is None:
                known = self._track(Tracked(balance, dict(record), new=False))
                known.marked = True
            found[tuple(known.row[name] for name in names)] = known.row
        return found


def _scoped(sql: str) -> str:
    if "tenant_id = $1" not in sql and "tenant_id=$1" not in sql:
        message = "SQL of a cell must name the tenant: … tenant_id = $1 …"
        raise ValueError(message)
    return sql
