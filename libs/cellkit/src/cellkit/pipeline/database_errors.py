"""What PostgreSQL refuses, as errors of the contract."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import asyncpg

from cellkit.declare.document import Row, Table, references
from cellkit.errors import BusinessRuleViolation, FieldProblem, ServiceError, ValidationFailed, problem

_KEY_VALUES = re.compile(r"\)=\((.*)\)")
GUARD = "KT001"


class StillReferenced(BusinessRuleViolation):
    """The document is used by others and cannot be deleted."""

    code = "STILL_REFERENCED"
    status = 409
    zh, en = "已被其他单据引用，不能删除", "Other documents refer to it; it cannot be deleted"


def is_transient(error: BaseException) -> bool:
    """Whether another writer was faster, so that the work may be run again."""
    if isinstance(error, asyncpg.DeadlockDetectedError | asyncpg.SerializationError):
        return True
    return isinstance(error, asyncpg.PostgresError) and error.sqlstate == GUARD


def is_repeat(error: BaseException) -> bool:
    """Whether the request's answer is kept already."""
    return isinstance(error, asyncpg.UniqueViolationError) and error.table_name == "kit_request"


def translate(error: BaseException) -> ServiceError | None:
    """The contract's error for a refusal of the database, or None when it is not one."""
    if isinstance(error, asyncpg.UniqueViolationError):
        return _duplicate(error)
    if isinstance(error, asyncpg.ForeignKeyViolationError):
        if "still referenced" in str(error) + (error.detail or ""):
            return StillReferenced()
        return ValidationFailed([problem("", "reference", "引用的数据不存在", "A referenced row does not exist")])
    if isinstance(error, asyncpg.NumericValueOutOfRangeError):
        return ValidationFailed(
            [problem("", "range", "计算结果超出允许的位数", "A computed value has too many digits")]
        )
    if isinstance(error, asyncpg.NotNullViolationError):
        name = str(error.column_name)
        return ValidationFailed([problem(name, "required", f"{name} 必填", f"{name} is required")])
    if isinstance(error, asyncpg.DiskFullError | asyncpg.OutOfMemoryError):
        return StorageFull()
    return None


class StorageFull(ServiceError):
    """The database cannot store more; nothing was written."""

    code, status = "UNAVAILABLE", 503
    zh, en = (
        "存储空间不足，本次操作未保存，请联系管理员",
        "Storage is full; nothing was saved. Please tell your administrator",
    )

    def __init__(self) -> None:
        super().__init__(retry_after_seconds=30)


def _duplicate(error: asyncpg.UniqueViolationError) -> ServiceError:
    table, constraint = str(error.table_name), str(error.constraint_name)
    name = constraint.removeprefix(f"uq_{table}_")
    values = _KEY_VALUES.search(error.detail or "")
    value = values.group(1).split(", ", 1)[-1] if values else ""
    if constraint.startswith("pk_"):
        name = "id"
    if not value or name.endswith("_blind"):
        # Behind row-level security PostgreSQL names the constraint but not the value.
        return ValidationFailed([problem(name, "unique", "该值已存在，不能重复", "This value exists already")])
    return ValidationFailed([problem(name, "unique", f"“{value}”已存在", f"“{value}” exists already")])


async def missing_references(
    connection: Any,
    tenant_id: UUID,
    error: asyncpg.ForeignKeyViolationError,
    tables: Mapping[str, type[Table]],
    rows: list[Row],
) -> ServiceError | None:
    """Name the fields that refer to nothing; behind row-level security PostgreSQL hides the value, so look it up."""
    table_name, constraint = str(error.table_name), str(error.constraint_name)
    for table in tables.values():
        for owner, item in references(table):
            if owner != table_name or constraint != f"fk_{table_name}_{item.name}"[:63]:
                continue
            places = list(_values(table, owner, item.name, rows))
            known = await connection.fetch(
                f'SELECT id FROM "{tables[item.to].table_name}" WHERE tenant_id = $1 AND id = ANY($2)',
                tenant_id,
                [value for _, value in places],
            )
            existing = {record["id"] for record in known}
            found: list[FieldProblem] = [
                problem(place, "reference", f"{item.label.zh}不存在", f"{item.label.en} does not exist")
                for place, value in places
                if value not in existing
            ]
            return ValidationFailed(found[:50]) if found else None
    return None


def _values(table: type[Table], owner: str, name: str, rows: list[Row]) -> Iterator[tuple[str, UUID]]:
    for row in rows:
        if owner == table.table_name and row.get(name) is not None:
            yield name, row[name]
        for grid in table.lines.values():
            if grid.table_name == owner:
                lines: list[Row] = row.get(grid.name) or []
                for index, line in enumerate(lines):
                    if line.get(name) is not None:
                        yield f"{grid.name}[{index}].{name}", line[name]
