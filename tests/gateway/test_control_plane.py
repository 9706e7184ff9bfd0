"""Governance and gateway together, on a real PostgreSQL: registration, lights, breaker, keys, operators."""

from __future__ import annotations

import socket
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from platform_governance.migrate import migrate

from cellkit.settings import read_settings
from cellkit.testing.postgres import Cluster
from tests.gateway.control_plane import LEADS, READER, STRANGER, Governance, IdentityUpstream, Platform
from tests.gateway.support import USER, Answer, Gateway, Signer, Upstream, free_port


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory, postgres_cluster: Cluster, signer: Signer) -> Iterator[Platform]:
    urls = postgres_cluster.create_database(f"governance_{uuid.uuid4().hex[:8]}")
    folder: Path = tmp_path_factory.mktemp("platform")
    identity = IdentityUpstream(signer).start()
    port = free_port()
    services = {
        "identity": identity.url,
        "governance": f"http://127.0.0.1:{port}",
        "monitor": identity.url,
    }
    gateway = Gateway(folder, services)
    settings = read_settings(
        "governance",
        environment={
            **gateway.settings.environment,
            "SERVICE_PORT": str(port),
            "DATABASE_URL": urls.app,
            "MIGRATION_DATABASE_URL": urls.owner,
            "DATABASE_POOL_SIZE": "4",
        },
    )
    assert migrate(settings) == ["0001_registry.sql", "0002_subscriptions.sql", "0003_configuration.sql"]
    assert migrate(settings) == []
    gateway.start()
    governance = Governance(settings).start()
    try:
        yield Platform(gateway, governance, identity)
    finally:
        governance.stop()
        gateway.stop()
        identity.stop()


@pytest.fixture(scope="module")
def crm(platform: Platform) -> Iterator[Upstream]:
    upstream = Upstream("crm").start()
    answer = platform.governance.register(upstream)
    assert answer.status == 200, answer.body
    assert answer.json["leaseSeconds"] == 15
    renewing = threading.Event()

    def renew() -> None:
        instance = answer.json["instanceId"]
        while not renewing.wait(2):
            path = f"/api/governance/cells/crm/instances/{instance}"
            if platform.governance.call("PUT", path, "crm").status == 404:
                instance = platform.governance.register(upstream).json["instanceId"]

    thread = threading.Thread(target=renew)
    thread.start()
    platform.wait_light("crm", "green", "OK")
    yield upstream
    renewing.set()
    thread.join()
    upstream.stop()


@pytest.fixture(scope="module", autouse=True)
def silent(platform: Platform) -> Iterator[Upstream]:
    """A cell that registers at the beginning and never renews."""
    upstream = Upstream("wms").start()
    assert platform.governance.register(upstream).status == 200
    yield upstream
    upstream.stop()


def wait_status(
    platform: Platform, status: int, code: str | None = None, path: str = LEADS, seconds: float = 5
) -> None:
    token = platform.identity.keys[0].token()
    deadline = time.monotonic() + seconds
    while True:
        answer = platform.gateway.call("GET", path, token=token)
        if answer.status == status and (code is None or answer.code == code):
            return
        assert time.monotonic() < deadline, f"{path} answers {answer.status} {answer.body[:200]!r}"
        time.sleep(0.02)


def test_a_registered_cell_is_green_and_routed_within_a_second(platform: Platform, crm: Upstream, token: str) -> None:
    with Upstream("tms").start_context() as tms:
        began = time.monotonic()
        instance = platform.governance.register(tms).json["instanceId"]
        wait_status(platform, 200, path="/api/v1/tms/loads")
        assert time.monotonic() - began < 1.5
        path = f"/api/governance/cells/tms/instances/{instance}"
        assert platform.governance.call("PUT", path, "tms").status == 200
        assert platform.governance.call("DELETE", path, "tms").status == 204
        wait_status(platform, 503, "RED_LIGHT", "/api/v1/tms/loads")
        assert platform.light("tms") == ("red", "NOT_REGISTERED")
        assert platform.governance.call("PUT", path, "tms").status == 404


