"""The ASGI application of a service.

It keeps the wire contract for every route alike: request id, signature, error shape, timing, metrics. The kit's own
routes are found by dictionary; everything else falls through to the FastAPI application, so that both share the
contract without middleware classes on the hot path.
"""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, cast

import asyncpg
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.errors import ServerErrorMiddleware

from cellkit import signing
from cellkit.context import Caller, current_caller
from cellkit.errors import (
    BadRequest,
    MethodNotAllowed,
    NotFound,
    ServiceError,
    SignatureInvalid,
    Unauthorized,
    Unavailable,
    ValidationFailed,
    error_body,
    problem,
)
from cellkit.http.messages import Reply, Request, to_json
from cellkit.http.router import Router
from cellkit.http.validation import field_problems
from cellkit.labels import language_of
from cellkit.log import get_logger
from cellkit.ops.metrics import Metrics
from cellkit.settings import Settings

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Hook = Callable[[], Any]
ErrorTranslator = Callable[[BaseException], ServiceError | None]

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:\-]{1,128}")
_TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_DATABASE_DOWN = (
    ConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    TimeoutError,
)
_LONGEST_AGENT = 200
log = get_logger("http")


class Application:
    """One service's ASGI application.

    ``open_paths`` need no signature (health, metrics, documents). ``on_start`` hooks run in order when the server
    starts, each may be an asynchronous context manager factory; they are closed in reverse order at the end.
    """

    def __init__(self, settings: Settings, *, title: str, version: str = "0") -> None:
        self.settings = settings
        self._own_key = settings.own_key
        self.metrics = Metrics()
        self.router = Router()
        self.api = _Api(title=title, version=version, docs_url=None, redoc_url=None, openapi_url=None)
        self.engine: Any = None
        self.messaging: Any = None
        self.notifications: Any = None
        self.permissions: Any = None
        self.jobs: Any = None
        self.files: Any = None
        self.extra_paths: dict[str, Any] = {}
        self.open_paths: set[str] = {"/health", "/ready", "/metrics", "/openapi.json", "/docs", "/_meta"}
        # Paths below these check their callers themselves (cells that sign with their own keys, for instance).
        self.open_prefixes: tuple[str, ...] = ()
        self.ready_checks: dict[str, Callable[[], Awaitable[None]]] = {}
        self._was_ready = False
        self._failing: frozenset[str] = frozenset()
        self.translate_error: list[ErrorTranslator] = []
        self._lifespans: list[Callable[[], Any]] = []
        self._exit_stack = AsyncExitStack()
        self._install_operations()
        self._install_fastapi_errors()

    def lifespan(self, factory: Callable[[], Any]) -> None:
        """Add an asynchronous context manager that lives as long as the service."""
        self._lifespans.append(factory)

    def background(self, name: str, loop: Callable[[], Awaitable[None]]) -> None:
        """Run ``loop`` as a task for the life of the service; it is restarted when it fails."""

        @asynccontextmanager
        async def run() -> AsyncIterator[None]:
            task = asyncio.create_task(_keep_running(name, loop), name=name)
            try:
                yield
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

        self.lifespan(run)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """ASGI entry."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            await self.api(scope, receive, cast("Any", send))

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self.start()
        except Exception as error:
            log.error("start_failed", exc_info=error)
            await send({"type": "lifespan.startup.failed", "message": f"{type(error).__name__}: {error}"})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def start(self) -> None:
        """Open everything the service needs; also used by tests that run without a server."""
        for factory in self._lifespans:
            await self._exit_stack.enter_async_context(factory())

    async def stop(self) -> None:
        """Close everything, in reverse order."""
        await self._exit_stack.aclose()

    async def _http(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        headers = dict(scope["headers"])
        caller, refusal = self._caller(scope, headers)
        token = current_caller.set(caller)
        accept_language = _text(headers, b"accept-language")
        route, status, begun = "(unknown)", 500, False
        self.metrics.in_flight.inc()

        def standard_headers() -> list[tuple[bytes, bytes]]:
            elapsed = (time.perf_counter() - started) * 1000
            return [
                (b"x-request-id", caller.request_id.encode("latin-1")),
                (b"x-response-time", b"%.2f" % elapsed),
                (b"traceparent", caller.traceparent.encode("latin-1")),
            ]

        async def send_contract(message: dict[str, Any]) -> None:
            nonlocal status, begun
            if message["type"] == "http.response.start":
                status, begun = message["status"], True
                message = {**message, "headers": [*message.get("headers", ()), *standard_headers()]}
            await send(message)

        async def send_error(error: ServiceError) -> None:
            body = to_json(error_body(error, accept_language, caller.request_id))
            extra = [(name.lower().encode(), value.encode("latin-1")) for name, value in error.headers().items()]
            await _send_reply(send_contract, Reply(body, status=error.status, headers=extra))

        try:
            match = self.router.find(scope["path"])
            if refusal is not None:
                raise refusal
            if match is None:
                route = await self._fastapi(scope, receive, send_contract)
            else:
                route = match.template
                handler = match.handlers.get(scope["method"])
                if handler is None:
                    raise MethodNotAllowed
                request = Request(scope, receive, caller, self)
                request.parameters = match.parameters
                request.route = match.template
                await _send_reply(send_contract, await handler(request))
        except asyncio.CancelledError:
            raise
        except Exception as error:
            shown = self._translate(error)
            if shown.status >= 500 and not isinstance(shown, _NotReady):
                log.error("request_failed", path=scope["path"], method=scope["method"], code=shown.code, exc_info=error)
            if begun:
                # The answer is under way; cutting the connection is the only honest signal left.
                raise
            await send_error(shown)
        finally:
            self.metrics.in_flight.dec()
            self.metrics.observe(scope["method"], route, status, time.perf_counter() - started)
            current_caller.reset(token)

    async def _fastapi(self, scope: dict[str, Any], receive: Receive, send: Send) -> str:
        await self.api(scope, receive, cast("Any", send))
        route = scope.get("route")
        return getattr(route, "path", "(unknown)")

    def _caller(self, scope: dict[str, Any], headers: dict[bytes, bytes]) -> tuple[Caller, ServiceError | None]:
        refusal: ServiceError | None = None
        request_id = _text(headers, b"x-request-id") or ""
        if not _REQUEST_ID.fullmatch(request_id):
            if request_id:
                refusal = BadRequest(reason="X-Request-ID")
            request_id = str(uuid.uuid4())
        traceparent = _text(headers, b"traceparent") or ""
        if not _TRACEPARENT.fullmatch(traceparent):
            traceparent = f"00-{uuid.uuid4().hex}-{uuid.uuid4().hex[:16]}-01"
        caller = Caller(
            tenant_id=_text(headers, b"x-tenant-id") or "",
            user_id=_text(headers, b"x-user-id") or "",
            request_id=request_id,
            traceparent=traceparent,
            language=language_of(_text(headers, b"accept-language")),
            address=_text(headers, b"x-client-address") or (scope.get("client") or ("",))[0],
            agent=_agent(headers.get(b"user-agent")),
            session_id=_text(headers, b"x-gateway-session") or "",
        )
        signed = scope["path"] not in self.open_paths and not scope["path"].startswith(self.open_prefixes)
        if refusal is None and self.settings.verify_signature and signed:
            query = scope.get("query_string", b"")
            raw_path = scope.get("raw_path") or scope["path"].encode()
            target = (raw_path + (b"?" + query if query else b"")).decode("latin-1")
            trusted = signing.verify(
                self._own_key,
                _text(headers, b"x-gateway-signature") or "",
                scope["method"],
                target,
                caller.tenant_id,
                caller.user_id,
                request_id,
                _text(headers, b"x-gateway-time") or "",
            )
            if not trusted:
                refusal = SignatureInvalid()
        return caller, refusal

    def shown(self, error: BaseException) -> ServiceError:
        """An error as a caller may see it."""
        return self._translate(error)

    def _translate(self, error: BaseException) -> ServiceError:
        if isinstance(error, ServiceError):
            return error
        for translator in self.translate_error:
            translated = translator(error)
            if translated is not None:
                return translated
        if isinstance(error, RequestValidationError):
            return _from_pydantic(error)
        if isinstance(error, HTTPException):
            return _from_http_exception(error)
        if isinstance(error, _DATABASE_DOWN):
            return Unavailable()
        return ServiceError()

    def _tell_readiness(self, failed: dict[str, str]) -> None:
        """Into the log when it changes: a service that is asked while it starts has nothing wrong with it."""
        failing = frozenset(failed)
        if failing and failing != self._failing:
            (log.warning if self._was_ready else log.info)("not_ready", checks=failed)
        elif self._failing and not failing:
            log.info("ready")
        self._failing, self._was_ready = failing, self._was_ready or not failing

    def _install_operations(self) -> None:
        async def health(_request: Request) -> Reply:
            return Reply(b'{"status":"up"}')

        async def ready(_request: Request) -> Reply:
            failed: dict[str, str] = {}
            for name, check in self.ready_checks.items():
                try:
                    async with asyncio.timeout(2):
                        await check()
                except Exception as error:  # noqa: BLE001 - any failure of a check means not ready
                    failed[name] = f"{type(error).__name__}: {error}"[:200]
            self._tell_readiness(failed)
            if failed:
                raise _NotReady(details=failed, retry_after_seconds=1)
            return Reply(b'{"status":"ready"}')

        async def metrics(_request: Request) -> Reply:
            return Reply(self.metrics.text(), content_type=b"text/plain; version=0.0.4; charset=utf-8")

        self.router.add("GET", "/health", health)
        self.router.add("GET", "/ready", ready)
        self.router.add("GET", "/metrics", metrics)

    def _install_fastapi_errors(self) -> None:
        # FastAPI would answer these itself; the contract's one handler shall see them.
        async def reraise(_request: Any, error: Exception) -> Any:
            raise error

        self.api.add_exception_handler(RequestValidationError, reraise)
        self.api.add_exception_handler(HTTPException, reraise)


class _Api(FastAPI):
    """FastAPI without Starlette's outermost handler, which would answer a bare 500 before ours sees the error."""

    def build_middleware_stack(self) -> Any:
        """The usual stack from its second layer on."""
        outermost: Any = super().build_middleware_stack()
        return outermost.app if isinstance(outermost, ServerErrorMiddleware) else outermost


