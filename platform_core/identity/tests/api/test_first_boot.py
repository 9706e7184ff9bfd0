"""The first boot and the migration."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import asyncpg
import pytest
from platform_identity.app import service

from cellkit.settings import SettingsError
from cellkit.testing.postgres import Cluster, DatabaseUrls
from platform_core.identity.tests.api.harness import Gateway, Person, settings_of


@pytest.fixture
def empty(postgres_cluster: Cluster, worker_id: str) -> DatabaseUrls:
    return postgres_cluster.create_database(f"identity_empty_{worker_id}")


def test_two_replicas_at_once_make_one_administrator(
    postgres_cluster: Cluster, empty: DatabaseUrls, tmp_path: Path, worker_id: str
) -> None:
    settings = settings_of(empty, tmp_path / "password", FIRST_ADMIN_TENANT="acme", FIRST_ADMIN_USERNAME="boss")
    done: list[list[str]] = []
    replicas = [threading.Thread(target=lambda: done.append(service.migrate(settings))) for _ in range(3)]
    for replica in replicas:
        replica.start()
    for replica in replicas:
        replica.join()
    assert sorted(len(item) for item in done) == [0, 0, 3]
    assert service.migrate(settings) == []

    async def look() -> None:
        connection = await asyncpg.connect(empty.owner)
        tenants = await connection.fetch("SELECT id, code, is_operator FROM tenants")
        assert [(row["code"], row["is_operator"]) for row in tenants] == [("acme", True)]
        await connection.execute("SELECT set_config('cellkit.tenant', $1, false)", str(tenants[0]["id"]))
        users = await connection.fetch("SELECT username, password_hash FROM users")
        assert [row["username"] for row in users] == ["boss"]
        assert users[0]["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        await connection.close()

    asyncio.run(look())
    postgres_cluster.drop_database(f"identity_empty_{worker_id}")
    postgres_cluster.create_database(f"identity_weak_{worker_id}", template=None)
    weak = DatabaseUrls(
        postgres_cluster.url(f"identity_weak_{worker_id}", f"identity_weak_{worker_id}"),
        postgres_cluster.url(f"identity_weak_{worker_id}_app", f"identity_weak_{worker_id}"),
    )
    settings = settings_of(weak, tmp_path / "password")
    (tmp_path / "password").write_text("weak-secret")
    with pytest.raises(SettingsError) as refused:
        service.migrate(settings)
    assert "FIRST_ADMIN_PASSWORD_FILE" in str(refused.value)
    assert "weak-secret" not in str(refused.value)


async def test_the_first_administrator_may_everything_and_make_tenants(gateway: Gateway, operator: Person) -> None:
    me = await operator.done("GET", "/api/v1/auth/me")
    assert (me["permissions"], me["scopes"]["*"]) == (["*", "platform.*"], "all")
    body = {"code": "Acme", "name": "安可", "administrator": {"password": "Battery-Staple-8"},
            "settings": {"password_must_change_first": False}}  # fmt: skip
    made = await operator.call("POST", "/api/admin/tenants", body)
    assert made.status == 201
    assert made.json["is_operator"] is False
    taken = await operator.call("POST", "/api/admin/tenants", {**body, "code": "aCME"})
    assert (taken.status, taken.json["code"]) == (409, "CONFLICT")
    weak = await operator.call("POST", "/api/admin/tenants", {**body, "code": "b", "administrator": {"password": "x"}})
    assert weak.json["details"][0]["field"] == "administrator.password"
    admin = await gateway.person("acme", "admin", "Battery-Staple-8")
    assert (await admin.done("GET", "/api/v1/auth/me"))["permissions"] == ["*"]
    listed = await operator.done("GET", "/api/admin/tenants?total=true&sort=code")
    assert [item["code"] for item in listed["items"]] == ["Acme", "alpha", "beta", "default"]
    assert listed["total"] == 4


async def test_the_catalogue_lists_ones_own_permissions_without_governance(operator: Person, alpha: Person) -> None:
    for person, operators in ((operator, True), (alpha, False)):
        answer = await person.done("GET", "/api/admin/permissions")
        names = {item["name"] for item in answer["items"][0]["permissions"]}
        assert "identity.user.reset-password" in names
        assert ("platform.identity.tenant.create" in names) is operators


async def test_health_and_readiness_need_no_signature(gateway: Gateway) -> None:
    gateway.key = "wrong"
    for path in ("/health", "/ready", "/metrics", "/openapi.json"):
        assert (await gateway.call("GET", path)).status == 200
    assert (await gateway.call("GET", "/nowhere")).status == 403


async def test_the_openapi_document_names_every_route(gateway: Gateway) -> None:
    document = (await gateway.call("GET", "/openapi.json")).json
    for template in {template for _, template in gateway.app.router.routes if template.startswith("/api/")}:
        assert template in document["paths"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            shown = {code for code in operation["responses"] if code.startswith("4")}
            assert "4XX" in shown, (method, path)
    error = document["components"]["schemas"]["ErrorBody"]
    assert set(error["required"]) == {"code", "message", "details", "requestId"}
