"""Sessions of the web apps: the refresh token lives in a cookie, and pages from elsewhere can do nothing with it."""

from __future__ import annotations

from http.cookies import Morsel, SimpleCookie
from typing import Any

import pytest
from platform_identity.sessions.browser import is_same_origin

from platform_core.identity.tests.api.harness import PASSWORD, Answer, Gateway, Person

HOST = {"Host": "paas.example.cn:5173"}
LOGIN = {"tenant": "alpha", "username": "admin", "password": PASSWORD}


def cookie_of(answer: Answer) -> Morsel[str]:
    ((_, morsel),) = SimpleCookie(answer.headers["set-cookie"]).items()
    return morsel


async def enter(gateway: Gateway, app: str = "client", **headers: str) -> Answer:
    sent = {**HOST, "X-Session": app, **headers}
    answer = await gateway.call("POST", "/api/v1/auth/login", LOGIN, headers=sent)
    assert answer.status == 200, answer.body
    return answer


async def go_on(gateway: Gateway, token: str, app: str = "client", **headers: str) -> Answer:
    sent = {**HOST, "X-Session": app, "Cookie": f"superpaas_{app}={token}", **headers}
    return await gateway.call("POST", "/api/v1/auth/refresh", headers=sent)


@pytest.mark.parametrize("app", ["client", "admin"])
async def test_a_web_app_gets_its_refresh_token_in_a_cookie_alone(gateway: Gateway, app: str) -> None:
    answer = await enter(gateway, app)
    assert answer.json.keys() == {
        "accessToken", "tokenType", "expiresIn", "refreshExpiresIn", "tenantId", "userId", "mustChangePassword",
    }  # fmt: skip
    cookie = cookie_of(answer)
    assert cookie.key == f"superpaas_{app}"
    assert cookie["path"] == "/api/v1/auth"
    assert cookie["httponly"] is True
    assert cookie["samesite"].lower() == "strict"
    assert int(cookie["max-age"]) == answer.json["refreshExpiresIn"] == 604800
    assert not cookie["domain"]
    assert not cookie["secure"]
    assert cookie.value.encode() not in answer.body
    assert answer.headers["cache-control"] == "no-store"


async def test_the_cookie_is_secure_when_the_request_came_by_https(gateway: Gateway) -> None:
    assert cookie_of(await enter(gateway, **{"X-Forwarded-Proto": "https"}))["secure"] is True


async def test_refresh_moves_the_cookie_on(gateway: Gateway) -> None:
    first = cookie_of(await enter(gateway)).value
    answer = await go_on(gateway, first)
    assert answer.status == 200
    assert "refreshToken" not in answer.json
    second = cookie_of(answer).value
    assert second != first
    assert (await go_on(gateway, second)).status == 200


async def test_a_refused_refresh_clears_the_cookie(gateway: Gateway) -> None:
    for token in ("", "r1.x.y.0.z", "invented"):
        answer = await go_on(gateway, token)
        assert (answer.status, answer.json["code"]) == (401, "UNAUTHORIZED")
        assert (cookie_of(answer).value, cookie_of(answer)["max-age"]) == ("", "0")


async def test_one_apps_cookie_is_not_the_others(gateway: Gateway) -> None:
    token = cookie_of(await enter(gateway, "client")).value
    sent = {**HOST, "X-Session": "admin", "Cookie": f"superpaas_client={token}"}
    assert (await gateway.call("POST", "/api/v1/auth/refresh", headers=sent)).status == 401
    assert (await go_on(gateway, token)).status == 200