def test_only_the_cell_itself_may_register(platform: Platform, crm: Upstream) -> None:
    governance = platform.governance
    body = {"name": "crm", "version": "1", "label": {"zh": "a", "en": "a"}, "url": "http://127.0.0.1:1", "manifest": {}}
    assert governance.call("POST", "/api/governance/cells", "erp", body).code == "SIGNATURE_INVALID"
    assert governance.call("POST", "/api/governance/cells", "crm", body, key="x").code == "SIGNATURE_INVALID"
    assert governance.call("POST", "/api/governance/cells", "crm", body, headers={"X-Gateway-Time": "1"}).status == 403
    assert governance.call("GET", "/api/governance/cells", "crm", key="x").status == 403
    instance = "0192f6a0-0000-7000-8000-000000000000"
    assert governance.call("PUT", f"/api/governance/cells/crm/instances/{instance}", "erp").status == 403
    assert governance.call("DELETE", f"/api/governance/cells/crm/instances/{instance}", "erp").status == 403
    assert platform.light("crm") == ("green", "OK")


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "auth"},
        {"name": "identity"},
        {"name": "Upper"},
        {"name": "a/b"},
        {"url": "ftp://a"},
        {"url": "http://user@host:1"},
        {"url": "http://a:1/path"},
        {"url": "http://a:99999"},
        {"label": {"zh": "x"}},
        {"manifest": {"subscribes": [{"type": "nonsense"}]}},
        {"version": ""},
    ],
    ids=str,
)
def test_unusable_registrations_are_refused(platform: Platform, changes: dict[str, Any]) -> None:
    answer = platform.governance.register(Upstream("oa"), **changes)
    assert (answer.status, answer.code) == (422, "VALIDATION_FAILED")
    assert answer.json["details"]


