"""Where a cell's documents have files: the fields by their path, found once per declaration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from cellkit.declare.document import Row, Table
from cellkit.declare.fields.attachments import FileField
from cellkit.errors import BadRequest
from cellkit.labels import L
from cellkit.read.projection import Projection


class FilePlace(NamedTuple):
    """A field of files: its grid (None: the document itself) and the field."""

    grid: str | None
    field: FileField

    @property
    def path(self) -> str:
        """``photo`` or ``lines.photo``."""
        return self.field.name if self.grid is None else f"{self.grid}.{self.field.name}"

    def found(self, row: Row) -> dict[UUID, str]:
        """The files a row names here, each with the place to show a problem at."""
        if self.grid is None:
            return dict.fromkeys(self.field.ids(row.get(self.field.name)), self.field.name)
        return {
            one: f"{self.grid}[{index}].{self.field.name}"
            for index, line in enumerate(row.get(self.grid) or ())
            for one in self.field.ids(line.get(self.field.name))
        }


def file_places(table: type[Table]) -> tuple[FilePlace, ...]:
    """The fields of files of a table and its lines; for most tables none."""
    known = table.__dict__.get("_file_places")
    if known is None:
        places = [FilePlace(None, item) for item in table.fields.values() if isinstance(item, FileField)]
        for name, grid in table.lines.items():
            places += [FilePlace(name, item) for item in grid.fields.values() if isinstance(item, FileField)]
        known = tuple(places)
        table._file_places = known  # type: ignore[attr-defined]  # noqa: SLF001 - cached on the declaration it describes
    return known


def any_file_places(tables: Iterable[type[Table]]) -> bool:
    """Whether any document has fields of files."""
    return any(file_places(table) for table in tables)


def field_named(tables: Mapping[str, type[Table]], text: str) -> tuple[type[Table], FilePlace]:
    """The field ``crm.customer.photo`` or ``crm.order.lines.photo``; raises :class:`BadRequest`."""
    parts = text.split(".")
    table = tables.get(".".join(parts[:2]))
    path = ".".join(parts[2:])
    for place in file_places(table) if table is not None else ():
        if table is not None and place.path == path:
            return table, place
    raise BadRequest(reason=L(f"没有文件字段 {text[:80]}", f"no field of files {text[:80]}"))


def place_readable(seen: Projection, path: str) -> bool:
    """Whether a caller sees a field of files in clear; an attachment (empty path) is seen with the document."""
    if not path:
        return True
    grid, dot, name = path.partition(".")
    if not dot:
        return seen.readable(path)
    part = seen.lines.get(grid)
    return part is not None and grid not in seen.hidden and part.readable(name)
