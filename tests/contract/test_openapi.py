"""The OpenAPI document is true: every route stands in it, and every answer is one that it promises."""

from __future__ import annotations

import asyncio
import functools
import re
import threading
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
import requests
import schemathesis
import schemathesis.openapi
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from cellkit import openapi, signing
from cellkit.declare import Document, Table
from cellkit.declare.fields import Number
from cellkit.ops.access import RoleDocument, StaticRoleSource
from cellkit.settings import read_settings
from cellkit.testing.cells import SIGNING_SECRET
from tests.contract.discovery import STANDS_FOR_THE_KIT, load, loadable
from tests.contract.samples import Samples
from tests.contract.subject import Subject

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 8
_METHODS = {"get", "post", "put", "patch", "delete"}


@functools.cache
def document_of(name: str) -> dict[str, Any]:
    """The document, without a database."""
    cell = load(name)
    return openapi.document(cell, cell.create_app(read_settings(name, environment={})))


@functools.cache
def schema_of(name: str) -> Any:
    return schemathesis.openapi.from_dict(document_of(name))


def operations() -> Iterator[Any]:
    """Every operation of every cell, found without starting one; the kit's own are asked of one cell alone."""
    for name in loadable():
        for path, item in document_of(name)["paths"].items():
            if name != STANDS_FOR_THE_KIT and _is_the_kits(name, path):
                continue
            for method in item:
                if method in _METHODS:
                    yield pytest.param(name, path, method, id=f"{method.upper()} {path}")


def _is_the_kits(name: str, path: str) -> bool:
    """Whether a path is the same in every cell: a resource of the kit, or one of its documents."""
    words = path.split("/")[4:]
    plurals = {table.plural for table in load(name).documents if table.kit}
    return any(word.startswith("_") or word in plurals for word in words)


class Served:
    """A cell behind uvicorn in a thread; a small gateway in front signs what arrives."""

    def __init__(self, subject: Subject, tenant_id: str) -> None:
        user_id = str(uuid.uuid4())
        source = StaticRoleSource(
            RoleDocument(user_id=user_id, tenant_id=tenant_id, permissions=("*",), scopes={"*": "all"})
        )
        app = subject.cell.create_app(subject.settings, role_source=source)

        async def gateway(scope: dict[str, Any], receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                query = scope["query_string"]
                target = (scope["raw_path"] + (b"?" + query if query else b"")).decode("latin-1")
                names = {b"x-request-id", b"x-tenant-id", b"x-user-id", b"x-gateway-time", b"x-gateway-signature"}
                given_id = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
                headers = signing.signed_headers(
                    SIGNING_SECRET, scope["method"], target, user_id, given_id or str(uuid.uuid4()), tenant_id
                )
                kept = [(name, value) for name, value in scope["headers"] if name not in names]
                made = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
                scope = {**scope, "headers": kept + made}
            await app(scope, receive, send)

        self.server = uvicorn.Server(
            uvicorn.Config(gateway, host="127.0.0.1", port=0, log_config=None, access_log=False, http="httptools")
        )
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        deadline = time.monotonic() + 20
        while not self.server.started:
            assert self.thread.is_alive(), "the cell did not start"
            assert time.monotonic() < deadline, "the cell did not start in time"
            time.sleep(0.02)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.session = requests.Session()

    def stop(self) -> None:
        self.session.close()
        self.server.should_exit = True
        self.thread.join(10)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def served(subjects: Any) -> AsyncIterator[Any]:
    """Gives a served cell by name, with rows of every kind in it: (server, a row's id by document key)."""
    running: dict[str, tuple[Served, dict[str, str]]] = {}

    async def get(name: str) -> tuple[Served, dict[str, str]]:
        if name not in running:
            subject = await subjects.get(name)
            samples = await Samples.open(subject, subject.tenant())
            await samples.populate()
            ids = {}
            for table in subject.cell.documents:
                items = (await samples.api.must("GET", f"/{table.plural}?limit=1"))["items"]
                if items:
                    ids[table.key] = items[0]["id"]
            running[name] = (await asyncio.to_thread(Served, subject, samples.api.tenant_id), ids)
        return running[name]

    yield get
    for server, _ in running.values():
        await asyncio.to_thread(server.stop)


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("mode", ["positive", "negative"])
@pytest.mark.parametrize(("name", "path", "method"), list(operations()))
async def test_answers_are_as_promised(served: Any, name: str, path: str, method: str, mode: str) -> None:
    """Generated requests, some of them for rows that exist, with the version and references that would be right."""
    server, ids = await served(name)
    operation = schema_of(name)[path][method]
    plural = path.removeprefix(f"/api/v1/{name}/").partition("/")[0]
    table = next((item for item in load(name).documents if item.plural == plural), None)
    wanted = GenerationMode.POSITIVE if mode == "positive" else GenerationMode.NEGATIVE
    if mode == "negative" and not _can_be_wrong(document_of(name)["paths"][path], method):
        return

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=wanted), real=st.booleans())
    def run(case: Any, real: bool) -> None:
        if real and table is not None:
            _make_real(case, table, ids)
        answer = case.call(base_url=server.url, session=server.session, timeout=30)
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code >= 400:
            error = answer.json()
            assert set(error) == {"code", "message", "details", "requestId"}

    await asyncio.to_thread(run)


