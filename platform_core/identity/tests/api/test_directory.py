"""Whom cells ask for: active users by id and role, and the leaders above a department."""

from __future__ import annotations

import uuid
from typing import Any

from platform_core.identity.tests.api.harness import Gateway, Person

BASE = "/api/v1/identity/directory"


async def ask(gateway: Gateway, tenant: str, path: str) -> Any:
    answer = await gateway.call("GET", f"{BASE}/{path}", user="cell:crm", tenant=tenant)
    assert answer.status == 200, answer.body
    return answer.json


async def test_leaders_from_the_nearest_to_the_root(gateway: Gateway, alpha: Person, beta: Person) -> None:
    chief, head = await alpha.new_user(), await alpha.new_user()
    root = await alpha.done("POST", "/api/admin/departments", {"name": "root", "leader_id": chief["id"]})
    middle = await alpha.done("POST", "/api/admin/departments", {"name": "middle", "parent_id": root["id"]})
    team = await alpha.done(
        "POST", "/api/admin/departments", {"name": "team", "parent_id": middle["id"], "leader_id": head["id"]}
    )
    path = f"departments/{team['id']}/leaders"
    found = (await ask(gateway, alpha.tenant, path))["departments"]
    assert [(item["name"], item["level"], item["leaderId"]) for item in found] == [
        ("team", 3, head["id"]),
        ("middle", 2, None),
        ("root", 1, chief["id"]),
    ]
    await alpha.done("POST", f"/api/admin/users/{head['id']}/disable")
    assert (await ask(gateway, alpha.tenant, path))["departments"][0]["leaderId"] is None
    assert await ask(gateway, beta.tenant, path) == {"departments": []}


async def test_users_by_id_and_by_role(gateway: Gateway, alpha: Person, beta: Person) -> None:
    role = await alpha.new_role("crm.lead.read")
    held, other = await alpha.new_user(role["id"]), await alpha.new_user()
    people = (await ask(gateway, alpha.tenant, f"roles/{role['code'].upper()}/users"))["people"]
    assert [item["id"] for item in people] == [held["id"]]
    assert set(people[0]) == {"id", "displayName", "departmentId"}
    ids = f"users?ids={held['id']},{other['id']},{uuid.uuid4()}"
    assert {item["id"] for item in (await ask(gateway, alpha.tenant, ids))["people"]} == {held["id"], other["id"]}
    await alpha.done("POST", f"/api/admin/users/{held['id']}/disable")
    assert [item["id"] for item in (await ask(gateway, alpha.tenant, ids))["people"]] == [other["id"]]
    assert await ask(gateway, alpha.tenant, f"roles/{role['code']}/users") == {"people": []}
    assert await ask(gateway, alpha.tenant, "roles/nobody/users") == {"people": []}
    assert await ask(gateway, beta.tenant, ids) == {"people": []}
    assert await ask(gateway, beta.tenant, f"roles/{role['code']}/users") == {"people": []}


async def test_only_cells_may_ask(gateway: Gateway, alpha: Person) -> None:
    for path in (f"users?ids={alpha.user}", "roles/x/users", f"departments/{uuid.uuid4()}/leaders"):
        assert (await alpha.call("GET", f"{BASE}/{path}")).status == 403
    answer = await gateway.call("GET", f"{BASE}/users?ids=x", user="cell:crm", tenant=alpha.tenant)
    assert answer.status == 400
    answer = await gateway.call("GET", f"{BASE}/users?page=2", user="cell:crm", tenant=alpha.tenant)
    assert answer.status == 400
