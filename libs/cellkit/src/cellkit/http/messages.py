"""A request and a reply, as the kit's own routes see them (a cell's extra routes are ordinary FastAPI)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from cellkit.context import Caller
from cellkit.errors import BadRequest, PayloadTooLarge, UnsupportedMediaType
from cellkit.labels import L

MAX_BODY_BYTES = 10 * 1024 * 1024

_decoder = msgspec.json.Decoder(float_hook=Decimal)
_encoder = msgspec.json.Encoder(enc_hook=str)
_EXPONENT = re.compile(rb"[0-9]E[+-][0-9]")


class Request:
    """One HTTP request."""

    __slots__ = ("_body", "_headers", "_query", "_receive", "caller", "parameters", "route", "scope", "service")

    def __init__(self, scope: dict[str, Any], receive: Any, caller: Caller, service: Any) -> None:
        self.scope = scope
        self.caller = caller
        self.service = service
        self.parameters: dict[str, str] = {}
        self.route = ""
        self._receive = receive
        self._body: bytes | None = None
        self._query: dict[str, str] | None = None
        self._headers: dict[bytes, bytes] | None = None

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.scope["method"]  # type: ignore[no-any-return]  # ASGI scopes are untyped

    @property
    def path(self) -> str:
        """The path without its query."""
        return self.scope["path"]  # type: ignore[no-any-return]  # ASGI scopes are untyped

    def header(self, name: bytes) -> str | None:
        """A header's value by its lower-case name."""
        if self._headers is None:
            self._headers = dict(self.scope["headers"])
        value = self._headers.get(name)
        return None if value is None else value.decode("latin-1")

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters; of a repeated one the last counts."""
        if self._query is None:
            try:
                text = self.scope["query_string"].decode("ascii")
                self._query = dict(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100))
            except ValueError:
                raise BadRequest(reason=L("查询字符串无法解析", "the query string cannot be read")) from None
            if any("\x00" in value for value in self._query.values()):
                raise BadRequest(
                    reason=L("查询参数含有不允许的字符", "a query parameter holds a character that is not allowed")
                )
        return self._query

    def has_seen(self, tag: str) -> bool:
        """Whether ``If-None-Match`` names this entity tag; the gateway marks compressed answers as weak (``W/``)."""
        given = self.header(b"if-none-match") or ""
        return tag in {item.strip().removeprefix("W/") for item in given.split(",")}

    async def body(self, limit: int = MAX_BODY_BYTES) -> bytes:
        """The whole body, at most ``limit`` bytes."""
        if self._body is not None:
            return self._body
        chunks = [chunk async for chunk in self.stream(limit)]
        self._body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
        return self._body

    async def stream(self, limit: int = MAX_BODY_BYTES) -> AsyncIterator[bytes]:
        """The body in pieces as they arrive, at most ``limit`` bytes in all."""
        size = 0
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise BadRequest(reason="disconnected")
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > limit:
                raise PayloadTooLarge(limit=f"{limit // 1024 // 1024} MiB")
            if chunk:
                yield chunk
            if not message.get("more_body", False):
                return

    async def json_object(self) -> dict[str, Any]:
        """The body as a JSON object; numbers with a point are exact decimals. An empty body is ``{}``."""
        raw = await self.body()
        if not raw:
            return {}
        content_type = self.header(b"content-type")
        if content_type is not None and "json" not in content_type:
            raise UnsupportedMediaType(expected="application/json")
        try:
            value = _decoder.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ArithmeticError) as error:
            raise BadRequest(reason=L(f"请求体不是合法的 JSON（{error}）", f"the body is not JSON ({error})")) from None
        if not isinstance(value, dict):
            raise BadRequest(reason=L("请求体应为 JSON 对象", "the body must be a JSON object"))
        if b"\\u0000" in raw and _has_nul(value):
            raise BadRequest(
                reason=L("请求体含有不允许的字符（NUL）", "the body holds a character that is not allowed (NUL)")
            )
        return value


def _has_nul(value: Any) -> bool:
    """PostgreSQL cannot store U+0000, so no text may carry it."""
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_has_nul(key) or _has_nul(item) for key, item in value.items())
    if isinstance(value, list):
        return any(_has_nul(item) for item in value)
    return False


class Reply:
    """An answer: status, body and headers. ``body`` may be a stream of bytes."""

    __slots__ = ("body", "content_type", "headers", "status")

    def __init__(
        self,
        body: bytes | AsyncIterator[bytes] = b"",
        *,
        status: int = 200,
        content_type: bytes | None = b"application/json",
        headers: list[tuple[bytes, bytes]] | None = None,
    ) -> None:
        self.body = body
        self.status = status
        self.content_type = content_type
        self.headers = headers or []


def to_json(value: Any) -> bytes:
    """JSON bytes; decimals, dates, UUIDs become strings."""
    made = _encoder.encode(value)
    # Python writes small decimals with an exponent, the contract's numbers have none. The letters are rare, so the
    # second look hardly ever happens; texts that contain them come through it unchanged. Finding two letters first is a
    # tenth of looking for the pattern.
    if (b"E-" in made or b"E+" in made) and _EXPONENT.search(made) is not None:
        made = _encoder.encode(_written_plainly(value))
    return made


def _written_plainly(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return {key: _written_plainly(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_written_plainly(item) for item in value]
    return value


def from_json(raw: bytes | str) -> Any:
    """Decode JSON, numbers with a point as exact decimals."""
    return _decoder.decode(raw)


def json_reply(value: Any, *, status: int = 200, headers: list[tuple[bytes, bytes]] | None = None) -> Reply:
    """A JSON answer."""
    return Reply(to_json(value), status=status, headers=headers)


def empty_reply(status: int = 204) -> Reply:
    """An answer without a body."""
    return Reply(b"", status=status, content_type=None)
