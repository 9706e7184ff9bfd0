"""The inbox of a cell: what waits for somebody, what he has dealt with, started, or got a copy of."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from cellkit.declare.document import Document
from cellkit.declare.fields import FieldError, parse_uuid
from cellkit.errors import BadRequest
from cellkit.labels import L
from cellkit.messaging.pages import check_query, limit_of, make_cursor, page_reply, read_cursor, wants_total
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.read.scope import scope_condition

BOXES = ("todo", "done", "started", "cc", "document")
PARAMETERS = ("box", "entity", "document_id", "status", "sort", "limit", "cursor", "total")
STATUSES = ("running", "approved", "rejected", "withdrawn", "cancelled")
_FOREVER = "9999-12-31T00:00:00+00:00"
_SHOWN = (
    "t.id, t.entity, t.document_id, t.title, t.status, t.step, t.flow, t.starter_id, t.starter_name, t.started_at, "
    "t.updated_at, t.ended_at, t.version"
)


def mine(role: RoleDocument, documents: list[type[Document]], cell: str, parameters: list[Any]) -> str:
    """The condition that a task ``k`` of an approval ``t`` is the caller's to decide."""
    parameters.append(role.user_id)
    user = f"${len(parameters)}"
    pools = []
    administer = f"{cell}.approval_flow.administer"
    if role.allows(administer):
        parameters.append(administer)
        pools.append(f"k.pool = ${len(parameters)}")
    for document in documents:
        held = _pools_of(role, document)
        if held:
            parameters.append(document.key)
            entity = f"t.entity = ${len(parameters)}"
            parameters.append(held)
            pool = f"k.pool = ANY(${len(parameters)}::text[])"
            pools.append(f"({entity} AND {pool}{scope_condition(role, document, parameters)})")
    if not pools:
        return f"k.user_id = {user}"
    return f"(k.user_id = {user} OR (k.user_id IS NULL AND NOT {user} = ANY(k.barred) AND ({' OR '.join(pools)})))"


def _pools_of(role: RoleDocument, document: type[Document]) -> list[str]:
    """The permissions of a document that the caller holds: a pool is any of them."""
    return [f"{document.key}.{verb}" for verb in document.actions if role.allows(f"{document.key}.{verb}")]


async def list_box(
    engine: Engine, role: RoleDocument, documents: list[type[Document]], query: dict[str, str], language: str
) -> Any:
    """Answer ``GET _approvals``."""
    check_query(query, PARAMETERS)
    box = query.get("box") or "todo"
    if box not in BOXES:
        raise BadRequest(reason=L(f"box 应为 {'、'.join(BOXES)} 之一", f"box: one of {', '.join(BOXES)}"))
    by_due = _sort(box, query.get("sort", ""))
    limit = limit_of(query)
    parameters: list[Any] = [UUID(role.tenant_id)]
    if (query.get("document_id") is not None) != (box == "document"):
        raise BadRequest(reason=L("document_id 只与 box=document 同用", "document_id goes with box=document only"))
    source, where = (
        _of_document(engine, role, query, parameters)
        if box == "document"
        else _source(engine, role, documents, box, parameters)
    )
    for name, allowed in (("entity", [item.key for item in documents]), ("status", list(STATUSES))):
        if box == "document" and name == "entity":
            # Any document may wait for an approval that a tenant has put before one of its actions.
            continue
        if query.get(name):
            if query[name] not in allowed:
                raise BadRequest(reason=L(f"未知的 {name}", f"unknown {name}"))
            parameters.append(query[name])
            where += f" AND t.{name} = ${len(parameters)}"
    counting, counted = f"SELECT count(*) FROM {source} WHERE {where}", len(parameters)
    number = "k.number" if box == "todo" else "0::int"
    order = (
        f"coalesce(k.due_at, '{_FOREVER}'), t.id, {number}"
        if by_due
        else "t.id DESC" + (", k.number DESC" if box == "todo" else "")
    )
    where += _after(query, number, parameters, by_due=by_due)
    tasks = (
        ", k.number AS task, k.step AS task_step, k.opened_at, k.due_at, k.instead_of, k.pool"
        if box == "todo"
        else ", k.at, k.seen_at"
        if box in ("done", "cc")
        else ""
    )
    total = None
    async with engine.database.session(role.tenant_id) as connection:
        records = await connection.fetch(
            f"SELECT {_SHOWN}{tasks} FROM {source} WHERE {where} ORDER BY {order} LIMIT {limit + 1}", *parameters
        )
        if wants_total(query):
            total = await connection.fetchval(counting, *parameters[:counted])
    following = None
    if len(records) > limit:
        records = records[:limit]
        last = records[-1]
        key = [str(last["id"]), last["task"] if box == "todo" else 0]
        if by_due:
            key.insert(0, _FOREVER if last["due_at"] is None else last["due_at"].isoformat())
        following = make_cursor(*key)
    now = engine.clock()
    labels = {item.key: item for item in documents}
    return page_reply([_item(record, labels, language, now, engine.cell) for record in records], following, total)


def _sort(box: str, text: str) -> bool:
    if text in ("", "-started_at"):
        return False
    if text == "due_at" and box == "todo":
        return True
    raise BadRequest(reason=L("sort 只支持 due_at（仅待办）", "sort: due_at, of the box todo only"))


