"""What the service behind sees: who calls, vouched for by the gateway and nobody else."""

from __future__ import annotations

import re
import time
import uuid

import pytest

from cellkit import signing
from tests.gateway.support import OTHER_TENANT, TENANT, USER, Gateway, Signer, Upstream, key_of

LEADS = "/api/v1/crm/leads"


def signed(seen: dict, name: str) -> bool:
    headers = seen["headers"]
    return signing.verify(
        key_of(name),
        headers.get("x-gateway-signature", ""),
        seen["method"],
        seen["path"],
        headers.get("x-tenant-id", ""),
        headers.get("x-user-id", ""),
        headers["x-request-id"],
        headers["x-gateway-time"],
    )


def test_token_becomes_signed_identity(gateway: Gateway, token: str) -> None:
    answer = gateway.call("GET", LEADS, token=token)
    assert answer.status == 200
    seen = answer.json
    assert seen["headers"]["x-tenant-id"] == TENANT
    assert seen["headers"]["x-user-id"] == USER
    assert seen["headers"]["x-client-address"] == "127.0.0.1"
    assert seen["headers"]["x-forwarded-for"] == "127.0.0.1"
    assert abs(int(seen["headers"]["x-gateway-time"]) - time.time() * 1000) < 5000
    assert signed(seen, "crm")
    assert not signed(seen, "erp")


@pytest.mark.parametrize(
    "target",
    [
        "/api/v1/crm/leads?q=%E5%8C%97%E4%BA%AC&filter=%7B%22a%22%3A1%7D&sort=-created_at,number",
        "/api/v1/crm/leads?",
        "/api/v1/crm/leads/x%20y;z=1?a=b?c=d&e=+",
        "/api/v1/crm/leads/%E5%AE%A2%E6%88%B7",
        "/api/v1/crm/leads?long=" + "a" * 20_000,
        "/api/v1/crm",
    ],
)
def test_signature_covers_path_and_query_as_forwarded(gateway: Gateway, token: str, target: str) -> None:
    answer = gateway.call("GET", target, token=token)
    assert answer.status == 200, answer.body
    assert answer.json["path"] == target
    assert signed(answer.json, "crm")


@pytest.mark.parametrize("size", [0, 1, 40, 44, 45, 50, 55, 56, 57, 63, 64, 65, 119, 120, 121, 200])
def test_signature_is_right_for_every_block_length(gateway: Gateway, token: str, size: int) -> None:
    answer = gateway.call("POST", f"{LEADS}?{'x' * size}", token=token, body=b"{}")
    assert signed(answer.json, "crm")


def test_spoofed_headers_are_overwritten(gateway: Gateway, token: str) -> None:
    forged = {
        "X-User-Id": "root",
        "X-Gateway-Time": "1",
        "X-Gateway-Signature": "v1=00",
        "X-Client-Address": "6.6.6.6",
        "X-Forwarded-For": "6.6.6.6",
        "X-Forwarded-Host": "evil",
        "X-Real-IP": "6.6.6.6",
        "Forwarded": "for=6.6.6.6",
        "X-Original-URL": "/api/admin/users",
        "X-Asked-Tenant-Id": OTHER_TENANT,
        "X-Envoy-Expected-Rq-Timeout-Ms": "1",
        "X-Envoy-Upstream-Rq-Timeout-Ms": "1",
        "X-Envoy-Max-Retries": "9",
        "X-Envoy-Retry-On": "5xx",
        "X-Envoy-Original-Path": "/x",
        "X_User_Id": "root",
        "X_Tenant_Id": OTHER_TENANT,
        "Cookie": "refresh=secret",
    }
    answer = gateway.call("GET", f"{LEADS}?delay=0.05", token=token, headers=forged)
    assert answer.status == 200
    seen = answer.json
    assert seen["headers"]["x-user-id"] == USER
    assert seen["headers"]["x-client-address"] == "127.0.0.1"
    assert signed(seen, "crm")
    unwanted = {"authorization", "cookie", "forwarded", "x-real-ip", "x-forwarded-host", "x-original-url"}
    assert not unwanted & set(seen["names"])
    assert not [name for name in seen["names"] if name.startswith(("x-envoy-", "x-asked-")) or "_" in name]
    assert "6.6.6.6" not in str(seen)
    assert len(seen["names"]) == len(set(seen["names"]))


