"""The columns of every table of a cell, in order: the one place that schema, SQL and serializer read them from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from cellkit.declare.document import Document, Lines, Table
from cellkit.declare.fields import Field, Ref

BLIND_INDEX_SUFFIX = "_blind"


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
        hidden = {"search_text", "parent_id"}
        return tuple(
            column.name
            for column in self.columns
            if column.name not in hidden and not column.name.endswith(BLIND_INDEX_SUFFIX)
        )

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
        return frozenset(["search_text", *secret, *(name + BLIND_INDEX_SUFFIX for name in secret)])

    @cached_property
    def masked(self) -> tuple[Field, ...]:
        """The fields that not every reader sees in clear; the encrypted ones are among them."""
        return tuple(item for item in self.fields.values() if item.mask)

    @cached_property
    def searched(self) -> tuple[Field, ...]:
        """The fields of the free-text search."""
        return tuple(item for item in self.fields.values() if item.search and not item.secret)


def shape_of(table: type[Table]) -> Shape:
    """The shape of a document, ledger or balance."""
    existing = table.__dict__.get("_shape")
    if existing is not None:
        return existing  # type: ignore[no-any-return]  # set below
    columns = [*_standard(table), *_stored(table.fields)]
    searchable = any(item.search and not item.secret for item in table.fields.values())
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
