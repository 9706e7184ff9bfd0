"""Tokens that are limited: to changing the password, or to the cells of the tenant's package; and cookies."""

from __future__ import annotations

import pytest

from tests.gateway.support import OTHER_TENANT, Gateway, Signer, Upstream

LEADS = "/api/v1/crm/leads"
ALLOWED = ("/api/v1/auth/me", "/api/v1/auth/logout", "/api/v1/auth/change-password")
COOKIE = {"Cookie": "superpaas_client=secret-of-the-cookie; other=1"}


@pytest.mark.parametrize(
    "path",
    [
        LEADS,
        "/api/v1/crm/_meta",
        "/api/v1/auth",
        "/api/v1/auth/sessions",
        "/api/v1/auth/preferences",
        "/api/v1/auth/me/x",
        "/api/v1/identity/users",
        "/api/admin/users",
        "/api/admin/cells",
        "/api/admin/golden-signals",
    ],
)
def test_who_has_to_change_his_password_may_nothing_else(
    gateway: Gateway, signer: Signer, identity: Upstream, crm: Upstream, path: str
) -> None:
    before = identity.attempts + crm.attempts
    answer = gateway.call("GET", path, token=signer.token(lim="password"))
    assert (answer.status, answer.code) == (403, "PASSWORD_CHANGE_REQUIRED")
    assert identity.attempts + crm.attempts == before


@pytest.mark.parametrize("path", ALLOWED)
def test_what_leads_out_of_it_is_open(gateway: Gateway, signer: Signer, path: str) -> None:
    answer = gateway.call("POST", path, token=signer.token(lim="password"), body=b"{}")
    assert answer.status == 200
    assert not [name for name in answer.json["names"] if name == "x-gateway-limits"]


def test_cells_outside_the_package_are_refused(gateway: Gateway, signer: Signer) -> None:
    for limits, status in (
        ("cells,crm,", 200),
        ("cells,erp,crm,", 200),
        ("cells,erp,", 403),
        ("cells,", 403),
        ("cells,crmx,xcrm,", 403),
    ):
        answer = gateway.call("GET", LEADS, token=signer.token(lim=limits))
        assert answer.status == status, limits
        if status == 403:
            assert answer.code == "CELL_NOT_INCLUDED"
    assert gateway.call("GET", "/api/v1/identity/users", token=signer.token(lim="cells,")).status == 200


def test_nobody_speaks_of_his_own_limits_or_session(gateway: Gateway, signer: Signer) -> None:
    forged = {"X-Gateway-Limits": "cells,crm,", "X-Gateway-Session": "another"}
    answer = gateway.call("GET", LEADS, token=signer.token(sid="mine"), headers=forged)
    assert answer.json["headers"]["x-gateway-session"] == "mine"
    answer = gateway.call("GET", LEADS, token=signer.token(lim="password"), headers=forged)
    assert answer.status == 403
    assert gateway.call("GET", LEADS, token=signer.token(sid=None), headers=forged).json["headers"].get(
        "x-gateway-session"
    ) in {None, ""}


@pytest.mark.parametrize("path", [LEADS, "/api/v1/identity/users", "/api/admin/users", "/api/admin/cells"])
def test_cookies_are_for_the_login_alone(gateway: Gateway, token: str, path: str) -> None:
    answer = gateway.call("GET", path, token=token, headers=COOKIE)
    assert answer.status == 200
    assert "cookie" not in answer.json["names"]
    assert b"secret-of-the-cookie" not in answer.body


def test_the_login_knows_how_the_request_came(gateway: Gateway) -> None:
    sent = {**COOKIE, "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example", "Origin": "http://evil.example"}
    answer = gateway.call("POST", "/api/v1/auth/refresh", body=b"{}", headers=sent)
    seen = answer.json["headers"]
    assert seen["cookie"] == COOKIE["Cookie"]
    assert seen["x-forwarded-proto"] == "http", "a client's word on it does not count"
    assert "x-forwarded-host" not in seen
    assert seen["host"] == f"127.0.0.1:{gateway.port}"
    assert seen["origin"] == "http://evil.example"


def test_the_other_tenants_header_is_still_refused(gateway: Gateway, signer: Signer) -> None:
    answer = gateway.call("GET", LEADS, token=signer.token(lim="cells,crm,"), tenant=OTHER_TENANT)
    assert (answer.status, answer.code) == (403, "FORBIDDEN")