def test_repeated_identity_headers_are_overwritten(gateway: Gateway, token: str) -> None:
    raw = (
        f"GET {LEADS} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\nX-Tenant-Id: {TENANT}\r\n"
        "X-User-Id: a\r\nX-User-Id: b\r\nX-USER-ID: c\r\nX-Gateway-Signature: v1=1\r\nX-Gateway-Signature: v1=2\r\n"
        "Connection: close\r\n\r\n"
    )
    answer = gateway.raw(raw.encode())
    assert b" 200 " in answer
    assert answer.count(b'"x-user-id"') == 2  # once as a header with its value, once in the list of names
    assert USER.encode() in answer


def test_platform_services_are_signed_with_their_own_keys(gateway: Gateway, token: str) -> None:
    for path, name in (
        ("/api/v1/auth/me", "identity"),
        ("/api/v1/identity/role-documents/x", "identity"),
        ("/api/admin/users", "identity"),
        ("/api/admin/cells", "governance"),
        ("/api/v1/platform/cells", "governance"),
        ("/api/admin/health-summary", "governance"),
        ("/api/admin/golden-signals?service=crm", "monitor"),
    ):
        answer = gateway.call("GET", path, token=token, tenant=None)
        assert answer.status == 200, path
        assert signed(answer.json, name), path
        assert answer.json["headers"]["x-tenant-id"] == TENANT
        assert "authorization" not in answer.json["headers"]


@pytest.mark.parametrize("name", ["login", "refresh", "jwks", "service-token"])
def test_public_paths_need_no_token_and_carry_no_identity(gateway: Gateway, name: str) -> None:
    answer = gateway.call(
        "POST",
        f"/api/v1/auth/{name}",
        body=b"{}",
        headers={
            "X-User-Id": "root",
            "X-Gateway-Signature": "v1=0",
            "Authorization": "Bearer junk",
            "Cookie": "refresh=r",
        },
    )
    assert answer.status == 200
    seen = answer.json
    assert seen["headers"].get("x-tenant-id", "") == ""
    assert seen["headers"].get("x-user-id", "") == ""
    assert "authorization" not in seen["headers"]
    assert seen["headers"]["cookie"] == "refresh=r"
    assert signed(seen, "identity")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/auth/me",
        "/api/v1/auth/logout",
        "/api/v1/auth/change-password",
        "/api/v1/auth/login/x",
        "/api/v1/auth/loginx",
        "/api/v1/identity/users",
        "/api/admin/tenants",
        "/api/admin/signing-keys",
        "/api/admin/cells/crm/docs",
        "/api/admin/services",
        "/api/v1/crm/leads",
        "/api/v1/crm/_meta",
        "/api/v1/nothing/x",
    ],
)
def test_everything_else_needs_a_token(gateway: Gateway, identity: Upstream, crm: Upstream, path: str) -> None:
    before = identity.attempts + crm.attempts
    answer = gateway.call("GET", path)
    assert (answer.status, answer.code) == (401, "UNAUTHORIZED")
    assert identity.attempts + crm.attempts == before


def test_a_cells_service_token_carries_its_name(gateway: Gateway, signer: Signer) -> None:
    answer = gateway.call("POST", "/api/v1/crm/_inbox", token=signer.token(sub="cell:erp"), body=b"{}")
    assert answer.json["headers"]["x-user-id"] == "cell:erp"
    assert signed(answer.json, "crm")


