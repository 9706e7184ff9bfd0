"""Identity in process, called as the gateway calls it."""

from __future__ import annotations

import asyncio
import itertools
import json
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cellkit import signing
from cellkit.settings import Settings, read_settings
from cellkit.testing.postgres import DatabaseUrls

MASTER = "master secret of the tests"
PASSWORD = "Correct-Horse-7"
numbers = itertools.count()


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Gateway:
    """Plays the gateway: signs with identity's key and sets tenant and user."""

    app: Any
    settings: Settings
    urls: DatabaseUrls
    key: str = ""

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        user: str = "",
        tenant: str = "",
        request_id: str | None = None,
        headers: dict[str, str] | None = None,
        raw: bytes | None = None,
        address: str = "10.0.0.1",
    ) -> Answer:
        given = request_id or str(uuid.uuid4())
        signed = signing.signed_headers(self.key, method, path, user, given, tenant)
        sent = {**signed, "Content-Type": "application/json", "X-Client-Address": address, **(headers or {})}
        parts = urlsplit(path)
        content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        scope = {
            "type": "http", "http_version": "1.1", "method": method, "path": parts.path,
            "raw_path": parts.path.encode(), "query_string": parts.query.encode(), "root_path": "",
            "scheme": "http", "server": ("127.0.0.1", 8006), "client": ("127.0.0.1", 1),
            "headers": [(name.lower().encode(), value.encode()) for name, value in sent.items()],
        }  # fmt: skip
        incoming = [{"type": "http.request", "body": content, "more_body": False}]
        start: dict[str, Any] = {}
        pieces: list[bytes] = []

        async def receive() -> dict[str, Any]:
            if incoming:
                return incoming.pop()
            await asyncio.sleep(60)
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                pieces.append(message.get("body", b""))

        await self.app(scope, receive, send)
        return Answer(
            start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, b"".join(pieces)
        )

    async def login(self, tenant: str, username: str, password: str = PASSWORD) -> Answer:
        return await self.call(
            "POST", "/api/v1/auth/login", {"tenant": tenant, "username": username, "password": password}
        )

    async def person(self, tenant: str, username: str, password: str = PASSWORD) -> Person:
        answer = await self.login(tenant, username, password)
        assert answer.status == 200, answer.body
        return Person(self, answer.json["tenantId"], answer.json["userId"], answer.json)


@dataclass
class Person:
    """A logged-in user."""

    gateway: Gateway
    tenant: str
    user: str
    tokens: dict[str, Any] = field(default_factory=dict)

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        return await self.gateway.call(method, path, body, user=self.user, tenant=self.tenant, **more)

    async def done(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        answer = await self.call(method, path, body, **more)
        assert answer.status < 300, answer.body
        return answer.json if answer.body else None

    async def new_role(self, *permissions: str, **more: Any) -> dict[str, Any]:
        code = f"role{next(numbers)}"
        body = {"code": code, "name": code, "permissions": list(permissions), **more}
        return await self.done("POST", "/api/admin/roles", body)

    async def new_user(self, *role_ids: str, **more: Any) -> dict[str, Any]:
        username = f"user{next(numbers)}"
        body = {
            "username": username, "display_name": username, "password": PASSWORD, "role_ids": list(role_ids), **more,
        }  # fmt: skip
        return await self.done("POST", "/api/admin/users", body)


def settings_of(urls: DatabaseUrls, password_file: Path, **more: str) -> Settings:
    password_file.write_text(PASSWORD + "\n")
    return read_settings(
        "identity",
        default_pool_size=4,
        environment={
            "DATABASE_URL": urls.app,
            "MIGRATION_DATABASE_URL": urls.owner,
            "GATEWAY_SIGNING_SECRET": MASTER,
            "FIRST_ADMIN_PASSWORD_FILE": str(password_file),
            **more,
        },
    )


async def new_tenant(gateway: Gateway, operator: Person, code: str) -> Person:
    body = {"code": code, "name": code, "administrator": {"username": "admin", "password": PASSWORD},
            "settings": {"password_must_change_first": False}}  # fmt: skip
    await operator.done("POST", "/api/admin/tenants", body)
    return await gateway.person(code, "admin")
