"""``POST /api/v1/<cell>/_mcp``: the protocol's endpoint. Tools are requests to the cell itself, made in this process.

So whatever holds for the API holds for agents: the caller's token, permissions, data scope, masks, validation,
idempotency, audit (marked ``mcp``). Nothing is kept between requests.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec

from cellkit import meta
from cellkit.context import Caller
from cellkit.errors import BadRequest, ValidationFailed, error_body, problem
from cellkit.http.application import Application
from cellkit.http.messages import Reply, Request, from_json, json_reply, to_json
from cellkit.log import get_logger
from cellkit.mcp.protocol import (
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    MODERN_VERSIONS,
    PARSE_ERROR,
    SERVER_KEY,
    Message,
    RpcError,
    chosen_version,
    is_modern,
    read_message,
)
from cellkit.mcp.tools import HttpCall, Tool, check_arguments, tools_of
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.read.projection import projection

if TYPE_CHECKING:
    from cellkit.cell import Cell

CHANNEL = "mcp"
TOOLS_PER_PAGE = 100
MOST_BYTES = 1024 * 1024
_HEADERS = ("mcp-protocol-version", "mcp-method", "mcp-name")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:\-]{1,128}")
log = get_logger("mcp")


class AgentDoor:
    """The endpoint of one cell."""

    def __init__(self, app: Application, engine: Engine, cell: Cell) -> None:
        self._app = app
        self._engine = engine
        self._cell = cell

    async def __call__(self, request: Request) -> Reply:
        """One message, one answer.

        Who may not come in, or sends what is no message at all, gets the contract's refusal, not the protocol's.
        """
        role = await self._engine.role_of(request.caller)
        role.require(f"{self._cell.name}.agents.use")
        headers = {name: request.header(name.encode()) for name in _HEADERS}
        value: Any = None
        try:
            value = _decoded(await request.body(MOST_BYTES))
            message = read_message(value, headers)
            if message.notification:
                return Reply(b"", status=202, content_type=None)
            result = await self._answer(message, request.caller, role)
        except RpcError as error:
            if error.code in (PARSE_ERROR, INVALID_REQUEST):
                raise BadRequest(reason=error.message) from error
            identity = value.get("id") if isinstance(value, dict) else None
            if not isinstance(identity, str | int) or isinstance(identity, bool):
                identity = None
            return json_reply(error.body(identity), status=error.status(modern=is_modern(value, headers)))
        return json_reply({"jsonrpc": "2.0", "id": message.identity, "result": result})

    async def _answer(self, message: Message, caller: Caller, role: RoleDocument) -> dict[str, Any]:
        server = {"name": f"superpaas-{self._cell.name}", "version": self._cell.version}
        server["title"] = self._cell.label.text(caller.language)
        capabilities = {"tools": {"listChanged": False}}
        result: dict[str, Any]
        match message.method:
            case "initialize":
                version = chosen_version(message.params.get("protocolVersion"))
                result = {"protocolVersion": version, "capabilities": capabilities, "serverInfo": server}
                return result | {"instructions": self._instructions(caller)}
            case "server/discover":
                result = {"supportedVersions": list(MODERN_VERSIONS), "capabilities": capabilities}
                result |= {"instructions": self._instructions(caller), **_CACHING}
            case "ping":
                result = {}
            case "tools/list":
                result = self._tools(message.params, caller, role) | _CACHING
            case "tools/call":
                result = await self._call(message.params, caller, role)
            case _:
                raise RpcError(METHOD_NOT_FOUND, f"Method not found: {message.method[:60]}")
        if message.modern:
            result |= {"resultType": "complete", "_meta": {SERVER_KEY: server}}
        return result

    def _instructions(self, caller: Caller) -> str:
        if caller.language.startswith("en"):
            return (
                "Call describe first. Lists are pages: pass next as cursor. Writes take dry_run (tells what would "
                "change) and request_id (safe to repeat). Money and quantities are strings."
            )
        return (
            "请先调用 describe。列表分页：把 next 作为 cursor 传入。写操作可带 dry_run（只说明将发生的变化）和 "
            "request_id（可安全重试）。金额与数量用字符串。"
        )

    def _tools(self, params: Mapping[str, Any], caller: Caller, role: RoleDocument) -> dict[str, Any]:
        tools = list(tools_of(self._cell, self._engine, role).values())
        cursor = params.get("cursor")
        start = 0
        if cursor is not None:
            if not isinstance(cursor, str) or not cursor.isascii() or not cursor.isdigit() or len(cursor) > 6:
                raise RpcError(INVALID_PARAMS, "cursor")
            start = int(cursor)
        page = tools[start : start + TOOLS_PER_PAGE]
        result: dict[str, Any] = {"tools": [tool.shown(caller.language) for tool in page]}
        if start + TOOLS_PER_PAGE < len(tools):
            result["nextCursor"] = str(start + TOOLS_PER_PAGE)
        return result

    async def _call(self, params: Mapping[str, Any], caller: Caller, role: RoleDocument) -> dict[str, Any]:
        name = params.get("name")
        tool = tools_of(self._cell, self._engine, role).get(name) if isinstance(name, str) else None
        if tool is None:
            # The same whether it does not exist or is not his: what he may not use he need not know of.
            raise RpcError(INVALID_PARAMS, f"Unknown tool: {str(name)[:60]}")
        inner = replace(caller, channel=CHANNEL)
        try:
            given = check_arguments(tool, params.get("arguments", {}))
            if tool.call is None:
                return _result(self._described(given, caller, role))
            inner = _with_options(inner, given)
            answer = await self._request(tool.call(given), inner)
            if inner.dry_run is not None:
                return _result(self._would(tool, answer, inner.dry_run, role))
            return _result(answer)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            shown = self._app.shown(error)
            if shown.status >= 500:
                log.error("tool_failed", tool=tool.name, code=shown.code, exc_info=error)
            return _result(error_body(shown, caller.language, inner.request_id), failed=True)

    async def _request(self, call: HttpCall, caller: Caller) -> Any:
        """Run the cell's own route; its answer's JSON. Raises what the route raises."""
        match = self._app.router.find(call.path)
        handler = match.handlers.get(call.method) if match is not None else None
        assert match is not None  # noqa: S101 - tools are made of the cell's routes
        assert handler is not None  # noqa: S101
        headers = [(b"content-type", b"application/json"), (b"accept-language", caller.language.encode())]
        scope = {
            "type": "http",
            "method": call.method,
            "path": call.path,
            "raw_path": quote(call.path).encode(),
            "query_string": call.query.encode(),
            "headers": headers,
        }
        request = Request(scope, _once(call.body), caller, self._app)
        request.parameters, request.route = match.parameters, match.template
        reply = await handler(request)
        body = reply.body if isinstance(reply.body, bytes) else b"".join([piece async for piece in reply.body])
        return from_json(body) if body else None

    def _described(self, given: Mapping[str, Any], caller: Caller, role: RoleDocument) -> dict[str, Any]:
        whole = meta.for_caller(self._cell, role, caller.language, self._engine.variants(caller.tenant_id))
        entities = [item for item in whole["entities"] if not item["kit"]]
        wanted = given.get("entity")
        if wanted is None:
            told = [{name: item[name] for name in ("key", "label", "kind", "permissions")} for item in entities]
            return {"cell": whole["cell"], "label": whole["label"], "entities": told, "reports": whole["reports"]}
        for item in entities:
            if wanted in (item["key"], item["key"].split(".")[1]):
                return dict(item)
        raise ValidationFailed([problem("entity", "unknown", "没有此单据", "There is no such document")])

    def _would(self, tool: Tool, answer: Any, told: list[Any], role: RoleDocument) -> dict[str, Any]:
        """What a dry run found, through the one serializer."""
        changes = []
        for item in told:
            if "events" in item:
                continue
            table = self._engine.tables.get(item["entity"])
            shown = dict(item)
            if table is not None:
                if not role.allows(f"{table.key}.read"):
                    shown["before"] = shown["after"] = None
                seen = projection(self._engine.table_for(role.tenant_id, table), role)
                for name in ("before", "after"):
                    if isinstance(shown[name], dict):
                        shown[name] = seen.apply(shown[name])
            changes.append(shown)
        events = [kind for item in told for kind in item.get("events", ())]
        return {"dryRun": True, "tool": tool.name, "result": answer, "changes": changes, "events": events}


_CACHING = {"ttlMs": 0, "cacheScope": "private"}


def _decoded(raw: bytes) -> Any:
    try:
        return from_json(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ArithmeticError) as error:
        raise RpcError(PARSE_ERROR, "Parse error") from error


def _with_options(caller: Caller, given: Mapping[str, Any]) -> Caller:
    identity = given.get("request_id")
    if identity is not None:
        if not _REQUEST_ID.fullmatch(identity):
            zh, en = "应为 1–128 个字母、数字或 . _ : -", "1–128 of letters, digits and . _ : -"
            raise ValidationFailed([problem("request_id", "format", zh, en)])
        caller = replace(caller, request_id=identity)
    return replace(caller, dry_run=[]) if given.get("dry_run") else caller


def _result(value: Any, *, failed: bool = False) -> dict[str, Any]:
    text = to_json(value).decode()
    structured = value if isinstance(value, dict) else {"value": value}
    content = [{"type": "text", "text": text}]
    return {"content": content, "structuredContent": structured, "isError": failed}


def _once(body: bytes) -> Any:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
