"""The columns of every table of a cell, in order: the one place that schema, SQL and serializer read them from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cellkit.declare.document import Document, Lines, Table
from cellkit.declare.fields import Field, Number, Ref, TreeParent

BLIND_INDEX_SUFFIX = "_blind"
EXTENSION = "extension"
CUSTOM_PREFIX = "x_"
# How SQL reads a custom field out of the extension column: typed, and null for what is not of its type. Days and
# moments are compared as texts of one width, which sort as they do.
_EXTRACTED = {
    "text": "({text})",
    "uuid": "({text})",
    "numeric": r"(CASE WHEN {text} ~ '^-?[0-9]{{1,30}}(\.[0-9]{{1,30}})?$' THEN ({text})::numeric END)",
    "bigint": "(CASE WHEN jsonb_typeof({json}) = 'number' THEN ({json})::bigint END)",
    "boolean": "(CASE WHEN jsonb_typeof({json}) = 'boolean' THEN ({json})::boolean END)",
    "date": '({text} COLLATE "C")',
    "time": '({text} COLLATE "C")',
    "timestamptz": '({text} COLLATE "C")',
    "jsonb": "({json})",
}
_COMPARED_AS_TEXT = frozenset({"date", "time", "timestamptz", "uuid"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, the SQL type an array of it is cast to, and the field it stores (None: a kit column)."""

    name: str
    array_type: str
    field: Field | None = None
    required: bool = False


def _standard(table: type[Table]) -> list[Column]:
    columns = [Column("id", "uuid", required=True)]
    if table.kind == "ledger":
        return [
            *columns,
            Column("created_at", "timestamptz", required=True),
            Column("created_by", "text", required=True),
        ]
    if table.kind == "balance":
        return columns
    document: type[Document] = table  # type: ignore[assignment]  # the kind says so
    if document.number is not None:
        columns.append(Column("number", "text", required=True))
    if document.states is not None:
        columns.append(Column("state", "text", required=True))
    return [
        *columns,
        Column("version", "bigint", required=True),
        Column("owner_id", "text"),
        Column("department_id", "text"),
        Column("source", "text"),
        Column("created_at", "timestamptz", required=True),
        Column("created_by", "text", required=True),
        Column("updated_at", "timestamptz", required=True),
        Column("updated_by", "text", required=True),
    ]


def _stored(fields: dict[str, Field]) -> list[Column]:
    columns = []
    for item in fields.values():
        if item.custom or not item.stored:
            continue
        columns.append(Column(item.name, "text" if item.secret else item.array_type, item, item.required))
        if item.secret and item.find:
            columns.append(Column(item.name + BLIND_INDEX_SUFFIX, "bytea"))
    return columns


