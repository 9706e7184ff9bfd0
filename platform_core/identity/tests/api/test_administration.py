"""The administration: versions, idempotency, guards against escalation, departments, lists, audit."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import quote

import asyncpg
import pytest

from platform_core.identity.tests.api.harness import PASSWORD, Gateway, Person


async def limited(gateway: Gateway, admin: Person, *permissions: str, **role: Any) -> Person:
    """A logged-in user of the same tenant with only these permissions."""
    made = await admin.new_user((await admin.new_role(*permissions, **role))["id"])
    code = (await admin.done("GET", "/api/v1/auth/me"))["tenantCode"]
    return await gateway.person(code, made["username"])


async def test_a_create_with_the_same_request_id_is_answered_once(alpha: Person) -> None:
    body = {"code": "sales", "name": "Sales"}
    first = await alpha.call("POST", "/api/admin/roles", body, request_id="same")
    again = await alpha.call("POST", "/api/admin/roles", body, request_id="same")
    assert (first.status, again.status) == (201, 201)
    assert again.body == first.body
    assert again.headers["location"] == first.headers["location"] == f"/api/admin/roles/{first.json['id']}"
    assert again.headers["idempotent-replay"] == "true"
    assert "idempotent-replay" not in first.headers
    other = await alpha.call("POST", "/api/admin/roles", {"code": "other", "name": "Sales"}, request_id="same")
    assert (other.status, other.json["code"]) == (409, "IDEMPOTENT_CONFLICT")


async def test_a_taken_value_is_named_as_people_call_it(operator: Person, alpha: Person) -> None:
    await alpha.done("POST", "/api/admin/departments", {"name": "Sales"})
    administrator = {"username": "admin", "password": PASSWORD}
    user = {"username": "ADMIN", "display_name": "A", "password": PASSWORD}
    tenant = {"code": "ALPHA", "name": "A", "administrator": administrator}
    taken: list[tuple[Person, str, dict[str, Any], str, str]] = [
        (alpha, "users", user, "用户名", "Username"),
        (alpha, "roles", {"code": "administrator", "name": "A"}, "角色编码", "Role code"),
        (alpha, "departments", {"name": "Sales"}, "同级部门名称", "Name among the departments of one level"),
        (operator, "tenants", tenant, "租户编码", "Tenant code"),
    ]
    for person, collection, body, zh, en in taken:
        for language, message in (("zh-CN", f"{zh}已存在"), ("en-US", f"{en} is already taken")):
            answer = await person.call("POST", f"/api/admin/{collection}", body, headers={"Accept-Language": language})
            assert (answer.status, answer.json["code"], answer.json["message"]) == (409, "CONFLICT", message)
            assert "_" not in str(answer.json["details"])


async def test_two_at_the_same_time_with_one_request_id_make_one(alpha: Person) -> None:
    body = {"username": "li", "display_name": "Li", "password": PASSWORD}
    answers = await asyncio.gather(*(alpha.call("POST", "/api/admin/users", body, request_id="once") for _ in range(4)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body for answer in answers}) == 1


async def test_a_refused_write_may_be_sent_again_with_its_id(alpha: Person) -> None:
    bad = await alpha.call("POST", "/api/admin/roles", {"code": "x", "name": ""}, request_id="again")
    assert bad.status == 422
    taken = await alpha.call("POST", "/api/admin/roles", {"code": "administrator", "name": "A"}, request_id="again")
    assert (taken.status, taken.json["code"]) == (409, "CONFLICT")
    assert (await alpha.call("POST", "/api/admin/roles", {"code": "x", "name": "X"}, request_id="again")).status == 201


async def test_a_stale_version_is_refused_everywhere(alpha: Person) -> None:
    role, user = await alpha.new_role("crm.lead.read"), await alpha.new_user()
    department = await alpha.done("POST", "/api/admin/departments", {"name": "D"})
    changes: list[tuple[str, str, dict[str, Any]]] = [
        ("PATCH", f"/api/admin/roles/{role['id']}", {"name": "N"}),
        ("PATCH", f"/api/admin/users/{user['id']}", {"display_name": "N"}),
        ("PATCH", f"/api/admin/departments/{department['id']}", {"name": "N"}),
        ("POST", f"/api/admin/users/{user['id']}/roles", {"role_ids": []}),
    ]
    for number, (method, path, body) in enumerate(changes):
        version = 2 if number == 3 else 1
        assert (await alpha.call(method, path, {**body, "version": version + 1})).status == 409, path
        assert (await alpha.call(method, path, {**body, "version": version})).status == 200, path
        stale = await alpha.call(method, path, {**body, "version": version})
        assert (stale.status, stale.json["code"]) == (409, "CONFLICT"), path
        assert stale.json["details"]["current"] == version + 1
    for path in (f"/api/admin/roles/{role['id']}", f"/api/admin/departments/{department['id']}"):
        assert (await alpha.call("DELETE", path + "?version=1")).status == 409
        assert (await alpha.call("DELETE", path + "?version=2")).status == 204
        assert (await alpha.call("GET", path)).status == 404


async def test_of_two_changes_at_once_one_is_stale(alpha: Person) -> None:
    user = await alpha.new_user()
    answers = await asyncio.gather(
        *(
            alpha.call("PATCH", f"/api/admin/users/{user['id']}", {"display_name": f"N{number}", "version": 1})
            for number in range(4)
        )
    )
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]


async def test_validation_lists_every_problem(alpha: Person) -> None:
    body = {"username": "a b", "display_name": " ", "password": "short", "more": 1}
    answer = await alpha.call("POST", "/api/admin/users", body, headers={"Accept-Language": "en-US"})
    assert (answer.status, answer.json["code"]) == (422, "VALIDATION_FAILED")
    assert {item["field"] for item in answer.json["details"]} == {"username", "display_name", "more"}
    role = {"code": "r", "name": "R", "permissions": ["CRM", "platform.x", "service.inbox.deliver", "a..b"],
            "scopes": {"crm": "all"}, "field_rules": {"crm.lead": "hide"}}  # fmt: skip
    answer = await alpha.call("POST", "/api/admin/roles", role)
    assert {(item["field"], item["rule"]) for item in answer.json["details"]} == {
        ("permissions[0]", "pattern"), ("permissions[1]", "reserved"), ("permissions[2]", "reserved"),
        ("permissions[3]", "pattern"), ("scopes.crm", "pattern"), ("field_rules.crm.lead", "pattern"),
    }  # fmt: skip


async def test_nobody_grants_what_he_does_not_hold(gateway: Gateway, alpha: Person) -> None:
    clerk = await limited(
        gateway, alpha, "identity.role.*", "identity.user.*", "crm.lead.read",
        scopes={"crm.lead": "department"}, field_rules={"crm.lead.mobile": "mask"},
    )  # fmt: skip

    def role(**more: Any) -> dict[str, Any]:
        rules = {"crm.lead.mobile": "mask"}
        return {"code": "made", "name": "M", "permissions": ["crm.lead.read"], "field_rules": rules, **more}

    refused = [
        role(permissions=["*"]),
        role(permissions=["crm.*"]),
        role(permissions=["crm.lead.*"]),
        role(permissions=["crm.lead.update"]),
        role(scopes={"crm.lead": "all"}),
        role(default_scope="all"),
        role(field_rules={}),
        role(field_rules={"crm.lead.mobile": "read"}),
    ]
    for body in refused:
        answer = await clerk.call("POST", "/api/admin/roles", body)
        assert (answer.status, answer.json["code"]) == (403, "FORBIDDEN"), body
    made = await clerk.done("POST", "/api/admin/roles", role(scopes={"crm.lead": "team"}))

    wide = (await alpha.done("GET", f"/api/admin/roles?filter={quote(json.dumps({'code': 'administrator'}))}"))["items"]
    wide_id = wide[0]["id"]
    body = {"username": "friend", "display_name": "F", "password": PASSWORD, "role_ids": [wide_id]}
    assert (await clerk.call("POST", "/api/admin/users", body)).status == 403
    assert (await clerk.call("POST", "/api/admin/users", {**body, "role_ids": [made["id"]]})).status == 201
    mine = await clerk.done("GET", f"/api/admin/users/{clerk.user}")
    change = {"role_ids": [*mine["role_ids"], wide_id], "version": mine["version"]}
    assert (await clerk.call("POST", f"/api/admin/users/{clerk.user}/roles", change)).status == 403
    assert (await clerk.call("POST", f"/api/admin/roles/{wide_id}/copy", {"code": "c", "name": "C"})).status == 403
    change = {"permissions": ["crm.*"], "version": 1}
    assert (await clerk.call("PATCH", f"/api/admin/roles/{made['id']}", change)).status == 403
    assert (await clerk.call("PATCH", f"/api/admin/roles/{wide_id}", {"name": "Weak", "version": 1})).status == 403


async def test_nobody_takes_over_somebody_above_him(gateway: Gateway, alpha: Person) -> None:
    clerk = await limited(gateway, alpha, "identity.user.*", "identity.session.*")
    base = f"/api/admin/users/{alpha.user}"
    session = (await alpha.done("GET", "/api/admin/sessions?sort=created_at"))["items"][0]
    assert session["user_id"] == alpha.user
    attempts: list[tuple[str, str, Any]] = [
        ("POST", f"{base}/reset-password", {"password": "Battery-Staple-8"}),
        ("POST", f"{base}/disable", None),
        ("POST", f"{base}/kick", None),
        ("POST", f"{base}/unlock", None),
        ("POST", f"{base}/roles", {"role_ids": [], "version": 1}),
        ("PATCH", base, {"display_name": "X", "version": 1}),
        ("DELETE", f"/api/admin/sessions/{session['id']}", None),
    ]
    for method, path, body in attempts:
        assert (await clerk.call(method, path, body)).status == 403, path
    assert (await alpha.call("GET", "/api/v1/auth/me")).status == 200


async def test_each_route_asks_for_its_own_permission(gateway: Gateway, alpha: Person) -> None:
    nobody = await limited(gateway, alpha)
    reader = await limited(gateway, alpha, "identity.user.read")
    assert (await nobody.call("GET", "/api/v1/auth/me")).status == 200
    role, user = await alpha.new_role(), await alpha.new_user()
    department = await alpha.done("POST", "/api/admin/departments", {"name": "D"})
    body_user = {"username": "zz", "display_name": "Z", "password": PASSWORD}
    routes: list[tuple[str, str, Any]] = [
        ("GET", "/api/admin/roles", None),
        ("GET", f"/api/admin/roles/{role['id']}", None),
        ("POST", "/api/admin/roles", {"code": "q", "name": "Q"}),
        ("POST", f"/api/admin/roles/{role['id']}/copy", {"code": "q", "name": "Q"}),
        ("PATCH", f"/api/admin/roles/{role['id']}", {"name": "Q", "version": 1}),
        ("DELETE", f"/api/admin/roles/{role['id']}?version=1", None),
        ("GET", "/api/admin/departments", None),
        ("GET", f"/api/admin/departments/{department['id']}", None),
        ("POST", "/api/admin/departments", {"name": "E"}),
        ("PATCH", f"/api/admin/departments/{department['id']}", {"name": "E", "version": 1}),
        ("DELETE", f"/api/admin/departments/{department['id']}?version=1", None),
        ("POST", "/api/admin/users", body_user),
        ("PATCH", f"/api/admin/users/{user['id']}", {"display_name": "E", "version": 1}),
        ("POST", f"/api/admin/users/{user['id']}/roles", {"role_ids": [], "version": 1}),
        ("POST", f"/api/admin/users/{user['id']}/disable", None),
        ("POST", f"/api/admin/users/{user['id']}/enable", None),
        ("POST", f"/api/admin/users/{user['id']}/unlock", None),
        ("POST", f"/api/admin/users/{user['id']}/kick", None),
        ("POST", f"/api/admin/users/{user['id']}/reset-password", {"password": "Battery-Staple-8"}),
        ("GET", "/api/admin/sessions", None),
        ("DELETE", f"/api/admin/sessions/{role['id']}", None),
        ("GET", "/api/admin/permissions", None),
        ("GET", "/api/v1/identity/audit", None),
        ("GET", "/api/v1/identity/audit/verification", None),
        ("GET", "/api/admin/tenants", None),
        ("POST", "/api/admin/tenants", {"code": "t", "name": "T", "administrator": {"password": PASSWORD}}),
        ("GET", f"/api/admin/tenants/{alpha.tenant}", None),
        ("POST", f"/api/admin/tenants/{alpha.tenant}/disable", None),
        ("GET", "/api/admin/signing-keys", None),
        ("POST", "/api/admin/signing-keys/rotate", {}),
    ]
    for method, path, body in routes:
        for caller in (nobody, reader):
            answer = await caller.call(method, path, body)
            assert (answer.status, answer.json["code"]) == (403, "FORBIDDEN"), path
    assert (await nobody.call("GET", "/api/admin/users")).status == 403
    assert (await reader.call("GET", "/api/admin/users")).status == 200
    # The tenant's administrator is not the operator.
    for method, path, body in routes[-6:]:
        assert (await alpha.call(method, path, body)).status == 403, path
    service = await gateway.call("GET", "/api/admin/users", user="cell:crm", tenant=alpha.tenant)
    assert service.status == 403


async def test_the_last_administrator_stays(alpha: Person) -> None:
    me = await alpha.done("GET", f"/api/admin/users/{alpha.user}")
    answer = await alpha.call("POST", f"/api/admin/users/{alpha.user}/disable")
    assert (answer.status, answer.json["code"]) == (422, "NOT_ON_ONESELF")
    change = {"role_ids": [], "version": me["version"]}
    answer = await alpha.call("POST", f"/api/admin/users/{alpha.user}/roles", change)
    assert (answer.status, answer.json["code"]) == (422, "LAST_ADMINISTRATOR")
    role = me["role_ids"][0]
    weaker = {"permissions": ["crm.*"], "version": 1}
    answer = await alpha.call("PATCH", f"/api/admin/roles/{role}", weaker)
    assert (answer.status, answer.json["code"]) == (422, "LAST_ADMINISTRATOR")
    second = await alpha.new_user(role)
    assert (await alpha.call("POST", f"/api/admin/users/{alpha.user}/roles", change)).status == 200
    assert (await alpha.call("POST", f"/api/admin/users/{second['id']}/disable")).status == 403, "no rights any more"


async def test_two_administrators_cannot_remove_each_other(gateway: Gateway, alpha: Person) -> None:
    role = (await alpha.done("GET", f"/api/admin/users/{alpha.user}"))["role_ids"][0]
    made = await alpha.new_user(role)
    second = await gateway.person("alpha", made["username"])
    answers = await asyncio.gather(
        alpha.call("POST", f"/api/admin/users/{second.user}/disable"),
        second.call("POST", f"/api/admin/users/{alpha.user}/disable"),
    )
    first, second_status = sorted(answer.status for answer in answers)
    assert first == 200
    assert second_status in {401, 403, 422}


async def test_a_disabled_user_is_out_at_once(gateway: Gateway, alpha: Person) -> None:
    made = await alpha.new_user()
    user = await gateway.person("alpha", made["username"])
    await alpha.done("POST", f"/api/admin/users/{user.user}/disable")
    assert (await user.call("GET", "/api/v1/auth/me")).status == 401
    body = {"refreshToken": user.tokens["refreshToken"]}
    assert (await gateway.call("POST", "/api/v1/auth/refresh", body)).status == 401
    assert (await gateway.login("alpha", made["username"])).status == 401
    path = f"/api/v1/identity/role-documents/{user.user}"
    assert (await gateway.call("GET", path, user="cell:crm", tenant=alpha.tenant)).status == 404
    await alpha.done("POST", f"/api/admin/users/{user.user}/enable")
    assert (await gateway.login("alpha", made["username"])).status == 200


async def test_kick_unlock_and_reset(gateway: Gateway, alpha: Person) -> None:
    made = await alpha.new_user()
    user = await gateway.person("alpha", made["username"])
    assert (await alpha.done("POST", f"/api/admin/users/{user.user}/kick")) == {"ended": 1}
    assert (await user.call("GET", "/api/v1/auth/me")).status == 401
    for _ in range(5):
        await gateway.login("alpha", made["username"], "Wrong-Pass-1")
    assert (await alpha.done("GET", f"/api/admin/users/{user.user}"))["locked_until"] is not None
    await alpha.done("POST", f"/api/admin/users/{user.user}/unlock")
    user = await gateway.person("alpha", made["username"])
    bad = await alpha.call("POST", f"/api/admin/users/{user.user}/reset-password", {"password": "weak"})
    assert bad.status == 422
    body = {"password": "Battery-Staple-8"}
    assert (await alpha.call("POST", f"/api/admin/users/{user.user}/reset-password", body)).status == 204
    assert (await user.call("GET", "/api/v1/auth/me")).status == 401
    again = await gateway.person("alpha", made["username"], "Battery-Staple-8")
    assert again.tokens["mustChangePassword"] is True


async def test_ending_one_session(gateway: Gateway, alpha: Person) -> None:
    other = await gateway.person("alpha", "admin")
    sessions = await alpha.done("GET", "/api/admin/sessions?total=true")
    assert sessions["total"] == 2
    assert "nonce" not in sessions["items"][0]
    newest = sessions["items"][0]["id"]
    assert (await alpha.call("DELETE", f"/api/admin/sessions/{newest}")).status == 204
    assert (await alpha.call("DELETE", f"/api/admin/sessions/{newest}")).status == 404
    body = {"refreshToken": other.tokens["refreshToken"]}
    assert (await gateway.call("POST", "/api/v1/auth/refresh", body)).status == 401
    assert (await alpha.call("GET", "/api/v1/auth/me")).status == 200


async def test_departments_form_a_tree_that_moves(alpha: Person) -> None:
    async def add(name: str, parent: str | None = None) -> dict[str, Any]:
        return dict(await alpha.done("POST", "/api/admin/departments", {"name": name, "parent_id": parent}))

    root = await add("总部")
    east, west = await add("华东", root["id"]), await add("华西", root["id"])
    shop = await add("门店", east["id"])
    assert shop["path"] == f"/{root['id']}/{east['id']}/{shop['id']}/"
    base = "/api/admin/departments"
    circle = await alpha.call("PATCH", f"{base}/{root['id']}", {"parent_id": shop["id"], "version": 1})
    assert (circle.status, circle.json["code"]) == (422, "DEPARTMENT_CIRCULAR")
    own = await alpha.call("PATCH", f"{base}/{root['id']}", {"parent_id": root["id"], "version": 1})
    assert own.json["code"] == "DEPARTMENT_CIRCULAR"
    await alpha.done("PATCH", f"{base}/{east['id']}", {"parent_id": west["id"], "version": 1})
    moved = await alpha.done("GET", f"{base}/{shop['id']}")
    assert moved["path"] == f"/{root['id']}/{west['id']}/{east['id']}/{shop['id']}/"
    assert (await alpha.call("POST", base, {"name": "门店", "parent_id": east["id"]})).status == 409
    used = await alpha.call("DELETE", f"{base}/{east['id']}?version=2")
    assert (used.status, used.json["code"]) == (422, "DEPARTMENT_IN_USE")
    await alpha.new_user(department_id=shop["id"])
    assert (await alpha.call("DELETE", f"{base}/{shop['id']}?version=1")).status == 422
    assert (await alpha.call("PATCH", f"{base}/{shop['id']}", {"leader_id": root["id"], "version": 1})).status == 422
    assert (await alpha.call("PATCH", f"{base}/{shop['id']}", {"leader_id": alpha.user, "version": 1})).status == 200


async def test_two_moves_at_once_make_no_circle(alpha: Person) -> None:
    base = "/api/admin/departments"
    one, two = [await alpha.done("POST", base, {"name": name}) for name in ("a", "b")]
    answers = await asyncio.gather(
        alpha.call("PATCH", f"{base}/{one['id']}", {"parent_id": two["id"], "version": 1}),
        alpha.call("PATCH", f"{base}/{two['id']}", {"parent_id": one["id"], "version": 1}),
    )
    assert sorted(answer.status for answer in answers) == [200, 422]


async def test_lists_page_search_filter_and_sort(alpha: Person) -> None:
    for number in range(7):
        await alpha.done("POST", "/api/admin/departments", {"name": f"dept {number}", "sort_order": number % 3})
    seen: list[str] = []
    path = "/api/admin/departments?sort=-sort_order,name&limit=3"
    cursor = ""
    while True:
        page = await alpha.done("GET", path + cursor)
        assert page["total"] is None
        seen += [item["name"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == [f"dept {number}" for number in (2, 5, 1, 4, 0, 3, 6)]
    found = await alpha.done("GET", "/api/admin/departments?q=PT%204&total=true")
    assert (found["total"], found["items"][0]["name"]) == (1, "dept 4")
    assert (await alpha.done("GET", "/api/admin/departments?q=%25"))["items"] == []
    chosen = await alpha.done("GET", f"/api/admin/departments?filter={quote(json.dumps({'name': 'dept 3'}))}")
    assert len(chosen["items"]) == 1
    roots = await alpha.done("GET", f"/api/admin/departments?filter={quote(json.dumps({'parent_id': None}))}")
    assert len(roots["items"]) == 7


BAD_QUERIES = (
    "filter=x", "filter=[]", "filter=" + quote('{"password_hash":"x"}'), "filter=" + quote('{"id":"x"}'),
    "filter=" + quote('{"is_active":"yes"}'), "filter=" + quote('{"username":"\\u0000"}'), "sort=password_hash",
    "sort=username;drop", "cursor=x", "cursor=e30=", "cursor=W10=", "limit=0", "limit=201", "limit=x", "q=%00",
    "filter=" + quote("[" * 1500), "total=maybe", "sort=username,username", "cursor=%F0%9F%98%80",
)  # fmt: skip


async def test_bad_list_parameters_are_clear_errors(alpha: Person) -> None:
    for query in BAD_QUERIES:
        for path in ("/api/admin/users", "/api/v1/identity/users"):
            if query == "total=maybe" and path.startswith("/api/v1"):
                continue
            answer = await alpha.call("GET", f"{path}?{query}")
            assert answer.status in {400, 422}, (path, query, answer.body)
            assert answer.json["code"] in {"BAD_REQUEST", "VALIDATION_FAILED"}


async def test_every_change_is_in_the_sealed_audit_trail(gateway: Gateway, alpha: Person) -> None:
    user = await alpha.new_user()
    change = {"display_name": "改名", "version": user["version"]}
    await alpha.done("PATCH", f"/api/admin/users/{user['id']}", change, request_id="the-change")
    wanted = quote(json.dumps({"request_id": "the-change"}))
    for _ in range(50):
        entry = (await alpha.done("GET", f"/api/v1/identity/audit?filter={wanted}"))["items"][0]
        if entry["sequence"] is not None:
            break
        await asyncio.sleep(0.1)
    assert entry["sequence"] is not None
    assert (entry["action"], entry["entity"], entry["entity_id"]) == ("update", "identity.user", user["id"])
    assert (entry["user_id"], entry["address"]) == (alpha.user, "10.0.0.1")
    assert json.loads(entry["before"])["display_name"] != "改名"
    assert json.loads(entry["after"])["display_name"] == "改名"
    for wall, found in (({"from": entry["at"]}, 1), ({"to": entry["at"]}, 0)):
        between = quote(json.dumps({"request_id": "the-change"} | wall))
        assert len((await alpha.done("GET", f"/api/v1/identity/audit?filter={between}"))["items"]) == found
    verdict = await alpha.done("GET", "/api/v1/identity/audit/verification")
    assert verdict["holds"] is True
    assert verdict["sealed"] >= 3

    app, owner = await asyncpg.connect(gateway.urls.app), await asyncpg.connect(gateway.urls.owner)
    for connection in (app, owner):
        await connection.execute("SELECT set_config('cellkit.tenant', $1, false)", alpha.tenant)
        with pytest.raises(asyncpg.RaiseError):
            await connection.execute("DELETE FROM audit")
        with pytest.raises(asyncpg.RaiseError):
            await connection.execute("UPDATE audit SET after = 'x'")
    # Somebody with the owner's rights switches the trigger off: the chain still tells.
    await owner.execute("ALTER TABLE audit DISABLE TRIGGER audit_append_only")
    await owner.execute("UPDATE audit SET after = replace(after, '改名', '无事') WHERE request_id = 'the-change'")
    await app.close()
    await owner.close()
    verdict = await alpha.done("GET", "/api/v1/identity/audit/verification")
    assert (verdict["holds"], verdict["first_bad"]) == (False, entry["id"])


async def test_no_secret_reaches_an_answer_or_the_audit_trail(gateway: Gateway, alpha: Person) -> None:
    made = await alpha.new_user()
    await alpha.call("POST", f"/api/admin/users/{made['id']}/reset-password", {"password": "Battery-Staple-8"})
    owner = await asyncpg.connect(gateway.urls.owner)
    await owner.execute("SELECT set_config('cellkit.tenant', $1, false)", alpha.tenant)
    rows = await owner.fetch("SELECT before, after FROM audit")
    kept = await owner.fetch("SELECT body, body_digest FROM idempotency")
    await owner.close()
    text = " ".join(str(dict(row)) for row in (*rows, *kept)) + json.dumps(made)
    assert "argon2" not in text
    assert "Battery" not in text
    assert PASSWORD not in text
