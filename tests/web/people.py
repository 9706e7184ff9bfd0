"""Tenants, users and documents through the API, for journeys that begin where others have already worked.

Playwright's synchronous interface keeps an event loop running in the tests' thread, so this client waits plainly.
"""

from __future__ import annotations

import json
import secrets
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlencode

Found = TypeVar("Found")

PASSWORD = "Approve-It-2026"
_WAITS = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE}


class RefusedError(Exception):
    """The API refused a request."""

    def __init__(self, status: int, body: Any, what: str) -> None:
        self.status = status
        self.code = body.get("code", "") if isinstance(body, dict) else ""
        super().__init__(f"{what}: {status} {json.dumps(body, ensure_ascii=False)[:900]}")


@dataclass(slots=True)
class Person:
    """A user of a tenant, with a session of his own at the gateway."""

    api: str
    tenant: str
    username: str
    password: str
    display_name: str = ""
    id: str = ""
    tenant_id: str = ""
    _token: str = field(default="", repr=False)

    @property
    def login(self) -> dict[str, str]:
        """What he types."""
        return {"tenant": self.tenant, "username": self.username, "password": self.password}

    def get(self, path: str, **query: Any) -> Any:
        """GET; structured query values are sent as JSON."""
        texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in query.items()}
        return self.send("GET", path + ("?" + urlencode(texts) if texts else ""))

    def post(self, path: str, body: Any = None) -> Any:
        """POST a JSON body (``{}`` by default)."""
        return self.send("POST", path, {} if body is None else body)

    def patch(self, path: str, body: Any) -> Any:
        """PATCH a JSON body."""
        return self.send("PATCH", path, body)

    def send(self, method: str, path: str, body: Any = None, *, signed_in: bool = True) -> Any:
        """Any request; raises ``RefusedError``. What a service that is just starting refuses is asked again."""
        if signed_in and not self._token:
            self._sign_in()
        identity = str(uuid.uuid4())
        for pause in (0.2, 0.5, 1.0, 2.0, 0.0):
            headers = {"Content-Type": "application/json", "Accept-Language": "zh-CN", "X-Request-ID": identity}
            if signed_in:
                headers |= {"Authorization": f"Bearer {self._token}", "X-Tenant-Id": self.tenant_id}
            data = None if body is None else json.dumps(body).encode()
            request = urllib.request.Request(self.api + path, data, headers, method=method)  # noqa: S310
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - the platform itself
                    raw = answer.read()
                    return json.loads(raw) if raw else None
            except urllib.error.HTTPError as error:
                raw = error.read()
                if error.code not in _WAITS or not pause:
                    told = json.loads(raw) if raw.startswith(b"{") else raw[:300].decode(errors="replace")
                    raise RefusedError(error.code, told, f"{method} {path}") from None
                time.sleep(pause)
        raise AssertionError

    def raw(self, path: str) -> bytes:
        """A file."""
        self.get("/api/v1/auth/me")
        headers = {"Authorization": f"Bearer {self._token}", "X-Tenant-Id": self.tenant_id}
        request = urllib.request.Request(self.api + path, headers=headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - the platform itself
            return bytes(answer.read())

    def _sign_in(self) -> None:
        answer = self.send("POST", "/api/v1/auth/login", self.login, signed_in=False)
        self._token, self.tenant_id, self.id = answer["accessToken"], answer["tenantId"], answer["userId"]


@dataclass(slots=True)
class Company:
    """A tenant with its administrator."""

    code: str
    name: str
    admin: Person

    def hire(self, username: str, display_name: str, permissions: list[str] | None = None, **role: Any) -> Person:
        """A user with a role of his own, or with the administrator's when no permissions are given."""
        if permissions is None:
            roles = self.admin.get("/api/admin/roles")["items"]
            role_id = roles[0]["id"]
        else:
            body = {"code": username, "name": display_name, "permissions": permissions, "default_scope": "all", **role}
            role_id = self.admin.post("/api/admin/roles", body)["id"]
        user = {"username": username, "display_name": display_name, "password": PASSWORD, "role_ids": [role_id]}
        made = self.admin.post("/api/admin/users", user | {"must_change_password": False})
        return Person(self.admin.api, self.code, username, PASSWORD, display_name, made["id"])

    def role(self, code: str) -> dict[str, Any]:
        """A role as it is now."""
        return next(dict(role) for role in self.admin.get("/api/admin/roles")["items"] if role["code"] == code)


def found_company(operator: Person, name: str = "") -> Company:
    """A new tenant whose administrator has a settled password."""
    code = f"w{secrets.token_hex(4)}"
    password = f"Aa1-{secrets.token_urlsafe(12)}"
    title = name or f"公司 {code}"
    body = {
        "code": code,
        "name": title,
        "administrator": {"username": "admin", "display_name": "管理员", "password": password},
        "settings": {"password_must_change_first": False},
    }
    operator.post("/api/admin/tenants", body)
    return Company(code, title, Person(operator.api, code, "admin", password, "管理员"))


def eventually(look: Callable[[], Found], seconds: float = 20.0) -> Found:
    """What ``look`` finds, as soon as it finds something."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, "nothing came"
        time.sleep(0.1)
    return found
