"""Import and export in the cell's OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cellkit.declare.document import Document, Table
from cellkit.exchange.limits import CSV_TYPE, XLSX_TYPE
from cellkit.exchange.tables import ENCODINGS

Schema = dict[str, Any]
_READ_ERRORS = (400, 401, 403, 503)
_WRITE_ERRORS = (*_READ_ERRORS, 409, 413, 415, 422)
_FLAG: Schema = {"type": "string", "enum": ["true", "false"]}
_FILE_CONTENT: Schema = {
    f"{CSV_TYPE}; charset=utf-8": {"schema": {"type": "string"}},
    XLSX_TYPE: {"schema": {"type": "string", "format": "binary"}},
}
_PROBLEM: Schema = {
    "type": "object",
    "required": ["row", "column", "field", "rule", "message"],
    "properties": {"row": {"type": "integer"}}
    | {name: {"type": "string"} for name in ("column", "field", "rule", "message")},
}
_COUNTS = ("rows", "documents", "created", "failed", "errorCount")
_REPORT: Schema = {
    "type": "object",
    "required": ["batchId", "mode", *_COUNTS, "errors", "ignoredColumns"],
    "properties": {"batchId": {"type": "string", "format": "uuid"}, "mode": {"type": "string"}}
    | {name: {"type": "integer", "minimum": 0} for name in _COUNTS}
    | {
        "errors": {"type": "array", "items": _PROBLEM, "maxItems": 1000},
        "ignoredColumns": {"type": "array", "items": {"type": "string"}},
    },
}


def exchange_paths(cell: str, table: type[Table]) -> Schema:
    """The paths of a table's import, template and export."""
    base = f"/api/v1/{cell}"
    exporting = _operation("export", table, _FILE_CONTENT, (*_READ_ERRORS, 422), "导出", "export") | {
        "parameters": [
            _query("format", {"type": "string", "enum": ["csv", "xlsx"], "default": "csv"}),
            _query("q", {"type": "string", "maxLength": 100}),
            _query("filter", {"type": "string"}),
            _query("sort", {"type": "string"}),
            _query("columns", {"type": "string"}, "code,name,lines.quantity"),
            _query("lines", _FLAG),
            _query("reveal", {"type": "string", "minLength": 2, "maxLength": 500}, "查看明文的原因 / why in clear"),
        ]
    }
    paths: Schema = {f"{base}/exports/{table.plural}": {"get": exporting}}
    if not (issubclass(table, Document) and table.creatable):
        return paths
    importing = _operation(
        "import", table, {"application/json": {"schema": _REPORT}}, _WRITE_ERRORS, "导入", "import"
    ) | {
        "parameters": [
            _query("mode", {"type": "string", "enum": ["dry_run", "all", "batch"], "default": "all"}),
            _query("mapping", {"type": "string"}, '{"file column": "field" | null}'),
            _query("encoding", {"type": "string", "enum": list(ENCODINGS), "default": "auto"}),
            {
                "name": "X-Request-ID",
                "in": "header",
                "schema": {"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,128}$"},
            },
        ],
        "requestBody": {
            "required": True,
            "content": {
                CSV_TYPE: {"schema": {"type": "string"}},
                XLSX_TYPE: {"schema": {"type": "string", "format": "binary"}},
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "required": ["file"],
                        "properties": {"file": {"type": "string", "format": "binary"}},
                    }
                },
            },
        },
    }
    template = _operation("import_template", table, _FILE_CONTENT, _READ_ERRORS, "导入模板", "import template") | {
        "parameters": [
            _query("format", {"type": "string", "enum": ["csv", "xlsx"], "default": "xlsx"}),
            _query("example", _FLAG),
        ]
    }
    place = f"{base}/imports/{table.plural}"
    return paths | {place: {"post": importing}, f"{place}/template": {"get": template}}


def _operation(verb: str, table: type[Table], content: Schema, errors: Iterable[int], zh: str, en: str) -> Schema:
    problem = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {
        "operationId": f"{verb}_{table.key}".replace(".", "_").replace("-", "_"),
        "summary": f"{table.label.zh}{zh} {table.label.en} {en}",
        "tags": [table.key],
        "responses": {"200": {"description": "OK", "content": content}}
        | {str(code): {"description": "错误 / error", "content": problem} for code in errors},
    }


def _query(name: str, schema: Schema, description: str = "") -> Schema:
    described = {"description": description} if description else {}
    return {"name": name, "in": "query", "schema": schema, **described}
