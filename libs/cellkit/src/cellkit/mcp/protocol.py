"""The Model Context Protocol as far as a stateless server with tools needs it: JSON-RPC messages over HTTP POST.

Spoken in both of its forms: with the ``initialize`` handshake (revisions to 2025-11-25; no session is kept), and with
the envelope that every request carries (from 2026-07-28). Every answer is one JSON object; nothing is streamed.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

HANDSHAKE_VERSIONS = ("2025-03-26", "2025-06-18", "2025-11-25")
MODERN_VERSIONS = ("2026-07-28",)

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
HEADER_MISMATCH = -32020
UNSUPPORTED_VERSION = -32022

VERSION_KEY = "io.modelcontextprotocol/protocolVersion"
CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities"
SERVER_KEY = "io.modelcontextprotocol/serverInfo"
_HTTP_STATUS = {
    INVALID_PARAMS: 400,
    HEADER_MISMATCH: 400,
    UNSUPPORTED_VERSION: 400,
    METHOD_NOT_FOUND: 404,
}
_ENCODED = re.compile(r"=\?base64\?(.*)\?=")


class RpcError(Exception):
    """A message that cannot be answered as asked; ``status`` is the answer's HTTP status."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        self.code = code
        self.message = message
        self.data = data
        super().__init__(message)

    def body(self, identity: Any) -> dict[str, Any]:
        """The JSON-RPC error object."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.data is not None:
            error["data"] = self.data
        return {"jsonrpc": "2.0", "id": identity, "error": error}

    def status(self, *, modern: bool) -> int:
        """Clients of the handshake read errors at status 200, those of the envelope at the status of the code."""
        return _HTTP_STATUS.get(self.code, 200) if modern else 200


@dataclass(frozen=True, slots=True)
class Message:
    """One message. ``identity`` is None for a notification; ``modern``: it carries the envelope of 2026-07-28."""

    identity: str | int | None
    method: str
    params: Mapping[str, Any]
    modern: bool
    notification: bool


def is_modern(value: Any, headers: Mapping[str, str | None]) -> bool:
    """Whether a body claims to be of the form with the envelope, sound or not."""
    if not isinstance(value, dict):
        return False
    params = value.get("params")
    meta = params.get("_meta") if isinstance(params, dict) else None
    claimed = isinstance(meta, dict) and VERSION_KEY in meta
    return claimed or headers.get("mcp-protocol-version") in MODERN_VERSIONS or value.get("method") == "server/discover"


def read_message(value: Any, headers: Mapping[str, str | None]) -> Message:
    """The message in a decoded body; raises :class:`RpcError`. ``headers``: the protocol's own, by lower-case name."""
    if isinstance(value, list):
        raise RpcError(INVALID_REQUEST, "batches are not part of the protocol any more")
    if not isinstance(value, dict) or value.get("jsonrpc") != "2.0" or not isinstance(value.get("method"), str):
        raise RpcError(INVALID_REQUEST, "a JSON-RPC 2.0 request expected")
    identity = value.get("id")
    notification = "id" not in value
    if not notification and (isinstance(identity, bool) or not isinstance(identity, str | int)):
        raise RpcError(INVALID_REQUEST, "id must be a string or a whole number")
    params = value.get("params", {})
    if not isinstance(params, dict):
        raise RpcError(INVALID_REQUEST, "params must be an object")
    meta = params.get("_meta")
    envelope = meta if isinstance(meta, dict) else {}
    header = headers.get("mcp-protocol-version")
    modern = is_modern(value, headers)
    if modern and not notification:
        _check_envelope(value["method"], params, envelope, headers)
    elif not modern and header is not None and header not in HANDSHAKE_VERSIONS:
        raise RpcError(INVALID_REQUEST, f"MCP-Protocol-Version must be one of {', '.join(HANDSHAKE_VERSIONS)}")
    return Message(identity, value["method"], params, modern, notification)


def _check_envelope(
    method: str, params: Mapping[str, Any], envelope: Mapping[str, Any], headers: Mapping[str, str | None]
) -> None:
    missing = [key for key in (VERSION_KEY, CAPABILITIES_KEY) if key not in envelope]
    if missing:
        raise RpcError(INVALID_PARAMS, f"params._meta lacks {', '.join(missing)}")
    version = envelope[VERSION_KEY]
    if headers.get("mcp-protocol-version") != version:
        raise RpcError(HEADER_MISMATCH, "the header mcp-protocol-version is not the version of the envelope")
    if headers.get("mcp-method") != method:
        raise RpcError(HEADER_MISMATCH, "the header mcp-method is not the method of the body")
    name = params.get("name")
    if method == "tools/call" and name is not None and _decoded(headers.get("mcp-name")) != name:
        raise RpcError(HEADER_MISMATCH, "the header mcp-name is not the tool of the body")
    if not isinstance(version, str):
        raise RpcError(INVALID_PARAMS, "the protocol version must be a text")
    if version not in MODERN_VERSIONS:
        data = {"supported": list(MODERN_VERSIONS), "requested": version}
        raise RpcError(UNSUPPORTED_VERSION, "Unsupported protocol version", data)


def _decoded(value: str | None) -> str | None:
    found = None if value is None else _ENCODED.fullmatch(value)
    if found is None:
        return value
    try:
        return base64.b64decode(found[1], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def chosen_version(asked: Any) -> str:
    """The revision of a handshake: the client's where it is known, else the newest."""
    return asked if asked in HANDSHAKE_VERSIONS else HANDSHAKE_VERSIONS[-1]
