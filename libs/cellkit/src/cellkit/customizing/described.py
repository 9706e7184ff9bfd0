"""Dictionaries in the cell's OpenAPI document."""

from __future__ import annotations

from cellkit.described import NULLABLE, NUMBER, READ_ERRORS, TEXT, Schema, operation, query, shape
from cellkit.labels import L

_FLAG: Schema = {"type": "boolean"}
_SUMMARY: Schema = {"code": TEXT, "label": TEXT, "shipped": _FLAG, "changed": _FLAG, "count": NUMBER}
_ENTRY = shape(
    {
        "code": TEXT,
        "label": TEXT,
        "labels": shape({"zh": TEXT, "en": TEXT}),
        "parent": NULLABLE,
        "colour": NULLABLE,
        "position": NUMBER,
        "active": _FLAG,
        "valid_from": NULLABLE,
        "valid_to": NULLABLE,
        "shipped": _FLAG,
        "open": _FLAG,
    }
)


def dictionary_paths(cell: str) -> Schema:
    """The paths of the dictionaries as forms read them."""
    base = f"/api/v1/{cell}/_dictionaries"
    listed = shape({"items": {"type": "array", "items": shape(_SUMMARY)}})
    whole = shape({**_SUMMARY, "items": {"type": "array", "items": _ENTRY}})
    return {
        base: {"get": operation("dictionaries", L("数据字典", "dictionaries"), listed, READ_ERRORS)},
        base + "/{code}": {
            "parameters": [{"name": "code", "in": "path", "required": True, "schema": TEXT}],
            "get": operation("dictionary", L("字典项", "entries of a dictionary"), whole, (*READ_ERRORS, 404))
            | {
                "parameters": [
                    query("parent", TEXT, "上级编码 / code above"),
                    query("open", {"type": "string", "enum": ["true", "false"]}, "仅可选项 / only what may be chosen"),
                ]
            },
        },
    }
