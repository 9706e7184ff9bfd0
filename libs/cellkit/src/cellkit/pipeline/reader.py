"""What a unit of work reads with: documents, rows and balances of its tenant, each known once while the work lasts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cellkit.context import Caller
from cellkit.db.arrays import any_of_ids
from cellkit.db.reading import row_of, select_document
from cellkit.db.shape import declared_of, shape_of, shape_of_lines
from cellkit.declare.document import Balance, Document, Row, Table
from cellkit.errors import NotFound, Unauthorized
from cellkit.ids import uuid7
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.equality import equalities
from cellkit.pipeline.tracked import ColumnWriter, Tracked
from cellkit.read.scope import scope_condition


class Reader:
    """Reads rows without a lock unless told to; what was read is tracked, so that it can be changed and written."""

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
        self._transaction: Any = None

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
