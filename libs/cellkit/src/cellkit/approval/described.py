"""Approvals in the OpenAPI document and in the metadata for the web."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellkit.approval import bulk
from cellkit.approval.bodies import ACTIONS, schema
from cellkit.approval.definition import EMPTY, KINDS, MODES, ON_DUE, RIGHTS, STARTER
from cellkit.approval.inbox import BOXES, PARAMETERS, STATUSES
from cellkit.declare.document import Document
from cellkit.described import (
    FLAG,
    NULLABLE,
    NUMBER,
    OBJECT,
    READ_ERRORS,
    REQUEST_ID,
    TEXT,
    WRITE_ERRORS,
    Schema,
    body,
    operation,
    page,
    path_id,
    query,
    shape,
)
from cellkit.labels import L, Label

if TYPE_CHECKING:
    from cellkit.cell import Cell
    from cellkit.ops.access import RoleDocument

_LIST: Schema = {"type": "array", "items": OBJECT}
_BOX_LABELS: dict[str, Label] = {
    "todo": L("待办", "To do"),
    "done": L("已办", "Done"),
    "started": L("我发起的", "Started by me"),
    "cc": L("抄送我的", "Copies"),
}
_CHOICES: dict[str, Schema] = {
    "box": {"type": "string", "enum": list(BOXES)},
    "status": {"type": "string", "enum": list(STATUSES)},
    "sort": {"type": "string", "enum": ["due_at", "-started_at"]},
    "limit": {"type": "integer", "minimum": 1, "maximum": 200},
    "total": FLAG,
}


def approval_paths(cell: str) -> Schema:
    """The paths of inbox, instances and their actions."""
    base = f"/api/v1/{cell}/_approvals"
    instance = shape(
        dict.fromkeys(("id", "entity", "document_id", "title", "status", "starter_id"), TEXT)
        | {"version": NUMBER, "steps": _LIST, "log": _LIST, "actions": _LIST},
        optional={"document": {"type": ["object", "null"]}, "ended_at": NULLABLE},
    )
    done = shape(dict.fromkeys(("id", "status", "entity", "document_id"), TEXT) | {"version": NUMBER})
    counts = shape(dict.fromkeys(("todo", "overdue", "cc_unseen", "started_running"), NUMBER))
    preview = shape({"needed": FLAG, "steps": _LIST})
    missing = (*READ_ERRORS, 404)
    paths: Schema = {
        base: {
            "get": operation("approvals", L("审批箱", "approval inbox"), page(), READ_ERRORS)
            | {"parameters": [query(name, _CHOICES.get(name, TEXT)) for name in PARAMETERS]}
        },
        f"{base}/counts": {"get": operation("approval_counts", L("审批数量", "numbers"), counts, READ_ERRORS)},
        f"{base}/preview": {
            "get": operation("approval_preview", L("预览审批人", "who will be asked"), preview, (*missing, 422))
            | {"parameters": [query("entity"), query("id"), query("approvers")]}
        },
        f"{base}/{{instance}}": {
            "parameters": [path_id("instance")],
            "get": operation("approval", L("审批详情", "an approval"), instance, missing),
        },
    }
    for action, (label, _, required) in ACTIONS.items():
        name = f"approval_{action.replace('-', '_')}"
        described = operation(name, label, done, (*WRITE_ERRORS, 429)) | {"parameters": [REQUEST_ID]}
        paths[f"{base}/{{instance}}/{action}"] = {
            "parameters": [path_id("instance")],
            "post": described | body(schema(action), required=bool(required)),
        }
    decided = shape({"items": _LIST, "done": NUMBER, "refused": NUMBER})
    for action in bulk.ACTIONS:
        several = L(f"批量{ACTIONS[action][0].zh}", f"{ACTIONS[action][0].en} several")
        described = operation(f"approvals_{action}", several, decided, (*WRITE_ERRORS, 429))
        paths[f"{base}/{action}"] = {
            "post": described | {"parameters": [REQUEST_ID]} | body(bulk.schema(action), required=True)
        }
    return paths


def metadata(cell: Cell, documents: list[type[Document]], role: RoleDocument, language: str) -> dict[str, Any]:
    """What the web needs to show approvals; empty in a cell where nothing can be approved."""
    if not documents:
        return {}
    readable = [item for item in documents if role.allows(f"{item.key}.read")]
    return {
        "path": f"/api/v1/{cell.name}/_approvals",
        "boxes": [{"key": key, "label": label.text(language)} for key, label in _BOX_LABELS.items()],
        "bulk": list(bulk.ACTIONS),
        "actions": {action: label.text(language) for action, (label, _, _) in ACTIONS.items()},
        "entities": {
            item.key: {
                "label": item.label.text(language),
                "on": item.bound_flow.on,
                "approved": item.bound_flow.approved,
                "rejected": item.bound_flow.rejected,
                "withdrawn": item.bound_flow.withdrawn,
                "state": item.bound_flow.state,
                "default": item.bound_flow.flow.as_json(),
            }
            for item in readable
            if item.bound_flow is not None
        },
        # Documents without a flow of their own, whose actions a tenant's flow may hold.
        "held": {
            item.key: {
                "label": item.label.text(language),
                "verbs": {verb: action.label.text(language) for verb, action in item.actions.items()},
            }
            for item in readable
            if item.bound_flow is None
        },
        "designer": {
            "who": list(KINDS),
            "modes": list(MODES),
            "on_due": list(ON_DUE),
            "starter": list(STARTER),
            "empty": list(EMPTY),
            "rights": list(RIGHTS),
        },
    }
