"""Identity's OpenAPI document is true: generated requests meet no failure and no answer that it does not promise."""

from __future__ import annotations

import functools
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
import schemathesis
import schemathesis.openapi
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from platform_identity.app import create_app
from platform_identity.described.document import document_of
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from cellkit import signing
from cellkit.settings import read_settings
from cellkit.testing.postgres import Cluster
from platform_core.identity.tests.api.conftest import Template
from platform_core.identity.tests.api.harness import MASTER, PASSWORD, settings_of

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 5
_METHODS = {"get", "post", "put", "patch", "delete"}


@functools.cache
def document() -> dict[str, Any]:
    # Made without a database: nothing is asked of it before the service starts.
    environment = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "GATEWAY_SIGNING_SECRET": MASTER}
    return document_of(create_app(read_settings("identity", environment=environment)))


@functools.cache
def schema() -> Any:
    return schemathesis.openapi.from_dict(document())


def operations() -> Iterator[Any]:
    for path, item in document()["paths"].items():
        for method in item:
            if method in _METHODS:
                yield pytest.param(path, method, id=f"{method.upper()} {path}")


@dataclass
class Served:
    """Identity behind uvicorn in a thread; what stands in front signs for the operator's administrator."""

    url: str
    session: requests.Session
    ids: dict[str, str]

    def send(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.session.request(method, self.url + path, json=body, timeout=30)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None


@pytest.fixture(scope="module")
def served(postgres_cluster: Cluster, template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    urls = postgres_cluster.create_database(f"{template.name}_openapi", template=template.name)
    settings = settings_of(urls, tmp_path_factory.mktemp("openapi") / "password")
    tokens = template.logins["default"]
    key = signing.service_key(MASTER, "identity")
    app = create_app(settings)

    async def gateway(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            query = scope["query_string"]
            target = (scope["raw_path"] + (b"?" + query if query else b"")).decode("latin-1")
            given_id = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1") or str(uuid.uuid4())
            signed = signing.signed_headers(
                key, scope["method"], target, tokens["userId"], given_id, tokens["tenantId"]
            )
            made = {name.lower().encode(): value.encode("latin-1") for name, value in signed.items()}
            kept = [(name, value) for name, value in scope["headers"] if name not in made]
            scope = {**scope, "headers": [*kept, *made.items()]}
        await app(scope, receive, send)

    config = uvicorn.Config(gateway, host="127.0.0.1", port=0, log_config=None, access_log=False, http="httptools")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert thread.is_alive(), "identity did not start"
        assert time.monotonic() < deadline
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    with requests.Session() as session:
        made = Served(f"http://127.0.0.1:{port}", session, {})
        made.ids = _things(made, tokens["tenantId"])
        yield made
    server.should_exit = True
    thread.join(10)


def _things(served: Served, tenant_id: str) -> dict[str, str]:
    """Something for every parameter, so that not all generated requests end at 404."""
    role = served.send("POST", "/api/admin/roles", {"code": "r", "name": "R"})
    other = served.send("POST", "/api/admin/roles", {"code": "o", "name": "O", "permissions": ["crm.*"]})
    user = {"username": "someone", "display_name": "S", "password": PASSWORD, "role_ids": [other["id"]]}
    login = {"tenant": "default", "username": "someone", "password": PASSWORD}
    found = {
        "user_id": served.send("POST", "/api/admin/users", user)["id"],
        "role_id": role["id"],
        "other_id": other["id"],
        "department_id": served.send("POST", "/api/admin/departments", {"name": "D"})["id"],
        "package_id": served.send("POST", "/api/admin/packages", {"code": "p", "name": "P"})["id"],
        "tenant_id": tenant_id,
        "code": "o",
    }
    served.send("POST", "/api/v1/auth/login", login)
    sessions = served.send("GET", "/api/admin/sessions?q=someone")["items"]
    return {**found, "session_id": sessions[0]["id"]}


@pytest.mark.parametrize(("path", "method"), list(operations()))
def test_answers_are_as_promised(served: Served, path: str, method: str) -> None:
    operation = schema()[path][method]
    described = document()["paths"][path][method]
    modes = [GenerationMode.POSITIVE]
    # What is only in a path can be anything and names nothing at worst.
    if described.get("requestBody") or any(item["in"] != "path" for item in described.get("parameters", ())):
        modes.append(GenerationMode.NEGATIVE)
    # An earlier operation may have ended the administrator's sessions, as it was asked to.
    served.send("POST", "/api/v1/auth/login", {"tenant": "default", "username": "admin", "password": PASSWORD})
    for mode in modes:

        @settings_of_run
        @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
        def run(case: Any, real: bool) -> None:
            if real:
                _make_real(case, served.ids)
            answer = case.call(base_url=served.url, session=served.session, timeout=30)
            case.validate_response(answer, checks=CHECKS)
            if answer.status_code >= 400:
                assert set(answer.json()) == {"code", "message", "details", "requestId"}

        run()


settings_of_run = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def _make_real(case: Any, ids: dict[str, str]) -> None:
    for name in case.path_parameters or ():
        case.path_parameters[name] = ids[name]
    if isinstance(case.query, dict) and "version" in case.query:
        case.query["version"] = 1
    if isinstance(case.body, dict) and isinstance(case.body.get("version"), int):
        case.body["version"] = 1


def test_every_operation_says_what_it_answers() -> None:
    """The web's types are made from this: an answer without a shape would be of no use there."""
    silent = []
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            for status, response in operation["responses"].items():
                content = response.get("content", {}).get("application/json", {"schema": {"type": "object"}})
                if status.startswith("2") and not content["schema"]:
                    silent.append((method, path))
    assert silent == []
