"""Every error that the gateway itself makes: code, status, shape, language, headers."""

from __future__ import annotations

import http.client
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from platform_gateway.errors import ALL
from platform_gateway.routing import PLATFORM_SERVICES, CellRoute

from cellkit.labels import language_of
from tests.gateway.support import (
    OTHER_TENANT,
    TENANT,
    Answer,
    Gateway,
    Signer,
    Upstream,
    free_port,
    open_cell,
    routing_of,
)

Call = Callable[[Gateway, str, dict[str, str]], Answer]
LEADS = "/api/v1/crm/leads"


@pytest.fixture(scope="module")
def troubled(gateway: Gateway, signer: Signer, crm: Upstream) -> Iterator[Gateway]:
    """Cells in every kind of trouble."""
    gateway.publish(
        routing_of(
            gateway,
            [signer],
            open_cell(crm, timeout_seconds=0.5),
            CellRoute("dead", (f"http://127.0.0.1:{free_port()}",)),
            CellRoute("red", traffic="closed", reason="NOT_READY:database"),
            CellRoute("cut", (crm.url,), "closed", "CIRCUIT_OPEN", "ERROR_RATE"),
        )
    )
    yield gateway
    gateway.publish(routing_of(gateway, [signer], open_cell(crm)))


CASES: dict[str, tuple[int, str, Call]] = {
    "unknown path": (404, "NOT_FOUND", lambda g, t, h: g.call("GET", "/nothing/here", headers=h)),
    "root": (404, "NOT_FOUND", lambda g, t, h: g.call("GET", "/", headers=h)),
    "unknown admin path": (404, "NOT_FOUND", lambda g, t, h: g.call("GET", "/api/admin/nothing", token=t, headers=h)),
    "governance's own paths": (
        404,
        "NOT_FOUND",
        lambda g, t, h: g.call("GET", "/api/governance/cells", token=t, headers=h),
    ),
    "unknown cell": (503, "CELL_NOT_FOUND", lambda g, t, h: g.call("GET", "/api/v1/nothing/x", token=t, headers=h)),
    "password to be changed": (
        403,
        "PASSWORD_CHANGE_REQUIRED",
        lambda g, t, h: g.call("GET", LEADS, token=g.limited("password"), headers=h),
    ),
    "cell outside the package": (
        403,
        "CELL_NOT_INCLUDED",
        lambda g, t, h: g.call("GET", LEADS, token=g.limited("cells,erp,crmx,"), headers=h),
    ),
    "no token": (401, "UNAUTHORIZED", lambda g, t, h: g.call("GET", LEADS, headers=h)),
    "bad token": (401, "UNAUTHORIZED", lambda g, t, h: g.call("GET", LEADS, token="a.b.c", headers=h)),
    "no tenant": (400, "MISSING_TENANT_ID", lambda g, t, h: g.call("GET", LEADS, token=t, tenant=None, headers=h)),
    "other tenant": (403, "FORBIDDEN", lambda g, t, h: g.call("GET", LEADS, token=t, tenant=OTHER_TENANT, headers=h)),
    "request id": (
        400,
        "BAD_REQUEST",
        lambda g, t, h: g.call("GET", LEADS, token=t, headers={**h, "X-Request-ID": "a b"}),
    ),
    "escaped slash": (400, "BAD_REQUEST", lambda g, t, h: g.call("GET", "/api/v1/crm%2Fleads", token=t, headers=h)),
    "unknown upgrade": (
        400,
        "BAD_REQUEST",
        lambda g, t, h: g.call("GET", LEADS, token=t, headers={**h, "Connection": "upgrade", "Upgrade": "foo"}),
    ),
    "body": (
        413,
        "PAYLOAD_TOO_LARGE",
        lambda g, t, h: g.call("POST", LEADS, token=t, headers={**h, "Content-Length": str(10 * 1024 * 1024 + 1)}),
    ),
    "headers": (
        431,
        "HEADERS_TOO_LARGE",
        lambda g, t, h: g.call("GET", LEADS, token=t, headers={**h, "X-Long": "x" * 65_000}),
    ),
    "many headers": (
        431,
        "HEADERS_TOO_LARGE",
        lambda g, t, h: g.call("GET", LEADS, token=t, headers={**h, **{f"X-{n}": "x" for n in range(120)}}),
    ),
    "unreachable": (502, "CELL_UNREACHABLE", lambda g, t, h: g.call("GET", f"{LEADS}?cut", token=t, headers=h)),
    "no healthy instance": (503, "RED_LIGHT", lambda g, t, h: g.call("GET", "/api/v1/dead/x", token=t, headers=h)),
    "red light": (503, "RED_LIGHT", lambda g, t, h: g.call("GET", "/api/v1/red/x", token=t, headers=h)),
    "circuit open": (
        503,
        "CIRCUIT_OPEN",
        lambda g, t, h: g.call("POST", "/api/v1/cut/x", token=t, body=b"{}", headers=h),
    ),
    "time-out": (504, "CELL_TIMEOUT", lambda g, t, h: g.call("GET", f"{LEADS}?delay=2", token=t, headers=h)),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("language", ["", "zh-CN", "en-US", "EN"])
def test_error_has_the_contracts_shape(troubled: Gateway, token: str, case: str, language: str) -> None:
    status, code, call = CASES[case]
    request_id = str(uuid.uuid4())
    given = {"X-Request-ID": request_id, **({"Accept-Language": language} if language else {})}
    answer = call(troubled, token, given)
    assert (answer.status, answer.json["code"]) == (status, code)
    assert set(answer.json) == {"code", "message", "details", "requestId"}
    # Headers that could not be read cannot be in the answer.
    expected = ALL[code].label.text(language_of(language if status != 431 else ""))
    assert answer.json["message"] == expected
    assert isinstance(answer.json["details"], dict)
    assert answer.headers["content-type"] == "application/json"
    assert answer.json["requestId"] == answer.headers["x-request-id"]
    assert re.fullmatch(r"[A-Za-z0-9._:-]{1,128}", answer.headers["x-request-id"])
    if case not in {"request id", "headers", "many headers"}:
        assert answer.headers["x-request-id"] == request_id
    assert re.fullmatch(r"\d+(\.\d+)?", answer.headers["x-response-time"])
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", answer.headers["traceparent"])
    if status == 503:
        assert int(answer.headers["retry-after"]) >= 1
    assert "upstream" not in answer.body.decode().lower()


def test_a_platform_service_is_not_called_a_cell(tmp_path: Path, signer: Signer, token: str) -> None:
    with Upstream("monitor").start_context() as monitor:
        gateway = Gateway(tmp_path, dict.fromkeys(PLATFORM_SERVICES, monitor.url), GATEWAY_TIMEOUT="1").start()

        def told(query: str, language: str) -> tuple[str, str]:
            headers = {"Accept-Language": language}
            answer = gateway.call("GET", f"/api/admin/services{query}", token=token, headers=headers).json
            return answer.get("code", ""), answer.get("message", "")

        try:
            gateway.publish(routing_of(gateway, [signer]))
            cases = {"CELL_UNREACHABLE": "?cut", "CELL_TIMEOUT": "/a?delay=2", "RED_LIGHT": ""}
            for expected, query in cases.items():
                if not query:
                    monitor.healthy = False
                    gateway.wait(lambda: told("", "zh-CN")[0] == "RED_LIGHT", 15)
                for language, subject in (("zh-CN", "平台服务"), ("en-US", "The platform service ")):
                    code, message = told(query, language)
                    assert code == expected
                    assert message.startswith(subject)
        finally:
            gateway.stop()


def test_reason_of_the_light_is_told(troubled: Gateway, token: str) -> None:
    assert troubled.call("GET", "/api/v1/red/x", token=token).json["details"] == {"reason": "NOT_READY:database"}


def test_errors_of_the_service_pass_unchanged(gateway: Gateway, token: str) -> None:
    for status in (400, 404, 409, 422, 429, 500, 502, 503, 504):
        answer = gateway.call("GET", f"{LEADS}?status={status}", token=token)
        assert answer.status == status
        assert answer.json["service"] == "crm"


@pytest.mark.parametrize(
    "raw",
    [
        b"POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"POST %s HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"GET %s HTTP/1.1\r\n\r\n",
        b"GET %s HTTP/1.1\r\nHost: a\r\nX-Bad: a\x00b\r\n\r\n",
        b"GET %s HTTP/1.1\r\nHost: a\r\nBad Name: x\r\n\r\n",
        b"GET %s HTTP/1.1\r\nHost: a\r\n folded: x\r\n\r\n",
        b"NONSENSE\r\n\r\n",
    ],
    ids=range(9),
)
def test_smuggling_and_garbage_are_refused(gateway: Gateway, crm: Upstream, raw: bytes) -> None:
    before = crm.attempts
    text = raw.replace(b"%s", LEADS.encode())
    answer = gateway.raw(text, 3)
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 501 "))
    assert b'"code":"BAD_REQUEST"' in answer
    assert b'"requestId":"' in answer
    assert crm.attempts == before


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("/api/v1/crm/../crm/leads", "/api/v1/crm/leads"),
        ("/api/v1//crm///leads", "/api/v1/crm/leads"),
        ("/api/v1/crm/./leads", "/api/v1/crm/leads"),
        ("/api/v1/crm/leads/%41", "/api/v1/crm/leads/A"),
    ],
)
def test_paths_are_normalised_before_they_are_matched_and_signed(
    gateway: Gateway, token: str, path: str, seen: str
) -> None:
    answer = gateway.call("GET", path, token=token)
    assert answer.status == 200
    assert answer.json["path"].replace("%41", "A") == seen