def test_discovery_and_subscriptions(platform: Platform, crm: Upstream) -> None:
    found = platform.governance.call("GET", "/api/governance/cells", "monitor").json["items"]
    entry = next(item for item in found if item["name"] == "crm")
    assert entry["urls"] == [crm.url]
    assert entry["light"] == "green"
    # Identity makes its catalogue of permissions from it.
    assert entry["manifest"]["entities"] == ["lead"]
    path = "/api/governance/subscriptions?producer=erp"
    answer = platform.governance.call("GET", path, "erp")
    since = {(item["type"], item["subscriber"]): item["since"] for item in answer.json["items"]}
    assert datetime.fromisoformat(since["erp.order.shipped.v1", "crm"]) <= datetime.now(UTC)
    again = platform.governance.call("GET", path, "erp", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status == 304
    none = platform.governance.call("GET", "/api/governance/subscriptions?producer=hrm", "hrm")
    assert none.json["items"] == []


def test_a_cell_that_is_not_ready_turns_red_and_comes_back(platform: Platform, crm: Upstream) -> None:
    crm.healthy = False
    platform.wait_light("crm", "red", "NOT_READY:http_503")
    wait_status(platform, 503, "RED_LIGHT")
    crm.healthy = True
    platform.wait_light("crm", "green", "OK")
    wait_status(platform, 200)


def test_breaker_opens_half_opens_and_closes(platform: Platform, crm: Upstream, token: str) -> None:
    gateway = platform.gateway
    time.sleep(1.2)
    crm.status = 500
    for _ in range(30):
        gateway.call("GET", LEADS, token=token)
    platform.wait_light("crm", "red", "ERROR_RATE", 3)
    wait_status(platform, 503, "CIRCUIT_OPEN")
    answer = gateway.call("GET", LEADS, token=token)
    assert answer.headers["retry-after"]
    assert answer.json["details"] == {"reason": "ERROR_RATE"}
    before = crm.attempts
    for _ in range(20):
        gateway.call("GET", LEADS, token=token)
    assert crm.attempts == before
    platform.wait_light("crm", "yellow", "HALF_OPEN", 13)
    crm.status = 200
    deadline = time.monotonic() + 15
    while platform.light("crm") != ("green", "OK"):
        gateway.call("GET", LEADS, token=token)
        assert time.monotonic() < deadline
    wait_status(platform, 200)


def test_few_failures_do_not_open_the_breaker(platform: Platform, crm: Upstream, token: str) -> None:
    time.sleep(1.2)
    for number in range(40):
        platform.gateway.call("GET", f"{LEADS}?status={500 if number % 4 == 0 else 200}", token=token)
    time.sleep(2.2)
    assert platform.light("crm") == ("green", "OK")


def test_keys_of_identity_reach_the_gateway(platform: Platform, crm: Upstream, signer: Signer) -> None:
    second = Signer("rotated")
    try:
        platform.identity.keys = [second, signer]
        deadline = time.monotonic() + 8
        while platform.gateway.call("GET", LEADS, token=second.token()).status != 200:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert platform.gateway.call("GET", LEADS, token=signer.token()).status == 200
        platform.identity.stop()
        time.sleep(5.5)
        assert platform.gateway.call("GET", LEADS, token=second.token()).status == 200
    finally:
        platform.identity.keys = [signer]
        if platform.identity.stopped:
            platform.identity.start()


def test_operator_interface_needs_its_permissions(platform: Platform, crm: Upstream, signer: Signer) -> None:
    call = platform.gateway.call
    reader, stranger = signer.token(sub=READER), signer.token(sub=STRANGER)
    for path in ("cells", "cells/crm", "routes", "routes/versions", "health-summary", "subscriptions"):
        assert call("GET", f"/api/admin/{path}", token=reader).status == 200, path
        assert call("GET", f"/api/admin/{path}", token=stranger).code == "FORBIDDEN", path
        assert call("GET", f"/api/admin/{path}", token=signer.token(sub="cell:crm")).code == "FORBIDDEN", path
    for path in ("cells/crm/disable", "cells/crm/enable", "routes/versions/1/rollback"):
        assert call("POST", f"/api/admin/{path}", token=reader).code == "FORBIDDEN", path
    unsigned = platform.governance.call("GET", "/api/admin/cells", "crm")
    assert unsigned.code == "SIGNATURE_INVALID"


def test_health_summary(platform: Platform, crm: Upstream, token: str) -> None:
    summary = platform.gateway.call("GET", "/api/admin/health-summary", token=token).json
    assert summary["gateway"] == "up"
    assert {item["name"] for item in summary["platform"]} == {"identity", "governance", "monitor"}
    entry = next(item for item in summary["cells"] if item["name"] == "crm")
    assert entry["light"] == "green"
    assert entry["version"] == "1.2.3"
    assert entry["instances"] == 1
    assert entry["since"].endswith("Z")


def test_whoever_is_signed_in_learns_which_cells_there_are(platform: Platform, crm: Upstream, signer: Signer) -> None:
    path, stranger = "/api/v1/platform/cells", signer.token(sub=STRANGER)

    def ask(**headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return platform.gateway.call("GET", path, token=stranger, tenant=None, headers=named)

    first = ask()
    entry = next(item for item in first.json["items"] if item["name"] == "crm")
    assert list(entry) == ["name", "label", "version", "light", "enabled", "path", "reason"]
    assert entry["label"].keys() == {"zh", "en"}
    assert (entry["light"], entry["enabled"], entry["path"], entry["reason"]) == ("green", True, "/api/v1/crm", None)
    assert platform.gateway.call("GET", path).code == "UNAUTHORIZED"
    again = ask(If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    platform.gateway.call("POST", "/api/admin/cells/crm/disable", token=signer.token())
    try:
        chinese, english = ask(If_None_Match=first.headers["etag"]), ask(Accept_Language="en-US")
        told = [next(item for item in answer.json["items"] if item["name"] == "crm") for answer in (chinese, english)]
        assert [item["enabled"] for item in told] == [False, False]
        assert told[0]["reason"] == "管理员已停用该业务细胞"
        assert "switched this cell off" in told[1]["reason"]
        assert chinese.headers["etag"] != english.headers["etag"]
    finally:
        platform.gateway.call("POST", "/api/admin/cells/crm/enable", token=signer.token())
        platform.wait_light("crm", "green", "OK")


def test_cell_details_and_documents(platform: Platform, crm: Upstream, token: str) -> None:
    call = platform.gateway.call
    cell = call("GET", "/api/admin/cells/crm", token=token).json
    assert cell["instances"][0]["url"] == crm.url
    assert cell["manifest"]["entities"] == ["lead"]
    document = call("GET", "/api/admin/cells/crm/docs", token=token)
    assert document.json["path"] == "/openapi.json"
    assert call("GET", "/api/admin/cells/nothing", token=token).code == "NOT_FOUND"
    lights = call("GET", "/api/admin/cells/crm/lights", token=token).json["items"]
    assert lights[0]["light"] == "green"


def test_operator_switches_a_cell_and_rolls_back(platform: Platform, crm: Upstream, token: str) -> None:
    call = platform.gateway.call
    first = call("GET", "/api/admin/routes", token=token).json
    assert first["cells"]["crm"] == {"path": "/api/v1/crm", "enabled": True, "timeout_seconds": None}
    assert any(item["path"] == "/api/v1/auth/login" for item in first["platform"])
    disabled = call("POST", "/api/admin/cells/crm/disable", token=token)
    assert disabled.json["light"] == "red"
    assert disabled.json["reason"] == "DISABLED_BY_OPERATOR"
    wait_status(platform, 503, "RED_LIGHT")
    assert call("GET", "/health").status == 200
    versions = call("GET", "/api/admin/routes/versions?limit=1", token=token).json
    latest = versions["items"][0]
    assert latest["version"] == first["version"] + 1
    assert (latest["actor"], latest["action"]) == (USER, "disable")
    assert latest["difference"] == [{"path": "cells.crm.enabled", "before": True, "after": False}]
    assert versions["next"] == str(latest["version"])
    older = call("GET", f"/api/admin/routes/versions?limit=1&cursor={versions['next']}", token=token).json
    assert older["items"][0]["version"] == first["version"]
    changed = call("GET", f"/api/admin/routes/versions/{first['version']}/difference", token=token).json
    assert changed["items"] == latest["difference"]
    back = call("POST", f"/api/admin/routes/versions/{first['version']}/rollback", token=token).json
    assert back["version"] == first["version"] + 2
    assert back["cells"] == first["cells"]
    wait_status(platform, 200)
    assert call("POST", "/api/admin/routes/versions/99999/rollback", token=token).code == "NOT_FOUND"


def test_a_cells_time_out_can_be_changed(platform: Platform, crm: Upstream, token: str) -> None:
    call = platform.gateway.call
    json_headers = {"Content-Type": "application/json"}
    bad = call("PATCH", "/api/admin/routes/cells/crm", token=token, body=b'{"timeout_seconds":0}', headers=json_headers)
    assert bad.code == "VALIDATION_FAILED"
    call("PATCH", "/api/admin/routes/cells/crm", token=token, body=b'{"timeout_seconds":1}', headers=json_headers)
    wait_status(platform, 504, "CELL_TIMEOUT", f"{LEADS}?delay=1.5")
    call("PATCH", "/api/admin/routes/cells/crm", token=token, body=b'{"timeout_seconds":null}', headers=json_headers)
    wait_status(platform, 200, path=f"{LEADS}?delay=1.5")


def test_governance_may_die_and_come_back(platform: Platform, crm: Upstream, token: str) -> None:
    call = platform.gateway.call
    version = call("GET", "/api/admin/routes", token=token).json["version"]
    platform.governance.stop()
    assert call("GET", LEADS, token=token).status == 200
    statuses: set[int] = set()
    end = threading.Event()

    def watch() -> None:
        while not end.is_set():
            statuses.add(call("GET", LEADS, token=token).status)

    watcher = threading.Thread(target=watch)
    watcher.start()
    platform.governance.start()
    platform.wait_light("crm", "green", "OK")
    time.sleep(0.5)
    end.set()
    watcher.join()
    assert statuses == {200}
    assert call("GET", "/api/admin/routes", token=token).json["version"] == version


def test_a_cell_that_is_gone_can_be_removed(platform: Platform, token: str) -> None:
    with Upstream("plm").start_context() as plm:
        instance = platform.governance.register(plm).json["instanceId"]
        wait_status(platform, 200, path="/api/v1/plm/x")
        assert platform.gateway.call("DELETE", "/api/admin/cells/plm", token=token).code == "CONFLICT"
        platform.governance.call("DELETE", f"/api/governance/cells/plm/instances/{instance}", "plm")
    assert platform.gateway.call("DELETE", "/api/admin/cells/plm", token=token).status == 204
    wait_status(platform, 503, "CELL_NOT_FOUND", "/api/v1/plm/x")


def test_two_instances_one_dead_is_yellow(platform: Platform, crm: Upstream, token: str) -> None:
    with Upstream("crm").start_context() as second:
        instance = platform.governance.register(second).json["instanceId"]
        platform.gateway.wait(lambda: platform.governance.cell("crm")["instances"] == 2)
        platform.wait_light("crm", "green", "OK")
        time.sleep(0.5)
        seen = second.attempts
        for _ in range(20):
            assert platform.gateway.call("GET", LEADS, token=token).status == 200
        assert second.attempts > seen
    platform.wait_light("crm", "yellow", "INSTANCE_NOT_READY:unreachable")
    assert {platform.gateway.call("POST", LEADS, token=token, body=b"{}").status for _ in range(10)} == {200}
    platform.governance.call("DELETE", f"/api/governance/cells/crm/instances/{instance}", "crm")
    platform.wait_light("crm", "green", "OK")


def test_ports_are_all_on_loopback(platform: Platform) -> None:
    for port in (platform.gateway.port, platform.gateway.admin_port, platform.governance.settings.port):
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            pass


def test_a_cell_that_stops_renewing_but_answers_keeps_its_traffic(
    platform: Platform, silent: Upstream, token: str
) -> None:
    platform.wait_light("wms", "yellow", "LEASE_EXPIRED", 18)
    assert platform.gateway.call("GET", "/api/v1/wms/x", token=token).status == 200
    silent.stop()
    platform.wait_light("wms", "red", "LEASE_EXPIRED", 8)
    wait_status(platform, 503, "RED_LIGHT", "/api/v1/wms/x")
