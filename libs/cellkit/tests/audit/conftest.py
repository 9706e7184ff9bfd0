"""The two cells of the messaging tests, with a folder of their own for heads and archives."""

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

sys.path.insert(0, str(Path(__file__).parent.parent / "messaging"))


@pytest.fixture(scope="session")
def audit_database(pytestconfig: pytest.Config) -> Any:
    cluster = cluster_of(pytestconfig)
    cell = load_cell("two_cells:alpha")
    name = f"audit_{uuid.uuid4().hex[:8]}"
    urls = cluster.create_database(name)
    create_directly(urls.owner, cell.documents)
    return cell, test_settings("alpha", urls.owner, urls.app), lambda text: cluster.sql(text, name)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def start(audit_database: Any, tmp_path: Path, clock: Clock) -> AsyncIterator[Any]:
    """Start the cell with further settings; answers its application."""
    cell, settings, _ = audit_database
    apps: list[Application] = []

    async def made(**environment: str) -> Api:
        chosen = replace(settings, data_folder=tmp_path, environment={**settings.environment, **environment})
        app = cell.create_app(chosen, role_source=StaticRoleSource())
        app.engine.clock = clock
        await app.start()
        apps.append(app)
        return Api(app, cell.name, app.engine.roles._source, str(uuid.uuid4()), "").as_user()

    yield made
    for app in apps:
        await app.stop()


@pytest.fixture
def sql(audit_database: Any) -> Any:
    """A statement as the superuser; ``tamper`` switches the protection off for it."""
    run = audit_database[2]

    def tamper(statement: str, table: str = "kit_audit") -> None:
        run(
            f"ALTER TABLE {table} DISABLE TRIGGER {table}_protect; {statement}; "
            f"ALTER TABLE {table} ENABLE TRIGGER {table}_protect"
        )

    run.tamper = tamper
    return run
