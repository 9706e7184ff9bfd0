"""The permission resources in the cell's OpenAPI document."""

from __future__ import annotations

from cellkit.described import FLAG, OBJECT, READ_ERRORS, TEXT, Schema, operation, queries, query, shape
from cellkit.labels import L

_MANY: Schema = {"type": "array", "items": OBJECT}


def permission_paths(cell: str) -> Schema:
    """The paths of the explainer and of the matrix."""
    base = f"/api/v1/{cell}/_permissions"
    check = shape({"check": TEXT, "passed": FLAG, "reason": TEXT, "details": OBJECT})
    told = shape(
        {"allowed": FLAG, "outcome": TEXT, "status": {"type": "integer"}, "checks": {"type": "array", "items": check}},
        optional={"field": OBJECT},
    )
    entity = {**query("entity"), "required": True}
    return {
        f"{base}/explain": {
            "get": operation("explain_permission", L("权限解释", "why may he"), told, (*READ_ERRORS, 404))
            | {"parameters": [entity, *queries("user_id", "id", "action", "field")]}
        },
        f"{base}/matrix": {
            "get": operation(
                "permission_matrix",
                L("权限矩阵", "what can be given"),
                shape({"entities": _MANY, "reports": _MANY, "scopes": _MANY, "rules": _MANY}),
                READ_ERRORS,
            )
            | {"parameters": queries("entity")}
        },
    }
