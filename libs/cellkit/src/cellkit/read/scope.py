"""Data scope of a caller on a document: compiled into the WHERE for lists, and asked of single rows."""

from __future__ import annotations

from typing import Any

from cellkit.declare.document import Document, Row, Table
from cellkit.ops.access import RoleDocument


def scope_condition(role: RoleDocument, table: type[Table], parameters: list[Any]) -> str:
    """`` AND …`` for the WHERE of ``table t``; its values are added to ``parameters``. Empty when all is visible."""
    if not _is_scoped(table):
        return ""
    scope = role.scope(table.key)
    if scope == "all":
        return ""
    parameters.append(role.user_id)
    own = f"t.owner_id = ${len(parameters)}"
    if scope == "team":
        parameters.append(list(role.team_user_ids))
        return f" AND ({own} OR t.owner_id = ANY(${len(parameters)}::text[]))"
    if scope in ("department", "custom"):
        parameters.append(list(role.scope_departments(table.key)))
        return f" AND ({own} OR t.department_id = ANY(${len(parameters)}::text[]))"
    return f" AND {own}"


def in_scope(role: RoleDocument, table: type[Table], row: Row) -> bool:
    """Whether the caller's data scope covers a row."""
    if not _is_scoped(table):
        return True
    scope = role.scope(table.key)
    if scope == "all" or row["owner_id"] == role.user_id:
        return True
    if scope == "team":
        return row["owner_id"] in role.team_user_ids
    if scope in ("department", "custom"):
        return row["department_id"] in role.scope_departments(table.key)
    return False


def _is_scoped(table: type[Table]) -> bool:
    return issubclass(table, Document) and table.scoped