async def test_a_cookie_without_the_header_does_nothing(gateway: Gateway, alpha: Person) -> None:
    """What a form of another site can send: the cookie at most, no header of its own and no JSON."""
    token = cookie_of(await enter(gateway)).value
    for content_type in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"):
        sent = {**HOST, "Cookie": f"superpaas_client={token}", "Content-Type": content_type}
        for raw in (b"", b"a=b"):
            answer = await gateway.call("POST", "/api/v1/auth/refresh", headers=sent, raw=raw)
            assert answer.status in {400, 422}, answer.body
            assert "set-cookie" not in answer.headers
    answer = await gateway.call("POST", "/api/v1/auth/refresh", headers={"Cookie": f"superpaas_client={token}"})
    assert (answer.status, answer.json["code"]) == (400, "MISSING_HEADER")
    assert (await go_on(gateway, token)).status == 200, "and the session is as it was"


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://paas.example.cn:5174", "http://[", "file://"]
)
async def test_pages_of_other_sites_are_refused(gateway: Gateway, origin: str) -> None:
    token = cookie_of(await enter(gateway)).value
    answer = await go_on(gateway, token, Origin=origin)
    assert (answer.status, answer.json["code"]) == (403, "FOREIGN_ORIGIN")
    assert "set-cookie" not in answer.headers
    sent = {**HOST, "X-Session": "client", "Origin": origin}
    assert (await gateway.call("POST", "/api/v1/auth/login", LOGIN, headers=sent)).status == 403
    assert (await go_on(gateway, token, Origin="http://paas.example.cn:5173")).status == 200


async def test_logout_ends_the_cookies_session_and_clears_it(gateway: Gateway, alpha: Person) -> None:
    token, other = cookie_of(await enter(gateway)).value, cookie_of(await enter(gateway, "admin")).value
    sent = {**HOST, "X-Session": "client", "Cookie": f"superpaas_client={token}; superpaas_admin={other}"}
    answer = await alpha.call("POST", "/api/v1/auth/logout", headers=sent)
    assert answer.status == 204
    assert cookie_of(answer)["max-age"] == "0"
    assert (await go_on(gateway, token)).status == 401
    assert (await go_on(gateway, other, "admin")).status == 200
    again = await alpha.call("POST", "/api/v1/auth/logout", headers={**HOST, "X-Session": "client"})
    assert again.status == 204, "without a cookie there is nothing to end, least of all the other sessions"
    assert (await alpha.call("GET", "/api/v1/auth/me")).status == 200


async def test_logout_of_all_and_logout_after_the_end(gateway: Gateway, alpha: Person) -> None:
    token = cookie_of(await enter(gateway)).value
    sent = {**HOST, "X-Session": "client", "Cookie": f"superpaas_client={token}"}
    assert (await alpha.call("POST", "/api/v1/auth/logout", {"all": True}, headers=sent)).status == 204
    answer = await alpha.call("POST", "/api/v1/auth/logout", headers=sent)
    assert answer.status == 401
    assert cookie_of(answer)["max-age"] == "0"


async def test_an_unreadable_token_ends_nothing(alpha: Person) -> None:
    assert (await alpha.call("POST", "/api/v1/auth/logout", {"refreshToken": "rubbish"})).status == 401
    assert (await alpha.call("GET", "/api/v1/auth/me")).status == 200


async def test_a_changed_password_begins_a_new_cookie(gateway: Gateway, alpha: Person) -> None:
    token = cookie_of(await enter(gateway)).value
    body = {"oldPassword": PASSWORD, "newPassword": "Battery-Staple-8"}
    sent = {**HOST, "X-Session": "client", "Cookie": f"superpaas_client={token}"}
    answer = await alpha.call("POST", "/api/v1/auth/change-password", body, headers=sent)
    assert answer.status == 200
    assert "refreshToken" not in answer.json
    assert (await go_on(gateway, token)).status == 401
    assert (await go_on(gateway, cookie_of(answer).value)).status == 200


async def test_an_unknown_app_is_refused(gateway: Gateway) -> None:
    answer = await gateway.call("POST", "/api/v1/auth/login", LOGIN, headers={"X-Session": "other"})
    assert (answer.status, answer.json["code"]) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("http://a.cn", "a.cn", True),
        ("http://a.cn", "a.cn:80", True),
        ("https://a.cn", "a.cn", True),
        ("https://a.cn", "a.cn:443", True),
        ("https://A.cn", "a.CN", True),
        ("http://[::1]:5173", "[::1]:5173", True),
        ("http://a.cn", "a.cn:5173", False),
        ("http://a.cn.evil", "a.cn", False),
        ("http://evil/a.cn", "a.cn", False),
        ("", "a.cn", False),
        ("a.cn", "a.cn", False),
        ("http://a.cn:x", "a.cn", False),
        ("http://a.cn", "", False),
    ],
)
def test_same_origin(origin: str, host: str, same: Any) -> None:
    assert is_same_origin(origin, host) is same
