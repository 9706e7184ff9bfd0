"""Reports in the cell's OpenAPI document."""

from __future__ import annotations

from cellkit.described import (
    FLAG,
    OBJECT,
    READ_ERRORS,
    REQUEST_ID,
    TEXT,
    WRITE_ERRORS,
    Schema,
    answered,
    body,
    operation,
    path_id,
    queries,
    query,
    shape,
)
from cellkit.exchange.limits import CSV_TYPE, XLSX_TYPE
from cellkit.labels import L, Label
from cellkit.reporting.definition import BUCKETS, CHARTS, FUNCTIONS, PARAMETER_KINDS

_LIST: Schema = {"type": "array", "items": OBJECT}
_SOURCE: Schema = {"type": ["string", "object", "null"]}
_NAMED: Schema = {"type": ["string", "object"]}
_DEFINITION: Schema = {
    "type": "object",
    "properties": {
        "entity": TEXT,
        "lines": {"type": ["string", "null"]},
        "rows": {"type": "array", "maxItems": 5, "items": _NAMED, "description": f"field, {' '.join(BUCKETS)}(field)"},
        "columns": {"type": "array", "maxItems": 3, "items": _NAMED},
        "measures": {
            "type": "array", "maxItems": 20, "items": _NAMED, "description": f"{' '.join(FUNCTIONS)}, expressions"
        },
        "filter": OBJECT,
        "where": _SOURCE,
        "having": _SOURCE,
        "parameters": {"type": "array", "maxItems": 20, "items": OBJECT, "description": " ".join(PARAMETER_KINDS)},
        "sort": {"type": "array", "maxItems": 5, "items": _NAMED},
        "top": {"type": ["object", "null"]},
        "compare": {"type": ["object", "null"]},
        "chart": {"type": "string", "enum": list(CHARTS)},
    },
    "additionalProperties": False,
}  # fmt: skip
_KEPT: Schema = {
    "name": {"type": "string", "maxLength": 100},
    "entity": TEXT,
    "definition": _DEFINITION,
    "description": {"type": ["string", "null"]},
    "sharing": {"type": "string", "enum": ["private", "roles", "all"]},
    "roles": {"type": ["array", "null"], "items": TEXT},
}
_RESULT = shape(
    {
        "entity": TEXT, "chart": TEXT, "rows": _LIST, "columns": _LIST, "measures": _LIST, "items": _LIST,
        "totals": _LIST, "truncated": FLAG,
    }
)  # fmt: skip
_FILES: Schema = {
    "application/json": {"schema": _RESULT},
    f"{CSV_TYPE}; charset=utf-8": {"schema": TEXT},
    XLSX_TYPE: {"schema": {"type": "string", "format": "binary"}},
}
_FORMAT = query("format", {"type": "string", "enum": ["json", "csv", "xlsx"], "default": "json"})
_RUN_ERRORS = (*READ_ERRORS, 404, 422)
_REPORT_ID: Schema = {"name": "id", "in": "path", "required": True, "schema": TEXT}


def report_paths(cell: str) -> Schema:
    """The paths of reports."""
    base = f"/api/v1/{cell}/_reports"
    listed = shape({"items": _LIST})
    given = shape({"definition": _DEFINITION}, optional={"parameters": OBJECT})

    def write(name: str, label: Label, properties: Schema, required: list[str], status: int = 200) -> Schema:
        schema = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
        made = operation(name, label, OBJECT, WRITE_ERRORS, status=status)
        return made | body(schema, required=bool(required)) | {"parameters": [REQUEST_ID]}

    creating = write("create_report", L("新建报表", "make a report"), _KEPT, ["name", "entity", "definition"], 201)
    version = {"version": {"type": "integer", "minimum": 1}}
    changing = write("change_report", L("修改报表", "change a report"), _KEPT | version, ["version"])
    copying = write("copy_report", L("复制报表", "copy a report"), {"name": TEXT}, [], 201)
    deleting = answered("delete_report", L("删除报表", "delete a report"), {}, WRITE_ERRORS, status=204)
    running = answered("run_report", L("运行报表", "run a report"), _FILES, _RUN_ERRORS)
    trying = answered("try_report", L("试运行报表", "run a definition"), _FILES, WRITE_ERRORS)
    return {
        base: {
            "get": operation("reports", L("报表", "reports"), listed, READ_ERRORS) | {"parameters": queries("entity")},
            "post": creating,
        },
        f"{base}/run": {"post": trying | body(given, required=True) | {"parameters": [_FORMAT, REQUEST_ID]}},
        f"{base}/{{id}}": {
            "parameters": [_REPORT_ID],
            "get": operation("report", L("报表定义", "a report's definition"), OBJECT, _RUN_ERRORS),
            "patch": changing,
            "delete": deleting | {"parameters": [query("version", {"type": "integer", "minimum": 1}), REQUEST_ID]},
        },
        f"{base}/{{id}}/run": {"parameters": [_REPORT_ID], "get": running | {"parameters": [_FORMAT]}},
        f"{base}/{{id}}/copy": {"parameters": [_REPORT_ID], "post": copying},
        f"{base}/deliveries": {
            "get": operation("report_deliveries", L("收到的报表", "reports delivered to me"), listed, READ_ERRORS)
        },
        f"{base}/deliveries/{{id}}": {
            "parameters": [path_id()],
            "get": answered(
                "report_delivery",
                L("下载收到的报表", "a delivered report"),
                {name: schema for name, schema in _FILES.items() if name != "application/json"},
                (*READ_ERRORS, 404),
            ),
        },
    }
