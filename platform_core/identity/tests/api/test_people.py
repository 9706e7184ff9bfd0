"""Colleagues and departments by name: for everybody of the tenant, and nobody else."""

from __future__ import annotations

from platform_core.identity.tests.api.harness import Gateway, Person

PEOPLE = "/api/v1/auth/people"


async def test_a_user_without_rights_finds_colleagues_by_name_and_id(gateway: Gateway, alpha: Person) -> None:
    office = await alpha.done("POST", "/api/admin/departments", {"name": "采购部"})
    wanted = await alpha.new_user(department_id=office["id"])
    plain = await alpha.new_user()
    person = await gateway.person("alpha", plain["username"])
    found = await person.done("GET", f"{PEOPLE}?q={wanted['username'].upper()}")
    assert {"id": wanted["id"], "name": wanted["username"], "username": wanted["username"], "department": "采购部",
            "active": True} in found["items"]  # fmt: skip
    assert (await person.done("GET", f"{PEOPLE}?q=%25nobody_"))["items"] == []
    # A cell that has acted stands among users on every trail; it keeps nobody's name back.
    by_id = await person.done("GET", f"{PEOPLE}?ids={wanted['id']},cell:crm,{plain['id']}")
    assert {item["id"] for item in by_id["items"]} == {wanted["id"], plain["id"]}
    departments = await person.done("GET", "/api/v1/auth/departments")
    assert {"id": office["id"], "name": "采购部", "parent_id": None} in departments["items"]


async def test_who_has_left_keeps_his_name_but_cannot_be_chosen(gateway: Gateway, alpha: Person) -> None:
    gone = await alpha.new_user()
    await alpha.done("POST", f"/api/admin/users/{gone['id']}/disable", {"version": gone["version"]})
    person = await gateway.person("alpha", (await alpha.new_user())["username"])
    assert (await person.done("GET", f"{PEOPLE}?q={gone['username']}"))["items"] == []
    [named] = (await person.done("GET", f"{PEOPLE}?ids={gone['id']}"))["items"]
    assert (named["name"], named["active"]) == (gone["username"], False)


async def test_another_tenants_people_are_not_there(gateway: Gateway, alpha: Person, beta: Person) -> None:
    strange = await beta.new_user()
    assert (await alpha.done("GET", f"{PEOPLE}?ids={strange['id']}"))["items"] == []
    office = await beta.done("POST", "/api/admin/departments", {"name": "乙方"})
    departments = (await alpha.done("GET", "/api/v1/auth/departments"))["items"]
    assert office["id"] not in {item["id"] for item in departments}
    assert (await alpha.done("GET", f"{PEOPLE}?ids=nonsense"))["items"] == [], "and not everybody"
    assert (await alpha.call("GET", f"{PEOPLE}?ids={','.join([strange['id']] * 101)}")).status in (400, 422)
