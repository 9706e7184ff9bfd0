"""Identity on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from cellkit import signing
from cellkit.settings import Settings
from cellkit.testing.postgres import Cluster, DatabaseUrls
from platform_identity.app import create_app, service

from platform_core.identity.tests.api.harness import MASTER, Gateway, Person, new_tenant, numbers, settings_of


@pytest.fixture(scope="session")
def template(postgres_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> str:
    """A migrated database with the first administrator, copied for every test."""
    name = f"identity_{worker_id}"
    urls = postgres_cluster.create_database(name)
    service.migrate(settings_of(urls, tmp_path_factory.mktemp("first") / "password"))
    return name


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


@pytest.fixture
def urls(postgres_cluster: Cluster, template: str) -> Iterator[DatabaseUrls]:
    name = f"{template}_{next(numbers)}"
    yield postgres_cluster.create_database(name, template=template)
    postgres_cluster.drop_database(name)


@pytest.fixture
def settings(urls: DatabaseUrls, tmp_path: Path) -> Settings:
    return settings_of(urls, tmp_path / "password")


@pytest.fixture
async def gateway(settings: Settings, urls: DatabaseUrls) -> AsyncIterator[Gateway]:
    app = create_app(settings)
    await app.start()
    yield Gateway(app, settings, urls, signing.service_key(MASTER, "identity"))
    await app.stop()


@pytest.fixture
async def operator(gateway: Gateway) -> Person:
    """The first administrator."""
    return await gateway.person("default", "admin")


@pytest.fixture
async def alpha(gateway: Gateway, operator: Person) -> Person:
    """Administrator of tenant alpha."""
    return await new_tenant(gateway, operator, "alpha")


@pytest.fixture
async def beta(gateway: Gateway, operator: Person) -> Person:
    """Administrator of tenant beta."""
    return await new_tenant(gateway, operator, "beta")
