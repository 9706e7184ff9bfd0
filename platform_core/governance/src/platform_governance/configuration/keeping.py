"""The current configuration: read from the database, changed by versions, told to the gateway and the supervisor."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import UTC
from pathlib import Path
from typing import Any

from platform_gateway.files import write_atomically
from platform_gateway.policies import Policies

from cellkit.db.pool import Database
from cellkit.errors import NotFound, Unavailable, ValidationFailed, VersionConflict
from cellkit.log import get_logger
from platform_governance.configuration.catalogue import Value, differences, fixed, joined, policies_with, problems_of

_NO_TENANT = ""
_COLUMNS = "version, changed_at, actor, action, reason, difference"
FILE = "configuration.json"
log = get_logger("configuration")


class Configuration:
    """Versions of all settings; ``changed`` is called whenever the gateway has to be told."""

    def __init__(
        self, database: Database, data_folder: Path, environment: Mapping[str, str], changed: Callable[[], None]
    ) -> None:
        self._database = database
        self._path = data_folder / FILE
        self._changed = changed
        self._writing = asyncio.Lock()
        self.fixed = fixed(environment)
        self.version = 0
        self.content: dict[str, Value] = {}
        self.loaded = False

    async def load(self) -> None:
        """Read the newest version back, and write the supervisor's file where it is missing or old."""
        async with self._database.session(_NO_TENANT) as connection:
            row = await connection.fetchrow(
                "SELECT version, content FROM configuration_versions ORDER BY version DESC LIMIT 1"
            )
        if row is not None:
            self.version, self.content = row["version"], dict(row["content"])
        self.loaded = True
        self._write_file()
        self._changed()

    def policies(self, base: Policies) -> Policies:
        """The gateway's policies now."""
        return policies_with(base, self.content, self.fixed) if self.loaded else base

    async def change(self, values: Mapping[str, Value | None], version: int, actor: str, reason: str) -> None:
        """Set some values; ``version`` is the one that was read."""
        problems = problems_of(values, self.fixed)
        if problems:
            raise ValidationFailed(problems)
        await self._save(joined(self.content, values), version, actor, "change", reason)

    async def roll_back(self, to: int, version: int, actor: str, reason: str) -> None:
        """Make an old version's values the current ones; what is fixed by now, or no longer known, stays away."""
        old: dict[str, Value] = {}
        if to:
            old = (await self.one(to))["content"]
        kept = {name: value for name, value in old.items() if not problems_of({name: value}, self.fixed)}
        await self._save(kept, version, actor, f"rollback to {to}", reason)

    async def versions(self, before: int | None, limit: int) -> list[dict[str, Any]]:
        """Versions without their content, the latest first."""
        async with self._database.session(_NO_TENANT) as connection:
            rows = await connection.fetch(
                f"SELECT {_COLUMNS} FROM configuration_versions WHERE version < $1 ORDER BY version DESC LIMIT $2",  # noqa: S608
                before if before is not None else 2**62,
                limit,
            )
        return [_shown(row) for row in rows]

    async def one(self, version: int) -> dict[str, Any]:
        """One version with its content; raises :class:`NotFound`."""
        async with self._database.session(_NO_TENANT) as connection:
            row = await connection.fetchrow(
                f"SELECT {_COLUMNS}, content FROM configuration_versions WHERE version = $1",  # noqa: S608
                version,
            )
        if row is None:
            raise NotFound
        return _shown(row)

    async def changed_at(self) -> dict[str, float]:
        """When each setting was changed last, in seconds since 1970."""
        async with self._database.session(_NO_TENANT) as connection:
            rows = await connection.fetch(
                "SELECT item ->> 'path' AS name, max(changed_at) AS at FROM configuration_versions,"
                " jsonb_array_elements(difference) AS item GROUP BY 1"
            )
        return {row["name"]: row["at"].timestamp() for row in rows}

    async def _save(self, content: dict[str, Value], version: int, actor: str, action: str, reason: str) -> None:
        async with self._writing:
            if not self.loaded:
                raise Unavailable
            changes = differences(self.content, content)
            async with self._database.transaction(_NO_TENANT) as connection:
                # Another instance of governance may have been faster.
                await connection.execute("LOCK TABLE configuration_versions IN EXCLUSIVE MODE")
                current = await connection.fetchval("SELECT coalesce(max(version), 0) FROM configuration_versions")
                if current != version:
                    raise VersionConflict(current=current)
                if not changes:
                    return
                await connection.execute(
                    "INSERT INTO configuration_versions (version, actor, action, reason, content, difference)"
                    " VALUES ($1, $2, $3, $4, $5, $6)",
                    version + 1,
                    actor,
                    action,
                    reason,
                    content,
                    changes,
                )
            self.version, self.content = version + 1, content
            self._write_file()
        log.info("configuration_changed", version=self.version, actor=actor, names=[item["path"] for item in changes])
        self._changed()

    def _write_file(self) -> None:
        """What the supervisor gives to the processes that it starts from now on; no file where nothing was ever set."""
        if not self.version:
            return
        try:
            write_atomically(self._path, json.dumps(self.content, ensure_ascii=False, indent=1, sort_keys=True))
        except OSError as error:
            log.error("configuration_not_written", path=str(self._path), error=str(error))


def _shown(row: Any) -> dict[str, Any]:
    moment = row["changed_at"].astimezone(UTC).isoformat().replace("+00:00", "Z")
    return {**dict(row), "changed_at": moment}
