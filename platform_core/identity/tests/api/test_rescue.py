"""The operator lets a tenant's administrator in again."""

from __future__ import annotations

from platform_core.identity.tests.api.harness import Gateway, Person
from platform_core.identity.tests.api.test_login import refresh


async def test_an_administrator_who_lost_his_password_gets_a_new_one(
    gateway: Gateway, operator: Person, alpha: Person
) -> None:
    path = f"/api/admin/tenants/{alpha.tenant}/reset-administrator"
    for _ in range(5):
        await gateway.login("alpha", "admin", "Wrong-Pass-1")
    answer = await operator.call("POST", path, {}, request_id="rescue")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    again = await operator.call("POST", path, {}, request_id="rescue")
    assert "password" not in again.json
    login = await gateway.login("alpha", "admin", answer.json["password"])
    assert (login.status, login.json["mustChangePassword"]) == (200, True), "unlocked, and changed first"
    assert (await refresh(gateway, alpha.tokens["refreshToken"])).status == 401
    trail = (await operator.done("GET", "/api/v1/identity/audit"))["items"]
    assert trail[0]["action"] == "reset_administrator"


async def test_only_administrators_and_only_by_the_operator(gateway: Gateway, operator: Person, alpha: Person) -> None:
    clerk = await alpha.new_user()
    path = f"/api/admin/tenants/{alpha.tenant}/reset-administrator"
    for name in (clerk["username"], "nobody"):
        answer = await operator.call("POST", path, {"username": name})
        assert (answer.status, answer.json["details"][0]["field"]) == (422, "username")
    assert (await alpha.call("POST", path, {})).status == 403
    own = await operator.call("POST", f"/api/admin/tenants/{operator.tenant}/reset-administrator", {})
    assert (own.status, own.json["code"]) == (422, "OWN_TENANT")
    assert (await operator.call("POST", "/api/admin/tenants/x/reset-administrator", {})).status == 404