class Shape:
    """The columns of one table."""

    def __init__(self, table: type[Table] | Lines, name: str, columns: list[Column], fields: dict[str, Field]) -> None:
        self.table = table
        self.name = name
        self.columns = columns
        self.fields = fields
        self.by_name = {column.name: column for column in columns}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All column names in order, without the tenant."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def public(self) -> tuple[str, ...]:
        """The columns that a row of the cell shows, in order."""
        # Of a line's own document; a tree's parent may be called the same.
        hidden = {"search_text"} if isinstance(self.table, type) else {"parent_id"}
        return tuple(
            column.name
            for column in self.columns
            if column.name not in hidden and not column.name.endswith(BLIND_INDEX_SUFFIX)
        )

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """What a row carries in answers, audit and events: the public columns, custom and computed fields."""
        return (*self.public, *(item.name for item in self.fields.values() if item.custom or not item.stored))

    @cached_property
    def custom(self) -> tuple[Field, ...]:
        """The tenant's own fields, which live in the extension column."""
        return tuple(item for item in self.fields.values() if item.custom)

    @cached_property
    def computed(self) -> tuple[Field, ...]:
        """The computed fields that have a column."""
        return tuple(item for item in self.fields.values() if item.computed is not None and item.stored)

    @cached_property
    def unstored(self) -> tuple[Field, ...]:
        """The computed fields that have none."""
        return tuple(item for item in self.fields.values() if not item.stored)

    @cached_property
    def decimals(self) -> tuple[Number, ...]:
        """The exact decimals, which are shown with all digits of their scale."""
        return tuple(item for item in self.fields.values() if isinstance(item, Number))

    @cached_property
    def labelled(self) -> tuple[Field, ...]:
        """The fields that answers carry a text beside."""
        return tuple(item for item in self.fields.values() if item.labelled)

    @cached_property
    def row_checked(self) -> tuple[Field, ...]:
        """The fields that are checked against others of their row."""
        return tuple(item for item in self.fields.values() if item.checks_row)

    @cached_property
    def trees(self) -> tuple[TreeParent, ...]:
        """The fields that make the table a tree."""
        return tuple(item for item in self.fields.values() if isinstance(item, TreeParent))

    def extracted(self, name: str, alias: str = "t") -> tuple[str, str]:
        """The SQL expression of a column or custom field of table ``alias``, and the type it is compared as."""
        item = self.fields.get(name)
        if item is None or not item.custom:
            return f'{alias}."{name}"', self.by_name[name].array_type
        text, json = f"{alias}.{EXTENSION}->>'{name}'", f"{alias}.{EXTENSION}->'{name}'"
        kind = "text" if item.array_type in _COMPARED_AS_TEXT else item.array_type
        return _EXTRACTED[item.array_type].format(text=text, json=json), kind

    def compared(self, name: str, value: Any) -> Any:
        """A value as :meth:`extracted` is compared with it."""
        item = self.fields.get(name)
        if item is not None and item.custom and item.array_type in _COMPARED_AS_TEXT and value is not None:
            return item.to_extension(value)
        return value

    @cached_property
    def references(self) -> tuple[Ref, ...]:
        """The reference fields of this table."""
        return tuple(item for item in self.fields.values() if isinstance(item, Ref))

    @cached_property
    def secrets(self) -> tuple[Field, ...]:
        """The fields that are encrypted at rest."""
        return tuple(item for item in self.fields.values() if item.secret)

    @cached_property
    def made(self) -> frozenset[str]:
        """The columns whose stored value is not the row's own: encrypted, blind indexes, the search text."""
        secret = [item.name for item in self.secrets]
        extension = [EXTENSION] if self.custom else []
        return frozenset(["search_text", *extension, *secret, *(name + BLIND_INDEX_SUFFIX for name in secret)])

    @cached_property
    def masked(self) -> tuple[Field, ...]:
        """The fields that not every reader sees in clear; the encrypted ones are among them."""
        return tuple(item for item in self.fields.values() if item.mask)

    @cached_property
    def personal(self) -> tuple[Field, ...]:
        """The fields whose values are about a person."""
        return tuple(item for item in self.fields.values() if item.personal and item.stored)

    @cached_property
    def sealed_in_audit(self) -> tuple[Field, ...]:
        """The personal fields that the audit trail would otherwise hold in clear."""
        return tuple(item for item in self.personal if not item.mask)

    @cached_property
    def searched(self) -> tuple[Field, ...]:
        """The fields of the free-text search."""
        return tuple(item for item in self.fields.values() if item.search and not item.secret)


def declared_of(table: type[Table]) -> type[Table]:
    """The declaration behind a tenant's variant of a table (see :mod:`cellkit.customizing.variants`)."""
    declared: type[Table] = table.__dict__.get("_declared", table)
    return declared


def shape_of(table: type[Table]) -> Shape:
    """The shape of a document, ledger or balance."""
    existing = table.__dict__.get("_shape")
    if existing is not None:
        return existing  # type: ignore[no-any-return]  # set below
    columns = [*_standard(table), *_stored(table.fields)]
    searchable = any(item.search and not item.secret and not item.custom for item in table.fields.values())
    if table.kind == "document":
        if searchable:
            columns.append(Column("search_text", "text"))
        columns.append(Column("extension", "jsonb"))
    shape = Shape(table, table.table_name, columns, table.fields)
    table._shape = shape  # type: ignore[attr-defined]  # noqa: SLF001 - cached on the declaration it describes
    return shape


def shape_of_lines(grid: Lines) -> Shape:
    """The shape of a line grid's table."""
    existing = grid.__dict__.get("_shape")
    if existing is not None:
        return existing  # type: ignore[no-any-return]  # set below
    columns = [
        Column("id", "uuid", required=True),
        Column("parent_id", "uuid", required=True),
        Column("line_no", "bigint", required=True),
        *_stored(grid.fields),
    ]
    shape = Shape(grid, grid.table_name, columns, grid.fields)
    grid._shape = shape  # type: ignore[attr-defined]  # noqa: SLF001 - cached on the declaration it describes
    return shape


def is_masked(table: type[Table]) -> bool:
    """Whether a document or its lines have fields that not every reader sees in clear."""
    return bool(shape_of(table).masked) or any(shape_of_lines(grid).masked for grid in table.lines.values())


def has_computed(table: type[Table]) -> bool:
    """Whether a document or its lines have computed fields with a column."""
    return bool(shape_of(table).computed) or any(shape_of_lines(grid).computed for grid in table.lines.values())