def _of_document(engine: Engine, role: RoleDocument, query: dict[str, str], parameters: list[Any]) -> tuple[str, str]:
    """All approvals of one document, for whoever may read it; of another's document there are none."""
    table = engine.tables.get(query.get("entity", ""))
    if table is None or not issubclass(table, Document):
        raise BadRequest(reason=L("未知的 entity", "unknown entity"))
    role.require(f"{table.key}.read")
    try:
        key = parse_uuid(query["document_id"])
    except FieldError:
        raise BadRequest(reason=L("document_id 应为编号", "document_id: an id")) from None
    parameters += [table.key, key]
    return "kit_approval t", "t.tenant_id = $1 AND t.entity = $2 AND t.document_id = $3" + scope_condition(
        role, table, parameters
    )


def _source(
    engine: Engine, role: RoleDocument, documents: list[type[Document]], box: str, parameters: list[Any]
) -> tuple[str, str]:
    if box == "started":
        parameters.append(role.user_id)
        return "kit_approval t", "t.tenant_id = $1 AND t.starter_id = $2"
    if box == "todo":
        joined = "kit_approval_task k JOIN kit_approval t ON t.tenant_id = k.tenant_id AND t.id = k.instance_id"
        allowed = mine(role, documents, engine.cell, parameters)
        return joined, f"k.tenant_id = $1 AND t.tenant_id = $1 AND k.state = 'open' AND {allowed}"
    parameters += [role.user_id, box]
    joined = "kit_approval_part k JOIN kit_approval t ON t.tenant_id = k.tenant_id AND t.id = k.instance_id"
    return joined, "k.tenant_id = $1 AND t.tenant_id = $1 AND k.user_id = $2 AND k.box = $3"


def _after(query: dict[str, str], number: str, parameters: list[Any], *, by_due: bool) -> str:
    if by_due:
        found = read_cursor(query, str, UUID, int)
        if found is None:
            return ""
        try:
            found[0] = datetime.fromisoformat(found[0])
        except ValueError:
            raise BadRequest(reason="cursor") from None
        parameters += found
        first = len(parameters) - 2
        key = f"(${first}::timestamptz, ${first + 1}::uuid, ${first + 2}::int)"
        return f" AND (coalesce(k.due_at, '{_FOREVER}'), t.id, {number}) > {key}"
    found = read_cursor(query, UUID, int)
    if found is None:
        return ""
    parameters += found
    first = len(parameters) - 1
    return f" AND (t.id, {number}) < (${first}::uuid, ${first + 1}::int)"


def step_name(flow: dict[str, Any], key: str, language: str) -> str | None:
    """The name of a step in a flow's definition."""
    for step in flow.get("steps", ()):
        if step["key"] == key:
            name = step["name"]
            return name if isinstance(name, str) else str(name["en" if language.startswith("en") else "zh"])
    words = {"start": L("退回提交人", "Returned to the starter"), "_distinct": L("补充审批", "Additional approval")}
    return words[key].text(language) if key in words else None


def _item(record: Any, labels: dict[str, type[Document]], language: str, now: datetime, cell: str) -> dict[str, Any]:
    item = dict(record)
    flow, step = item.pop("flow"), item.pop("task_step", None) or item["step"]
    item["step"] = {"key": step, "name": step_name(flow, step, language)} if step else None
    table = labels.get(item["entity"])
    item["entity_label"] = item["entity"] if table is None else table.label.text(language)
    item["path"] = None if table is None else f"/api/v1/{cell}/{table.plural}/{item['document_id']}"
    if "due_at" in item:
        item["overdue"] = item["due_at"] is not None and item["due_at"] <= now
    return item


async def count(engine: Engine, role: RoleDocument, documents: list[type[Document]]) -> dict[str, int]:
    """``{"todo", "overdue", "cc_unseen", "started_running"}``."""
    parameters: list[Any] = [UUID(role.tenant_id)]
    allowed = mine(role, documents, engine.cell, parameters)
    parameters += [engine.clock(), role.user_id]
    now, user = f"${len(parameters) - 1}", f"${len(parameters)}"
    text = f"""
SELECT
    (SELECT count(*) FROM kit_approval_task k JOIN kit_approval t ON t.tenant_id = k.tenant_id AND t.id = k.instance_id
     WHERE k.tenant_id = $1 AND t.tenant_id = $1 AND k.state = 'open' AND {allowed}) AS todo,
    (SELECT count(*) FROM kit_approval_task k JOIN kit_approval t ON t.tenant_id = k.tenant_id AND t.id = k.instance_id
     WHERE k.tenant_id = $1 AND t.tenant_id = $1 AND k.state = 'open' AND k.due_at <= {now} AND {allowed}) AS overdue,
    (SELECT count(*) FROM kit_approval_part WHERE tenant_id = $1 AND user_id = {user} AND box = 'cc'
     AND seen_at IS NULL) AS cc_unseen,
    (SELECT count(*) FROM kit_approval WHERE tenant_id = $1 AND starter_id = {user} AND status = 'running')
        AS started_running
"""
    async with engine.database.session(role.tenant_id) as connection:
        record: Any = await connection.fetchrow(text, *parameters)
    return dict(record)
