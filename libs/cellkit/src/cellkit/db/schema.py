"""SQLAlchemy tables from declarations; Alembic compares them with the database to write migrations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from cellkit.db.shape import Column, Shape, shape_of, shape_of_lines
from cellkit.declare.document import Document, Table

_KIT_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "uuid": postgresql.UUID(as_uuid=True),
    "text": sa.Text(),
    "bigint": sa.BigInteger(),
    "timestamptz": sa.DateTime(timezone=True),
    "jsonb": postgresql.JSONB(),
    "bytea": sa.LargeBinary(),
}


def build_metadata(tables: Iterable[type[Table]]) -> sa.MetaData:
    """The tables of a cell's declarations, with their keys, indexes and foreign keys."""
    declared = {table.key: table for table in tables}
    metadata = sa.MetaData()
    for table in declared.values():
        _add_table(metadata, table, declared)
        for grid in table.lines.values():
            shape = shape_of_lines(grid)
            built = sa.Table(
                shape.name,
                metadata,
                *_columns(shape),
                sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{shape.name}"),
                sa.ForeignKeyConstraint(
                    ["tenant_id", "parent_id"],
                    [f"{table.table_name}.tenant_id", f"{table.table_name}.id"],
                    name=f"fk_{shape.name}_parent",
                    ondelete="CASCADE",
                    # Lines may be written before their document has its number (pipeline.flush).
                    deferrable=True,
                    initially="DEFERRED",
                ),
                *_foreign_keys(shape, declared),
            )
            sa.Index(f"ix_{shape.name}_parent", built.c.tenant_id, built.c.parent_id, built.c.line_no)
            _add_field_indexes(built, shape)
    return metadata


def searchable_tables(tables: Iterable[type[Table]]) -> list[str]:
    """The names of tables with a free-text search."""
    return [table.table_name for table in tables if "search_text" in shape_of(table).by_name]


def _add_table(metadata: sa.MetaData, table: type[Table], declared: dict[str, type[Table]]) -> None:
    shape = shape_of(table)
    columns = _columns(shape)
    if table.kind == "ledger":
        columns.insert(2, sa.Column("position", sa.BigInteger, sa.Identity(always=True), nullable=False))
    constraints: list[sa.Constraint] = [sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{shape.name}")]
    constraints += [
        sa.UniqueConstraint("tenant_id", *names, name=f"uq_{shape.name}_{'_'.join(names)}"[:63])
        for names in table.unique_together
    ]
    built = sa.Table(shape.name, metadata, *columns, *constraints, *_foreign_keys(shape, declared))
    if issubclass(table, Document):
        if table.number is not None:
            sa.Index(f"uq_{shape.name}_number", built.c.tenant_id, built.c.number, unique=True)
        if table.states is not None:
            sa.Index(f"ix_{shape.name}_state", built.c.tenant_id, built.c.state, built.c.id)
        sa.Index(
            f"uq_{shape.name}_source",
            built.c.tenant_id,
            built.c.source,
            unique=True,
            postgresql_where=built.c.source.is_not(None),
        )
        if table.scoped:
            sa.Index(f"ix_{shape.name}_owner_id", built.c.tenant_id, built.c.owner_id, built.c.id)
            sa.Index(f"ix_{shape.name}_department_id", built.c.tenant_id, built.c.department_id, built.c.id)
    if table.kind == "ledger":
        sa.Index(f"ix_{shape.name}_position", built.c.tenant_id, built.c.position)
    for names in table.indexes:
        sa.Index(f"ix_{shape.name}_{'_'.join(names)}"[:63], built.c.tenant_id, *(built.c[name] for name in names))
    _add_field_indexes(built, shape)


def _columns(shape: Shape) -> list[sa.Column[object]]:
    columns: list[sa.Column[object]] = [sa.Column("tenant_id", postgresql.UUID(as_uuid=True), nullable=False)]
    columns += [sa.Column(column.name, _column_type(column), nullable=not column.required) for column in shape.columns]
    return columns


def _column_type(column: Column) -> sa.types.TypeEngine[Any]:
    if column.field is not None and not column.field.secret:
        return column.field.column_type()
    return _KIT_TYPES[column.array_type]


def _foreign_keys(shape: Shape, declared: dict[str, type[Table]]) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(
            ["tenant_id", item.name],
            [f"{declared[item.to].table_name}.tenant_id", f"{declared[item.to].table_name}.id"],
            name=f"fk_{shape.name}_{item.name}"[:63],
        )
        for item in shape.references
    ]


def _add_field_indexes(built: sa.Table, shape: Shape) -> None:
    for item in shape.fields.values():
        if item.secret:
            if item.find:
                sa.Index(f"ix_{shape.name}_{item.name}_blind", built.c.tenant_id, built.c[item.name + "_blind"])
        elif item.unique:
            sa.Index(f"uq_{shape.name}_{item.name}", built.c.tenant_id, built.c[item.name], unique=True)
        elif item.index:
            sa.Index(f"ix_{shape.name}_{item.name}", built.c.tenant_id, built.c[item.name], built.c.id)
