"""The agents' door in the cell's OpenAPI document."""

from __future__ import annotations

from cellkit.described import OBJECT, READ_ERRORS, TEXT, Schema, body, operation
from cellkit.labels import L

_MESSAGE: Schema = {
    "type": "object",
    "required": ["jsonrpc", "method"],
    "properties": {
        "jsonrpc": {"const": "2.0"},
        "id": {"type": ["string", "integer"]},
        "method": TEXT,
        "params": OBJECT,
    },
}


def mcp_paths(cell: str) -> Schema:
    """The path of the Model Context Protocol."""
    made = operation("mcp", L("智能体工具（MCP）", "agent tools (MCP)"), OBJECT, (*READ_ERRORS, 413))
    made["responses"]["202"] = {"description": "notification"}
    # The protocol's own refusals of a modern message; its other errors come with status 200.
    made["responses"]["404"] = {"description": "JSON-RPC error", "content": {"application/json": {"schema": OBJECT}}}
    return {f"/api/v1/{cell}/_mcp": {"post": made | body(_MESSAGE, required=True)}}
