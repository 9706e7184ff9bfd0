"""SELECT texts of a table, rendered once per declaration, and rows from their records."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from cellkit.db.shape import shape_of, shape_of_lines
from cellkit.declare.document import Row, Table

_P = ParamSpec("_P")


def _rendered_once(function: Callable[_P, str]) -> Callable[_P, str]:
    """Keep a text by its arguments (functools.cache cannot be typed for classes as arguments)."""
    known: dict[Any, str] = {}

    @wraps(function)
    def remembered(*arguments: _P.args, **options: _P.kwargs) -> str:
        key = (arguments, *options.items())
        text = known.get(key)
        if text is None:
            text = known[key] = function(*arguments, **options)
        return text

    return remembered


@_rendered_once
def stored_columns(table: type[Table]) -> str:
    """The columns of a full row, without those only SQL needs."""
    return ", ".join(f't."{name}"' for name in shape_of(table).public)


@_rendered_once
def line_arrays(table: type[Table]) -> str:
    """One array of records a line grid, so that a document with its lines is one row."""
    parts = []
    for grid in table.lines.values():
        shape = shape_of_lines(grid)
        columns = ", ".join(f'l."{name}"' for name in shape.public)
        parts.append(
            f', ARRAY(SELECT ROW({columns}) FROM "{shape.name}" l WHERE l.tenant_id = t.tenant_id '
            f'AND l.parent_id = t.id ORDER BY l.line_no) AS "{grid.name}"'
        )
    return "".join(parts)


@_rendered_once
def reference_labels(table: type[Table], tables: tuple[tuple[str, str, str | None], ...]) -> str:
    """Titles of referenced rows; ``tables`` lists (key, table name, title column)."""
    targets = {key: (name, title) for key, name, title in tables}
    parts = []
    for item in shape_of(table).references:
        name, title = targets[item.to]
        if title is not None:
            parts.append(
                f', (SELECT r."{title}"::text FROM "{name}" r '
                f'WHERE r.tenant_id = t.tenant_id AND r.id = t."{item.name}") '
                f'AS "{item.label_name}"'
            )
    return "".join(parts)


@_rendered_once
def select_document(table: type[Table], *, lines: bool) -> str:
    """``SELECT … FROM table t WHERE t.tenant_id = $1``, to be continued."""
    arrays = line_arrays(table) if lines else ""
    return f'SELECT {stored_columns(table)}{arrays} FROM "{table.table_name}" t WHERE t.tenant_id = $1'


def row_of(table: type[Table], record: Any, *, lines: bool) -> Row:
    """A row (with its lines as rows) from a record of :func:`select_document`."""
    row = dict(record)
    if lines:
        for grid in table.lines.values():
            names = shape_of_lines(grid).public
            row[grid.name] = [dict(zip(names, line, strict=True)) for line in row[grid.name]]
    return row