class _NotReady(ServiceError):
    code, status = "UNAVAILABLE", 503
    zh, en = "服务尚未就绪", "Not ready"


async def _send_reply(send: Send, reply: Reply) -> None:
    headers = list(reply.headers)
    if reply.content_type is not None:
        headers.append((b"content-type", reply.content_type))
    if isinstance(reply.body, bytes):
        headers.append((b"content-length", b"%d" % len(reply.body)))
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": reply.body})
        return
    # The first piece is made before the status goes out, so that an early failure is still a clear error.
    stream = aiter(reply.body)
    first = await anext(stream, b"")
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": first, "more_body": True})
    async for piece in stream:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _text(headers: dict[bytes, bytes], name: bytes) -> str | None:
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")


def _agent(raw: bytes | None) -> str:
    """What the client calls itself, as one short line."""
    if raw is None:
        return ""
    text = raw[:_LONGEST_AGENT].decode("latin-1")
    return text if text.isprintable() else "".join(letter for letter in text if letter.isprintable())


def _from_pydantic(error: RequestValidationError) -> ServiceError:
    items = error.errors()
    if any(item["type"] == "json_invalid" for item in items):
        return BadRequest(reason="JSON")
    problems = field_problems(items)
    return ValidationFailed(problems or [problem("", "invalid", "请求数据不正确", "Invalid request")])


def _from_http_exception(error: HTTPException) -> ServiceError:
    known: dict[int, type[ServiceError]] = {401: Unauthorized, 404: NotFound, 405: MethodNotAllowed}
    kind = known.get(error.status_code)
    return kind() if kind is not None else BadRequest(reason=str(error.detail))


async def _keep_running(name: str, loop: Callable[[], Awaitable[None]]) -> None:
    pause = 1.0
    while True:
        began = time.monotonic()
        try:
            await loop()
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.error("background_failed", task=name, exc_info=error)
        pause = 1.0 if time.monotonic() - began > 60 else min(pause * 2, 30.0)
        await asyncio.sleep(pause)