def _can_be_wrong(item: dict[str, Any], method: str) -> bool:
    return bool(item.get("parameters") or item[method].get("parameters") or item[method].get("requestBody"))


def _make_real(case: Any, table: type[Table], ids: dict[str, str]) -> None:
    """Point a generated request at rows that exist."""
    if case.path_parameters and table.key in ids and "id" in case.path_parameters:
        case.path_parameters["id"] = ids[table.key]
    if not isinstance(case.body, dict):
        return
    if isinstance(case.body.get("version"), int):
        case.body["version"] = 1
    _point(case.body, table.fields, ids)
    for name, grid in table.lines.items():
        lines = case.body.get(name)
        for line in lines if isinstance(lines, list) else ():
            if isinstance(line, dict):
                _point(line, grid.fields, ids)


def _point(body: dict[str, Any], fields: dict[str, Any], ids: dict[str, str]) -> None:
    for name, item in fields.items():
        target = getattr(item, "to", None)
        if isinstance(body.get(name), str) and target in ids:
            body[name] = ids[target]


@pytest.mark.asyncio(loop_scope="session")
async def test_every_route_is_documented_and_every_document_is_served(subject: Subject, cell_name: str) -> None:
    document = (await subject.tenant().call("GET", "/openapi.json", sign=False)).json
    assert document["openapi"].startswith("3.1")
    described = {
        (method.upper(), path) for path, item in document["paths"].items() for method in item if method in _METHODS
    }
    hidden = {"_meta", "openapi.json", "docs"}
    served_routes = {
        (method, template)
        for method, template in subject.routes()
        if not subject.is_open(template) and template.removeprefix(subject.base + "/") not in hidden
    }
    assert served_routes - described == set(), "served but not described"
    assert described - served_routes == set(), "described but not served"
    names = [
        item[method]["operationId"] for item in document["paths"].values() for method in item if method in _METHODS
    ]
    assert len(names) == len(set(names))


@pytest.mark.asyncio(loop_scope="session")
async def test_same_document_through_the_gateway(subject: Subject, cell_name: str) -> None:
    api = subject.tenant()
    own = await api.call("GET", "/openapi.json", sign=False)
    assert (await api.get(subject.base + "/openapi.json")).json == own.json
    assert (await api.get(subject.base + "/docs")).headers["content-type"].startswith("text/html")


@pytest.mark.asyncio(loop_scope="session")
async def test_answers_carry_what_is_described_and_nothing_else(samples: Samples, document: type[Document]) -> None:
    """Each name in an answer stands in the schema, and each described name in the answer; numbers are plain."""
    described = openapi._read_schema(document)["properties"]
    row = await samples.make(document)
    read = await samples.api.must("GET", samples.path(document, row["id"]))
    assert set(read) - set(described) == set()
    assert set(described) - set(read) == set()
    listed = (await samples.api.must("GET", samples.path(document)))["items"][0]
    assert set(listed) - set(described) == set()
    for shown in (row, read, listed):
        _plain_numbers(shown, document.fields)
        for name, grid in document.lines.items():
            for line in shown.get(name) or ():
                assert set(line) - set(described[name]["items"]["properties"]) == set()
                _plain_numbers(line, grid.fields)


def _plain_numbers(shown: dict[str, Any], fields: dict[str, Any]) -> None:
    for name, item in fields.items():
        if isinstance(item, Number) and shown.get(name) is not None and "*" not in shown[name]:
            assert re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", shown[name]), f"{name}: {shown[name]}"
