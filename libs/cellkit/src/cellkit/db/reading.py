"""SELECT texts of a table, rendered once per declaration, and rows from their records."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from cellkit.db.shape import CUSTOM_PREFIX, EXTENSION, Shape, declared_of, shape_of, shape_of_lines
from cellkit.declare.document import Row, Table
from cellkit.declare.fields import Number, Ref

_P = ParamSpec("_P")
_UUID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


def _rendered_once(function: Callable[_P, str]) -> Callable[_P, str]:
    """Keep a text by its arguments (functools.cache cannot be typed for classes as arguments)."""
    known: dict[Any, str] = {}

    @wraps(function)
    def remembered(*arguments: _P.args, **options: _P.kwargs) -> str:
        # A tenant's variant of a table has the columns of the declared one.
        known_as = tuple(declared_of(item) if isinstance(item, type) else item for item in arguments)
        key = (known_as, *options.items())
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


def reference_labels(table: type[Table], tables: tuple[tuple[str, str, str | None], ...]) -> str:
    """Titles of referenced rows; ``tables`` lists (key, table name, title column)."""
    text = _declared_labels(table, tables)
    for item in shape_of(table).custom:
        if isinstance(item, Ref):
            stored = shape_of(table).extracted(item.name)[0]
            text += _label(item, f"(CASE WHEN {stored} ~ '{_UUID}' THEN {stored}::uuid END)", tables)
    return text


@_rendered_once
def _declared_labels(table: type[Table], tables: tuple[tuple[str, str, str | None], ...]) -> str:
    declared = [item for item in shape_of(table).references if not item.custom]
    return "".join(_label(item, f't."{item.name}"', tables) for item in declared)


def _label(item: Ref, stored: str, tables: tuple[tuple[str, str, str | None], ...]) -> str:
    name, title = next((name, title) for key, name, title in tables if key == item.to)
    if title is None:
        return ""
    return (
        f', (SELECT r."{title}"::text FROM "{name}" r WHERE r.tenant_id = t.tenant_id AND r.id = {stored}) '
        f'AS "{item.label_name}"'
    )


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
    spread(shape_of(table), row)
    return row


def spread(shape: Shape, row: Row) -> None:
    """Put the tenant's own fields out of the extension column into the row; what else it holds stays there."""
    if not shape.custom:
        return
    stored = row.get(EXTENSION)
    rest = dict(stored) if isinstance(stored, dict) else {}
    for item in shape.custom:
        value = rest.pop(item.name, None)
        if value is not None:
            try:
                value = item.from_extension(value)
            except (ValueError, TypeError, ArithmeticError):
                # Not of this kind: it is kept where it was, and the field reads empty.
                rest[item.name] = value
                value = None
        row[item.name] = value
    row[EXTENSION] = rest or None


def gathered(shape: Shape, row: Row) -> Any:
    """The extension column of a row: the tenant's own fields, and what else it holds."""
    rest = row.get(EXTENSION)
    if not shape.custom:
        return rest
    values = {item.name: item.to_extension(row[item.name]) for item in shape.custom if row.get(item.name) is not None}
    return {**rest, **values} if rest else values or rest


def without_custom(rest: Any) -> Any:
    """What an extension column shows besides the tenant's fields: never a value of one that is not in use."""
    if not isinstance(rest, dict) or not any(name.startswith(CUSTOM_PREFIX) for name in rest):
        return rest
    return {name: value for name, value in rest.items() if not name.startswith(CUSTOM_PREFIX)} or None


def finish(table: type[Table], row: Row) -> None:
    """Make a row that was read and decrypted ready to be shown: computed fields, nothing of fields not in use."""
    shape = shape_of(table)
    compute(shape, row)
    if row.get(EXTENSION):
        row[EXTENSION] = without_custom(row[EXTENSION])
    for name, grid in table.lines.items():
        lines = shape_of_lines(grid)
        if lines.unstored:
            for line in row.get(name) or ():
                compute(lines, line)


def compute(shape: Shape, row: Row) -> None:
    """Fill the computed fields that have no column."""
    for item in shape.unstored:
        if item.computed is not None:
            value = item.computed(row)
            row[item.name] = item.padded(value) if isinstance(item, Number) else value
