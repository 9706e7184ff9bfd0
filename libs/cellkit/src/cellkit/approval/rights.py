"""Field rights of a step: what whoever has the task sees and may change of the document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from cellkit.declare.document import Document, Table
from cellkit.ops.access import FieldRule, RoleDocument
from cellkit.read.projection import Projection, projection

_STRICTNESS: dict[str, int] = {"hide": 0, "mask": 1, "read": 2, "edit": 3}
_RIGHTS = """
SELECT document_id, fields FROM kit_approval_task
WHERE tenant_id = $1 AND document_id = ANY($2) AND state = 'open' AND fields IS NOT NULL AND entity = $3
    AND (user_id = $4 OR instead_of = $4)
"""
_HIDDEN = """ AND t.id <> ALL(ARRAY(
    SELECT k.document_id FROM kit_approval_task k
    WHERE k.tenant_id = $1 AND k.state = 'open' AND k.entity = {entity} AND k.fields IS NOT NULL
        AND (k.user_id = {user} OR k.instead_of = {user})
        AND EXISTS (SELECT FROM jsonb_each_text(k.fields) f WHERE f.value = 'hide' AND f.key = ANY({fields}))))"""


def without_hidden(role: RoleDocument, table: type[Table], used: Iterable[str], parameters: list[Any]) -> str:
    """A condition that leaves out documents of which a step of the caller's own hides a field that is asked by.

    Whoever could filter, sort, search or sum by such a field would learn it bit by bit. ``used``: names of fields, of
    grids, ``grid.field``; ``$1`` is the tenant.
    """
    names = sorted({*used, *(name.partition(".")[0] for name in used)} & _own_names(table))
    if not names or not issubclass(table, Document) or table.bound_flow is None:
        return ""
    parameters += [table.key, role.user_id, names]
    last = len(parameters)
    entity, user, fields = f"${last - 2}::text", f"${last - 1}::text", f"${last}::text[]"
    return _HIDDEN.format(entity=entity, user=user, fields=fields)


def _own_names(table: type[Table]) -> set[str]:
    """What a step may hide: fields, grids and fields of grids, but not what every document has."""
    grids = {f"{name}.{field}" for name, grid in table.lines.items() for field in grid.fields}
    return {*table.fields, *table.lines, *grids}


async def rights_of(connection: Any, role: RoleDocument, table: type[Table], rows: Iterable[Any]) -> dict[UUID, Any]:
    """Document → the rights of the caller's tasks, for documents that wait; no query where none does."""
    if not issubclass(table, Document) or table.bound_flow is None:
        return {}
    waiting = [row["id"] for row in rows if row["state"] == table.bound_flow.state]
    if not waiting:
        return {}
    records = await connection.fetch(_RIGHTS, UUID(role.tenant_id), waiting, table.key, role.user_id)
    found: dict[UUID, dict[str, str]] = {}
    for record in records:
        known = found.setdefault(record["document_id"], {})
        for name, right in record["fields"].items():
            # Of two tasks the one that shows more counts: he needs it there.
            if name not in known or _STRICTNESS[right] > _STRICTNESS[known[name]]:
                known[name] = right
    return found


def waits_in_approval(table: type[Table], row: Any) -> bool:
    """Whether a row is of a document with a flow, and waits."""
    return table.bound_flow is not None and row["state"] == table.bound_flow.state


async def role_in_approval(connection: Any, role: RoleDocument, table: type[Table], row: Any) -> RoleDocument:
    """The role with the field rights of the caller's tasks on one document that waits."""
    rights = await rights_of(connection, role, table, [row])
    return tightened(role, table, rights[row["id"]]) if row["id"] in rights else role


def tightened(role: RoleDocument, table: type[Table], rights: Mapping[str, str]) -> RoleDocument:
    """The role with a step's field rights laid over its own; the stricter of both counts."""
    rules: dict[str, FieldRule] = dict(role.field_rules)
    for name, right in rights.items():
        key = f"{table.key}.{name}"
        known = rules.get(key)
        if right in ("hide", "read") and (known is None or _STRICTNESS[right] < _STRICTNESS[known]):
            rules[key] = "hide" if right == "hide" else "read"
    return replace(role, field_rules=rules)


def seen_in_approval(
    table: type[Table], role: RoleDocument, seen: Projection, rights: Mapping[UUID, Any], row: Any
) -> Projection:
    """What the caller sees of one row of a list: ``seen``, less what a step hides while the task is his."""
    found = rights.get(row["id"]) if rights else None
    return seen if found is None else projection(table, tightened(role, table, found))
