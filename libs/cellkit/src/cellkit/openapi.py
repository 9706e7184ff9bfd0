"""The OpenAPI 3.1 document of a cell, from its declarations and from its own FastAPI routes."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable
from html import escape
from typing import TYPE_CHECKING, Any

from fastapi.openapi.utils import get_openapi

from cellkit.db.shape import shape_of
from cellkit.declare.document import Document, Table
from cellkit.declare.fields import Field, Ref
from cellkit.http.messages import Reply, Request, to_json
from cellkit.labels import Label
from cellkit.meta import manifest
from cellkit.read.filters import STANDARD_FIELDS

if TYPE_CHECKING:
    from cellkit.cell import Cell
    from cellkit.http.application import Application

Schema = dict[str, Any]

_ERROR: Schema = {
    "type": "object",
    "required": ["code", "message", "details", "requestId"],
    "properties": {
        "code": {"type": "string"},
        "message": {"type": "string"},
        "details": {
            "anyOf": [{"type": "object"}, {"type": "array", "items": {"$ref": "#/components/schemas/Problem"}}]
        },
        "requestId": {"type": "string"},
    },
}
_PROBLEM: Schema = {
    "type": "object",
    "required": ["field", "rule", "message"],
    "properties": {name: {"type": "string"} for name in ("field", "rule", "message")},
}
_READ_ERRORS = (400, 401, 403, 404, 503)
_WRITE_ERRORS = (400, 401, 403, 404, 409, 413, 415, 422, 503)
_LIST_PARAMETERS: list[Schema] = [
    {
        "name": "q",
        "in": "query",
        "schema": {"type": "string", "maxLength": 100},
        "description": "文本检索 / text search",
    },
    {
        "name": "filter",
        "in": "query",
        "schema": {"type": "string"},
        "description": '{"field": value | [values] | {"gte": value}}',
    },
    {"name": "sort", "in": "query", "schema": {"type": "string"}, "description": "-created_at,number"},
    {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 200, "default": 20}},
    {"name": "cursor", "in": "query", "schema": {"type": "string"}},
    {"name": "total", "in": "query", "schema": {"type": "boolean"}},
]
_ID: Schema = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
_REQUEST_ID: Schema = {
    "name": "X-Request-ID",
    "in": "header",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,128}$"},
    "description": "幂等键 / idempotency key",
}


def document(cell: Cell, app: Application) -> Schema:
    """The whole OpenAPI document."""
    schemas: Schema = {"Error": _ERROR, "Problem": _PROBLEM}
    paths: Schema = {}
    for table in cell.documents:
        _add_table(cell, table, schemas, paths)
    for item in cell.reports:
        parameters = [
            {
                "name": name,
                "in": "query",
                "required": field.required,
                "schema": field.schema(),
                "description": field.label.zh,
            }
            for name, field in item.parameters.items()
        ]
        operation = _operation(f"report_{item.name}", item.label, "reports", {"type": "object"}, _WRITE_ERRORS)
        paths[f"/api/v1/{cell.name}/reports/{item.name}"] = {"get": operation | {"parameters": parameters}}
    own = get_openapi(title=cell.label.zh, version=cell.version, routes=app.api.routes)
    schemas |= own.get("components", {}).get("schemas", {})
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{cell.label.zh} {cell.label.en}", "version": cell.version},
        "servers": [{"url": "/"}],
        "tags": [{"name": table.key, "description": table.label.zh} for table in cell.documents],
        "paths": paths | own.get("paths", {}) | app.extra_paths,
        "components": {"schemas": schemas, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
        "x-manifest": manifest(cell),
    }


def _add_table(cell: Cell, table: type[Table], schemas: Schema, paths: Schema) -> None:
    base, name = f"/api/v1/{cell.name}/{table.plural}", _schema_name(table)
    schemas[name] = _read_schema(table)
    page = {
        "type": "object",
        "required": ["items", "next", "total"],
        "properties": {
            "items": {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}},
            "next": {"type": ["string", "null"]},
            "total": {"type": ["integer", "null"]},
        },
    }
    row = {"$ref": f"#/components/schemas/{name}"}
    listing = _operation(f"list_{table.key}", table.label, table.key, page, _READ_ERRORS) | {
        "parameters": _LIST_PARAMETERS
    }
    reading = _operation(f"read_{table.key}", table.label, table.key, row, _READ_ERRORS)
    paths[base] = {"get": listing}
    paths[base + "/{id}"] = {"parameters": [_ID], "get": reading}
    if not issubclass(table, Document):
        return
    doc: type[Document] = table
    if doc.creatable:
        schemas[name + "Create"] = write_schema(doc, create=True)
        creating = _operation(f"create_{doc.key}", doc.label, doc.key, row, _WRITE_ERRORS, status="201")
        paths[base]["post"] = creating | _body(f"#/components/schemas/{name}Create") | {"parameters": [_REQUEST_ID]}
    schemas[name + "Change"] = write_schema(doc, create=False)
    changing = _operation(f"change_{doc.key}", doc.label, doc.key, row, _WRITE_ERRORS)
    paths[base + "/{id}"]["patch"] = (
        changing | _body(f"#/components/schemas/{name}Change") | {"parameters": [_REQUEST_ID]}
    )
    deleting = _operation(f"delete_{doc.key}", doc.label, doc.key, None, _WRITE_ERRORS, status="204")
    version = {"name": "version", "in": "query", "schema": {"type": "integer", "minimum": 1}}
    paths[base + "/{id}"]["delete"] = deleting | {"parameters": [version, _REQUEST_ID]}
    for verb, action in doc.actions.items():
        acting = _operation(f"{verb}_{doc.key}", action.label, doc.key, row, _WRITE_ERRORS)
        properties = {key: nullable(item, item.schema()) for key, item in action.parameters.items()}
        schema = {
            "type": "object",
            "properties": {**properties, "version": {"type": "integer", "minimum": 1}},
            "required": [key for key, item in action.parameters.items() if item.required],
            "additionalProperties": False,
        }
        acting["requestBody"] = {
            "content": {"application/json": {"schema": schema}},
            "required": bool(schema["required"]),
        }
        paths[f"{base}/{{id}}/{verb}"] = {"parameters": [_ID], "post": acting | {"parameters": [_REQUEST_ID]}}
        if action.preset is not None:
            given = {"type": "object", "properties": {"parameters": {"type": "object"}}, "required": ["parameters"]}
            asking = _operation(f"preset_{verb}_{doc.key}", action.label, doc.key, given, (*_READ_ERRORS, 409))
            paths[f"{base}/{{id}}/{verb}"]["get"] = asking


def _operation(
    identity: str, label: Label, tag: str, schema: Schema | None, errors: Iterable[int], *, status: str = "200"
) -> Schema:
    success: Schema = {"description": "OK"}
    if schema is not None:
        success["content"] = {"application/json": {"schema": schema}}
    problem = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    responses = {status: success} | {str(code): {"description": "错误 / error", "content": problem} for code in errors}
    return {
        "operationId": identity.replace(".", "_").replace("-", "_"),
        "summary": f"{label.zh} {label.en}",
        "tags": [tag],
        "responses": responses,
    }


def _body(reference: str) -> Schema:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": reference}}}}}


def _must_be_given(item: Field) -> bool:
    """Whether a body without it is refused; what has a default may be left out."""
    return item.required and item.default is None


def _schema_name(table: type[Table]) -> str:
    return "".join(part.capitalize() for part in table.key.split(".")[1].split("_"))


def nullable(item: Field, schema: Schema) -> Schema:
    """A field's schema with its label; optional ones may be null."""
    described = {**schema, "description": f"{item.label.zh} {item.label.en}"}
    if item.required or "type" not in described:
        return described
    described["type"] = [described["type"], "null"]
    if "enum" in described:
        described["enum"] = [*described["enum"], None]
    return described


