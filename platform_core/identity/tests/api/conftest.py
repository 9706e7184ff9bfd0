"""Identity on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from platform_identity.app import create_app, service

from cellkit import signing
from cellkit.settings import Settings
from cellkit.testing.postgres import Cluster, DatabaseUrls
from platform_core.identity.tests.api.harness import MASTER, Gateway, Person, new_tenant, numbers, settings_of


@dataclass(frozen=True)
class Template:
    """A migrated database with three tenants, copied for every test; the logins made in it hold in every copy."""

    name: str
    logins: dict[str, dict[str, Any]]


@pytest.fixture(scope="session")
def template(postgres_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Template:
    name = f"identity_{worker_id}"
    urls = postgres_cluster.create_database(name)
    settings = settings_of(urls, tmp_path_factory.mktemp("first") / "password")
    service.migrate(settings)
    asyncio.run(_settle_first_password(urls))

    async def fill() -> dict[str, dict[str, Any]]:
        async with running(settings, urls) as gateway:
            operator = await gateway.person("default", "admin")
            people = [operator, *[await new_tenant(gateway, operator, code) for code in ("alpha", "beta")]]
            return dict(zip(("default", "alpha", "beta"), [person.tokens for person in people], strict=True))

    return Template(name, asyncio.run(fill()))


async def _settle_first_password(urls: DatabaseUrls) -> None:
    """As if the first administrator had changed his password; the tests of having to are elsewhere."""
    connection = await asyncpg.connect(urls.owner)
    tenant_id = await connection.fetchval("SELECT id FROM tenants")
    await connection.execute("SELECT set_config('cellkit.tenant', $1, false)", str(tenant_id))
    await connection.execute("UPDATE users SET must_change_password = false")
    await connection.execute("UPDATE tenants SET settings = '{\"password_must_change_first\": false}'")
    await connection.close()


@asynccontextmanager
async def running(settings: Settings, urls: DatabaseUrls) -> AsyncIterator[Gateway]:
    app = create_app(settings)
    await app.start()
    yield Gateway(app, settings, urls, signing.service_key(MASTER, "identity"))
    await app.stop()


def logged_in(gateway: Gateway, template: Template, code: str) -> Person:
    tokens = template.logins[code]
    return Person(gateway, tokens["tenantId"], tokens["userId"], tokens)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


@pytest.fixture
def urls(postgres_cluster: Cluster, template: Template) -> Iterator[DatabaseUrls]:
    name = f"{template.name}_{next(numbers)}"
    yield postgres_cluster.create_database(name, template=template.name)
    postgres_cluster.drop_database(name)


@pytest.fixture
def settings(urls: DatabaseUrls, tmp_path: Path) -> Settings:
    return settings_of(urls, tmp_path / "password")


@pytest.fixture
async def gateway(settings: Settings, urls: DatabaseUrls) -> AsyncIterator[Gateway]:
    async with running(settings, urls) as made:
        yield made


@pytest.fixture
def operator(gateway: Gateway, template: Template) -> Person:
    """The first administrator."""
    return logged_in(gateway, template, "default")


@pytest.fixture
def alpha(gateway: Gateway, template: Template) -> Person:
    """Administrator of tenant alpha."""
    return logged_in(gateway, template, "alpha")


@pytest.fixture
def beta(gateway: Gateway, template: Template) -> Person:
    """Administrator of tenant beta."""
    return logged_in(gateway, template, "beta")