def test_a_path_cannot_climb_out_of_its_cell(gateway: Gateway, signer: Signer) -> None:
    answer = gateway.call("GET", "/api/v1/auth/login/../../crm/leads")
    assert answer.status == 401
    answer = gateway.call("GET", "/api/v1/crm/../../../api/governance/cells", token=signer.token())
    assert (answer.status, answer.code) == (404, "NOT_FOUND")


def test_cell_names_match_whole_words(gateway: Gateway, token: str) -> None:
    assert gateway.call("GET", "/api/v1/crmx/leads", token=token).code == "CELL_NOT_FOUND"
    assert gateway.call("GET", "/API/V1/CRM/leads", token=token).code == "NOT_FOUND"


def test_health_is_open(gateway: Gateway) -> None:
    answer = gateway.call("GET", "/health", tenant=None)
    assert (answer.status, answer.json) == (200, {"status": "up"})
    assert {"x-request-id", "x-response-time", "traceparent"} <= answer.headers.keys()


def test_before_identitys_keys_are_known_nobody_is_logged_out(
    gateway: Gateway, signer: Signer, crm: Upstream, token: str
) -> None:
    known = routing_of(gateway, [signer], open_cell(crm))
    gateway.publish(replace(known, jwks=None))
    try:
        for path in (LEADS, "/api/v1/auth/me", "/api/admin/users"):
            answer = gateway.call("GET", path, token=token)
            assert (answer.status, answer.code) == (503, "UNAVAILABLE")
            assert answer.headers["retry-after"]
        assert gateway.call("POST", "/api/v1/auth/login", body=b"{}").status == 200
    finally:
        gateway.publish(known)
    assert gateway.call("GET", LEADS, token=token).status == 200


def test_the_connection_survives_an_error(gateway: Gateway, token: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=5)
    for _ in range(3):
        connection.request("GET", LEADS)
        first = connection.getresponse()
        first.read()
        assert first.status == 401
        connection.request("GET", LEADS, headers={"Authorization": f"Bearer {token}", "X-Tenant-Id": TENANT})
        second = connection.getresponse()
        second.read()
        assert second.status == 200
    connection.close()
