"""The privacy routes in the cell's OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterable

from cellkit.declare.document import Table
from cellkit.described import (
    FLAG,
    NUMBER,
    OBJECT,
    READ_ERRORS,
    REQUEST_ID,
    TEXT,
    WRITE_ERRORS,
    Schema,
    body,
    operation,
    path_id,
    shape,
)
from cellkit.labels import L, Label
from cellkit.privacy.bodies import LONGEST_REASON, SHORTEST_REASON
from cellkit.privacy.reveal import MOST_FIELDS, has_reveal
from cellkit.privacy.subjects import CRITERIA

REASON: Schema = {**TEXT, "minLength": SHORTEST_REASON, "maxLength": LONGEST_REASON}
_NAMES: Schema = {"type": "array", "items": TEXT, "minItems": 1, "maxItems": MOST_FIELDS}


def closed(schema: Schema) -> Schema:
    """An object that takes nothing else."""
    return schema | {"additionalProperties": False}


def reveal_paths(cell: str, tables: Iterable[type[Table]]) -> Schema:
    """The paths of ``reveal``."""
    asked = closed(shape({"fields": _NAMES, "reason": REASON}))
    revealed = shape({"id": TEXT, "values": OBJECT})
    paths: Schema = {}
    for table in tables:
        if has_reveal(table):
            label = L(f"{table.label.zh}：查看明文", f"{table.label.en}: reveal")
            name = f"reveal_{table.key.replace('.', '_')}"
            paths[f"/api/v1/{cell}/{table.plural}/{{id}}/reveal"] = {
                "parameters": [path_id()],
                "post": operation(name, label, revealed, (*WRITE_ERRORS, 429))
                | body(asked, required=True)
                | {"parameters": [REQUEST_ID]},
            }
    return paths


def privacy_paths(cell: str) -> Schema:
    """The paths below ``_privacy``."""
    base = f"/api/v1/{cell}/_privacy"
    value = {**TEXT, "minLength": 2, "maxLength": 200}
    criteria = closed({"type": "object", "properties": dict.fromkeys(CRITERIA, value), "minProperties": 1})
    one = closed(shape({"entity": TEXT, "id": {**TEXT, "format": "uuid"}}))
    listed = {"type": "array", "items": one, "minItems": 1, "maxItems": 200}
    found = shape({"items": {"type": "array", "items": OBJECT}, "complete": FLAG})
    pack = shape({"cell": TEXT, "madeAt": TEXT, "documents": {"type": "array", "items": OBJECT}})
    keys = shape({"items": {"type": "array", "items": OBJECT}, "stale": NUMBER})
    rotating = closed(shape({"reason": REASON}, optional={"fresh": FLAG}))
    destroying = closed(shape({"confirm": TEXT, "reason": REASON}))

    def posted(name: str, label: Label, answer: Schema, asked: Schema, status: int = 200) -> Schema:
        made = operation(f"privacy_{name}", label, answer, WRITE_ERRORS, status=status)
        return {"post": made | body(asked, required=True) | {"parameters": [REQUEST_ID]}}

    return {
        f"{base}/search": posted("search", L("查找当事人", "find a person"), found, criteria),
        f"{base}/copies": posted(
            "copies",
            L("个人信息副本", "copy of a person's data"),
            pack,
            closed(shape({"documents": listed, "reason": REASON})),
        ),
        f"{base}/keys": {"get": operation("privacy_keys", L("加密密钥", "encryption keys"), keys, READ_ERRORS)},
        f"{base}/keys/rotate": posted("rotate", L("轮换密钥", "rotate keys"), shape({"jobId": TEXT}), rotating, 202),
        f"{base}/keys/destroy": posted(
            "destroy", L("销毁密钥", "destroy keys"), shape({"destroyed": FLAG}), destroying
        ),
    }
