"""Rows with the same key are one document, wherever in the file they stand."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator

import msgspec

from cellkit.declare.document import Document
from cellkit.exchange.columns import Columns
from cellkit.exchange.pace import Pace
from cellkit.exchange.tables import Cells

_decode = msgspec.json.Decoder(list[str]).decode
_encode = msgspec.json.Encoder().encode


def key_columns(document: type[Document], columns: Columns) -> int | None:
    """The column whose equal values make one document: ``group``, else ``number``, else a unique field."""
    found = {target.place: index for index, target in columns.taken.items()}
    unique = [item.name for item in document.fields.values() if item.unique]
    return next((found[name] for name in ("group", "number", *unique) if name in found), None)


async def grouped(
    rows: Iterator[tuple[int, Cells]], document: type[Document], columns: Columns
) -> AsyncIterator[list[tuple[int, Cells]]]:
    """The rows of each document, documents in order of their first row.

    A row whose header columns are all empty goes on with the document above it; without a key column every other row
    starts a document. The rows wait in a temporary database on disk, because the last row of a file may belong to its
    first document.
    """
    key_column = key_columns(document, columns)
    header = [index for index, target in columns.taken.items() if target.grid is None]
    pace = Pace()
    store = sqlite3.connect("", isolation_level=None)
    try:
        store.execute("PRAGMA journal_mode = OFF")
        store.execute("PRAGMA cache_size = -4000")
        store.execute("CREATE TABLE line (row INTEGER PRIMARY KEY, first INTEGER, cells BLOB)")
        store.execute("CREATE TABLE document (key TEXT PRIMARY KEY, first INTEGER) WITHOUT ROWID")
        store.execute("BEGIN")
        current = 0
        for number, cells in rows:
            if not any(map(str.strip, cells)):
                continue
            current = _first_row(store, number, cells, current, key_column, header)
            store.execute("INSERT INTO line VALUES (?, ?, ?)", (number, current, _encode(cells)))
            if pace.due:
                await pace.breathe()
        store.execute("CREATE INDEX line_order ON line (first, row)")
        members: list[tuple[int, Cells]] = []
        of = 0
        for number, first, cells in store.execute("SELECT row, first, cells FROM line ORDER BY first, row"):
            if members and first != of:
                yield members
                members = []
            of = first
            members.append((number, _decode(cells)))
        if members:
            yield members
    finally:
        store.close()


def _first_row(
    store: sqlite3.Connection, number: int, cells: Cells, current: int, key_column: int | None, header: list[int]
) -> int:
    def cell(index: int) -> str:
        return cells[index].strip() if index < len(cells) else ""

    key = cell(key_column) if key_column is not None else ""
    if not key:
        carries_on = current and not any(cell(index) for index in header)
        return current if carries_on else number
    known = store.execute("SELECT first FROM document WHERE key = ?", (key,)).fetchone()
    if known is not None:
        return int(known[0])
    store.execute("INSERT INTO document VALUES (?, ?)", (key, number))
    return number
