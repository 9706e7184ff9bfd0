"""Where a user's rights come from: each role by itself, for the user himself and for cells."""

from __future__ import annotations

from platform_core.identity.tests.api.harness import Gateway, Person


async def test_each_role_by_itself_and_the_departments_it_names(gateway: Gateway, alpha: Person, beta: Person) -> None:
    far = await alpha.done("POST", "/api/admin/departments", {"name": "far"})
    await alpha.done("POST", "/api/admin/departments", {"name": "below far", "parent_id": far["id"]})
    await alpha.done("POST", "/api/admin/departments", {"name": "elsewhere"})
    role = await alpha.new_role(
        "crm.lead.read",
        scopes={"crm.lead": "custom"},
        custom_department_ids={"crm.lead": [far["id"]]},
        field_rules={"crm.lead.mobile": "hide"},
    )
    user = await alpha.new_user(role["id"])
    path = f"/api/v1/identity/role-documents/{user['id']}/provenance"
    told = await gateway.call("GET", path, user="cell:crm", tenant=alpha.tenant)
    assert told.status == 200, told.body
    [one] = told.json["roles"]
    assert (one["code"], one["permissions"]) == (role["code"], ["crm.lead.read"])
    assert one["scopes"] == {"crm.lead": "custom"}
    assert one["fieldRules"] == {"crm.lead.mobile": "hide"}
    assert sorted(told.json["departments"].values()) == ["below far", "far"]
    assert (await alpha.call("GET", path)).status == 403
    person = await gateway.person("alpha", user["username"])
    assert (await person.call("GET", path)).json == told.json
    assert (await gateway.call("GET", path, user="cell:crm", tenant=beta.tenant)).status == 404
