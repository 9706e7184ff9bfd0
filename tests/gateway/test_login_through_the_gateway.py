"""Identity on a real PostgreSQL behind a real Envoy: cookies, first passwords and packages as a browser meets them."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from platform_gateway import process
from platform_gateway.routing import Routing
from platform_identity.app import create_app, service

from cellkit.serve import server_config
from cellkit.settings import read_settings
from cellkit.testing.postgres import Cluster
from tests.gateway.support import MASTER, Answer, Gateway, Upstream, free_port, open_cell

FIRST, SECOND = "Correct-Horse-7", "Battery-Staple-8"
LEADS = "/api/v1/crm/leads"
AUTH = "/api/v1/auth"


@pytest.fixture(scope="module")
def browser(postgres_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory, crm: Upstream) -> Iterator[Browser]:
    folder = tmp_path_factory.mktemp("login")
    urls = postgres_cluster.create_database(f"identity_login_{free_port()}")
    (folder / "password").write_text(FIRST)
    settings = read_settings(
        "identity",
        environment={
            "DATABASE_URL": urls.app,
            "MIGRATION_DATABASE_URL": urls.owner,
            "GATEWAY_SIGNING_SECRET": MASTER,
            "FIRST_ADMIN_PASSWORD_FILE": str(folder / "password"),
            "SERVICE_PORT": str(free_port()),
        },
    )
    service.migrate(settings)
    server = uvicorn.Server(server_config(create_app(settings), settings))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    deadline = time.monotonic() + 15
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    url = f"http://127.0.0.1:{settings.port}"
    gateway = Gateway(folder, {"identity": url, "governance": url, "monitor": url}).start()
    gateway.publish(Routing(1, platform_urls=process.platform_urls(gateway.settings)))
    keys = json.loads(_direct(gateway, f"{AUTH}/jwks").body)
    gateway.publish(Routing(2, (open_cell(crm),), platform_urls=process.platform_urls(gateway.settings), jwks=keys))
    yield Browser(gateway)
    gateway.stop()
    server.should_exit = True
    thread.join(15)


def _direct(gateway: Gateway, path: str) -> Answer:
    answer = gateway.call("GET", path, tenant=None)
    assert answer.status == 200, answer.body
    return answer


class Browser:
    """Keeps cookies as a browser does."""

    def __init__(self, gateway: Gateway, app: str = "client") -> None:
        self.gateway = gateway
        self.app = app
        self.cookie = ""
        self.token = ""
        self.tenant = ""
        self.seen: list[str] = []

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        sent = {
            "Content-Type": "application/json",
            "Origin": f"http://127.0.0.1:{self.gateway.port}",
            **headers,
        }
        if path.startswith(AUTH):
            sent |= {"X-Session": self.app, **({"Cookie": self.cookie} if self.cookie else {})}
        raw = None if body is None else json.dumps(body).encode()
        answer = self.gateway.call(
            method, path, token=self.token or None, tenant=self.tenant or None, body=raw, headers=sent
        )
        if "set-cookie" in answer.headers:
            ((name, morsel),) = SimpleCookie(answer.headers["set-cookie"]).items()
            self.cookie = f"{name}={morsel.value}" if morsel.value else ""
            self.seen += [morsel.value] if morsel.value else []
        return answer

    def enter(self, tenant: str, username: str, password: str) -> dict[str, Any]:
        self.token = self.tenant = ""
        body = {"tenant": tenant, "username": username, "password": password}
        return self._take(self.send("POST", f"{AUTH}/login", body))

    def go_on(self) -> dict[str, Any]:
        return self._take(self.send("POST", f"{AUTH}/refresh"))

    def _take(self, answer: Answer) -> dict[str, Any]:
        assert answer.status == 200, answer.body
        told: dict[str, Any] = answer.json
        self.token, self.tenant = told["accessToken"], told["tenantId"]
        self.seen.append(self.token)
        return told


@pytest.fixture(scope="module")
def settled(browser: Browser) -> Browser:
    """The first administrator, after what he has to do first."""
    told = browser.enter("default", "admin", FIRST)
    assert told["mustChangePassword"] is True
    for path in (LEADS, "/api/admin/users", "/api/admin/tenants", "/api/v1/identity/users", f"{AUTH}/preferences"):
        stopped = browser.send("GET", path)
        assert (stopped.status, stopped.code) == (403, "PASSWORD_CHANGE_REQUIRED"), path
    assert browser.send("GET", f"{AUTH}/me").json["mustChangePassword"] is True
    assert browser.go_on()["mustChangePassword"] is True
    assert browser.send("GET", LEADS).status == 403
    body = {"oldPassword": FIRST, "newPassword": SECOND}
    browser._take(browser.send("POST", f"{AUTH}/change-password", body))
    assert browser.send("GET", LEADS).status == 200
    return browser


def test_the_first_administrator_changes_his_password_before_anything_else(settled: Browser) -> None:
    assert settled.send("GET", "/api/admin/users").status == 200


def test_a_browsers_session_lives_in_its_cookie(settled: Browser) -> None:
    gateway, visitor = settled.gateway, Browser(settled.gateway, "admin")
    told = visitor.enter("default", "admin", SECOND)
    assert "refreshToken" not in told
    assert visitor.cookie.startswith("superpaas_admin=")
    first = visitor.cookie
    visitor.go_on()
    assert visitor.cookie != first
    bare = gateway.call("POST", f"{AUTH}/refresh", tenant=None, headers={"Cookie": visitor.cookie})
    assert (bare.status, bare.code) == (400, "MISSING_HEADER")
    form = {"Cookie": visitor.cookie, "Content-Type": "application/x-www-form-urlencoded", "Origin": "http://evil"}
    assert gateway.call("POST", f"{AUTH}/refresh", tenant=None, body=b"a=b", headers=form).status in {400, 422}
    evil = {**form, "X-Session": "admin"}
    foreign = gateway.call("POST", f"{AUTH}/refresh", tenant=None, headers=evil)
    assert (foreign.status, foreign.code) == (403, "FOREIGN_ORIGIN")
    assert gateway.call("POST", f"{AUTH}/logout", tenant=None, headers=form).status == 401
    visitor.go_on()
    assert visitor.send("POST", f"{AUTH}/logout").status == 204
    assert visitor.cookie == ""
    assert visitor.send("POST", f"{AUTH}/refresh").status == 401


def test_tabs_that_refresh_together_all_go_on(settled: Browser) -> None:
    visitor = Browser(settled.gateway)
    visitor.enter("default", "admin", SECOND)
    sent = {"Cookie": visitor.cookie, "X-Session": "client"}
    with ThreadPoolExecutor(6) as tabs:
        answers = list(
            tabs.map(lambda _: settled.gateway.call("POST", f"{AUTH}/refresh", tenant=None, headers=sent), range(6))
        )
    assert {answer.status for answer in answers} == {200}
    assert len({answer.headers["set-cookie"].partition(";")[0] for answer in answers}) == 1


def test_a_reset_user_can_do_nothing_else_and_an_ended_session_nothing_at_all(settled: Browser) -> None:
    user = {"username": "li", "display_name": "Li", "password": FIRST}
    made = settled.send("POST", "/api/admin/users", user).json
    given = settled.send("POST", f"/api/admin/users/{made['id']}/reset-password", {}).json["password"]
    visitor = Browser(settled.gateway)
    assert visitor.enter("default", "li", given)["mustChangePassword"] is True
    assert visitor.send("GET", LEADS).code == "PASSWORD_CHANGE_REQUIRED"
    visitor._take(visitor.send("POST", f"{AUTH}/change-password", {"oldPassword": given, "newPassword": SECOND}))
    assert visitor.send("GET", LEADS).status == 200
    session = visitor.send("GET", f"{AUTH}/me").json["sessionId"]
    assert re.fullmatch(r"[0-9a-f-]{36}", session)
    other = Browser(settled.gateway)
    other.enter("default", "li", SECOND)
    assert settled.send("DELETE", f"/api/admin/sessions/{session}").status == 204
    assert visitor.send("GET", f"{AUTH}/me").status == 401, "the access token of the ended session"
    assert other.send("GET", f"{AUTH}/me").status == 200


def test_cells_outside_the_package_are_refused_at_the_gateway(settled: Browser) -> None:
    package = settled.send("POST", "/api/admin/packages", {"code": "erp-only", "name": "P", "cells": ["erp"]}).json
    tenant = {
        "code": "small", "name": "Small", "administrator": {"username": "admin", "password": FIRST},
        "package_id": package["id"], "settings": {"password_must_change_first": False},
    }  # fmt: skip
    assert settled.send("POST", "/api/admin/tenants", tenant).status == 201
    visitor = Browser(settled.gateway)
    visitor.enter("small", "admin", FIRST)
    refused = visitor.send("GET", LEADS)
    assert (refused.status, refused.code) == (403, "CELL_NOT_INCLUDED")
    assert visitor.send("GET", f"{AUTH}/me").json["cells"] == ["erp"]
    settled.send("PATCH", f"/api/admin/packages/{package['id']}", {"cells": ["crm", "erp"], "version": 1})
    visitor.go_on()
    assert visitor.send("GET", LEADS).status == 200


def test_no_token_is_written_down(settled: Browser) -> None:
    settled.gateway.wait(settled.gateway.access_log, 15)
    time.sleep(1.2)  # Envoy writes its log once a second.
    text = Path(process.access_log(settled.gateway.settings)).read_text() + settled.gateway.log.read_text()
    assert settled.seen
    for secret in (*settled.seen, FIRST, SECOND):
        assert secret not in text
        assert secret[-24:] not in text
