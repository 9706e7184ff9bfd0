"""Ways to a cell: instances, retries, changes under load, other protocols, what is logged and counted."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import stat
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import aiohttp
import pytest
from platform_gateway import process
from platform_gateway.routing import CellRoute

from tests.gateway.support import MASTER, TENANT, USER, Gateway, Signer, Upstream, open_cell, routing_of

LEADS = "/api/v1/crm/leads"


@pytest.fixture
def spare() -> Iterator[Upstream]:
    upstream = Upstream("crm").start()
    yield upstream
    upstream.stop()


@pytest.fixture
def restored(gateway: Gateway, signer: Signer, crm: Upstream) -> Iterator[Gateway]:
    yield gateway
    gateway.publish(routing_of(gateway, [signer], open_cell(crm)))


class Load:
    """Requests from several kept-alive connections until told to stop; every answer is counted."""

    def __init__(self, gateway: Gateway, token: str, path: str = LEADS, method: str = "GET", workers: int = 4) -> None:
        self.statuses: Counter[int | str] = Counter()
        self._end = threading.Event()
        self._work = (gateway, token, path, method)
        self._threads = [threading.Thread(target=self._run) for _ in range(workers)]

    def _run(self) -> None:
        gateway, token, path, method = self._work
        headers = {"Authorization": f"Bearer {token}", "X-Tenant-Id": TENANT}
        connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=10)
        while not self._end.is_set():
            try:
                connection.request(method, path, headers=headers)
                response = connection.getresponse()
                response.read()
                self.statuses[response.status] += 1
            except OSError as error:
                self.statuses[type(error).__name__] += 1
                connection.close()
        connection.close()

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        time.sleep(0.2)
        return self

    def __exit__(self, *_: object) -> None:
        time.sleep(0.2)
        self._end.set()
        for thread in self._threads:
            thread.join()


def test_a_new_cell_is_routable_at_once(restored: Gateway, signer: Signer, crm: Upstream, token: str) -> None:
    with Upstream("erp").start_context() as erp:
        assert restored.call("GET", "/api/v1/erp/orders", token=token).code == "CELL_NOT_FOUND"
        began = time.monotonic()
        restored.publish(routing_of(restored, [signer], open_cell(crm), open_cell(erp)))
        restored.wait(lambda: restored.call("GET", "/api/v1/erp/orders", token=token).status == 200)
        assert time.monotonic() - began < 1.5
        assert restored.call("GET", "/api/v1/erp/orders", token=token).json["service"] == "erp"


def test_changes_under_load_lose_nothing(
    restored: Gateway, signer: Signer, crm: Upstream, spare: Upstream, token: str
) -> None:
    with Upstream("erp").start_context() as erp, Load(restored, token) as load:
        for turn in range(6):
            restored.publish(
                routing_of(
                    restored,
                    [signer],
                    CellRoute("crm", tuple(sorted([crm.url, spare.url])) if turn % 2 else (crm.url,)),
                    *([open_cell(erp)] if turn % 3 else []),
                    version=turn,
                )
            )
            time.sleep(0.15)
    assert set(load.statuses) == {200}
    assert load.statuses[200] > 200
    assert spare.attempts > 0


def test_an_instance_that_leaves_finishes_what_it_does(
    restored: Gateway, signer: Signer, crm: Upstream, spare: Upstream, token: str
) -> None:
    restored.publish(routing_of(restored, [signer], CellRoute("crm", (spare.url,))))
    statuses: list[int] = []
    slow = threading.Thread(
        target=lambda: statuses.append(restored.call("GET", f"{LEADS}?delay=1", token=token).status)
    )
    slow.start()
    time.sleep(0.3)
    restored.publish(routing_of(restored, [signer], CellRoute("crm", (crm.url,))))
    slow.join()
    assert statuses == [200]


def test_a_dead_instance_is_left_out(
    restored: Gateway, signer: Signer, crm: Upstream, spare: Upstream, token: str
) -> None:
    restored.publish(routing_of(restored, [signer], CellRoute("crm", (crm.url, spare.url))))
    with Load(restored, token) as load:
        spare.stop()
        time.sleep(1.5)
    assert load.statuses[200] > 200
    # A connection that breaks while its answer is awaited cannot be repaired; everything else is.
    assert sum(count for status, count in load.statuses.items() if status != 200) <= 4
    assert {restored.call("POST", LEADS, token=token, body=b"{}").status for _ in range(10)} == {200}
    spare.start()


def test_only_safe_methods_are_retried(restored: Gateway, signer: Signer, token: str) -> None:
    """A port that takes connections while it is healthy and refuses them afterwards."""
    flaky = Upstream("crm").start()
    other = Upstream("crm").start()
    try:
        restored.publish(routing_of(restored, [signer], CellRoute("crm", (flaky.url, other.url))))
        restored.wait(lambda: restored.stats()["cluster.crm.membership_healthy"] == 2)
        flaky.stop()
        safe = [restored.call("GET", LEADS, token=token).status for _ in range(12)]
        writes = [restored.call("POST", LEADS, token=token, body=b"{}").status for _ in range(12)]
        retried = restored.stats()["cluster.crm.upstream_rq_retry"]
        assert safe == [200] * 12
        assert set(writes) <= {200, 502}
        assert retried > 0
    finally:
        other.stop()


def test_a_failed_write_is_sent_once(gateway: Gateway, crm: Upstream, token: str) -> None:
    before = crm.attempts
    answer = gateway.call("POST", f"{LEADS}?cut", token=token, body=b"{}")
    assert (answer.status, answer.code) == (502, "CELL_UNREACHABLE")
    assert crm.attempts == before + 1
    before = crm.attempts
    assert gateway.call("GET", f"{LEADS}?status=503", token=token).status == 503
    assert crm.attempts == before + 1


def test_half_open_lets_a_tenth_through(restored: Gateway, signer: Signer, crm: Upstream, token: str) -> None:
    restored.publish(
        routing_of(restored, [signer], open_cell(crm, traffic="probe", code="CIRCUIT_OPEN", reason="HALF_OPEN"))
    )
    answers = [restored.call("GET", LEADS, token=token) for _ in range(300)]
    passed = sum(answer.status == 200 for answer in answers)
    assert 8 <= passed <= 65
    assert {answer.code for answer in answers if answer.status != 200} == {"CIRCUIT_OPEN"}


def test_websocket_passes_with_identity(gateway: Gateway, token: str) -> None:
    async def talk() -> list[str]:
        headers = {"Authorization": f"Bearer {token}", "X-Tenant-Id": TENANT}
        url = f"ws://127.0.0.1:{gateway.port}/api/v1/crm/live"
        async with aiohttp.ClientSession() as session, session.ws_connect(url, headers=headers) as channel:
            answers = []
            for text in ("one", "two"):
                await channel.send_str(text)
                answers.append(await channel.receive_str(timeout=5))
            return answers

    assert asyncio.run(talk()) == [f"crm:one:{USER}", f"crm:two:{USER}"]


def test_websocket_needs_a_token(gateway: Gateway) -> None:
    async def status() -> int:
        async with aiohttp.ClientSession() as session:
            try:
                await session.ws_connect(f"ws://127.0.0.1:{gateway.port}/api/v1/crm/live")
            except aiohttp.WSServerHandshakeError as error:
                return error.status
        return 101

    assert asyncio.run(status()) == 401


def test_http2_without_tls(gateway: Gateway) -> None:
    def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
        return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload

    fields = b"\x82\x86\x04\x07/health\x41\x01a"
    text = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b"") + frame(1, 5, 1, fields)
    answer = gateway.raw(text, 1)
    assert b'{"status":"up"}' in answer
    assert b"\x88" in answer  # :status 200


def test_http10_clients_are_served(gateway: Gateway) -> None:
    assert b" 200 OK" in gateway.raw(b"GET /health HTTP/1.0\r\n\r\n")


def test_access_log_is_json_without_secrets(gateway: Gateway, token: str) -> None:
    marker = f"log-{time.time_ns()}"
    gateway.call(
        "POST",
        f"{LEADS}?access_token=top-secret",
        token=token,
        body=b"{}",
        headers={"X-Request-ID": marker, "Cookie": "refresh=hidden"},
    )
    gateway.wait(lambda: any(line["request_id"] == marker for line in gateway.access_log()), 15)
    line = next(item for item in gateway.access_log() if item["request_id"] == marker)
    assert line["path"] == LEADS
    assert (line["method"], line["status"], line["service"]) == ("POST", 200, "crm")
    assert (line["tenant_id"], line["user_id"], line["client_address"]) == (TENANT, USER, "127.0.0.1")
    assert line["duration_ms"] >= 0
    text = Path(process.access_log(gateway.settings)).read_text()
    assert stat.S_IMODE(Path(process.access_log(gateway.settings)).stat().st_mode) == 0o640
    assert "top-secret" not in text
    assert "hidden" not in text
    assert token[-20:] not in text


def test_metrics_are_on_the_loopback_port_only(gateway: Gateway) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", gateway.admin_port, timeout=5)
    connection.request("GET", "/stats/prometheus")
    text = connection.getresponse().read().decode()
    assert 'envoy_cluster_upstream_rq_total{envoy_cluster_name="crm"}' in text
    assert "envoy_http_downstream_rq_time_bucket" in text
    for path in ("/config_dump", "/config_dump?include_eds", "/certs", "/runtime", "/memory", "/quitquitquit"):
        connection.request("POST" if path == "/quitquitquit" else "GET", path)
        response = connection.getresponse()
        body = response.read().decode()
        assert response.status in {403, 404}, path
        assert "sign" not in body
    connection.close()


def test_files_are_private_and_hold_no_master_secret(gateway: Gateway) -> None:
    folder = gateway.configuration.folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
        assert MASTER not in file.read_text()
    assert not list(folder.glob(".*"))
    assert MASTER not in " ".join(process.command(gateway.settings))
    json.loads((folder / "state.json").read_text())


def test_a_restart_keeps_the_last_routes(
    tmp_path: Path, identity: Upstream, crm: Upstream, signer: Signer, token: str
) -> None:
    services = {"identity": identity.url, "governance": identity.url, "monitor": identity.url}
    running = Gateway(tmp_path, services).start()
    try:
        running.publish(routing_of(running, [signer], open_cell(crm), version=7))
        running.stop()
        running.start()
        assert running.call("GET", LEADS, token=token).status == 200
        assert running.configuration.read_routing().version == 7
    finally:
        running.stop()


def test_draining_finishes_requests_in_flight(
    tmp_path: Path, identity: Upstream, crm: Upstream, signer: Signer, token: str
) -> None:
    running = Gateway(tmp_path, {"identity": identity.url}).start()
    running.publish(routing_of(running, [signer], open_cell(crm)))
    statuses: list[int] = []
    slow = threading.Thread(target=lambda: statuses.append(running.call("GET", f"{LEADS}?delay=1", token=token).status))
    slow.start()
    time.sleep(0.3)
    connection = http.client.HTTPConnection("127.0.0.1", running.admin_port, timeout=5)
    connection.request("POST", process.DRAIN_PATH)
    assert connection.getresponse().status == 200
    connection.close()
    running.wait(lambda: running.stats()["http.gateway.downstream_rq_active"] == 0)
    running.stop()
    slow.join()
    assert statuses == [200]
    with pytest.raises(OSError, match="refused"), socket.create_connection(("127.0.0.1", running.port), timeout=1):
        pass
