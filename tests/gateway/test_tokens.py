"""Which tokens count."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import pytest

from tests.gateway.support import USER, Gateway, Signer, base64url, open_cell, routing_of

LEADS = "/api/v1/crm/leads"


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": int(time.time()) - 60},
        {"exp": None},
        {"iss": "somebody"},
        {"iss": None},
        {"aud": "somebody"},
        {"aud": None},
        {"nbf": int(time.time()) + 600},
        {"tid": None},
        {"tid": ""},
        {"sub": None},
        {"sub": ""},
    ],
    # Names must not hold the time of collection: every worker of a run collects for itself.
    ids=[
        "exp past",
        "no exp",
        "iss",
        "no iss",
        "aud",
        "no aud",
        "nbf to come",
        "no tid",
        "tid empty",
        "no sub",
        "sub empty",
    ],
)
def test_wrong_claims_are_refused(gateway: Gateway, signer: Signer, claims: dict[str, Any]) -> None:
    answer = gateway.call("GET", LEADS, token=signer.token(**claims))
    assert (answer.status, answer.code) == (401, "UNAUTHORIZED")


def test_keys_of_others_are_refused(gateway: Gateway) -> None:
    assert gateway.call("GET", LEADS, token=Signer("first").token()).status == 401
    assert gateway.call("GET", LEADS, token=Signer("unknown").token()).status == 401


def test_unsigned_and_symmetric_tokens_are_refused(gateway: Gateway, signer: Signer) -> None:
    claims = signer.token().split(".")[1]
    for algorithm in ("none", "None", "HS256"):
        head = base64url(json.dumps({"alg": algorithm, "kid": "first"}).encode())
        text = f"{head}.{claims}"
        secret = base64.urlsafe_b64decode(signer.jwk()["n"] + "==")
        signature = base64url(hmac.new(secret, text.encode(), hashlib.sha256).digest())
        for forged in (f"{text}.", f"{text}.{signature}", text):
            assert gateway.call("GET", LEADS, token=forged).status == 401


def test_changed_claims_are_refused(gateway: Gateway, signer: Signer) -> None:
    head, claims, signature = signer.token().split(".")
    changed = json.loads(base64.urlsafe_b64decode(claims + "=="))
    changed["sub"] = "cell:root"
    assert (
        gateway.call("GET", LEADS, token=f"{head}.{base64url(json.dumps(changed).encode())}.{signature}").status == 401
    )


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic eDp5", "Bearer a.b.c", "Bearer " + "x" * 20_000])
def test_junk_is_refused(gateway: Gateway, header: str) -> None:
    answer = gateway.call("GET", LEADS, headers={"Authorization": header})
    assert (answer.status, answer.code) == (401, "UNAUTHORIZED")


def test_token_in_the_query_does_not_count(gateway: Gateway, token: str) -> None:
    assert gateway.call("GET", f"{LEADS}?access_token={token}").status == 401


def test_a_cached_token_ends_when_it_expires(gateway: Gateway, signer: Signer) -> None:
    # The clocks of two machines may differ by 10 s, so this token is nearly at its end.
    short = signer.token(exp=int(time.time()) - 8)
    assert gateway.call("GET", LEADS, token=short).status == 200
    gateway.wait(lambda: gateway.call("GET", LEADS, token=short).status == 401)


def test_keys_rotate_without_a_restart(gateway: Gateway, signer: Signer, crm: Any) -> None:
    second = Signer("second")
    new, old = second.token(), signer.token()
    assert gateway.call("GET", LEADS, token=new).status == 401
    try:
        gateway.publish(routing_of(gateway, [signer, second], open_cell(crm)))
        gateway.wait(lambda: gateway.call("GET", LEADS, token=new).status == 200)
        assert gateway.call("GET", LEADS, token=old).status == 200
        gateway.publish(routing_of(gateway, [second], open_cell(crm)))
        gateway.wait(lambda: gateway.call("GET", LEADS, token=old).status == 401)
        assert gateway.call("GET", LEADS, token=new).json["headers"]["x-user-id"] == USER
    finally:
        gateway.publish(routing_of(gateway, [signer], open_cell(crm)))
    gateway.wait(lambda: gateway.call("GET", LEADS, token=old).status == 200)
    assert gateway.stats()["listener_manager.total_listeners_draining"] == 0
    assert gateway.stats()["listener_manager.listener_modified"] == 0
