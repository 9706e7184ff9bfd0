"""Packages: cells, features and quotas of tenants."""

from __future__ import annotations

import asyncio
from typing import Any

from platform_core.identity.tests.api.harness import PASSWORD, Gateway, Person
from platform_core.identity.tests.api.test_login import claims, refresh

PACKAGES = "/api/admin/packages"


def user(name: str) -> dict[str, str]:
    return {"username": name, "display_name": name, "password": PASSWORD}


async def give(operator: Person, tenant: str, **package: Any) -> dict[str, Any]:
    """A new package for a tenant."""
    made = await operator.done("POST", PACKAGES, {"code": f"p-{tenant[-6:]}", "name": "标准版", **package})
    version = (await operator.done("GET", f"/api/admin/tenants/{tenant}"))["version"]
    body = {"package_id": made["id"], "version": version}
    assert (await operator.done("PATCH", f"/api/admin/tenants/{tenant}", body))["package_id"] == made["id"]
    return made


async def test_packages_are_the_operators(operator: Person, alpha: Person) -> None:
    body = {"code": "basic", "name": "基础版", "cells": ["erp", "crm", "crm"], "features": ["sso"], "most_users": 5}
    made = await operator.done("POST", PACKAGES, body)
    assert made["cells"] == ["crm", "erp"]
    assert (made["features"], made["most_users"], made["storage_bytes"]) == (["sso"], 5, None)
    taken = await operator.call("POST", PACKAGES, {**body, "code": "BASIC"})
    assert (taken.status, taken.json["message"]) == (409, "套餐编码已存在")
    changed = await operator.done("PATCH", f"{PACKAGES}/{made['id']}", {"cells": None, "version": 1})
    assert (changed["cells"], changed["version"]) == (None, 2)
    assert (await operator.call("PATCH", f"{PACKAGES}/{made['id']}", {"name": "x", "version": 1})).status == 409
    for method, path in (("GET", PACKAGES), ("POST", PACKAGES), ("GET", f"{PACKAGES}/{made['id']}")):
        assert (await alpha.call(method, path, body if method == "POST" else None)).status == 403
    assert (await operator.call("DELETE", f"{PACKAGES}/{made['id']}?version=2")).status == 204
    assert (await operator.call("GET", f"{PACKAGES}/{made['id']}")).status == 404


async def test_senseless_packages_are_refused(operator: Person) -> None:
    for wrong in (
        {"cells": ["CRM"]},
        {"cells": ["a,b"]},
        {"most_users": 0},
        {"storage_bytes": -1},
        {"features": ["A"]},
    ):
        answer = await operator.call("POST", PACKAGES, {"code": "p", "name": "p", **wrong})
        assert answer.status == 422, wrong


async def test_a_package_in_use_is_kept(operator: Person, alpha: Person) -> None:
    made = await give(operator, alpha.tenant)
    answer = await operator.call("DELETE", f"{PACKAGES}/{made['id']}?version=1")
    assert (answer.status, answer.json["code"], answer.json["details"]) == (422, "PACKAGE_IN_USE", {"tenants": 1})


async def test_the_operators_own_tenant_is_never_limited(operator: Person) -> None:
    made = await operator.done("POST", PACKAGES, {"code": "p", "name": "p", "cells": []})
    body = {"package_id": made["id"], "version": 1}
    answer = await operator.call("PATCH", f"/api/admin/tenants/{operator.tenant}", body)
    assert (answer.status, answer.json["code"]) == (422, "OPERATOR_TENANT")


async def test_the_cells_of_a_package_are_in_token_role_document_and_me(
    gateway: Gateway, operator: Person, alpha: Person
) -> None:
    made = await give(operator, alpha.tenant, cells=["erp", "crm"], features=["sso"], storage_bytes=10_000)
    me = await alpha.done("GET", "/api/v1/auth/me")
    assert (me["cells"], me["features"]) == (["crm", "erp"], ["sso"])
    path = f"/api/v1/identity/role-documents/{alpha.user}"
    document = (await gateway.call("GET", path, user="cell:crm", tenant=alpha.tenant)).json
    assert (document["cells"], document["storageBytes"]) == (["crm", "erp"], 10_000)
    answer = await refresh(gateway, alpha.tokens["refreshToken"])
    assert (await claims(gateway, answer.json["accessToken"]))["lim"] == "cells,crm,erp,"
    await operator.done("PATCH", f"{PACKAGES}/{made['id']}", {"cells": None, "version": 1})
    answer = await refresh(gateway, answer.json["refreshToken"])
    assert "lim" not in await claims(gateway, answer.json["accessToken"])
    assert (await alpha.done("GET", "/api/v1/auth/me"))["cells"] is None


async def test_the_quota_of_users_is_kept(operator: Person, alpha: Person) -> None:
    await give(operator, alpha.tenant, most_users=3)
    one, two = await alpha.new_user(), await alpha.new_user()
    refused = await alpha.call("POST", "/api/admin/users", user("more"))
    assert (refused.status, refused.json["code"]) == (422, "USER_QUOTA_EXCEEDED")
    assert refused.json["details"] == {"wanted": 4, "quota": 3}
    usage = await operator.done("GET", f"/api/admin/tenants/{alpha.tenant}/usage")
    assert usage == {"active_users": 3, "most_users": 3}
    await alpha.done("POST", f"/api/admin/users/{one['id']}/disable")
    assert (await alpha.call("POST", "/api/admin/users", user("more"))).status == 201, "the disabled do not count"
    back = await alpha.call("POST", f"/api/admin/users/{one['id']}/enable")
    assert back.json["code"] == "USER_QUOTA_EXCEEDED"
    await alpha.done("POST", f"/api/admin/users/{two['id']}/disable")
    assert (await alpha.call("POST", f"/api/admin/users/{one['id']}/enable")).status == 200


async def test_the_last_place_is_taken_once(operator: Person, alpha: Person) -> None:
    await give(operator, alpha.tenant, most_users=2)
    answers = await asyncio.gather(*(alpha.call("POST", "/api/admin/users", user(f"n{number}")) for number in range(4)))
    assert sorted(answer.status for answer in answers) == [201, 422, 422, 422]


async def test_an_unknown_package_is_refused(operator: Person, alpha: Person) -> None:
    body = {"package_id": alpha.user, "version": 1}
    answer = await operator.call("PATCH", f"/api/admin/tenants/{alpha.tenant}", body)
    assert answer.json["details"][0]["field"] == "package_id"


async def test_a_tenants_first_administrator_may_get_a_generated_password(gateway: Gateway, operator: Person) -> None:
    body = {"code": "gamma", "name": "G", "administrator": {"username": "root"}}
    answer = await operator.call("POST", "/api/admin/tenants", body, request_id="gamma-once")
    given = answer.json["administrator_password"]
    again = await operator.call("POST", "/api/admin/tenants", body, request_id="gamma-once")
    assert "administrator_password" not in again.json
    login = await gateway.login("gamma", "root", given)
    assert (login.status, login.json["mustChangePassword"]) == (200, True)
