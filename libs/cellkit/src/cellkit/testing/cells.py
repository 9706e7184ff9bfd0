"""Fixtures of one cell, and the client that its tests call it with."""

from __future__ import annotations

import base64
import importlib
import re
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

import pytest
import pytest_asyncio

from cellkit import signing
from cellkit.cell import Cell
from cellkit.db.migrate import create_directly, has_revisions
from cellkit.http.application import Application
from cellkit.http.messages import from_json, to_json
from cellkit.ops.access import RoleDocument, StaticRoleSource
from cellkit.settings import Settings, read_settings
from cellkit.testing.sharing import cluster_of

SIGNING_SECRET = "test-signing-secret"  # noqa: S105 - a throw-away application's
ENCRYPTION_KEYS = "test:" + base64.b64encode(bytes(range(32))).decode()


@dataclass(slots=True)
class Answer:
    """An answer: ``status``, ``headers`` (lower case), ``body``, and ``json`` when it is JSON."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return from_json(self.body)


class Clock:
    """A clock that tests set and move; it runs with the real one until then."""

    def __init__(self) -> None:
        self._offset = timedelta()

    def __call__(self) -> datetime:
        """Now, as the tests have it."""
        return datetime.now(UTC) + self._offset

    def set(self, moment: datetime) -> None:
        """Let it be ``moment`` now."""
        self._offset = moment - datetime.now(UTC)

    def advance(self, **duration: float) -> None:
        """Move on by a duration (``days=1``)."""
        self._offset += timedelta(**duration)


@dataclass(slots=True)
class Api:
    """Calls the cell as a user, signed as the gateway signs. Paths are under ``/api/v1/<cell>``."""

    app: Application
    cell: str
    source: StaticRoleSource
    tenant_id: str
    user_id: str
    language: str = "zh-CN"
    _tenants: dict[str, Api] = field(default_factory=dict)

    async def get(self, path: str, **query: Any) -> Answer:
        """GET; query values that are not text are sent as JSON."""
        return await self.call("GET", path, query=query)

    async def post(self, path: str, body: Any = None, *, request_id: str | None = None) -> Answer:
        """POST a JSON body."""
        return await self.call("POST", path, body, request_id=request_id)

    async def patch(self, path: str, body: Any, *, request_id: str | None = None) -> Answer:
        """PATCH a JSON body."""
        return await self.call("PATCH", path, body, request_id=request_id)

    async def delete(self, path: str, **query: Any) -> Answer:
        """DELETE."""
        return await self.call("DELETE", path, query=query)

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: dict[str, Any] | None = None,
        request_id: str | None = None,
        headers: dict[str, str] | None = None,
        sign: bool = True,
    ) -> Answer:
        """Any request. ``body`` may be bytes (sent as they are) or a value (sent as JSON)."""
        path, _, given = path.partition("?")
        full = path if path.startswith("/api/") or path in self.app.open_paths else f"/api/v1/{self.cell}{path}"
        values = dict(parse_qsl(given, keep_blank_values=True)) | (query or {})
        texts = {name: value if isinstance(value, str) else to_json(value).decode() for name, value in values.items()}
        target = quote(full, safe="/:@!$&'()*+,;=-._~") + ("?" + urlencode(texts) if texts else "")
        identity = request_id or str(uuid.uuid4())
        raw = body if isinstance(body, bytes) else b"" if body is None else to_json(body)
        sent = {"content-type": "application/json", "accept-language": self.language}
        if sign:
            sent |= {
                name.lower(): value
                for name, value in signing.signed_headers(
                    SIGNING_SECRET, method, target, self.user_id, identity, self.tenant_id
                ).items()
            }
        else:
            sent |= {"x-tenant-id": self.tenant_id, "x-user-id": self.user_id, "x-request-id": identity}
        sent |= headers or {}
        return await asgi_call(self.app, method, target, sent, raw)

    def as_user(
        self, permissions: Sequence[str] = ("*",), *, scope: str = "all", user_id: str | None = None, **document: Any
    ) -> Api:
        """Another user of the same tenant; further keywords are fields of his role document."""
        user = user_id or str(uuid.uuid4())
        self.source.put(
            RoleDocument(
                user_id=user,
                tenant_id=self.tenant_id,
                permissions=tuple(permissions),
                scopes=document.pop("scopes", {"*": scope}),
                **document,
            )
        )
        self.app.engine.roles.forget(self.tenant_id, user)
        return Api(self.app, self.cell, self.source, self.tenant_id, user, self.language, self._tenants)

    @property
    def tenant_b(self) -> Api:
        """An administrator of another tenant."""
        if "b" not in self._tenants:
            other = Api(self.app, self.cell, self.source, str(uuid.uuid4()), "")
            self._tenants["b"] = other.as_user()
        return self._tenants["b"]

    async def must(self, method: str, path: str, body: Any = None, status: int | None = None) -> Any:
        """A call that has to succeed (or give ``status``); returns its JSON."""
        answer = await self.call(method, path, body)
        assert answer.status == status if status else answer.status < 300, answer.body.decode()
        return answer.json if answer.body else None


async def asgi_call(app: Any, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
    """One request to an ASGI application in this process."""
    path, _, query = target.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": unquote(path), "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "state": {},
    }  # fmt: skip
    messages = [{"type": "http.request", "body": body, "more_body": False}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start = sent[0]
    content = b"".join(message.get("body", b"") for message in sent[1:])
    found = {name.decode().lower(): value.decode("latin-1") for name, value in start["headers"]}
    return Answer(start["status"], found, content)


def test_settings(name: str, owner_url: str, app_url: str) -> Settings:
    """Settings of a cell under test: its own database, no gateway, no governance."""
    return read_settings(
        name,
        environment={
            "DATABASE_URL": app_url,
            "MIGRATION_DATABASE_URL": owner_url,
            "GATEWAY_SIGNING_SECRET": SIGNING_SECRET,
            "FIELD_ENCRYPTION_KEYS": ENCRYPTION_KEYS,
            "DATABASE_POOL_SIZE": "6",
        },
    )


test_settings.__test__ = False  # type: ignore[attr-defined]  # not a test, whatever its name says


def load_cell(place: str) -> Cell:
    """A cell by ``module:name``."""
    module, _, name = place.partition(":")
    cell = getattr(importlib.import_module(module), name)
    assert isinstance(cell, Cell)
    return cell


def cell_fixtures(place: str) -> dict[str, Any]:
    """The fixtures ``cell``, ``cell_app``, ``clock`` and ``api`` for the cell at ``module:name``."""

    @pytest.fixture(scope="session")
    def cell() -> Cell:
        return load_cell(place)

    @pytest.fixture(scope="session")
    def cell_settings(
        cell: Cell, pytestconfig: pytest.Config, worker_label: str, tmp_path_factory: pytest.TempPathFactory
    ) -> Settings:
        cluster = cluster_of(pytestconfig)
        urls = cluster.create_database(f"{cell.name}_{worker_label}_{uuid.uuid4().hex[:6]}")
        settings = replace(
            test_settings(cell.name, urls.owner, urls.app), data_folder=tmp_path_factory.mktemp(f"{cell.name}_data")
        )
        if has_revisions(cell.package):
            cell.migrate(settings)
        else:
            create_directly(urls.owner, cell.documents)
        return settings

    @pytest.fixture(scope="session")
    def worker_label() -> str:
        import os  # noqa: PLC0415 - one use

        return re.sub(r"\W", "", os.environ.get("PYTEST_XDIST_WORKER", "main"))

    @pytest.fixture
    def clock() -> Clock:
        return Clock()

    @pytest_asyncio.fixture
    async def cell_app(cell: Cell, cell_settings: Settings, clock: Clock) -> AsyncIterator[Application]:
        app = cell.create_app(cell_settings, role_source=StaticRoleSource())
        app.engine.clock = clock
        await app.start()
        yield app
        await app.stop()

    @pytest_asyncio.fixture
    async def api(cell: Cell, cell_app: Application) -> Api:
        source = cell_app.engine.roles._source  # noqa: SLF001 - the fixture's own static source
        return Api(cell_app, cell.name, source, str(uuid.uuid4()), "").as_user()

    return {
        "cell": cell,
        "cell_settings": cell_settings,
        "worker_label": worker_label,
        "clock": clock,
        "cell_app": cell_app,
        "api": api,
    }
