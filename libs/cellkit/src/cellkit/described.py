"""Parts of an OpenAPI document for the kit's own routes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cellkit.labels import Label

Schema = dict[str, Any]
READ_ERRORS = (400, 401, 403, 503)
WRITE_ERRORS = (*READ_ERRORS, 404, 409, 413, 415, 422)
OBJECT: Schema = {"type": "object"}
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
NULLABLE: Schema = {"type": ["string", "null"]}
REQUEST_ID: Schema = {
    "name": "X-Request-ID",
    "in": "header",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,128}$"},
    "description": "幂等键 / idempotency key",
}
PAGE_PARAMETERS = ("limit", "cursor", "total")


def operation(name: str, label: Label, schema: Schema, errors: Iterable[int], *, status: int = 200) -> Schema:
    """An operation of the kit that answers JSON of ``schema``."""
    return answered(name, label, {"application/json": {"schema": schema}}, errors, status=status)


def answered(name: str, label: Label, content: Schema, errors: Iterable[int], *, status: int = 200) -> Schema:
    """An operation of the kit that answers ``content`` (media type → schema)."""
    problem = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    success: Schema = {"description": "OK"} | ({"content": content} if content else {})
    return {
        "operationId": f"kit_{name}",
        "summary": f"{label.zh} {label.en}",
        "tags": ["kit"],
        "responses": {str(status): success}
        | {str(code): {"description": "错误 / error", "content": problem} for code in errors},
    }


def shape(properties: Schema, *, optional: Schema | None = None) -> Schema:
    """An object with these required properties, and perhaps optional ones."""
    return {"type": "object", "required": list(properties), "properties": properties | (optional or {})}


def page(item: Schema = OBJECT) -> Schema:
    """The envelope of a list."""
    return {
        "type": "object",
        "required": ["items", "next", "total"],
        "properties": {
            "items": {"type": "array", "items": item},
            "next": NULLABLE,
            "total": {"type": ["integer", "null"]},
        },
    }


def queries(*names: str) -> list[Schema]:
    """Optional text parameters of the query."""
    return [query(name) for name in names]


def query(name: str, schema: Schema = TEXT, description: str = "") -> Schema:
    """One parameter of the query."""
    return {"name": name, "in": "query", "schema": schema} | ({"description": description} if description else {})


def path_id(name: str = "id") -> Schema:
    """A UUID in the path."""
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}


def body(schema: Schema, *, required: bool = False) -> Schema:
    """A JSON body."""
    return {"requestBody": {"required": required, "content": {"application/json": {"schema": schema}}}}
