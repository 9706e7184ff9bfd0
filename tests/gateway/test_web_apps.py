"""The two web apps through a real Envoy and the real static server: pages, files, headers, and the interface beside."""

from __future__ import annotations

import gzip
import http.client
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest

from superpaas.probes import ask
from superpaas.webapps import compress
from tests.gateway.support import TENANT, Answer, Gateway, Signer, Upstream, free_port, open_cell, routing_of

PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SCRIPT = "console.log('好');\n" * 200
ASSET = "/assets/index-CsQ657Mr.js"
SERVE = (
    "from cellkit.settings import read_settings; from cellkit.serve import run; from platform_web.app import service;"
    "run(service, read_settings('web'))"
)


def write_app(apps: Path, name: str, title: str) -> Path:
    """An app as Vite and our build leave it."""
    folder = apps / name / "dist"
    (folder / "assets").mkdir(parents=True, exist_ok=True)
    (folder / ".vite").mkdir(exist_ok=True)
    (folder / "index.html").write_text(f"<!doctype html><title>{title}</title>{'x' * 1500}", encoding="utf-8")
    (folder / ASSET[1:]).write_text(SCRIPT, encoding="utf-8")
    (folder / "sw.js").write_text("self.skipWaiting();", encoding="utf-8")
    (folder / "assets" / "reader.wasm").write_bytes(b"\0asm" + bytes(range(256)) * 20)
    (folder / ".vite" / "manifest.json").write_text("{}", encoding="utf-8")
    (folder / ".fingerprint").write_text("secret", encoding="utf-8")
    compress(folder)
    return folder


