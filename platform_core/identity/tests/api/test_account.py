"""What concerns a user himself: who he is, his sessions, his preferences; and what administrators see of sessions."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from platform_identity.sessions.devices import device_name

from platform_core.identity.tests.api.harness import PASSWORD, Answer, Gateway, Person
from platform_core.identity.tests.api.test_login import claims, refresh

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/141.0.0.0 Safari/537.36"
SAFARI = f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/18.1 Safari/605.1.15"
WECHAT = f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) {WEBKIT} Mobile/15E148 MicroMessenger/8.0.50"
WECOM = "Mozilla/5.0 (Linux; Android 14; wv) Chrome/120.0 Mobile Safari/537.36 wxwork/4.1.30"
PREFERENCES = "/api/v1/auth/preferences"


async def login_from(gateway: Gateway, username: str, agent: str = CHROME, address: str = "10.0.0.9") -> Answer:
    body = {"tenant": "alpha", "username": username, "password": PASSWORD}
    return await gateway.call("POST", "/api/v1/auth/login", body, headers={"User-Agent": agent}, address=address)


async def session_of(gateway: Gateway, answer: Answer) -> dict[str, str]:
    """The header with which the gateway tells the session of a token."""
    return {"X-Gateway-Session": (await claims(gateway, answer.json["accessToken"]))["sid"]}


async def test_me_tells_all_that_the_web_needs(gateway: Gateway, alpha: Person) -> None:
    top = await alpha.done("POST", "/api/admin/departments", {"name": "总部"})
    below = await alpha.done("POST", "/api/admin/departments", {"name": "销售部", "parent_id": top["id"]})
    role = await alpha.new_role("crm.lead.*", scopes={"crm.lead": "department"})
    made = await alpha.new_user(role["id"], department_id=below["id"])
    answer = await login_from(gateway, made["username"])
    person = Person(gateway, alpha.tenant, made["id"])
    session = await session_of(gateway, answer)
    me = await person.done("GET", "/api/v1/auth/me", headers=session)
    assert me["departments"] == [{"id": top["id"], "name": "总部"}, {"id": below["id"], "name": "销售部"}]
    assert (me["tenantCode"], me["tenantName"], me["tenantLanguage"]) == ("alpha", "alpha", "zh-CN")
    assert (me["tenantTimeZone"], me["timeZone"]) == ("Asia/Shanghai", "Asia/Shanghai")
    assert (me["isOperator"], me["mustChangePassword"], me["cells"], me["features"]) == (False, False, None, None)
    assert me["permissions"] == ["crm.lead.*"]
    assert me["sessionId"] == session["X-Gateway-Session"]
    assert me["passwordPolicy"] == {"minLength": 8, "maxLength": 128, "classes": 3, "history": 5, "expireDays": 0}
    assert not {"endedSessions", "storageBytes"} & me.keys()


async def test_a_user_sees_and_ends_his_own_sessions(gateway: Gateway, alpha: Person) -> None:
    made, other = await alpha.new_user(), await alpha.new_user()
    first = await login_from(gateway, made["username"])
    second = await login_from(gateway, made["username"], agent="curl/8.5.0", address="10.0.0.10")
    await login_from(gateway, other["username"])
    person = Person(gateway, alpha.tenant, made["id"])
    own = await session_of(gateway, first)
    items = (await person.done("GET", "/api/v1/auth/sessions", headers=own))["items"]
    assert {(item["device_name"], item["address"], item["current"]) for item in items} == {
        ("Chrome 141 · Windows", "10.0.0.9", True),
        ("curl/8.5.0", "10.0.0.10", False),
    }
    ended = next(item["id"] for item in items if not item["current"])
    assert (await person.call("DELETE", f"/api/v1/auth/sessions/{ended}")).status == 204
    assert (await refresh(gateway, second.json["refreshToken"])).status == 401
    stale = await person.call("GET", "/api/v1/auth/me", headers=await session_of(gateway, second))
    assert stale.status == 401, "the ended session's access token counts no more either"
    assert (await person.call("GET", "/api/v1/auth/me", headers=own)).status == 200
    stranger = Person(gateway, alpha.tenant, other["id"])
    for identity in (items[0]["id"], "x", made["id"]):
        assert (await stranger.call("DELETE", f"/api/v1/auth/sessions/{identity}")).status == 404


async def test_a_user_ends_all_his_other_sessions(gateway: Gateway, alpha: Person) -> None:
    made = await alpha.new_user()
    answers = [await login_from(gateway, made["username"]) for _ in range(3)]
    person = Person(gateway, alpha.tenant, made["id"])
    own = await session_of(gateway, answers[1])
    assert await person.done("POST", "/api/v1/auth/sessions/end-others", {}, headers=own) == {"ended": 2}
    statuses = [(await refresh(gateway, answer.json["refreshToken"])).status for answer in answers]
    assert statuses == [401, 200, 401]


async def test_role_documents_name_ended_sessions_while_their_tokens_live(gateway: Gateway, alpha: Person) -> None:
    made = await alpha.new_user()
    answers = [await login_from(gateway, made["username"]) for _ in range(2)]
    ended = (await session_of(gateway, answers[0]))["X-Gateway-Session"]
    path = f"/api/v1/identity/role-documents/{made['id']}"
    before = await gateway.call("GET", path, user="cell:crm", tenant=alpha.tenant)
    assert before.json["endedSessions"] == []
    assert (await alpha.call("DELETE", f"/api/admin/sessions/{ended}")).status == 204
    after = await gateway.call("GET", path, user="cell:crm", tenant=alpha.tenant)
    assert after.json["endedSessions"] == [ended]
    assert after.headers["etag"] != before.headers["etag"]


async def test_administrators_see_device_address_and_user(gateway: Gateway, alpha: Person) -> None:
    made = await alpha.new_user()
    await login_from(gateway, made["username"])
    page = await alpha.done("GET", f"/api/admin/sessions?q={made['username']}&total=true")
    assert page["total"] == 1
    item = page["items"][0]
    assert (item["username"], item["display_name"]) == (made["username"], made["display_name"])
    assert (item["device_name"], item["address"]) == ("Chrome 141 · Windows", "10.0.0.9")
    assert item["last_used_at"] >= item["created_at"]


async def test_an_administrator_ends_everybody_elses_sessions(gateway: Gateway, alpha: Person) -> None:
    role = await alpha.new_role("identity.session.*")
    clerk, victim = await alpha.new_user(role["id"]), await alpha.new_user()
    clerks = await gateway.person("alpha", clerk["username"])
    victims = await gateway.person("alpha", victim["username"])
    refused = await clerks.call("POST", "/api/admin/sessions/end-all", {})
    assert (refused.status, refused.json["code"]) == (403, "FORBIDDEN")
    assert await alpha.done("POST", "/api/admin/sessions/end-all", {}) == {"ended": 2}
    assert (await victims.call("GET", "/api/v1/auth/me")).status == 401
    assert (await alpha.call("GET", "/api/v1/auth/me")).status == 200


async def test_preferences_are_kept_as_they_are(gateway: Gateway, alpha: Person) -> None:
    assert await alpha.done("GET", PREFERENCES) == {"value": {}, "version": 0}
    value = {"dark": True, "zoom": 1.25, "favourites": ["crm.lead", "<script>"], "nested": {"n": None, "i": 3}}
    assert await alpha.done("PUT", PREFERENCES, {"value": value, "version": 0}) == {"value": value, "version": 1}
    assert await alpha.done("GET", PREFERENCES) == {"value": value, "version": 1}
    stale = await alpha.call("PUT", PREFERENCES, {"value": {}, "version": 0})
    assert (stale.status, stale.json["details"]) == (409, {"current": 1})
    assert await alpha.done("PUT", PREFERENCES, {"value": {}, "version": 1}) == {"value": {}, "version": 2}
    other = await gateway.person("alpha", (await alpha.new_user())["username"])
    assert (await other.done("GET", PREFERENCES))["version"] == 0, "everybody has his own"


async def test_of_two_first_preferences_at_once_one_is_stale(alpha: Person) -> None:
    answers = await asyncio.gather(
        *(alpha.call("PUT", PREFERENCES, {"value": {"n": number}, "version": 0}) for number in range(4))
    )
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]


DEEP: dict[str, Any] = {}
for _ in range(20):
    DEEP = {"d": DEEP}


@pytest.mark.parametrize("value", [{"big": "x" * 17_000}, {"k": "a\x00b"}, {"a\x00": 1}, DEEP])
async def test_preferences_that_cannot_be_kept_are_refused(alpha: Person, value: dict[str, Any]) -> None:
    answer = await alpha.call("PUT", PREFERENCES, {"value": value, "version": 0})
    assert (answer.status, answer.json["details"][0]["field"]) == (422, "value")


@pytest.mark.parametrize("raw", [b'{"value":{"n":1e999},"version":0}', b'{"value":{"s":"\\ud800"},"version":0}', b"[]"])
async def test_preferences_that_json_can_say_and_nobody_can_store(alpha: Person, raw: bytes) -> None:
    assert (await alpha.call("PUT", PREFERENCES, raw=raw)).status == 422


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (CHROME, "Chrome 141 · Windows"),
        (CHROME.replace("Safari/537.36", "Safari/537.36 Edg/141.0.0.0"), "Edge 141 · Windows"),
        (SAFARI, "Safari 18 · macOS"),
        (WECHAT, "微信 WeChat 8 · iPhone"),
        (WECOM, "企业微信 WeCom 4 · Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox 143 · Linux"),
        ("python-requests/2.32 extra", "python-requests/2.32"),
        ("", ""),
    ],
)
def test_devices_have_names_for_people(agent: str, name: str) -> None:
    assert device_name(agent) == name
