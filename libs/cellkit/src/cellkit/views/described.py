"""Views and groups in the cell's OpenAPI document."""

from __future__ import annotations

from cellkit.declare.document import Table
from cellkit.described import (
    FLAG,
    NULLABLE,
    OBJECT,
    READ_ERRORS,
    REQUEST_ID,
    TEXT,
    WRITE_ERRORS,
    Schema,
    answered,
    body,
    operation,
    queries,
    query,
    shape,
)
from cellkit.labels import L
from cellkit.views.settings import KINDS

_LIST: Schema = {"type": "array", "items": OBJECT}
_KEPT: Schema = {
    "entity": TEXT,
    "name": {"type": "string", "maxLength": 100},
    "kind": {"type": "string", "enum": list(KINDS)},
    "settings": OBJECT,
    "sharing": {"type": "string", "enum": ["private", "roles", "all"]},
    "roles": {"type": ["array", "null"], "items": TEXT},
    "role_default": FLAG,
}
_VIEW_ID: Schema = {"name": "id", "in": "path", "required": True, "schema": TEXT}


def view_paths(cell: str) -> Schema:
    """The paths of views."""
    base = f"/api/v1/{cell}/_views"
    listed = shape({"entity": TEXT, "default": NULLABLE, "items": _LIST})
    version = {"version": {"type": "integer", "minimum": 1}}

    def taken(properties: Schema, required: list[str]) -> Schema:
        schema = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
        return body(schema, required=bool(required)) | {"parameters": [REQUEST_ID]}

    entity = {**query("entity"), "required": True}
    return {
        base: {
            "get": operation("views", L("视图", "views"), listed, READ_ERRORS) | {"parameters": [entity]},
            "post": operation("create_view", L("新建视图", "keep a view"), OBJECT, WRITE_ERRORS, status=201)
            | taken(_KEPT, ["entity", "name", "settings"]),
        },
        f"{base}/reset-default": {
            "post": answered("reset_default_view", L("恢复默认视图", "forget my default"), {}, WRITE_ERRORS, status=204)
            | taken({"entity": TEXT}, ["entity"])
        },
        f"{base}/{{id}}": {
            "parameters": [_VIEW_ID],
            "patch": operation("change_view", L("修改视图", "change a view"), OBJECT, WRITE_ERRORS)
            | taken(_KEPT | version, ["version"]),
            "delete": answered("delete_view", L("删除视图", "delete a view"), {}, WRITE_ERRORS, status=204)
            | {"parameters": [query("version", {"type": "integer", "minimum": 1}), REQUEST_ID]},
        },
        f"{base}/{{id}}/copy": {
            "parameters": [_VIEW_ID],
            "post": operation("copy_view", L("复制视图", "copy a view"), OBJECT, WRITE_ERRORS, status=201)
            | taken({"name": TEXT}, []),
        },
        f"{base}/{{id}}/make-default": {
            "parameters": [_VIEW_ID],
            "post": operation("default_view", L("设为默认视图", "start with a view"), OBJECT, WRITE_ERRORS)
            | taken({}, []),
        },
    }


def group_paths(cell: str, table: type[Table]) -> Schema:
    """The path of a list's groups."""
    answer = shape({"by": _LIST, "items": _LIST, "total": OBJECT, "truncated": FLAG})
    described = operation(f"groups_{table.key}".replace(".", "_"), table.label, answer, (*READ_ERRORS, 422))
    by = query("by", TEXT, "state,month(order_date)")
    return {
        f"/api/v1/{cell}/{table.plural}/_groups": {
            "get": described | {"parameters": [by, query("sum", TEXT, "amount,quantity"), *queries("filter", "q")]}
        }
    }
