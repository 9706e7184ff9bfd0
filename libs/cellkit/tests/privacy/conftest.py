"""Fixtures of the people cell, started with any settings."""

from __future__ import annotations

import sys
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cellkit.db.migrate import create_directly
from cellkit.http.application import Application
from cellkit.ops.access import StaticRoleSource
from cellkit.testing import Api, Clock
from cellkit.testing.cells import load_cell, test_settings
from cellkit.testing.sharing import cluster_of

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def people_database(pytestconfig: pytest.Config) -> Any:
    cluster = cluster_of(pytestconfig)
    cell = load_cell("people_cell:cell")
    name = f"people_{uuid.uuid4().hex[:6]}"
    urls = cluster.create_database(name)
    create_directly(urls.owner, cell.documents)
    return cell, test_settings("people", urls.owner, urls.app), lambda text: cluster.sql(text, name).split()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def start(people_database: Any, tmp_path: Path, clock: Clock) -> AsyncIterator[Any]:
    """Start the cell with further settings; answers an administrator's client, of a tenant if one is named."""
    cell, settings, _ = people_database
    apps: list[Application] = []

    async def made(tenant: str = "", *, keys: str = "", **environment: str) -> Api:
        chosen = replace(settings, data_folder=tmp_path, environment={**settings.environment, **environment})
        if keys:
            chosen = replace(chosen, field_encryption_keys=keys)
        app = cell.create_app(chosen, role_source=StaticRoleSource())
        app.engine.clock = clock
        await app.start()
        apps.append(app)
        return Api(app, cell.name, app.engine.roles._source, tenant or str(uuid.uuid4()), "").as_user()

    async def stop_all() -> None:
        while apps:
            await apps.pop().stop()

    made.stop_all = stop_all  # type: ignore[attr-defined]  # a test's convenience
    yield made
    await stop_all()


@pytest.fixture
async def api(start: Any) -> Api:
    made: Api = await start()
    return made


@pytest.fixture
def sql(people_database: Any) -> Any:
    return people_database[2]
