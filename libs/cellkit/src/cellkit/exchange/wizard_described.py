"""The import wizard in the cell's OpenAPI document."""

from __future__ import annotations

from cellkit.described import (
    FLAG,
    NULLABLE,
    NUMBER,
    OBJECT,
    PAGE_PARAMETERS,
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
    query,
    shape,
)
from cellkit.exchange.limits import CSV_TYPE, XLSX_TYPE
from cellkit.exchange.tables import ENCODINGS
from cellkit.exchange.updating import EXISTING
from cellkit.exchange.wizard_tables import STATES
from cellkit.labels import L

_BINARY: Schema = {**TEXT, "format": "binary"}
_MODE: Schema = {**TEXT, "enum": ["all", "batch"]}
_EXISTING: Schema = {**TEXT, "enum": list(EXISTING)}
_FLAGS: Schema = {**TEXT, "enum": ["true", "false"]}
_COUNTS = (
    "size", "rows", "documents", "created", "updated", "unchanged", "failed", "error_count", "undone", "kept",
)  # fmt: skip
_LINE = shape(
    {
        "id": TEXT,
        "document": TEXT,
        "document_label": TEXT,
        "file_name": TEXT,
        "mode": _MODE,
        "existing": _EXISTING,
        "state": {**TEXT, "enum": list(STATES)},
        "state_label": TEXT,
        **dict.fromkeys(_COUNTS, NUMBER),
        "created_at": TEXT,
        "created_by": TEXT,
        "has_file": FLAG,
        "job": {"type": ["object", "null"]},
    },
    optional=dict.fromkeys(("committed_at", "committed_by", "undone_at", "undone_by"), NULLABLE),
)
_LIST: Schema = {"type": "array", "items": OBJECT}
_ONE: Schema = {
    **_LINE,
    "required": [*_LINE["required"], "columns", "fields", "problems"],
    "properties": {**_LINE["properties"], "columns": _LIST, "fields": _LIST, "problems": _LIST},
}
_ERROR = shape({"row": NUMBER, "column": TEXT, "field": TEXT, "rule": TEXT, "message": TEXT})
_CHANGE: Schema = {
    "type": "object",
    "properties": {
        "mapping": {"type": "object", "additionalProperties": NULLABLE},
        "mode": _MODE,
        "existing": _EXISTING,
    },
    "additionalProperties": False,
}
_EMPTY: Schema = {"type": "object", "additionalProperties": False}


def wizard_paths(cell: str) -> Schema:
    """The paths of the wizard."""
    base = f"/api/v1/{cell}/_imports"
    one = f"{base}/{{id}}"
    started = shape({"id": TEXT, "job_id": TEXT})
    upload = operation("upload_import", L("上传导入文件", "upload a file to import"), _ONE, WRITE_ERRORS, status=201)
    upload |= {
        "parameters": [
            {"name": "document", "in": "query", "required": True, "schema": TEXT, "description": "crm.customer"},
            query("name", {**TEXT, "maxLength": 200}),
            query("encoding", {**TEXT, "enum": list(ENCODINGS), "default": "auto"}),
            REQUEST_ID,
        ],
        "requestBody": {
            "required": True,
            "content": {
                CSV_TYPE: {"schema": TEXT},
                XLSX_TYPE: {"schema": _BINARY},
                "multipart/form-data": {
                    "schema": {"type": "object", "required": ["file"], "properties": {"file": _BINARY}}
                },
            },
        },
    }
    paths: Schema = {
        base: {
            "get": operation("imports", L("导入记录", "imports"), page(_LINE), READ_ERRORS)
            | {
                "parameters": [
                    query("document"),
                    query("state", {**TEXT, "enum": list(STATES)}),
                    query("mine", _FLAGS),
                    *queries(*PAGE_PARAMETERS),
                ]
            },
            "post": upload,
        },
        one: {
            "parameters": [path_id()],
            "get": operation("import", L("导入详情", "one import"), _ONE, (*READ_ERRORS, 404)),
            "patch": operation("change_import", L("设置导入", "choose how to import"), _ONE, WRITE_ERRORS)
            | body(_CHANGE, required=True)
            | {"parameters": [REQUEST_ID]},
        },
        f"{one}/errors": {
            "parameters": [path_id()],
            "get": operation("import_errors", L("导入错误", "an import's errors"), page(_ERROR), (*READ_ERRORS, 404))
            | {"parameters": queries("limit", "cursor")},
        },
        f"{one}/file": {
            "parameters": [path_id()],
            "get": answered(
                "import_file",
                L("带错误标注的文件", "the file with its errors"),
                {XLSX_TYPE: {"schema": _BINARY}},
                (*READ_ERRORS, 404, 409),
            )
            | {"parameters": [query("only", {**TEXT, "enum": ["all", "errors"], "default": "all"})]},
        },
    }
    for verb, label in (
        ("check", L("预检", "check an import")),
        ("commit", L("执行导入", "run an import")),
        ("undo", L("撤销导入", "undo an import")),
    ):
        paths[f"{one}/{verb}"] = {
            "parameters": [path_id()],
            "post": operation(f"{verb}_import", label, started, WRITE_ERRORS, status=202)
            | body(_EMPTY)
            | {"parameters": [REQUEST_ID]},
        }
    paths[f"{one}/cancel"] = {
        "parameters": [path_id()],
        "post": operation("cancel_import", L("取消导入", "cancel an import"), _ONE, WRITE_ERRORS)
        | body(_EMPTY)
        | {"parameters": [REQUEST_ID]},
    }
    return paths
