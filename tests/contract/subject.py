"""A cell under test: its application on a real database, callers of fresh tenants, a view behind the wall."""

from __future__ import annotations

import asyncio
import os
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from cellkit.cell import Cell
from cellkit.db.migrate import create_directly, has_revisions
from cellkit.http.application import Application
from cellkit.http.messages import from_json
from cellkit.meta import manifest
from cellkit.ops.access import StaticRoleSource
from cellkit.settings import Settings
from cellkit.testing import Api
from cellkit.testing.cells import test_settings
from cellkit.testing.postgres import Cluster, DatabaseUrls
from tests.contract.discovery import load

# Serial numbers are handed out in blocks outside the request; background work seals audit entries, delivers events.
NO_TRACE = frozenset(
    {
        "kit_number",
        "kit_version",
        "cell_version",
        "kit_audit_head",
        "kit_delivery",
        "kit_notification_delivery",
        "kit_tenant_key",
        "kit_job",
        "kit_job_schedule",
        "kit_pgqueuer",
    }
)
PATIENCE_SECONDS = 10.0
_BUSY = "SELECT EXISTS (SELECT FROM kit_job WHERE state IN ('waiting', 'running') AND run_at <= now())"
Fingerprint = dict[str, tuple[int, str]]


@dataclass(slots=True)
class Subject:
    """One cell, served in this process on its own database."""

    cell: Cell
    app: Application
    source: StaticRoleSource
    settings: Settings
    urls: DatabaseUrls
    owner: asyncpg.Connection
    tables: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The cell's name."""
        return self.cell.name

    @property
    def base(self) -> str:
        """The path of the cell's resources."""
        return f"/api/v1/{self.cell.name}"

    def tenant(self, permissions: Iterable[str] = ("*",), **document: Any) -> Api:
        """A user (an administrator unless told otherwise) of a new tenant."""
        return Api(self.app, self.name, self.source, str(uuid.uuid4()), "").as_user(tuple(permissions), **document)

    def permissions(self) -> list[str]:
        """Every permission that the cell declares."""
        return list(manifest(self.cell)["permissions"])

    async def fingerprint(self) -> Fingerprint:
        """Rows and content of every table of the database; background work may touch the kit's own rows, not add."""
        await self._at_rest()
        parts = [
            f"SELECT '{table}' AS name, count(*) AS rows, "  # noqa: S608 - names from the catalogue
            + ("''" if table.startswith("kit_") else "coalesce(sum(hashtextextended(t::text, 0)), 0)::text")
            + f' AS content FROM "{table}" t'
            for table in self.tables
            if table not in NO_TRACE
        ]
        records = await self.owner.fetch(" UNION ALL ".join(parts))
        return {record["name"]: (record["rows"], record["content"]) for record in records}

    async def _at_rest(self) -> None:
        """Wait for the jobs that an earlier request began: what they write is not the next one's doing."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while await self.owner.fetchval(_BUSY) and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110 - rows
            await asyncio.sleep(0.05)

    async def events(self, tenant_id: str) -> list[dict[str, Any]]:
        """The CloudEvents of a tenant in order."""
        records = await self.owner.fetch(
            "SELECT event FROM kit_outbox WHERE tenant_id = $1 ORDER BY position", uuid.UUID(tenant_id)
        )
        return [from_json(record["event"]) for record in records]

    async def audit(self, tenant_id: str) -> list[dict[str, Any]]:
        """The audit entries of a tenant in order."""
        records = await self.owner.fetch(
            "SELECT * FROM kit_audit WHERE tenant_id = $1 ORDER BY position", uuid.UUID(tenant_id)
        )
        return [dict(record) for record in records]

    async def rows_of(self, table: str, tenant_id: str) -> list[str]:
        """The rows of a table that belong to a tenant, as JSON texts."""
        records = await self.owner.fetch(
            f'SELECT to_jsonb(t)::text AS row FROM "{table}" t WHERE tenant_id = $1',  # noqa: S608 - a name from the catalogue
            uuid.UUID(tenant_id),
        )
        return [record["row"] for record in records]

    def routes(self) -> list[tuple[str, str]]:
        """Every route of the service, its own FastAPI routes included: (method, template)."""
        own = [
            (method, str(getattr(route, "path", "")))
            for route in self.app.api.routes
            for method in sorted(getattr(route, "methods", None) or ())
            if method not in {"HEAD", "OPTIONS"}
        ]
        return [*self.app.router.routes, *own]

    def is_open(self, template: str) -> bool:
        """Whether a route needs no signature."""
        return template in self.app.open_paths

    async def close(self) -> None:
        """End the application and the view of its database."""
        await self.owner.close()
        await self.app.stop()


def prepare_database(cluster: Cluster, cell: Cell) -> tuple[Settings, DatabaseUrls]:
    """A new database with the cell's tables; runs the cell's migrations as a new installation does."""
    worker = re.sub(r"\W", "", os.environ.get("PYTEST_XDIST_WORKER", "main"))
    urls = cluster.create_database(f"contract_{cell.name}_{worker}_{uuid.uuid4().hex[:6]}")
    settings = test_settings(cell.name, urls.owner, urls.app)
    if has_revisions(cell.package):
        cell.migrate(settings)
    else:
        create_directly(urls.owner, cell.documents)
    return settings, urls


async def open_subject(name: str, settings: Settings, urls: DatabaseUrls) -> Subject:
    """The cell's application, started."""
    cell = load(name)
    source = StaticRoleSource()
    app = cell.create_app(settings, role_source=source)
    await app.start()
    owner = await asyncpg.connect(urls.owner)
    records = await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return Subject(cell, app, source, settings, urls, owner, [record["tablename"] for record in records])
