"""The ways into a cell: through the gateway as a user, and at its own address."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import aiohttp

from cellkit import signing

SHORTEST_TEXT = 300


@dataclass(frozen=True)
class Answer:
    """An answer with what was asked."""

    what: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def json(self) -> Any:
        """The body's JSON; None when it is none."""
        try:
            return json.loads(self.body) if self.body else None
        except ValueError:
            return None

    @property
    def text(self) -> str:
        """The start of the body."""
        return self.body[:SHORTEST_TEXT].decode(errors="replace")

    def __str__(self) -> str:
        return f"{self.status} {self.text}".strip()


async def send(
    session: aiohttp.ClientSession, method: str, base: str, target: str, body: Any, headers: Mapping[str, str]
) -> Answer:
    """One request; bytes are sent as they are, anything else as JSON. Status 0: nothing answers."""
    data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
    sent = dict(headers) if data is None else {"Content-Type": "application/json", **headers}
    what = f"{method} {target.partition('?')[0]}"
    try:
        async with session.request(method, base + target, data=data, headers=sent, allow_redirects=False) as response:
            return Answer(what, response.status, response.headers.copy(), await response.read())
    except (aiohttp.ClientError, TimeoutError) as error:
        return Answer(what, 0, {}, f"{type(error).__name__}: {error}".encode())


def with_query(path: str, query: Mapping[str, Any] | None) -> str:
    """The path with its query; structured values as JSON."""
    if not query:
        return path
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in query.items()}
    return f"{path}?{urlencode(texts)}"


@dataclass(frozen=True)
class User:
    """A user of a tenant at the gateway. Paths without a leading ``/api`` are below ``/api/v1/<cell>``."""

    session: aiohttp.ClientSession
    gateway: str
    cell: str
    tenant_id: str
    user_id: str
    token: str = field(repr=False)
    language: str = "zh-CN"

    def speaking(self, language: str) -> User:
        """The same user with another language."""
        return replace(self, language=language)

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        request_id: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Any request."""
        full = path if path.startswith("/api") else f"/api/v1/{self.cell}{path}"
        sent = {
            "Authorization": f"Bearer {self.token}",
            "X-Tenant-Id": self.tenant_id,
            "X-Request-ID": request_id or str(uuid.uuid4()),
            "Accept-Language": self.language,
            **(headers or {}),
        }
        return await send(self.session, method, self.gateway, with_query(full, query), body, sent)


@dataclass(frozen=True)
class Direct:
    """The cell's own address, where the gateway's signature stands for the token."""

    session: aiohttp.ClientSession
    url: str
    key: str = field(repr=False)

    async def plain(self, path: str) -> Answer:
        """A GET as a probe makes it: no identity, no signature."""
        return await send(self.session, "GET", self.url, path, None, {})

    def signed(self, method: str, target: str, user: User, **changed: str) -> dict[str, str]:
        """The headers that the gateway would send; ``changed`` replaces parts of what is signed afterwards."""
        made = signing.signed_headers(self.key, method, target, user.user_id, str(uuid.uuid4()), user.tenant_id)
        return {**made, "Accept-Language": user.language, **changed}

    async def call(self, method: str, target: str, headers: Mapping[str, str], body: Any = None) -> Answer:
        """A request with these headers."""
        return await send(self.session, method, self.url, target, body, headers)
