"""What a tenant decides for itself: its passwords and how long sessions last."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from platform_core.identity.tests.api.harness import PASSWORD, Gateway, Person
from platform_core.identity.tests.api.test_account import session_of
from platform_core.identity.tests.api.test_login import claims, refresh

SETTINGS = "/api/admin/tenant-settings"
NEW = "Battery-Staple-8"


async def settle(person: Person, **values: Any) -> dict[str, Any]:
    version = (await person.done("GET", SETTINGS))["version"]
    return await person.done("PATCH", SETTINGS, {**values, "version": version})


async def as_if(gateway: Gateway, person: Person, statement: str, *values: Any) -> None:
    """Change rows behind the service's back: time cannot be waited for."""
    connection = await asyncpg.connect(gateway.urls.owner)
    await connection.execute("SELECT set_config('cellkit.tenant', $1, false)", person.tenant)
    await connection.execute(statement, *values)
    await connection.close()


async def test_settings_are_read_changed_and_audited(alpha: Person) -> None:
    before = await alpha.done("GET", SETTINGS)
    assert before == {
        "password_min_length": 8, "password_classes": 3, "password_expire_days": 0, "password_history": 5,
        "password_must_change_first": False, "session_idle_minutes": 0, "session_single_device": False, "version": 1,
    }  # fmt: skip
    after = await settle(alpha, password_min_length=12, session_idle_minutes=30)
    assert after == {**before, "password_min_length": 12, "session_idle_minutes": 30, "version": 2}
    stale = await alpha.call("PATCH", SETTINGS, {"password_classes": 4, "version": 1})
    assert (stale.status, stale.json["code"]) == (409, "CONFLICT")
    trail = await alpha.done("GET", "/api/v1/identity/audit?limit=5")
    assert next(item for item in trail["items"] if item["entity"] == "identity.setting")["action"] == "update"


@pytest.mark.parametrize(
    "values",
    [
        {"password_min_length": 7},
        {"password_min_length": 65},
        {"password_classes": 2},
        {"password_classes": 5},
        {"password_history": 0},
        {"password_history": 25},
        {"password_expire_days": -1},
        {"session_idle_minutes": 4},
        {"session_idle_minutes": 1441},
        {"session_single_device": "yes"},
        {"password_min_length": "12"},
        {"other": 1},
    ],
)
async def test_weak_or_senseless_settings_are_refused(alpha: Person, values: dict[str, Any]) -> None:
    answer = await alpha.call("PATCH", SETTINGS, {**values, "version": 1})
    assert (answer.status, answer.json["details"][0]["field"]) == (422, next(iter(values)))


async def test_settings_need_their_permission(gateway: Gateway, alpha: Person) -> None:
    role = await alpha.new_role("identity.user.*")
    clerk = await gateway.person("alpha", (await alpha.new_user(role["id"]))["username"])
    assert (await clerk.call("GET", SETTINGS)).status == 403
    assert (await clerk.call("PATCH", SETTINGS, {"version": 1})).status == 403


async def test_new_passwords_keep_the_tenants_rules(gateway: Gateway, alpha: Person, beta: Person) -> None:
    await settle(alpha, password_min_length=12, password_classes=4, password_history=2)
    user = {"username": "zhao", "display_name": "Z", "password": "Aa1-Aa1-Aa"}
    answer = await alpha.call("POST", "/api/admin/users", user)
    assert {item["rule"] for item in answer.json["details"]} == {"length"}
    answer = await alpha.call("POST", "/api/admin/users", {**user, "password": "Aa1Aa1Aa1Aa1"})
    assert {item["rule"] for item in answer.json["details"]} == {"classes"}
    assert (await beta.call("POST", "/api/admin/users", user)).status == 201, "another tenant has its own rules"
    person = await gateway.person("alpha", "admin")
    old = PASSWORD
    for new in ("First-Pass-0001", "Second-Pass-002", "Third-Pass-0003"):
        body = {"oldPassword": old, "newPassword": new}
        assert (await person.call("POST", "/api/v1/auth/change-password", body)).status == 200
        old = new
    body = {"oldPassword": old, "newPassword": "Second-Pass-002"}
    again = await person.call("POST", "/api/v1/auth/change-password", body)
    assert again.json["details"][0]["rule"] == "history"
    body = {"oldPassword": old, "newPassword": "First-Pass-0001"}
    assert (await person.call("POST", "/api/v1/auth/change-password", body)).status == 200, "older than the last two"


