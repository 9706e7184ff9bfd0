"""Calls of a cell to others through the gateway, with a service token of the tenant concerned."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import OrderedDict
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from weakref import WeakSet

import aiohttp
import msgspec

from cellkit import signing
from cellkit.context import current_caller
from cellkit.errors import Unauthorized, Unavailable
from cellkit.http.messages import from_json, to_json
from cellkit.log import get_logger
from cellkit.settings import Settings

SERVICE_TOKEN_PATH = "/api/v1/auth/service-token"  # noqa: S105 - a path
_RENEW_BEFORE_SECONDS = 60.0
_MOST_TENANTS = 10_000
_CONNECT_SECONDS = 2.0
_KEEP_ALIVE_SECONDS = 30.0
_CONNECTIONS = 64

log = get_logger("client")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side answered; any status."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def succeeded(self) -> bool:
        """Whether the status is 2xx."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    def json(self) -> Any:
        """The body's JSON; :class:`Unavailable` when it is none, because then it is not our partner's answer."""
        try:
            return from_json(self.body)
        except msgspec.DecodeError:
            raise Unavailable from None


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    renew_at: float


class ServiceClient:
    """One session with kept-alive connections for a whole service.

    Every call carries ``X-Request-ID`` and is therefore safe to repeat: a connection that breaks before the answer
    is tried once more. No answer at all raises :class:`cellkit.errors.Unavailable`.
    """

    def __init__(self, settings: Settings, *, timeout_seconds: float = 10.0) -> None:
        self._settings = settings
        self._timeout_seconds = timeout_seconds
        self._session: aiohttp.ClientSession | None = None
        self._tokens: OrderedDict[str, _Token] = OrderedDict()
        self._fetching: dict[str, asyncio.Task[_Token]] = {}
        self._tasks: WeakSet[asyncio.Task[Any]] = WeakSet()

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Open while the service runs."""
        try:
            yield
        finally:
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            if self._session is not None:
                await self._session.close()
                self._session = None

    async def request(
        self,
        method: str,
        path: str,
        *,
        tenant_id: str,
        json: Any = None,
        request_id: str | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_seconds: float | None = None,
    ) -> Answer:
        """Call ``path`` (with its query) at the gateway as this cell, for ``tenant_id``.

        Give ``request_id`` when the call may be repeated later (an event's id, for instance). A token refused with
        401 is renewed once. Raises :class:`Unavailable` when nothing answers and :class:`Unauthorized` when the
        tenant is unknown or disabled.
        """
        request_id = request_id or str(uuid.uuid4())
        for last_try in (False, True):
            token = await self.token(tenant_id)
            answer = await self._send(
                method,
                self._settings.gateway_url + path,
                json,
                {
                    **_context_headers(),
                    **(headers or {}),
                    "Authorization": f"Bearer {token}",
                    "X-Tenant-Id": tenant_id,
                    "X-Request-ID": request_id,
                },
                timeout_seconds,
            )
            if answer.status != HTTPStatus.UNAUTHORIZED or last_try:
                return answer
            self._forget(tenant_id, token)
        raise AssertionError  # the loop always returns

    async def signed_request(
        self,
        method: str,
        base_url: str,
        path: str,
        *,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        timeout_seconds: float | None = None,
    ) -> Answer:
        """Call a platform service directly, signed with this service's own key (registration and discovery)."""
        user = f"cell:{self._settings.service_name}"
        signed = signing.signed_headers(self._settings.own_key, method, path, user, str(uuid.uuid4()))
        sent = {**_context_headers(), **(headers or {}), **signed}
        return await self._send(method, base_url + path, json, sent, timeout_seconds)

    async def token(self, tenant_id: str) -> str:
        """A valid service token for the tenant; callers at the same time share one request for it."""
        known = self._tokens.get(tenant_id)
        if known is not None and time.monotonic() < known.renew_at:
            return known.text
        task = self._fetching.get(tenant_id)
        if task is None:
            task = self._start(self._fetch_token(tenant_id))
            self._fetching[tenant_id] = task
            task.add_done_callback(lambda _: self._fetching.pop(tenant_id, None))
        return (await asyncio.shield(task)).text

    async def _fetch_token(self, tenant_id: str) -> _Token:
        name = self._settings.service_name
        now = str(int(time.time() * 1000))
        body = {
            "cell": name,
            "tenantId": tenant_id,
            "time": now,
            "signature": signing.signature(
                self._settings.own_key, "POST", SERVICE_TOKEN_PATH, tenant_id, f"cell:{name}", "", now
            ),
        }
        headers = {**_context_headers(), "X-Request-ID": str(uuid.uuid4())}
        answer = await self._send("POST", self._settings.gateway_url + SERVICE_TOKEN_PATH, body, headers, None)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            raise Unauthorized
        if not answer.succeeded:
            log.error("service_token_refused", status=answer.status, tenant_id=tenant_id)
            raise Unavailable
        value = answer.json()
        lifetime = float(value["expiresIn"])
        token = _Token(value["accessToken"], time.monotonic() + max(lifetime - _RENEW_BEFORE_SECONDS, lifetime / 2))
        self._tokens[tenant_id] = token
        self._tokens.move_to_end(tenant_id)
        while len(self._tokens) > _MOST_TENANTS:
            self._tokens.popitem(last=False)
        return token

    def _forget(self, tenant_id: str, token: str) -> None:
        known = self._tokens.get(tenant_id)
        if known is not None and known.text == token:
            del self._tokens[tenant_id]

    def _start(self, work: Coroutine[Any, Any, _Token]) -> asyncio.Task[_Token]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        return task

    async def _send(
        self, method: str, url: str, json: Any, headers: Mapping[str, str], timeout_seconds: float | None
    ) -> Answer:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=_CONNECTIONS, keepalive_timeout=_KEEP_ALIVE_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("User-Agent",),
            )
        timeout = aiohttp.ClientTimeout(total=timeout_seconds or self._timeout_seconds, connect=_CONNECT_SECONDS)
        body = None if json is None else to_json(json)
        all_headers = dict(headers) if body is None else {"Content-Type": "application/json", **headers}
        for last_try in (False, True):
            try:
                async with self._session.request(
                    method, url, data=body, headers=all_headers, timeout=timeout, allow_redirects=False
                ) as response:
                    return Answer(response.status, response.headers, await response.read())
            except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
                # Mostly a kept-alive connection that the other side had just closed.
                if last_try:
                    raise Unavailable from error
            except (aiohttp.ClientError, TimeoutError) as error:
                raise Unavailable from error
        raise AssertionError  # the loop always returns or raises


def _context_headers() -> dict[str, str]:
    caller = current_caller.get()
    if caller is None:
        return {}
    return {"traceparent": caller.traceparent, "Accept-Language": caller.language}
