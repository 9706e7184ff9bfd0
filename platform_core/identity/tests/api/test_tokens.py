"""Signing keys and their rotation, service tokens, role documents."""

from __future__ import annotations

import time
from typing import Any

import asyncpg
import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from cellkit import signing
from cellkit.ops.access import RoleDocument
from platform_core.identity.tests.api.harness import MASTER, Gateway, Person

PATH = "/api/v1/auth/service-token"


async def keys(gateway: Gateway) -> KeySet:
    return KeySet.import_key_set((await gateway.call("GET", "/api/v1/auth/jwks")).json)


async def verified(gateway: Gateway, token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, await keys(gateway), algorithms=["RS256"]).claims)


async def test_the_key_set_is_public_and_has_an_etag(gateway: Gateway) -> None:
    answer = await gateway.call("GET", "/api/v1/auth/jwks")
    assert len(answer.json["keys"]) == 2
    for key in answer.json["keys"]:
        assert key.keys() == {"kty", "n", "e", "kid", "use", "alg"}
    again = await gateway.call("GET", "/api/v1/auth/jwks", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


async def test_rotation_keeps_old_tokens_valid_until_they_expire(gateway: Gateway, operator: Person) -> None:
    old_token = operator.tokens["accessToken"]
    early = await operator.call("POST", "/api/admin/signing-keys/rotate", {})
    assert early.status == 409, "the gateway may not know the next key yet"
    before = (await keys(gateway)).as_dict()["keys"]
    answer = await operator.done("POST", "/api/admin/signing-keys/rotate", {"force": True})
    after = [key["kid"] for key in (await keys(gateway)).as_dict()["keys"]]
    assert len(after) == 3
    assert {key["kid"] for key in before} <= set(after)
    await verified(gateway, old_token)
    new = (await gateway.login("default", "admin")).json["accessToken"]
    assert jwt.decode(new, await keys(gateway), algorithms=["RS256"]).header["kid"] == answer["current"]
    await operator.done("POST", "/api/admin/signing-keys/rotate", {"force": True})
    await verified(gateway, old_token)
    owner = await asyncpg.connect(gateway.urls.owner)
    kept = await owner.fetch("SELECT state, private_key, retires_at - now() AS left FROM signing_keys")
    assert all(row["private_key"] is None for row in kept if row["state"] == "previous")
    assert all(row["left"].total_seconds() > 1800 for row in kept if row["state"] == "previous")
    await owner.execute("UPDATE signing_keys SET retires_at = now() WHERE state = 'previous'")
    await owner.close()
    gateway.app.ready_checks["signing_keys"].__self__.forget()
    with pytest.raises((JoseError, ValueError)):
        await verified(gateway, old_token)
    listed = await operator.done("GET", "/api/admin/signing-keys?sort=-created_at")
    assert len(listed["items"]) == 4
    assert not any("private" in name for item in listed["items"] for name in item)


async def test_an_old_key_is_rotated_by_age(gateway: Gateway) -> None:
    store = gateway.app.ready_checks["signing_keys"].__self__
    first = (await keys(gateway)).as_dict()
    await store.keep_fresh()
    assert (await keys(gateway)).as_dict() == first
    owner = await asyncpg.connect(gateway.urls.owner)
    await owner.execute("UPDATE signing_keys SET activated_at = now() - interval '91 days' WHERE state = 'current'")
    await owner.close()
    await store.keep_fresh()
    assert len((await keys(gateway)).as_dict()["keys"]) == 3


async def test_private_keys_are_encrypted_at_rest(gateway: Gateway) -> None:
    owner = await asyncpg.connect(gateway.urls.owner)
    stored = await owner.fetch("SELECT private_key FROM signing_keys")
    await owner.close()
    assert all(row["private_key"].startswith("v1:derived:") and "PRIVATE" not in row["private_key"] for row in stored)


def request_of(cell: str, tenant: str, *, key: str | None = None, at: int | None = None) -> dict[str, str]:
    moment = str(at if at is not None else int(time.time() * 1000))
    own = key or signing.service_key(MASTER, cell)
    made = signing.signature(own, "POST", PATH, tenant, f"cell:{cell}", "", moment)
    return {"cell": cell, "tenantId": tenant, "time": moment, "signature": made}


async def test_a_cell_gets_a_token_for_a_tenant(gateway: Gateway, alpha: Person) -> None:
    answer = await gateway.call("POST", PATH, request_of("crm", alpha.tenant))
    assert answer.status == 200
    assert answer.json.keys() == {"accessToken", "tokenType", "expiresIn"}
    told = await verified(gateway, answer.json["accessToken"])
    assert (told["sub"], told["tid"]) == ("cell:crm", alpha.tenant)
    assert told["exp"] - told["iat"] == answer.json["expiresIn"] <= 1800


async def test_forged_old_and_foreign_requests_get_none(gateway: Gateway, alpha: Person, beta: Person) -> None:
    good = request_of("crm", alpha.tenant)
    now = int(time.time() * 1000)
    forged = [
        {**good, "cell": "erp"},
        {**good, "tenantId": beta.tenant},
        {**good, "time": str(int(good["time"]) + 1)},
        {**good, "signature": ""},
        request_of("crm", alpha.tenant, key=signing.service_key(MASTER, "erp")),
        request_of("crm", alpha.tenant, key=MASTER),
        request_of("crm", alpha.tenant, at=now - 61_000),
        request_of("crm", alpha.tenant, at=now + 61_000),
    ]
    for body in forged:
        answer = await gateway.call("POST", PATH, body)
        assert (answer.status, answer.json["code"]) == (403, "SIGNATURE_INVALID"), body
    for body in ({**good, "cell": "../x"}, {**good, "tenantId": "x"}, {"cell": "crm"}):
        assert (await gateway.call("POST", PATH, body)).status == 422


async def test_a_disabled_tenant_is_out_everywhere(gateway: Gateway, operator: Person, alpha: Person) -> None:
    await operator.done("POST", f"/api/admin/tenants/{alpha.tenant}/disable")
    assert (await gateway.call("POST", PATH, request_of("crm", alpha.tenant))).status == 401
    assert (await gateway.login("alpha", "admin")).status == 401
    assert (await alpha.call("GET", "/api/v1/auth/me")).status == 401
    body = {"refreshToken": alpha.tokens["refreshToken"]}
    assert (await gateway.call("POST", "/api/v1/auth/refresh", body)).status == 401
    path = f"/api/v1/identity/role-documents/{alpha.user}"
    assert (await gateway.call("GET", path, user="cell:crm", tenant=alpha.tenant)).status == 404
    own = await operator.call("POST", f"/api/admin/tenants/{operator.tenant}/disable")
    assert (own.status, own.json["code"]) == (422, "OPERATOR_TENANT")
    await operator.done("POST", f"/api/admin/tenants/{alpha.tenant}/enable")
    assert (await gateway.login("alpha", "admin")).status == 200


async def document(gateway: Gateway, person: Person, **headers: str) -> Any:
    path = f"/api/v1/identity/role-documents/{person.user}"
    return await gateway.call("GET", path, user="cell:crm", tenant=person.tenant, headers=headers)


async def test_the_role_document_joins_roles_and_departments(gateway: Gateway, alpha: Person) -> None:
    async def add(name: str, parent: str | None = None, leader: str | None = None) -> str:
        body = {"name": name, "parent_id": parent, "leader_id": leader}
        return str((await alpha.done("POST", "/api/admin/departments", body))["id"])

    root = await add("root")
    shop = await add("shop", root)
    far = await add("far")
    below_far = await add("below far", far)
    sales = await alpha.new_role("crm.lead.*", default_scope="team", field_rules={"crm.lead.mobile": "hide"})
    regional = await alpha.new_role(
        "crm.lead.read", "crm.quote.read", "erp.item.read", default_scope="department",
        scopes={"crm.quote": "custom"}, custom_department_ids={"crm.quote": [far]},
        field_rules={"crm.lead.mobile": "mask"},
    )  # fmt: skip
    made = await alpha.new_user(sales["id"], regional["id"], department_id=root)
    colleague = await alpha.new_user(department_id=root)
    led = await alpha.new_user(department_id=below_far)
    stranger = await alpha.new_user(department_id=shop)
    await alpha.done("PATCH", f"/api/admin/departments/{far}", {"leader_id": made["id"], "version": 1})
    person = await gateway.person("alpha", made["username"])

    answer = await document(gateway, person)
    assert answer.status == 200
    rights = RoleDocument.parse(answer.body)
    assert rights.department_id == root
    assert set(rights.department_ids) == {root, shop}
    assert set(rights.team_user_ids) == {made["id"], colleague["id"], led["id"]}
    assert stranger["id"] not in rights.team_user_ids
    assert rights.allows("crm.lead.update")
    assert not rights.allows("erp.item.update")
    assert rights.scope("crm.lead") == "department"
    assert rights.scope("crm.quote") == "custom"
    assert set(rights.scope_departments("crm.quote")) == {far, below_far}
    assert rights.scope("erp.item") == "department"
    assert rights.scope("hrm.employee") == "self"
    assert rights.field_rule("crm.lead.mobile") == "mask"

    etag = answer.headers["etag"]
    assert (await document(gateway, person, **{"If-None-Match": etag})).status == 304
    await alpha.done("PATCH", f"/api/admin/departments/{shop}", {"parent_id": far, "version": 1})
    moved = await document(gateway, person, **{"If-None-Match": etag})
    assert moved.status == 200
    assert moved.json["departmentIds"] == [root]
    own = await person.call("GET", f"/api/v1/identity/role-documents/{person.user}")
    assert own.json == moved.json


async def test_a_user_without_session_has_a_document_only_for_work_on_his_behalf(
    gateway: Gateway, alpha: Person
) -> None:
    made = await alpha.new_user()
    path = f"/api/v1/identity/role-documents/{made['id']}"
    assert (await gateway.call("GET", path, user="cell:crm", tenant=alpha.tenant)).status == 404
    offline = await gateway.call("GET", path + "?offline=true", user="cell:crm", tenant=alpha.tenant)
    assert offline.status == 200


async def test_the_operators_permissions_stop_at_his_tenant(gateway: Gateway, operator: Person, alpha: Person) -> None:
    owner = await asyncpg.connect(gateway.urls.owner)
    await owner.execute("SELECT set_config('cellkit.tenant', $1, false)", alpha.tenant)
    await owner.execute("UPDATE roles SET permissions = '{*,platform.*}' WHERE tenant_id = $1", alpha.tenant)
    await owner.close()
    assert (await alpha.done("GET", "/api/v1/auth/me"))["permissions"] == ["*"]
    assert (await alpha.call("GET", "/api/admin/tenants")).status == 403
    assert (await operator.call("GET", "/api/admin/tenants")).status == 200


async def test_a_role_document_takes_a_few_milliseconds(gateway: Gateway, alpha: Person) -> None:
    await document(gateway, alpha)
    began = time.process_time()
    for _ in range(50):
        await document(gateway, alpha)
    assert (time.process_time() - began) / 50 < 0.005


async def test_the_supervisor_gets_a_token_of_nobodys_tenant_that_shows_nothing(gateway: Gateway) -> None:
    nobody = signing.NOBODYS_TENANT
    answer = await gateway.call("POST", PATH, request_of("superpaas", nobody))
    assert answer.status == 200
    told = await verified(gateway, answer.json["accessToken"])
    assert (told["sub"], told["tid"]) == ("cell:superpaas", nobody)
    people = await gateway.call("GET", "/api/v1/identity/users", user=told["sub"], tenant=nobody)
    assert (people.status, people.json["items"]) == (200, [])
    assert (await gateway.call("GET", "/api/v1/auth/me", user=told["sub"], tenant=nobody)).status == 403
    assert (await gateway.call("POST", PATH, request_of("superpaas", nobody, key=MASTER))).status == 403
