"""A client of the public API, as an integrator would write it.

Every write carries a request id, so that it may be repeated.
"""

from __future__ import annotations

import asyncio
import json
import random
import uuid
from typing import Any, Self
from urllib.parse import urlencode

import aiohttp

GIVE_UP_SECONDS = 120.0
_TRY_AGAIN = {408, 429, 500, 502, 503, 504}


class ApiError(Exception):
    """The API refused a request; the text carries what it said, as a person reads it."""

    def __init__(self, status: int, body: Any, what: str) -> None:
        self.status = status
        self.body = body
        told = body if isinstance(body, dict) else {}
        self.code = str(told.get("code", ""))
        self.message = str(told.get("message", body))
        super().__init__(f"{what}: {status} {self.code} {self.message}{_told_details(told.get('details'))}"[:1500])


def _told_details(details: Any) -> str:
    """`` (field: what is wrong; …)``, or nothing."""
    if isinstance(details, list):
        parts = [f"{item.get('field')}: {item.get('message')}" for item in details if isinstance(item, dict)]
    else:
        parts = [f"{name}: {value}" for name, value in details.items()] if isinstance(details, dict) else []
    return f" ({'; '.join(parts)})" if parts else ""


class Api:
    """One user's session at the gateway. Requests that meet a failing service are repeated under the same id."""

    def __init__(self, url: str, language: str = "zh-CN") -> None:
        self._language = language
        self.url = url.rstrip("/")
        self.tenant_id = ""
        self._credentials: dict[str, str] = {}
        self.token = ""
        self._session: aiohttp.ClientSession | None = None
        self._logging_in = asyncio.Lock()

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=64), timeout=aiohttp.ClientTimeout(total=90, connect=5)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._session is not None  # noqa: S101 - entered before it is left
        await self._session.close()

    async def login(self, tenant: str, username: str, password: str) -> None:
        """Log in; later the login is renewed by itself."""
        self._credentials = {"tenant": tenant, "username": username, "password": password}
        await self._login(self.token)

    async def _login(self, refused_token: str) -> None:
        async with self._logging_in:
            if self.token != refused_token:
                return
            answer = await self.send("POST", "/api/v1/auth/login", self._credentials, signed_in=False)
            self.token, self.tenant_id = answer["accessToken"], answer["tenantId"]

    async def get(self, path: str, **query: Any) -> Any:
        """GET; structured query values are sent as JSON."""
        texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in query.items()}
        return await self.send("GET", path + ("?" + urlencode(texts) if texts else ""))

    async def post(self, path: str, body: Any = None, *, request_id: str | None = None) -> Any:
        """POST a JSON body (``{}`` by default)."""
        return await self.send("POST", path, {} if body is None else body, request_id=request_id)

    async def all(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """Every row of a list, page by page."""
        rows: list[dict[str, Any]] = []
        cursor = None
        while True:
            page = await self.get(path, limit="200", **query, **({"cursor": cursor} if cursor else {}))
            rows += page["items"]
            cursor = page["next"]
            if cursor is None:
                return rows

    async def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        request_id: str | None = None,
        content_type: str = "application/json",
        signed_in: bool = True,
    ) -> Any:
        """Any request; returns the JSON answer. Raises :class:`ApiError` when it is refused."""
        assert self._session is not None  # noqa: S101 - used inside ``async with``
        identity = request_id or str(uuid.uuid4())
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        loop = asyncio.get_running_loop()
        deadline, pause = loop.time() + GIVE_UP_SECONDS, 0.1
        while True:
            headers = {
                "X-Request-ID": identity,
                "Content-Type": content_type,
                "Accept-Language": self._language,
            }
            token = self.token
            if signed_in:
                headers |= {"Authorization": f"Bearer {token}", "X-Tenant-Id": self.tenant_id}
            try:
                async with self._session.request(method, self.url + path, data=data, headers=headers) as response:
                    status, raw = response.status, await response.read()
            except (aiohttp.ClientError, TimeoutError) as error:
                status, raw = 0, json.dumps({"code": "NO_ANSWER", "message": str(error)}).encode()
            if 200 <= status < 300:
                return json.loads(raw) if raw else None
            if status == 401 and signed_in and self._credentials and loop.time() < deadline:
                await self._login(token)
                deadline = min(deadline, loop.time() + 10)
            elif (status in _TRY_AGAIN or status == 0) and loop.time() < deadline:
                await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - no secret
                pause = min(pause * 1.6, 3.0)
            else:
                try:
                    shown = json.loads(raw)
                except ValueError:
                    shown = raw[:300].decode(errors="replace")
                raise ApiError(status, shown, f"{method} {path.partition('?')[0]}")
