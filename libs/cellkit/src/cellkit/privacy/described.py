"""The privacy routes in the cell's OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterable

from cellkit.declare.document import Table
from cellkit.described import OBJECT, REQUEST_ID, TEXT, WRITE_ERRORS, Schema, body, operation, path_id, shape
from cellkit.labels import L
from cellkit.privacy.bodies import LONGEST_REASON, SHORTEST_REASON
from cellkit.privacy.reveal import MOST_FIELDS, has_reveal

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
