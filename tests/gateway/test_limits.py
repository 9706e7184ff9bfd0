"""Limits: rates, bodies, headers, slow clients, connections, compression."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.gateway.support import OTHER_TENANT, TENANT, Gateway, Signer, Upstream, open_cell, routing_of

LEADS = "/api/v1/crm/leads"
MEBIBYTE = 1024 * 1024


@pytest.fixture(scope="module")
def strict_gateway(
    tmp_path_factory: pytest.TempPathFactory, identity: Upstream, crm: Upstream, signer: Signer
) -> Iterator[Gateway]:
    """A gateway with limits that a test can reach."""
    running = Gateway(
        tmp_path_factory.mktemp("strict"),
        {"identity": identity.url, "governance": identity.url, "monitor": identity.url},
        GATEWAY_RATE_LIMIT_PER_TENANT="20",
        GATEWAY_RATE_LIMIT_PER_ADDRESS="60",
        GATEWAY_LOGIN_LIMIT_PER_ADDRESS="3",
        GATEWAY_REQUEST_HEADERS_TIMEOUT="1",
        GATEWAY_REQUEST_TIMEOUT="2",
        GATEWAY_STREAM_IDLE_TIMEOUT="1",
        GATEWAY_MAX_CONNECTIONS="40",
        GATEWAY_REQUIRE_TENANT_ID="0",
        GATEWAY_MAX_BODY_BYTES="1000",
        GATEWAY_MAX_UPLOAD_BYTES="5000",
    ).start()
    try:
        running.publish(routing_of(running, [signer], open_cell(crm)))
        yield running
    finally:
        running.stop()


@pytest.fixture
def strict(strict_gateway: Gateway) -> Gateway:
    """Its buckets are filled once a second."""
    time.sleep(1.05)
    return strict_gateway


def test_each_tenant_has_its_own_rate(strict: Gateway, signer: Signer) -> None:
    mine, theirs = signer.token(), signer.token(tid=OTHER_TENANT)
    answers = [strict.call("GET", LEADS, token=mine) for _ in range(30)]
    refused = [answer for answer in answers if answer.status == 429]
    assert 5 <= len(refused) <= 10
    assert refused[0].code == "RATE_LIMIT"
    assert refused[0].headers["retry-after"] == "1"
    assert strict.call("GET", LEADS, token=theirs, tenant=OTHER_TENANT).status == 200
    time.sleep(1.05)
    assert strict.call("GET", LEADS, token=mine).status == 200


def test_each_address_has_its_own_rate(strict: Gateway) -> None:
    answers = [strict.call("GET", "/nothing") for _ in range(90)]
    refused = [answer for answer in answers if answer.status == 429]
    assert 10 <= len(refused) <= 35
    assert refused[0].code == "RATE_LIMIT"
    english = strict.call("GET", "/nothing", headers={"Accept-Language": "en"})
    assert english.status == 429
    assert english.json["message"] == "Too many requests; try again later"


def test_logins_have_a_stricter_rate(strict: Gateway) -> None:
    codes = [strict.call("POST", "/api/v1/auth/login", body=b"{}").status for _ in range(8)]
    assert codes[:3] == [200, 200, 200]
    assert codes.count(429) >= 4
    assert strict.call("GET", "/health").status == 200


def test_without_the_setting_the_tokens_tenant_is_enough(strict: Gateway, signer: Signer) -> None:
    answer = strict.call("GET", LEADS, token=signer.token(), tenant=None)
    assert answer.status == 200
    assert answer.json["headers"]["x-tenant-id"] == TENANT
    assert strict.call("GET", LEADS, token=signer.token(), tenant=OTHER_TENANT).code == "FORBIDDEN"


def test_uploads_have_their_own_body_limit(strict: Gateway, signer: Signer) -> None:
    token = signer.token()
    assert strict.call("POST", LEADS, token=token, body=b"x" * 1000).json["length"] == 1000
    assert strict.call("POST", LEADS, token=token, body=b"x" * 1001).code == "PAYLOAD_TOO_LARGE"
    for folder in ("imports", "_imports", "files", "_files"):
        for path in (f"/api/v1/crm/{folder}", f"/api/v1/crm/{folder}/a/b"):
            assert strict.call("POST", path, token=token, body=b"x" * 5000).json["length"] == 5000
            assert strict.call("POST", path, token=token, body=b"x" * 5001).code == "PAYLOAD_TOO_LARGE"
    assert strict.call("POST", "/api/v1/crm/importsx", token=token, body=b"x" * 1001).status == 413


def test_a_chunked_body_is_counted_too(strict: Gateway, signer: Signer) -> None:
    chunks = b"".join(b"64\r\n" + b"x" * 100 + b"\r\n" for _ in range(20)) + b"0\r\n\r\n"
    raw = (
        f"POST {LEADS} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {signer.token()}\r\nX-Tenant-Id: {TENANT}\r\n"
        "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )
    answer = strict.raw(raw.encode() + chunks)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"code":"PAYLOAD_TOO_LARGE"' in answer


def test_a_large_body_arrives_whole(gateway: Gateway, token: str) -> None:
    assert gateway.call("POST", LEADS, token=token, body=b"x" * 10 * MEBIBYTE).json["length"] == 10 * MEBIBYTE
    answer = gateway.call("POST", "/api/v1/crm/imports", token=token, body=b"x" * 40 * MEBIBYTE, timeout=60)
    assert answer.json["length"] == 40 * MEBIBYTE


def test_slow_headers_are_cut_off(strict: Gateway) -> None:
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", strict.port), timeout=6) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n")
        received = b""
        for _ in range(60):
            try:
                connection.sendall(b"X-Slow: 1\r\n")
            except OSError:
                break
            connection.settimeout(0.1)
            try:
                piece = connection.recv(4096)
                received += piece
                if not piece:
                    break
            except TimeoutError:
                continue
            except OSError:
                break
    assert time.monotonic() - began < 4
    assert received.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"REQUEST_TIMEOUT"' in received


def test_a_slow_body_is_cut_off(strict: Gateway, signer: Signer) -> None:
    head = (
        f"POST {LEADS} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {signer.token()}\r\nX-Tenant-Id: {TENANT}\r\n"
        "Content-Length: 500\r\n\r\n"
    )
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", strict.port), timeout=0.3) as connection:
        connection.sendall(head.encode())
        received = b""
        while time.monotonic() - began < 6:
            try:
                connection.sendall(b"x")
                piece = connection.recv(65536)
                received += piece
                if not piece:
                    break
            except TimeoutError:
                continue
            except OSError:
                break
    assert 1 < time.monotonic() - began < 5
    assert received.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"REQUEST_TIMEOUT"' in received


def test_a_silent_body_is_cut_off(strict: Gateway, signer: Signer) -> None:
    head = (
        f"POST {LEADS} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {signer.token()}\r\nX-Tenant-Id: {TENANT}\r\n"
        "Content-Length: 500\r\n\r\n"
    )
    answer = strict.raw(head.encode())
    assert b'"code":"REQUEST_TIMEOUT"' in answer


def test_connections_are_limited_and_the_others_go_on(strict: Gateway) -> None:
    strict.wait(lambda: strict.stats()["http.gateway.downstream_cx_active"] <= 2)
    open_ones = [socket.create_connection(("127.0.0.1", strict.port), timeout=3) for _ in range(60)]
    try:
        answered = 0
        for connection in open_ones:
            try:
                connection.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
                answered += connection.recv(4096).startswith(b"HTTP/1.1 200 ")
            except OSError:
                continue
        assert 30 <= answered <= 40
    finally:
        for connection in open_ones:
            connection.close()
    strict.wait(lambda: strict.stats()["http.gateway.downstream_cx_active"] == 0)
    assert strict.call("GET", "/health").status == 200


def test_long_answers_are_compressed_when_asked(gateway: Gateway, token: str) -> None:
    plain = gateway.call("GET", f"{LEADS}?big=5000", token=token)
    assert "content-encoding" not in plain.headers
    packed = gateway.call("GET", f"{LEADS}?big=5000", token=token, headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.body) < len(plain.body) / 3
    assert b"xxxx" in gzip.decompress(packed.body)
    assert packed.headers["etag"] == 'W/"abc"'
    short = gateway.call("GET", "/health", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in short.headers


def test_many_clients_at_once_stay_below_the_default_rates(gateway: Gateway, token: str) -> None:
    statuses: list[int] = []

    def work() -> None:
        statuses.extend(gateway.call("GET", LEADS, token=token).status for _ in range(50))

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert statuses == [200] * 400
