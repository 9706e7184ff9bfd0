"""Who may read a file: whoever may read its document and sees the field it stands in; a loose one its uploader."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from cellkit.declare.document import Document, Table
from cellkit.errors import Forbidden, NotFound
from cellkit.files.fields import place_readable
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.read.projection import projection
from cellkit.read.scope import scope_condition

COLUMNS = """f.id, f.blob_id, f.name, f.media_type, f.size, f.state, f.entity, f.entity_id, f.field, f.version,
    f.created_at, f.created_by, f.bound_at, b.sha256, b.scan, b.scan_note, b.sealed_key"""
FROM = "FROM kit_file f JOIN kit_file_blob b ON b.tenant_id = f.tenant_id AND b.id = f.blob_id"
_BY_IDS = f"SELECT {COLUMNS} {FROM} WHERE f.tenant_id = $1 AND f.id = ANY($2) AND f.state <> 'removed'"


async def readable_files(engine: Engine, connection: Any, role: RoleDocument, ids: Iterable[UUID]) -> dict[UUID, Any]:
    """Those of the files that the role may read, by id."""
    records = await connection.fetch(_BY_IDS, UUID(role.tenant_id), list(ids))
    found = {record["id"]: record for record in records if record["state"] == "loose" and _is_own(record, role)}
    by_table: dict[type[Table], list[Any]] = defaultdict(list)
    for record in records:
        table = engine.tables.get(record["entity"] or "")
        if table is None or not role.allows(f"{table.key}.read"):
            continue
        if place_readable(projection(table, role), record["field"]):
            by_table[table].append(record)
    for table, bound in by_table.items():
        visible = await visible_documents(connection, role, table, {record["entity_id"] for record in bound})
        found |= {record["id"]: record for record in bound if record["entity_id"] in visible}
    return found


def _is_own(record: Any, role: RoleDocument) -> bool:
    return bool(record["created_by"] == role.user_id)


async def readable_file(engine: Engine, connection: Any, role: RoleDocument, identity: UUID) -> Any:
    """One file; raises :class:`NotFound` for what is not there and for what the role may not know of."""
    found = await readable_files(engine, connection, role, [identity])
    if identity not in found:
        raise NotFound(id=str(identity))
    return found[identity]


async def visible_documents(connection: Any, role: RoleDocument, table: type[Table], ids: Iterable[UUID]) -> set[UUID]:
    """Those of the documents that exist in the role's data scope."""
    parameters: list[Any] = [UUID(role.tenant_id), list(ids)]
    scope = scope_condition(role, table, parameters)
    text = f'SELECT t.id FROM "{table.table_name}" t WHERE t.tenant_id = $1 AND t.id = ANY($2){scope}'
    return {record["id"] for record in await connection.fetch(text, *parameters)}


def may_upload(engine: Engine, role: RoleDocument) -> bool:
    """Whether the role can use a file anywhere: it may upload as such, or write some document."""
    if role.allows(f"{engine.cell}.file.upload"):
        return True
    return any(
        issubclass(table, Document) and (role.allows(f"{table.key}.create") or role.allows(f"{table.key}.update"))
        for table in engine.tables.values()
    )


def require_any_use(engine: Engine, role: RoleDocument) -> None:
    """Refuse whoever can neither upload nor read anything: no file can be his."""
    if may_upload(engine, role) or any(role.allows(f"{key}.read") for key in engine.tables):
        return
    raise Forbidden(permission=f"{engine.cell}.file.upload")
