"""History and comments in the cell's OpenAPI document."""

from __future__ import annotations

from cellkit.declare.document import Document
from cellkit.described import (
    OBJECT,
    READ_ERRORS,
    REQUEST_ID,
    TEXT,
    WRITE_ERRORS,
    Schema,
    answered,
    body,
    operation,
    page,
    path_id,
    queries,
)
from cellkit.labels import L
from cellkit.timeline.rules import LONGEST


def timeline_paths(cell: str, table: type[Document]) -> Schema:
    """The paths of one document."""
    base = f"/api/v1/{cell}/{table.plural}/{{id}}"
    name = table.key.replace(".", "_")
    missing = (*READ_ERRORS, 404)
    paged = {"parameters": queries("limit", "cursor")}
    said: Schema = {
        "type": "object",
        "properties": {"text": {"type": "string", "maxLength": LONGEST}},
        "required": ["text"],
    }
    taken = body(said, required=True) | {"parameters": [REQUEST_ID]}
    return {
        f"{base}/_history": {
            "parameters": [path_id()],
            "get": operation(f"history_{name}", L("修改记录", "history"), page(), missing) | paged,
        },
        f"{base}/_comments": {
            "parameters": [path_id()],
            "get": operation(f"comments_{name}", L("评论", "comments"), page(), missing) | paged,
            "post": operation(f"comment_{name}", L("发表评论", "comment"), OBJECT, WRITE_ERRORS, status=201) | taken,
        },
        f"{base}/_comments/{{comment}}": {
            "parameters": [path_id(), {"name": "comment", "in": "path", "required": True, "schema": TEXT}],
            "delete": answered(f"delete_comment_{name}", L("删除评论", "delete"), {}, WRITE_ERRORS, status=204)
            | {"parameters": [REQUEST_ID]},
        },
    }