def _read_properties(fields: Iterable[Field]) -> Schema:
    properties: Schema = {}
    for item in fields:
        # A masked or hidden field reads differently, so what is read promises its type only.
        kind = item.schema().get("type")
        properties[item.name] = {"type": [kind, "null"]} if kind else {}
        properties[item.name]["description"] = f"{item.label.zh} {item.label.en}"
        if isinstance(item, Ref) or item.labelled:
            properties[item.label_name] = {"type": ["string", "null"]}
    return properties


def _read_schema(table: type[Table]) -> Schema:
    shape = shape_of(table)
    standard = {
        name: {"type": "integer"} if name == "version" else {"type": ["string", "null"]}
        for name in STANDARD_FIELDS
        if name in shape.by_name
    }
    properties: Schema = {**standard, **_read_properties(table.fields.values())}
    if table.kind == "document":
        properties["extension"] = {"type": ["object", "null"]}
    for name, grid in table.lines.items():
        line = {"id": {"type": "string"}, "line_no": {"type": "integer"}, **_read_properties(grid.fields.values())}
        properties[name] = {"type": "array", "items": {"type": "object", "properties": line}}
    return {"type": "object", "properties": properties, "required": ["id"], **_custom(table)}


def write_schema(table: type[Document], *, create: bool) -> Schema:
    """What a client sends to create a document, or to change one."""
    fields = [item for item in table.fields.values() if not item.readonly]
    properties: Schema = {item.name: nullable(item, item.schema()) for item in fields}
    for name, grid in table.lines.items():
        writable = [item for item in grid.fields.values() if not item.readonly]
        line: Schema = {
            "type": "object",
            "properties": {
                "id": {"type": "string", "format": "uuid"},
                **{item.name: nullable(item, item.schema()) for item in writable},
            },
            "required": [item.name for item in writable if _must_be_given(item)],
            "additionalProperties": False,
        }
        if create:
            del line["properties"]["id"]
        properties[name] = {"type": "array", "items": line, "minItems": grid.min, "maxItems": grid.max}
    properties["extension"] = {"type": ["object", "null"]}
    required = [item.name for item in fields if _must_be_given(item)] if create else ["version"]
    if create:
        required += [name for name, grid in table.lines.items() if grid.min > 0]
    else:
        properties["version"] = {"type": "integer", "minimum": 1}
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
        **_custom(table),
    }


