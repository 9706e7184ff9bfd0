"""A row that a unit of work knows: how it was read, how it is now, and which columns that changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cellkit.db.reading import compute, gathered, without_custom
from cellkit.db.shape import BLIND_INDEX_SUFFIX, EXTENSION, Shape, shape_of, shape_of_lines
from cellkit.declare.document import Document, Row, Table
from cellkit.ids import uuid7
from cellkit.secrets import KeyDestroyed, KeyRing
from cellkit.text import search_text

KIT_COLUMNS = frozenset({"id", "version", "created_at", "created_by", "updated_at", "updated_by", "search_text"})


class Tracked:
    """One row in a unit of work. ``before`` is None for a new row."""

    __slots__ = ("before", "marked", "removed", "row", "table")

    def __init__(self, table: type[Table], row: Row, *, new: bool) -> None:
        self.table = table
        self.row = row
        self.before: Row | None = None if new else snapshot(table, row)
        self.marked = new
        self.removed = False

    @property
    def vanished(self) -> bool:
        """Whether the row was made and removed in the same work, so that nothing of it is written."""
        return self.removed and self.before is None

    @property
    def has_lines(self) -> bool:
        """Whether the row was read with its lines."""
        return all(name in self.row for name in self.table.lines)

    def take_lines(self, row: Row) -> None:
        """Add the lines of the same row, read later."""
        for name in self.table.lines:
            self.row[name] = row[name]
            if self.before is not None:
                self.before[name] = [dict(line) for line in row[name]]

    def changed_columns(self) -> list[str]:
        """The columns whose values differ from what was read."""
        before = self.before or {}
        row = self.row
        shape = shape_of(self.table)
        changed = [
            name for name in shape.names if name in row and name not in KIT_COLUMNS and row[name] != before.get(name)
        ]
        if EXTENSION not in changed and any(row.get(item.name) != before.get(item.name) for item in shape.custom):
            changed.append(EXTENSION)
        return changed

    def changed_fields(self) -> list[str]:
        """The changed columns as people know them: the tenant's own fields instead of the column that holds them."""
        before = self.before or {}
        custom = [item.name for item in shape_of(self.table).custom if self.row.get(item.name) != before.get(item.name)]
        names = self.changed_columns()
        if EXTENSION in names and self.row.get(EXTENSION) == before.get(EXTENSION):
            names.remove(EXTENSION)
        return names + custom


def snapshot(table: type[Table], row: Row) -> Row:
    """A copy that later changes to the row and its lines do not touch."""
    copy = dict(row)
    for name in table.lines:
        if name in row:
            copy[name] = [dict(line) for line in row[name]]
    return copy


def number_lines(document: type[Document], row: Row) -> None:
    """Give new lines their ids, and every line its place."""
    for name in document.lines:
        for index, line in enumerate(row.get(name) or (), start=1):
            if line.get("id") is None:
                line["id"] = uuid7()
            line["line_no"] = index


def public_row(table: type[Table], row: Row) -> dict[str, Any]:
    """The row as the cell shows it, secrets still in clear."""
    shape = shape_of(table)
    shown = _public(shape, row)
    if shown.get(EXTENSION):
        shown[EXTENSION] = without_custom(shown[EXTENSION])
    for name, grid in table.lines.items():
        lines = shape_of_lines(grid)
        shown[name] = [_public(lines, line) for line in row.get(name) or ()]
    return shown


def _public(shape: Shape, row: Row) -> Row:
    if shape.unstored:
        row = dict(row)
        compute(shape, row)
    return {name: row.get(name) for name in shape.shown}


def fill_computed(table: type[Table], row: Row) -> None:
    """Fill the computed fields of a row and its lines that have a column."""
    for name, grid in table.lines.items():
        shape = shape_of_lines(grid)
        for item in shape.computed:
            for line in row.get(name) or ():
                line[item.name] = item.computed(line)  # type: ignore[misc]  # the shape says so
    for item in shape_of(table).computed:
        row[item.name] = item.computed(row)  # type: ignore[misc]  # the shape says so


def pad_decimals(table: type[Table], row: Row) -> None:
    """Give the decimals of a row and its lines all digits of their scale."""
    _pad(shape_of(table), row)
    for name, grid in table.lines.items():
        shape = shape_of_lines(grid)
        if shape.decimals:
            for line in row.get(name) or ():
                _pad(shape, line)


def _pad(shape: Shape, row: Row) -> None:
    for item in shape.decimals:
        value = row.get(item.name)
        if value is not None:
            row[item.name] = item.padded(value)


class ColumnWriter:
    """Turns rows into column values: encrypts, indexes blindly, builds the search text."""

    def __init__(self, keys: KeyRing | None, tenant_id: str) -> None:
        self._keys = keys
        self._tenant_id = tenant_id

    def values(self, shape: Shape, row: Row, names: Sequence[str]) -> list[Any]:
        """The stored values of ``names``."""
        made = shape.made
        return [self._value(shape, row, name) if name in made else row.get(name) for name in names]

    def _value(self, shape: Shape, row: Row, name: str) -> Any:
        if name == EXTENSION:
            return gathered(shape, row)
        if name == "search_text":
            return search_text(row.get("number"), *(row.get(item.name) for item in shape.searched))
        if name.endswith(BLIND_INDEX_SUFFIX) and name not in shape.fields:
            clear = row.get(name.removesuffix(BLIND_INDEX_SUFFIX))
            place = f"{shape.name}.{name.removesuffix(BLIND_INDEX_SUFFIX)}"
            return None if clear in (None, "") else self._ring.blind_index(str(clear), self._tenant_id, place)
        value = row.get(name)
        item = shape.fields.get(name)
        if item is not None and item.secret and value is not None:
            return self._ring.encrypt(str(value), self._tenant_id, f"{shape.name}.{name}")
        return value

    def blind_index(self, shape: Shape, name: str, value: str) -> bytes:
        """What an exact look-up of a secret field compares with."""
        return self._ring.blind_index(value, self._tenant_id, f"{shape.name}.{name}")

    def reveal(self, shape: Shape, row: Row) -> None:
        """Decrypt the secrets of a row that was read."""
        for item in shape.secrets:
            stored = row.get(item.name)
            if stored is not None:
                try:
                    clear = self._ring.decrypt(stored, self._tenant_id, f"{shape.name}.{item.name}")
                except KeyDestroyed:
                    row[item.name] = None
                    continue
                row[item.name] = clear if item.array_type == "text" else item.parse(item.from_text(clear))

    @property
    def _ring(self) -> KeyRing:
        if self._keys is None:
            message = "FIELD_ENCRYPTION_KEYS is not set, but the cell has secret fields"
            raise RuntimeError(message)
        return self._keys


def with_dependent_columns(shape: Shape, changed: Sequence[str]) -> list[str]:
    """The changed columns and those that are derived from them (blind indexes, search text)."""
    names = list(changed)
    names += [item.name + BLIND_INDEX_SUFFIX for item in shape.secrets if item.find and item.name in changed]
    searched = {EXTENSION if item.custom else item.name for item in shape.searched} | {"number"}
    if "search_text" in shape.by_name and searched.intersection(changed):
        names.append("search_text")
    return names
