"""Tenant B reads, changes, lists and guesses nothing of tenant A, on any route of the administration."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import asyncpg

from platform_core.identity.tests.api.harness import PASSWORD, Gateway, Person

# Every route with a parameter, and what is sent to it. The test fails when a route is missing here.
BODIES: dict[tuple[str, str], Any] = {
    ("GET", "/api/admin/departments/{department_id}"): None,
    ("PATCH", "/api/admin/departments/{department_id}"): {"name": "stolen", "version": 1},
    ("DELETE", "/api/admin/departments/{department_id}"): None,
    ("GET", "/api/admin/users/{user_id}"): None,
    ("PATCH", "/api/admin/users/{user_id}"): {"display_name": "stolen", "version": 1},
    ("POST", "/api/admin/users/{user_id}/roles"): {"role_ids": [], "version": 1},
    ("POST", "/api/admin/users/{user_id}/disable"): None,
    ("POST", "/api/admin/users/{user_id}/enable"): None,
    ("POST", "/api/admin/users/{user_id}/unlock"): None,
    ("POST", "/api/admin/users/{user_id}/kick"): None,
    ("POST", "/api/admin/users/{user_id}/reset-password"): {"password": "Battery-Staple-8"},
    ("GET", "/api/admin/roles/{role_id}"): None,
    ("PATCH", "/api/admin/roles/{role_id}"): {"name": "stolen", "version": 1},
    ("DELETE", "/api/admin/roles/{role_id}"): None,
    ("GET", "/api/admin/roles/{role_id}/difference/{other_id}"): None,
    ("POST", "/api/admin/roles/{role_id}/copy"): {"code": "stolen", "name": "stolen"},
    ("DELETE", "/api/admin/sessions/{session_id}"): None,
    ("DELETE", "/api/v1/auth/sessions/{session_id}"): None,
}
OPERATOR_ONLY = ("/api/admin/tenants/", "/api/admin/packages/")
LISTS = (
    "/api/admin/departments", "/api/admin/users", "/api/admin/roles", "/api/admin/sessions", "/api/v1/identity/audit",
    "/api/v1/identity/users", "/api/v1/identity/departments",
)  # fmt: skip


def parameter_routes(gateway: Gateway) -> set[tuple[str, str]]:
    paths = gateway.app.api.openapi()["paths"]
    # What cells ask (the kit's plain routes) has tests of its own below.
    wanted = {path: methods for path, methods in paths.items() if "{" in path and "/identity/" not in path}
    return {(method.upper(), path) for path, methods in wanted.items() for method in methods}


async def things(owner: Person) -> dict[str, str]:
    role = await owner.new_role("crm.lead.read")
    department = await owner.done("POST", "/api/admin/departments", {"name": "secret"})
    user = await owner.new_user(role["id"], department_id=department["id"])
    session = (await owner.done("GET", "/api/admin/sessions"))["items"][0]
    return {
        "department_id": department["id"], "user_id": user["id"], "role_id": role["id"], "other_id": role["id"],
        "session_id": session["id"],
    }  # fmt: skip


async def snapshot(gateway: Gateway, tenant: str) -> str:
    connection = await asyncpg.connect(gateway.urls.owner)
    await connection.execute("SELECT set_config('cellkit.tenant', $1, false)", tenant)
    rows = [
        dict(row)
        for table in ("users", "roles", "departments", "user_roles", "sessions")
        for row in await connection.fetch(f"SELECT * FROM {table} ORDER BY 1, 2, 3")  # noqa: S608 - fixed names
    ]
    await connection.close()
    return str(rows)


async def test_no_route_reaches_another_tenants_things(gateway: Gateway, alpha: Person, beta: Person) -> None:
    ids = await things(alpha)
    before = await snapshot(gateway, alpha.tenant)
    routes = {item for item in parameter_routes(gateway) if not item[1].startswith(OPERATOR_ONLY)}
    assert routes == set(BODIES), "every route with a parameter is tried"
    for (method, template), body in BODIES.items():
        path = template.format(**ids) + ("?version=1" if method == "DELETE" else "")
        answer = await beta.call(method, path, body)
        unknown = await beta.call(method, template.format(**dict.fromkeys(ids, alpha.tenant)) + path[len(path) :], body)
        assert answer.status == 404, template
        if method != "DELETE":
            assert unknown.status == 404
            assert answer.json["message"] == unknown.json["message"], "not told apart from what does not exist"
    assert await snapshot(gateway, alpha.tenant) == before


async def test_lists_totals_filters_and_look_ups_show_only_ones_own(
    gateway: Gateway, alpha: Person, beta: Person
) -> None:
    ids = await things(alpha)
    for path in LISTS:
        page = await beta.done("GET", f"{path}?total=true&limit=200")
        assert page["total"] == len(page["items"])
        text = json.dumps(page)
        assert not any(value in text for value in ids.values()), path
        assert alpha.tenant not in text.replace(beta.tenant, "")
    for path, name in (("users", "user_id"), ("departments", "department_id"), ("roles", "role_id")):
        wanted = quote(json.dumps({"id": ids[name]}))
        assert (await beta.done("GET", f"/api/admin/{path}?filter={wanted}&total=true"))["total"] == 0
    for path, name in (("users", "user_id"), ("departments", "department_id")):
        assert (await beta.done("GET", f"/api/v1/identity/{path}?ids={ids[name]}"))["items"] == []
        seen = await gateway.call(
            "GET", f"/api/v1/identity/{path}?ids={ids[name]}", user="cell:crm", tenant=beta.tenant
        )
        assert seen.json["items"] == []
        own = await gateway.call(
            "GET", f"/api/v1/identity/{path}?ids={ids[name]}", user="cell:crm", tenant=alpha.tenant
        )
        assert len(own.json["items"]) == 1


async def test_another_tenants_ids_are_no_references(alpha: Person, beta: Person) -> None:
    ids = await things(alpha)
    user = {"username": "spy", "display_name": "S", "password": PASSWORD}
    attempts: list[tuple[str, dict[str, Any]]] = [
        ("/api/admin/users", {**user, "role_ids": [ids["role_id"]]}),
        ("/api/admin/users", {**user, "department_id": ids["department_id"]}),
        ("/api/admin/departments", {"name": "d", "parent_id": ids["department_id"]}),
        ("/api/admin/departments", {"name": "d", "leader_id": ids["user_id"]}),
        ("/api/admin/roles", {"code": "r", "name": "r", "custom_department_ids": {"*": [ids["department_id"]]}}),
    ]
    for path, body in attempts:
        answer = await beta.call("POST", path, body)
        assert (answer.status, answer.json["details"][0]["rule"]) == (422, "unknown"), path


async def test_a_role_document_of_another_tenant_is_not_found(gateway: Gateway, alpha: Person, beta: Person) -> None:
    path = f"/api/v1/identity/role-documents/{alpha.user}"
    assert (await gateway.call("GET", path, user="cell:crm", tenant=beta.tenant)).status == 404
    assert (await beta.call("GET", path)).status == 403
    assert (await gateway.call("GET", path, user=alpha.user, tenant=beta.tenant)).status == 401
    assert (await gateway.call("GET", path, user="cell:crm", tenant=alpha.tenant)).status == 200


async def test_a_user_with_another_tenants_header_is_nobody(gateway: Gateway, alpha: Person, beta: Person) -> None:
    for path in ("/api/v1/auth/me", "/api/admin/users"):
        assert (await gateway.call("GET", path, user=alpha.user, tenant=beta.tenant)).status == 401
    for tenant in ("", "x", "00000000-0000-0000-0000-000000000000"):
        assert (await gateway.call("GET", "/api/admin/users", user=alpha.user, tenant=tenant)).status == 401


async def test_the_wall_holds_in_the_database_itself(gateway: Gateway, alpha: Person, beta: Person) -> None:
    connection = await asyncpg.connect(gateway.urls.app)
    tables = [
        row["relname"]
        for row in await connection.fetch(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
        )
    ]
    assert len(tables) == 9
    await connection.execute("SELECT set_config('cellkit.tenant', $1, false)", beta.tenant)
    for table in tables:
        seen = await connection.fetchval(f"SELECT count(*) FROM {table} WHERE tenant_id <> $1", beta.tenant)  # noqa: S608 - names from the catalogue
        assert seen == 0, table
    await connection.execute("SELECT set_config('cellkit.tenant', '', false)")
    for table in tables:
        assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0, table  # noqa: S608 - names from the catalogue
    await connection.close()


async def test_the_same_names_live_in_two_tenants(gateway: Gateway, alpha: Person, beta: Person) -> None:
    for person in (alpha, beta):
        await person.done("POST", "/api/admin/users", {"username": "wang", "display_name": "W", "password": PASSWORD})
    one, two = [await gateway.person(code, "wang") for code in ("alpha", "beta")]
    assert one.user != two.user
    for _ in range(5):
        await gateway.login("alpha", "wang", "Wrong-Pass-1")
    assert (await gateway.login("beta", "wang")).status == 200, "a lock in one tenant is none in the other"