def _custom(table: type[Table]) -> Schema:
    if table.kind != "document" or table.kit:
        return {}
    return {"patternProperties": {"^x_[a-z][a-z0-9_]{0,38}(_label)?$": {"description": "自定义字段 / custom field"}}}


def endpoint(cell: Cell, app: Application) -> Callable[[Request], Awaitable[Reply]]:
    """``/openapi.json``; made at the first call."""
    made: list[bytes] = []

    async def handle(_request: Request) -> Reply:
        if not made:
            made.append(to_json(document(cell, app)))
        return Reply(made[0])

    return handle


_DOCS = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>{title}</title>
<style>body{{font:15px/1.6 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}}
h2{{border-top:1px solid #ddd;padding-top:1rem}}code{{background:#f3f3f3;padding:.1em .3em}}
.m{{display:inline-block;width:4.5em;font-weight:600}}</style>
<h1>{title}</h1><p>OpenAPI 3.1: <a href="{url}">{url}</a></p>{body}"""


def docs_endpoint(cell: Cell, app: Application, url: str) -> Callable[[Request], Awaitable[Reply]]:
    """``/docs``: every route on one page without scripts from elsewhere."""

    async def handle(_request: Request) -> Reply:
        sections: dict[str, list[str]] = {}
        for path, item in document(cell, app)["paths"].items():
            for method, operation in item.items():
                if method == "parameters":
                    continue
                tag = (operation.get("tags") or ["other"])[0]
                summary = escape(operation.get("summary", ""))
                line = f'<li><span class="m">{method.upper()}</span><code>{escape(path)}</code> {summary}</li>'
                sections.setdefault(tag, []).append(line)
        body = "".join(f"<h2>{escape(tag)}</h2><ul>{''.join(lines)}</ul>" for tag, lines in sections.items())
        page = _DOCS.format(title=escape(f"{cell.label.zh} {cell.label.en}"), url=escape(url), body=body)
        return Reply(page.encode(), content_type=b"text/html; charset=utf-8")

    return handle


def write(cell: Cell, app: Application) -> str:
    """The document as text for the file ``openapi.json`` of a cell: a line a path and schema, so that changes show."""
    found: Schema = json.loads(to_json(document(cell, app)))
    paths, components = found.pop("paths"), found.pop("components")
    schemas = components.pop("schemas")
    parts = [*(_pair(*item) for item in found.items()), f'"paths":{_lines(paths)}']
    inner = [*(_pair(*item) for item in components.items()), f'"schemas":{_lines(schemas)}']
    return "{" + ",\n".join([*parts, '"components":{' + ",\n".join(inner) + "}"]) + "}\n"


def _lines(items: Schema) -> str:
    return "{\n" + ",\n".join(_pair(*item) for item in items.items()) + "\n}"


def _pair(name: str, value: Any) -> str:
    return f"{json.dumps(name, ensure_ascii=False)}:{json.dumps(value, ensure_ascii=False, separators=(',', ':'))}"