async def test_a_first_password_is_changed_before_anything_else(gateway: Gateway, alpha: Person) -> None:
    await settle(alpha, password_must_change_first=True)
    role = await alpha.new_role("identity.user.read")
    body = {"username": "sun", "display_name": "S", "password": PASSWORD, "must_change_password": False}
    refused = await alpha.call("POST", "/api/admin/users", body)
    assert refused.json["details"][0]["field"] == "must_change_password"
    made = await alpha.new_user(role["id"])
    answer = await gateway.login("alpha", made["username"])
    assert answer.json["mustChangePassword"] is True
    assert (await claims(gateway, answer.json["accessToken"]))["lim"] == "password"
    person = Person(gateway, alpha.tenant, made["id"])
    for path in (
        "/api/admin/users",
        "/api/v1/auth/sessions",
        "/api/v1/auth/preferences",
        "/api/v1/identity/users",
    ):
        stopped = await person.call("GET", path)
        assert (stopped.status, stopped.json["code"]) == (403, "PASSWORD_CHANGE_REQUIRED"), path
    assert (await person.done("GET", "/api/v1/auth/me"))["mustChangePassword"] is True
    again = (await refresh(gateway, answer.json["refreshToken"])).json
    assert (await claims(gateway, again["accessToken"]))["lim"] == "password", "a refresh is no way round"
    body = {"oldPassword": PASSWORD, "newPassword": NEW}
    changed = await person.call("POST", "/api/v1/auth/change-password", body)
    assert "lim" not in await claims(gateway, changed.json["accessToken"])
    assert (await person.call("GET", "/api/admin/users")).status == 200


async def test_a_reset_password_is_generated_shown_once_and_changed_first(gateway: Gateway, alpha: Person) -> None:
    made = await alpha.new_user()
    path = f"/api/admin/users/{made['id']}/reset-password"
    answer = await alpha.call("POST", path, {}, request_id="reset-once")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    given = answer.json["password"]
    again = await alpha.call("POST", path, {}, request_id="reset-once")
    assert (again.status, "password" in again.json) == (200, False), "a repeat changes nothing and shows nothing"
    login = await gateway.login("alpha", made["username"], given)
    assert (login.status, login.json["mustChangePassword"]) == (200, True)
    connection = await asyncpg.connect(gateway.urls.owner)
    await connection.execute("SELECT set_config('cellkit.tenant', $1, false)", alpha.tenant)
    kept = await connection.fetch("SELECT body FROM idempotency WHERE request_id = 'reset-once'")
    trail = await connection.fetch("SELECT after FROM audit")
    await connection.close()
    assert kept
    assert given not in str(kept) + str(trail)


async def test_a_password_is_due_when_it_is_too_old(gateway: Gateway, alpha: Person) -> None:
    await settle(alpha, password_expire_days=90)
    made = await alpha.new_user((await alpha.new_role("identity.user.read"))["id"])
    person = await gateway.person("alpha", made["username"])
    assert (await person.call("GET", "/api/admin/users")).status == 200
    old = "UPDATE users SET password_changed_at = now() - interval '91 days' WHERE username = $1"
    await as_if(gateway, alpha, old, made["username"])
    assert (await person.call("GET", "/api/admin/users")).json["code"] == "PASSWORD_CHANGE_REQUIRED"
    answer = await refresh(gateway, person.tokens["refreshToken"])
    assert answer.json["mustChangePassword"] is True
    body = {"oldPassword": PASSWORD, "newPassword": NEW}
    assert (await person.call("POST", "/api/v1/auth/change-password", body)).json["mustChangePassword"] is False


async def test_an_idle_session_ends_and_its_tokens_are_short(gateway: Gateway, alpha: Person) -> None:
    long = await gateway.person("alpha", "admin")
    await settle(alpha, session_idle_minutes=20)
    person = await gateway.person("alpha", "admin")
    assert (person.tokens["expiresIn"], person.tokens["refreshExpiresIn"]) == (600, 1200)
    busy = (await refresh(gateway, person.tokens["refreshToken"])).json
    await as_if(gateway, alpha, "UPDATE sessions SET expires_at = expires_at - interval '19 minutes'")
    busy = (await refresh(gateway, busy["refreshToken"])).json
    assert busy["refreshExpiresIn"] == 1200, "whoever works on is not thrown out"
    await as_if(gateway, alpha, "UPDATE sessions SET expires_at = expires_at - interval '21 minutes'")
    assert (await refresh(gateway, busy["refreshToken"])).status == 401
    assert (await refresh(gateway, long.tokens["refreshToken"])).status == 401, "sessions begun before fare no better"
    assert (await person.call("GET", "/api/v1/auth/me")).status == 401


async def test_with_a_single_device_a_new_login_ends_the_others(gateway: Gateway, alpha: Person) -> None:
    made = await alpha.new_user()
    first = await gateway.login("alpha", made["username"])
    await settle(alpha, session_single_device=True)
    second = await gateway.login("alpha", made["username"])
    assert (await refresh(gateway, first.json["refreshToken"])).status == 401
    assert (await refresh(gateway, second.json["refreshToken"])).status == 200
    person = Person(gateway, alpha.tenant, made["id"])
    assert (await person.call("GET", "/api/v1/auth/me", headers=await session_of(gateway, first))).status == 401
    assert (await alpha.call("GET", "/api/v1/auth/me")).status == 200, "other users are not concerned"