def test_tenant_header_is_required_and_must_be_the_tokens(gateway: Gateway, crm: Upstream, token: str) -> None:
    before = crm.attempts
    missing = gateway.call("GET", LEADS, token=token, tenant=None)
    assert (missing.status, missing.code) == (400, "MISSING_TENANT_ID")
    empty = gateway.call("GET", LEADS, token=token, tenant="")
    assert (empty.status, empty.code) == (400, "MISSING_TENANT_ID")
    forged = gateway.call("GET", LEADS, token=token, tenant=OTHER_TENANT)
    assert (forged.status, forged.code) == (403, "FORBIDDEN")
    admin = gateway.call("GET", "/api/admin/users", token=token, tenant=OTHER_TENANT)
    assert (admin.status, admin.code) == (403, "FORBIDDEN")
    assert crm.attempts == before
    assert gateway.call("GET", LEADS, token=token, tenant=TENANT.upper()).status == 200


def test_request_id_is_kept_or_made(gateway: Gateway, token: str) -> None:
    for given in ("abc", "A-b_c.d:9", "x" * 128, str(uuid.uuid4()), "0192f6a0-1111-7000-8000-000000000001"):
        answer = gateway.call("GET", LEADS, token=token, headers={"X-Request-ID": given})
        assert answer.headers["x-request-id"] == given
        assert answer.json["headers"]["x-request-id"] == given
    made = gateway.call("GET", LEADS, token=token)
    assert uuid.UUID(made.headers["x-request-id"])
    assert made.json["headers"]["x-request-id"] == made.headers["x-request-id"]


@pytest.mark.parametrize("given", ["x" * 129, "a b", "a,b", "a/b", "é", '"', "a\tb"])
def test_unusable_request_id_is_refused(gateway: Gateway, crm: Upstream, token: str, given: str) -> None:
    before = crm.attempts
    raw = (
        f"GET {LEADS} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\nX-Tenant-Id: {TENANT}\r\n"
        f"X-Request-ID: {given}\r\nConnection: close\r\n\r\n"
    )
    answer = gateway.raw(raw.encode())
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b'"code":"BAD_REQUEST"' in answer
    assert crm.attempts == before


def test_repeated_request_id_is_refused(gateway: Gateway, token: str) -> None:
    raw = "GET /health HTTP/1.1\r\nHost: a\r\nX-Request-ID: a\r\nX-Request-ID: b\r\nConnection: close\r\n\r\n"
    assert gateway.raw(raw.encode()).startswith(b"HTTP/1.1 400 ")


def test_traceparent_is_kept_or_made(gateway: Gateway, token: str) -> None:
    given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    kept = gateway.call("GET", LEADS, token=token, headers={"traceparent": given, "tracestate": "a=b"})
    assert kept.json["headers"]["traceparent"] == given
    assert kept.json["headers"]["tracestate"] == "a=b"
    shape = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01")
    made = {gateway.call("GET", LEADS, token=token).json["headers"]["traceparent"] for _ in range(50)}
    assert len(made) == 50
    assert all(shape.fullmatch(item) for item in made)
    for broken in (given.upper(), given[:-1], "00-" + "0" * 32 + given[35:], given[:36] + "0" * 16 + "-01", "junk"):
        answer = gateway.call("GET", LEADS, token=token, headers={"traceparent": broken})
        assert answer.json["headers"]["traceparent"] != broken
        assert shape.fullmatch(answer.json["headers"]["traceparent"])


def test_language_reaches_the_cell(gateway: Gateway, token: str) -> None:
    answer = gateway.call("GET", LEADS, token=token, headers={"Accept-Language": "en-US"})
    assert answer.json["headers"]["accept-language"] == "en-US"


def test_answers_tell_nothing_of_the_machinery(gateway: Gateway, token: str) -> None:
    answer = gateway.call("GET", LEADS, token=token)
    assert not [name for name in answer.headers if name.startswith(("x-envoy", "x-gateway"))]
    assert answer.headers["server"] == "superpaas"
