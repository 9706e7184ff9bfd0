"""Governance's tables. Everything needed to start again with the same routes is in here."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from cellkit.db.pool import Database
from platform_governance.model import Cell, Instance
from platform_governance.rules.lights import Light
from platform_governance.rules.tables import RouteTable, difference, table_from_json

_NO_TENANT = ""


class RouteVersion(NamedTuple):
    """One version of the route table; ``content`` is None in lists."""

    version: int
    changed_at: datetime
    actor: str
    action: str
    difference: list[dict[str, Any]]
    content: dict[str, Any] | None

    def as_json(self) -> dict[str, Any]:
        """The shape of the administration interface."""
        value = self._asdict() | {"changed_at": self.changed_at.isoformat().replace("+00:00", "Z")}
        return {key: item for key, item in value.items() if not (key == "content" and item is None)}


class Store:
    """Reads and writes governance's database. None of its rows belongs to a tenant."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def cells(self, lease_until: float) -> dict[str, Cell]:
        """All cells with their instances, each instance with a fresh lease."""
        async with self._database.session(_NO_TENANT) as connection:
            rows = await connection.fetch("SELECT name, label, version, manifest, light, reason, since FROM cells")
            instances = await connection.fetch("SELECT id, cell, url, version, registered_at FROM instances")
            wanted = await connection.fetch("SELECT cell, type, since FROM subscriptions")
        cells = {
            row["name"]: Cell(
                row["name"],
                row["label"],
                row["version"],
                row["manifest"],
                Light(row["light"]),
                row["reason"],
                row["since"],
            )
            for row in rows
        }
        for row in instances:
            identifier = str(row["id"])
            instance = Instance(identifier, row["url"], row["version"], row["registered_at"], lease_until)
            cells[row["cell"]].instances[identifier] = instance
        for row in wanted:
            cells[row["cell"]].first_wanted[row["type"]] = row["since"]
        return cells

    async def save_registration(self, cell: Cell, instance: Instance) -> None:
        """Write a cell and one of its instances; an instance at the same address is replaced."""
        async with self._database.transaction(_NO_TENANT) as connection:
            await connection.execute(
                "INSERT INTO cells (name, label, version, manifest, light, reason, since)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7)"
                " ON CONFLICT (name) DO UPDATE SET label = $2, version = $3, manifest = $4, updated_at = now()",
                cell.name,
                cell.label,
                cell.version,
                cell.manifest,
                cell.light.value,
                cell.reason,
                cell.since,
            )
            await connection.execute(
                "INSERT INTO instances (id, cell, url, version, registered_at) VALUES ($1, $2, $3, $4, $5)"
                " ON CONFLICT (cell, url) DO UPDATE SET id = $1, version = $4, registered_at = $5",
                instance.instance_id,
                cell.name,
                instance.url,
                instance.version,
                instance.registered_at,
            )
            await connection.execute(
                "INSERT INTO subscriptions (cell, type, since)"
                " SELECT $1, * FROM unnest($2::text[], $3::timestamptz[]) ON CONFLICT (cell, type) DO NOTHING",
                cell.name,
                list(cell.first_wanted),
                list(cell.first_wanted.values()),
            )

    async def remove_instances(self, instance_ids: list[str]) -> None:
        """Forget instances that left or died."""
        async with self._database.session(_NO_TENANT) as connection:
            await connection.execute("DELETE FROM instances WHERE id = ANY ($1::uuid[])", instance_ids)

    async def remove_cell(self, name: str) -> None:
        """Forget a cell; its light's history stays."""
        async with self._database.session(_NO_TENANT) as connection:
            await connection.execute("DELETE FROM cells WHERE name = $1", name)

    async def save_lights(self, changes: list[tuple[str, str, str, datetime]]) -> None:
        """Write changed lights (cell, light, reason, since) and their history."""
        columns = [list(column) for column in zip(*changes, strict=True)]
        async with self._database.session(_NO_TENANT) as connection:
            await connection.execute(
                "WITH changed AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])"
                " AS item (cell, light, reason, since)), history AS (INSERT INTO light_changes (cell, light, reason,"
                " changed_at) SELECT cell, light, reason, since FROM changed)"
                " UPDATE cells SET light = changed.light, reason = changed.reason, since = changed.since"
                " FROM changed WHERE cells.name = changed.cell",
                *columns,
            )

    async def light_history(self, cell: str, limit: int) -> list[dict[str, Any]]:
        """The last changes of a cell's light, the latest first."""
        async with self._database.session(_NO_TENANT) as connection:
            rows = await connection.fetch(
                "SELECT light, reason, changed_at FROM light_changes WHERE cell = $1 ORDER BY id DESC LIMIT $2",
                cell,
                limit,
            )
        return [dict(row) for row in rows]

    async def current_table(self) -> tuple[int, RouteTable]:
        """The newest version of the route table; version 0 is the empty one before any cell came."""
        async with self._database.session(_NO_TENANT) as connection:
            row = await connection.fetchrow("SELECT version, content FROM route_versions ORDER BY version DESC LIMIT 1")
        return (0, RouteTable({})) if row is None else (row["version"], table_from_json(row["content"]))

    async def save_table(self, version: int, before: RouteTable, after: RouteTable, actor: str, action: str) -> None:
        """Write a new version of the route table."""
        old, new = before.as_json(), after.as_json()
        async with self._database.session(_NO_TENANT) as connection:
            await connection.execute(
                "INSERT INTO route_versions (version, actor, action, content, difference) VALUES ($1, $2, $3, $4, $5)",
                version,
                actor,
                action,
                new,
                difference(old, new),
            )

    async def versions(self, before: int | None, limit: int) -> list[RouteVersion]:
        """Versions of the route table, the latest first, without their content."""
        async with self._database.session(_NO_TENANT) as connection:
            rows = await connection.fetch(
                "SELECT version, changed_at, actor, action, difference FROM route_versions"
                " WHERE version < $1 ORDER BY version DESC LIMIT $2",
                before if before is not None else 2**62,
                limit,
            )
        return [RouteVersion(**dict(row), content=None) for row in rows]

    async def version(self, version: int) -> RouteVersion | None:
        """One version of the route table with its content."""
        async with self._database.session(_NO_TENANT) as connection:
            row = await connection.fetchrow(
                "SELECT version, changed_at, actor, action, difference, content FROM route_versions WHERE version = $1",
                version,
            )
        return None if row is None else RouteVersion(**dict(row))