class Web:
    """The static server as a process of its own."""

    def __init__(self, apps: Path) -> None:
        self.port = free_port()
        self._environment = {
            "PATH": os.environ["PATH"],
            "SERVICE_PORT": str(self.port),
            "WEB_APPS_DIR": str(apps),
            "GATEWAY_SIGNING_SECRET": "00" * 32,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen([sys.executable, "-c", SERVE], env=self._environment)
        deadline = time.monotonic() + 20
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/ready", timeout=2):
                    return
            except OSError:
                assert time.monotonic() < deadline, "the static server does not come up"
                time.sleep(0.05)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None


class Door:
    """One of the gateway's listeners, asked as a browser or a program does."""

    def __init__(self, port: int) -> None:
        self.port = port

    def call(self, method: str, path: str, headers: dict[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            connection.request(method, path, headers=headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, {name.replace("_", "-"): value for name, value in headers.items()})


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("apps")
    write_app(folder, "client", "客户端")
    write_app(folder, "admin", "管理端")
    return folder


@pytest.fixture(scope="module")
def web(apps: Path) -> Iterator[Web]:
    running = Web(apps)
    running.start()
    yield running
    running.kill()


@pytest.fixture(scope="module")
def ports() -> dict[str, int]:
    return {"client": free_port(), "admin": free_port()}


@pytest.fixture(scope="module")
def behind(
    tmp_path_factory: pytest.TempPathFactory,
    web: Web,
    ports: dict[str, int],
    identity: Upstream,
    crm: Upstream,
    signer: Signer,
) -> Iterator[Gateway]:
    services = {
        **dict.fromkeys(("identity", "governance", "monitor"), identity.url),
        "web": f"http://127.0.0.1:{web.port}",
    }
    running = Gateway(
        tmp_path_factory.mktemp("gateway"),
        services,
        WEB_CLIENT_PORT=str(ports["client"]),
        WEB_ADMIN_PORT=str(ports["admin"]),
        GATEWAY_TRUSTED_HOPS="1",
    ).start()
    try:
        running.publish(routing_of(running, [signer], open_cell(crm)))
        running.wait(lambda: Door(ports["client"]).call("GET", "/", PAGE).status == 200)
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def client(behind: Gateway, ports: dict[str, int]) -> Door:
    assert behind
    return Door(ports["client"])


@pytest.fixture(scope="module")
def admin(behind: Gateway, ports: dict[str, int]) -> Door:
    assert behind
    return Door(ports["admin"])


class TestPages:
    def test_each_door_shows_its_own_app(self, client: Door, admin: Door) -> None:
        first, second = client.call("GET", "/", PAGE), admin.call("GET", "/", PAGE)
        assert (first.status, second.status) == (200, 200)
        assert "客户端" in first.body.decode()
        assert "管理端" in second.body.decode()

    @pytest.mark.parametrize("path", ["/c/crm/leads", "/c/crm/leads/0192f6a0?tab=log", "/客户", "/index.html"])
    def test_what_a_browser_navigates_to_is_the_app(self, client: Door, path: str) -> None:
        answer = client.call("GET", urllib.request.quote(path, safe="/?="), PAGE)
        assert answer.status == 200
        assert "客户端" in answer.body.decode()

    def test_a_page_is_asked_for_again_each_time_and_costs_nothing_when_it_is_the_same(self, client: Door) -> None:
        first = client.call("GET", "/", PAGE)
        assert first.headers["cache-control"] == "no-cache"
        again = client.call("GET", "/c/crm/leads", {**PAGE, "If-None-Match": first.headers["etag"]})
        assert (again.status, again.body) == (304, b"")

    def test_programs_that_ask_for_no_page_get_none(self, client: Door) -> None:
        assert client.get("/c/crm/leads", Accept="application/json").status == 404
        assert client.get("/c/crm/leads", Accept="*/*").status == 404
        assert client.get("/", Accept="*/*").status == 200

    def test_only_reading_is_possible(self, client: Door) -> None:
        assert client.call("POST", "/", PAGE).status == 405
        assert client.call("DELETE", ASSET).status == 405
        assert client.call("HEAD", "/", PAGE).body == b""

    def test_a_new_build_is_served_without_a_restart(self, client: Door, apps: Path) -> None:
        old = client.call("GET", "/", PAGE).headers["etag"]
        try:
            write_app(apps, "client", "新客户端")
            answer = client.call("GET", "/c/crm", {**PAGE, "If-None-Match": old})
            assert answer.status == 200
            assert "新客户端" in answer.body.decode()
        finally:
            write_app(apps, "client", "客户端")


class TestFiles:
    def test_what_is_named_by_its_content_is_kept_for_ever(self, client: Door) -> None:
        answer = client.get(ASSET)
        assert answer.status == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.body.decode() == SCRIPT

    @pytest.mark.parametrize("path", ["/sw.js", "/assets/reader.wasm"])
    def test_what_is_not_is_asked_for_again(self, client: Door, path: str) -> None:
        answer = client.get(path)
        assert (answer.status, answer.headers["cache-control"]) == (200, "no-cache")

    def test_webassembly_has_the_type_that_browsers_compile_while_loading(self, client: Door) -> None:
        assert client.get("/assets/reader.wasm").headers["content-type"] == "application/wasm"

    def test_files_are_sent_as_the_build_compressed_them_and_only_once(self, client: Door) -> None:
        packed = client.get(ASSET, Accept_Encoding="gzip, deflate, br")
        assert packed.headers["content-encoding"] == "br"
        assert brotli.decompress(packed.body).decode() == SCRIPT
        other = client.get(ASSET, Accept_Encoding="gzip")
        assert other.headers["content-encoding"] == "gzip"
        assert gzip.decompress(other.body).decode() == SCRIPT
        assert "Accept-Encoding" in other.headers["vary"]
        assert "content-encoding" not in client.get(ASSET).headers

    def test_the_interface_is_still_compressed_on_the_way(self, client: Door, token: str) -> None:
        answer = client.get(
            "/api/v1/crm/leads?big=4000", Authorization=f"Bearer {token}", X_Tenant_Id=TENANT, Accept_Encoding="gzip"
        )
        assert (answer.status, answer.headers["content-encoding"]) == (200, "gzip")

    def test_parts_of_a_file(self, client: Door) -> None:
        answer = client.get(ASSET, Range="bytes=0-6")
        assert (answer.status, answer.body) == (206, b"console")
        assert answer.headers["content-range"] == f"bytes 0-6/{len(SCRIPT.encode())}"
        assert client.get(ASSET, Range="bytes=999999-").status == 416

    @pytest.mark.parametrize("path", ["/assets/index-Deleted0.js", "/assets/", "/assets", "/favicon.ico", "/sw.js/"])
    def test_a_missing_file_is_missing(self, client: Door, path: str) -> None:
        assert client.get(path).status == 404

    def test_a_missing_asset_is_missing_for_a_browser_too(self, client: Door) -> None:
        assert client.call("GET", "/assets/index-Deleted0.js", PAGE).status == 404

    @pytest.mark.parametrize(
        "path",
        [
            "/../admin/dist/index.html",
            "/%2e%2e/%2e%2e/admin/dist/index.html",
            "/..%2f..%2f..%2fetc/passwd",
            "/assets/..%5c..%5cindex.html",
            "/assets/%00",
            "//etc/passwd",
            "/.fingerprint",
            "/.vite/manifest.json",
            f"{ASSET}.br",
            "/client/index.html",
            "/admin/index.html",
            "/%2Fetc%2Fpasswd",
            "/assets/....//....//index.html",
        ],
    )
    def test_nothing_outside_the_app_is_reached(self, client: Door, path: str) -> None:
        answer = client.get(path)
        assert answer.status in {400, 404}, answer.body
        assert b"root:" not in answer.body
        assert b"secret" not in answer.body

    def test_raw_paths_that_no_client_would_send(self, ports: dict[str, int], client: Door) -> None:
        assert client
        for path in (
            b"/../../../../etc/passwd",
            b"/assets/../../.fingerprint",
            b"/./.fingerprint",
            b"/..;/..;/etc/passwd",
        ):
            raw = behind_raw(ports["client"], b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert re.match(rb"HTTP/1.1 4\d\d", raw), (path, raw[:200])
            assert b"root:" not in raw
            assert b"secret" not in raw


def behind_raw(port: int, text: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(text)
        received = b""
        while piece := connection.recv(65536):
            received += piece
        return received


class TestSecurity:
    def test_no_inline_script_may_run_and_nobody_may_frame_the_app(self, client: Door, admin: Door) -> None:
        for door, wasm in ((client, True), (admin, False)):
            answer = door.call("GET", "/", PAGE)
            policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
            assert policy["default-src"] == "'self'"
            assert policy["script-src"].split() == ["'self'", *(["'wasm-unsafe-eval'"] if wasm else [])]
            assert policy["connect-src"] == policy["worker-src"] == policy["form-action"] == "'self'"
            assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"

    def test_the_other_headers_of_every_file(self, client: Door, admin: Door) -> None:
        for path in ("/", ASSET):
            headers = client.call("GET", path, PAGE if path == "/" else {}).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["x-frame-options"] == "DENY"
            assert headers["referrer-policy"] == "same-origin"
            assert headers["cross-origin-opener-policy"] == "same-origin"
            assert "camera=(self)" in headers["permissions-policy"]
            assert "access-control-allow-origin" not in headers
        assert "camera=()" in admin.call("GET", "/", PAGE).headers["permissions-policy"]

    def test_https_is_asked_to_stay_https(self, client: Door) -> None:
        assert "strict-transport-security" not in client.call("GET", "/", PAGE).headers
        secure = client.call("GET", "/", {**PAGE, "X-Forwarded-Proto": "https", "X-Forwarded-For": "10.1.2.3"})
        assert secure.headers["strict-transport-security"] == "max-age=31536000"

    def test_the_static_server_sees_neither_token_nor_cookie(self, behind: Gateway, client: Door, token: str) -> None:
        answer = client.call("GET", "/", {**PAGE, "Authorization": f"Bearer {token}", "Cookie": "superpaas_client=x"})
        assert answer.status == 200
        assert "set-cookie" not in answer.headers
        time.sleep(1.2)
        last = behind.access_log()[-1]
        assert last["service"] == "web"
        assert "superpaas_client" not in str(last)


class TestInterface:
    @pytest.mark.parametrize("door", ["client", "admin"])
    def test_the_interface_is_there_at_both_doors(
        self, ports: dict[str, int], client: Door, door: str, token: str
    ) -> None:
        assert client
        both = Door(ports[door])
        answer = both.get("/api/v1/crm/leads", Authorization=f"Bearer {token}", X_Tenant_Id=TENANT)
        assert (answer.status, answer.json["service"]) == (200, "crm")
        assert answer.json["headers"]["x-gateway-signature"].startswith("v1=")
        assert both.get("/api/v1/crm/leads").code == "UNAUTHORIZED"
        assert both.get("/api/v1/auth/jwks").status == 200
        assert both.get("/api/v1/nothing", Authorization=f"Bearer {token}").code == "CELL_NOT_FOUND"
        for path in ("/api", "/api/", "/api/v2/crm", "/api/v1/../../api/x"):
            assert both.call("GET", path, PAGE).code == "NOT_FOUND"

    def test_administration_is_no_business_of_the_clients_door(self, client: Door, admin: Door, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}", **PAGE}
        assert admin.call("GET", "/api/admin/tenants", headers).status == 200
        for path in (
            "/api/admin/tenants",
            "/api/admin/cells",
            "/api/./admin/tenants",
            "//api/admin/tenants",
            "/api/admin",
        ):
            assert client.call("GET", path, headers).code == "NOT_FOUND"

    def test_no_socket_is_opened_to_the_static_server(self, client: Door) -> None:
        answer = client.get(
            "/", Connection="Upgrade", Upgrade="websocket", Sec_WebSocket_Key="eA==", Sec_WebSocket_Version="13"
        )
        assert answer.status in {400, 403, 404}

    def test_all_doors_count_for_the_drain(self, behind: Gateway, client: Door, token: str) -> None:
        assert client.get("/api/v1/crm/leads", Authorization=f"Bearer {token}", X_Tenant_Id=TENANT).status == 200
        stats = behind.stats()
        assert stats["http.web_client.downstream_rq_2xx"] > 0
        assert "http.web_admin.downstream_rq_active" in stats


class TestWithoutTheStaticServer:
    def test_a_page_says_so_plainly_and_the_interface_goes_on(
        self, behind: Gateway, web: Web, client: Door, token: str
    ) -> None:
        web.kill()
        try:
            behind.wait(lambda: client.call("GET", "/", PAGE).status == 503)
            chinese = client.call("GET", "/c/crm/leads", PAGE)
            english = client.call("GET", "/c/crm/leads", {**PAGE, "Accept-Language": "en-US"})
            assert chinese.headers["content-type"] == "text/html; charset=utf-8"
            assert "页面暂时打不开" in chinese.body.decode()
            assert "not available" in english.body.decode()
            assert english.headers["x-request-id"] in english.body.decode()
            assert "script" not in english.body.decode()
            assert "default-src 'none'" in english.headers["content-security-policy"]
            assert english.headers["cache-control"] == "no-store"
            answer = client.get("/api/v1/crm/leads", Authorization=f"Bearer {token}", X_Tenant_Id=TENANT)
            assert answer.status == 200
            assert client.get("/api/nothing").code == "NOT_FOUND"
        finally:
            web.start()
            behind.wait(lambda: client.call("GET", "/", PAGE).status == 200)

    def test_what_cannot_be_read_is_refused_as_a_page(self, client: Door) -> None:
        answer = client.call("GET", "/c%2fcrm", {**PAGE, "X-Request-ID": "<script>alert(1)</script>"})
        assert answer.status == 400
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert b"<script>" not in answer.body
        assert client.get("/api%2fv1").status == 400


class TestDrain:
    def test_requests_under_way_are_answered_while_the_doors_close(
        self, tmp_path: Path, web: Web, identity: Upstream, crm: Upstream, signer: Signer, token: str
    ) -> None:
        doors = {"WEB_CLIENT_PORT": str(free_port()), "WEB_ADMIN_PORT": str(free_port())}
        services = {
            **dict.fromkeys(("identity", "governance", "monitor"), identity.url),
            "web": f"http://127.0.0.1:{web.port}",
        }
        running = Gateway(tmp_path, services, **doors).start()
        try:
            running.publish(routing_of(running, [signer], open_cell(crm)))
            port = int(doors["WEB_CLIENT_PORT"])
            slow = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            headers = {"Authorization": f"Bearer {token}", "X-Tenant-Id": TENANT}
            slow.request("GET", "/api/v1/crm/leads?delay=1.5", headers=headers)
            running.wait(lambda: running.stats()["http.web_client.downstream_rq_active"] == 1)
            assert ask(running.admin_port, "/drain_listeners?graceful", method="POST")[0] == 200
            answer = slow.getresponse()
            assert (answer.status, answer.getheader("connection")) == (200, "close")
            answer.read()
            slow.close()
            running.wait(lambda: running.stats()["http.web_client.downstream_rq_active"] == 0)
        finally:
            running.stop()
