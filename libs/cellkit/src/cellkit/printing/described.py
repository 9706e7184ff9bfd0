"""Print in the cell's OpenAPI document."""

from __future__ import annotations

from cellkit.described import (
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
from cellkit.labels import L
from cellkit.printing.asking import MOST_COPIES, MOST_DOCUMENTS

_ID: Schema = {"type": "string", "format": "uuid"}
_BINARY: Schema = {"type": "string", "format": "binary"}
_SHOWN: Schema = {name: {"schema": _BINARY} for name in ("application/pdf", "image/png", "application/x-zpl")}
_PLURAL: Schema = {"name": "plural", "in": "path", "required": True, "schema": TEXT}


def _closed(properties: Schema, *required: str) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


_ASKED = _closed(
    {
        "print": {**TEXT, "maxLength": 60},
        "ids": {"type": "array", "items": _ID, "minItems": 1, "maxItems": MOST_DOCUMENTS},
        "filter": OBJECT,
        "q": {**TEXT, "maxLength": 100},
        "sort": {**TEXT, "maxLength": 200},
        "format": {"type": "string", "enum": ["pdf", "zpl"]},
        "code": {**TEXT, "maxLength": 40},
        "copies": {"type": "integer", "minimum": 1, "maximum": MOST_COPIES},
        "dpi": {"type": "integer", "enum": [203, 300, 600]},
    }
)
_DRAFT = _closed(
    {
        "entity": TEXT,
        "print": TEXT,
        "paper": TEXT,
        "mode": {"type": "string", "enum": ["layout", "typst"]},
        "layout": OBJECT,
        "program": TEXT,
        "logo": _ID,
        "code": TEXT,
        "id": _ID,
        "format": {"type": "string", "enum": ["pdf", "png", "zpl"]},
        "page": {"type": "integer", "minimum": 1, "maximum": 1000},
    },
    "entity",
)


def print_paths(cell: str) -> Schema:
    """The paths of printing."""
    base = f"/api/v1/{cell}/_prints"
    made = shape(
        {"documents": NUMBER}, optional={"file": OBJECT, "reprints": {"type": "array", "items": _ID}, "job": _ID}
    )
    printing = operation("print", L("打印", "print"), made, WRITE_ERRORS, status=201)
    printing["responses"]["202"] = {
        "description": "由作业打印 / printed by a job",
        "content": {"application/json": {"schema": made}},
    }
    previewing = answered("preview_print", L("打印预览", "print preview"), _SHOWN, (*READ_ERRORS, 404, 422))
    drafting = answered("preview_print_template", L("预览打印模板", "preview a print template"), _SHOWN, WRITE_ERRORS)
    return {
        f"{base}/log": {
            "get": operation("print_log", L("打印记录", "log of prints"), page(), (*READ_ERRORS, 404))
            | {"parameters": queries("entity", "entity_id", "user_id", "print", *PAGE_PARAMETERS)}
        },
        f"{base}/preview": {"post": drafting | body(_DRAFT, required=True)},
        f"{base}/{{plural}}": {
            "parameters": [_PLURAL],
            "get": operation("prints", L("可用的打印", "what can be printed"), page(), (*READ_ERRORS, 404)),
            "post": printing | body(_ASKED, required=True) | {"parameters": [REQUEST_ID]},
        },
        f"{base}/{{plural}}/{{id}}": {
            "parameters": [_PLURAL, path_id()],
            "get": previewing
            | {
                "parameters": [
                    *queries("print", "code", "page"),
                    query("format", {"type": "string", "enum": ["pdf", "png", "zpl"], "default": "pdf"}),
                ]
            },
        },
    }
