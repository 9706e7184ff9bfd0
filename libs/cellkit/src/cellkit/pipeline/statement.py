"""One SQL statement for everything a unit of work writes.

Each kind of change to a table is one data-modifying CTE over arrays (``unnest``), so a document with its lines, its
audit entries, its events and the answer kept for repeats go to the database in a single round trip, and the text
depends only on which columns change, so PostgreSQL plans it once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cellkit.db.arrays import any_of_ids
from cellkit.db.pool import JsonText
from cellkit.http.messages import to_json


class Statement:
    """Collects CTEs and their parameters; ``$1`` is the tenant."""

    def __init__(self, tenant_id: Any) -> None:
        self.parameters: list[Any] = [tenant_id]
        self._parts: list[str] = []
        self._guards: list[str] = []
        self._read = ""

    def __bool__(self) -> bool:
        return bool(self._parts)

    def insert(self, table: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows; ``columns`` are (name, SQL type)."""
        name = f"w{len(self._parts)}"
        names = ", ".join(f'"{column}"' for column, _ in columns)
        # One row is common, and cheaper to send and to plan as plain values.
        if len(rows) == 1:
            source = f"VALUES ($1, {', '.join(self._values(columns, rows[0]))})"
        else:
            source = f"SELECT $1, * FROM {self._arrays(columns, rows)}"
        self._parts.append(f'{name} AS (INSERT INTO "{table}" (tenant_id, {names}) {source})')

    def update(
        self,
        table: str,
        columns: Sequence[tuple[str, str]],
        rows: Sequence[Sequence[Any]],
        *,
        versioned: bool,
        reason: str,
    ) -> None:
        """Update rows by ``id`` (the first column); a versioned row must still have the version in column two.

        All rows must be hit, or the whole statement is undone with ``reason``.
        """
        name = f"w{len(self._parts)}"
        if len(rows) == 1:
            self._update_one(name, table, columns, rows[0], versioned=versioned, reason=reason)
            return
        ids_at = len(self.parameters) + 1
        source = self._arrays(columns, rows)
        taken = ", ".join(f'"{column}"' for column, _ in columns)
        changed = columns[2:] if versioned else columns[1:]
        sets = [f'"{column}" = x."{column}"' for column, _ in changed]
        # The ids stand here a second time: from the join alone the planner, not knowing how few they are, may choose to
        # read all of the tenant's rows.
        where = f't.tenant_id = $1 AND t.id = {any_of_ids(ids_at)} AND t.id = x."id"'
        if versioned:
            sets.append("version = t.version + 1")
            where += ' AND t.version = x."version"'
        self._parts.append(
            f'{name} AS (UPDATE "{table}" t SET {", ".join(sets)} FROM {source} AS x({taken}) '
            f"WHERE {where} RETURNING 1)"
        )
        self._guards.append(f"kit_guard((SELECT count(*) FROM {name}) = {len(rows)}, '{reason}')")

    def _update_one(
        self,
        name: str,
        table: str,
        columns: Sequence[tuple[str, str]],
        row: Sequence[Any],
        *,
        versioned: bool,
        reason: str,
    ) -> None:
        places = self._values(columns, row)
        first = 2 if versioned else 1
        pairs = zip(columns[first:], places[first:], strict=True)
        sets = [f'"{column}" = {place}' for (column, _), place in pairs]
        where = f"tenant_id = $1 AND id = {places[0]}"
        if versioned:
            sets.append("version = version + 1")
            where += f" AND version = {places[1]}"
        self._parts.append(f'{name} AS (UPDATE "{table}" SET {", ".join(sets)} WHERE {where} RETURNING 1)')
        self._guards.append(f"kit_guard(EXISTS (SELECT 1 FROM {name}), '{reason}')")

    def delete(self, table: str, ids: Sequence[Any], versions: Sequence[int] | None, *, reason: str) -> None:
        """Delete rows by id, and by version where given."""
        name = f"w{len(self._parts)}"
        if versions is None:
            ids_at = self.add(list(ids))
            source = f"(SELECT unnest(${ids_at}::uuid[]) AS id) x"
            where = f"t.id = {any_of_ids(ids_at)} AND t.id = x.id"
        else:
            ids_at, versions_at = self.add(list(ids)), self.add(list(versions))
            source = f"unnest(${ids_at}::uuid[], ${versions_at}::bigint[]) AS x(id, version)"
            where = f"t.id = {any_of_ids(ids_at)} AND t.id = x.id AND t.version = x.version"
        self._parts.append(
            f'{name} AS (DELETE FROM "{table}" t USING {source} WHERE t.tenant_id = $1 AND {where} RETURNING 1)'
        )
        self._guards.append(f"kit_guard((SELECT count(*) FROM {name}) = {len(ids)}, '{reason}')")

    def read(self, query: str) -> None:
        """Answer the one value of a query too, as things were before the changes."""
        self._read = f"({query})"

    def text(self) -> str:
        """The statement; its first value is what was asked for with :meth:`read`."""
        result = ", ".join(filter(None, (self._read, *self._guards))) or "1"
        return f"WITH {', '.join(self._parts)} SELECT {result}"

    def add(self, value: Any) -> int:
        """A further parameter; its number."""
        self.parameters.append(value)
        return len(self.parameters)

    def _arrays(self, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> str:
        arrays = zip(*rows, strict=True)
        places = [
            f"${self.add(_json_texts(values) if kind == 'jsonb' else list(values))}::{kind}[]"
            for (_, kind), values in zip(columns, arrays, strict=True)
        ]
        return f"unnest({', '.join(places)})"

    def _values(self, columns: Sequence[tuple[str, str]], row: Sequence[Any]) -> list[str]:
        return [f"${self.add(value)}::{kind}" for (_, kind), value in zip(columns, row, strict=True)]


def _json_texts(values: Sequence[Any]) -> list[JsonText | None]:
    """JSON values ready for an array parameter, where a list would be taken for a further dimension."""
    return [None if value is None else JsonText(to_json(value).decode()) for value in values]
