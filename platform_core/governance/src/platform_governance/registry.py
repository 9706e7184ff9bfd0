"""The registry: which cells there are, where they run, and how they do.

Everything is held in memory and written down as it changes, so that a restart loses nothing and a database that is
away for a while stops only new registrations, neither renewals nor routing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from platform_gateway.routing import CellRoute

from cellkit.errors import Conflict, NotFound, Unavailable
from cellkit.ids import uuid7
from cellkit.log import get_logger
from platform_governance.model import Cell, Instance, new_cell
from platform_governance.rules.breaker import Sample, observe
from platform_governance.rules.lights import after_probe
from platform_governance.rules.subscriptions import first_wanted, subscriptions
from platform_governance.rules.tables import CellEntry, RouteTable, rolled_back, table_from_json
from platform_governance.store import Store

LEASE_SECONDS = 15
FORGET_SECONDS = 60

log = get_logger("registry")


class Registry:
    """All cells. ``changed`` is set whenever routes or lights may be different from before."""

    def __init__(self, store: Store, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._cells: dict[str, Cell] = {}
        self._table = RouteTable({})
        self._writing = asyncio.Lock()
        self.version = 0
        self.loaded = False
        self.changed = asyncio.Event()
        self.probe_soon = asyncio.Event()

    async def load(self) -> None:
        """Read everything back. Instances get a whole lease to report again."""
        cells = await self._store.cells(self._clock() + LEASE_SECONDS)
        self.version, self._table = await self._store.current_table()
        self._cells = cells
        self.loaded = True
        self.probe_soon.set()
        self.changed.set()
        log.info("registry_loaded", cells=len(cells), version=self.version)

    @property
    def table(self) -> RouteTable:
        """The current route table."""
        return self._table

    @property
    def cells(self) -> dict[str, Cell]:
        """All cells by name."""
        return self._cells

    @property
    def probed(self) -> bool:
        """Whether every instance has been asked at least once, so that a light is knowledge and not a guess."""
        return self.loaded and all(
            item.probe.ready is not None for cell in self._cells.values() for item in cell.instances.values()
        )

    def cell(self, name: str) -> Cell:
        """A cell by name; :class:`NotFound` otherwise."""
        if name not in self._cells:
            raise NotFound
        return self._cells[name]

    def entry(self, name: str) -> CellEntry:
        """A cell's line in the route table."""
        return self._table.cells.get(name, CellEntry())

    async def register(
        self, name: str, version: str, label: dict[str, str], url: str, manifest: dict[str, Any]
    ) -> Instance:
        """Add an instance. One at the same address takes the place of the one before."""
        self._require_loaded()
        async with self._writing:
            now = datetime.now(UTC)
            instance = Instance(str(uuid7()), url, version, now, self._clock() + LEASE_SECONDS)
            known = self._cells.get(name)
            cell = known or new_cell(name, label, version, manifest, now)
            fresh = Cell(
                name, label, version, manifest, cell.light, cell.reason, cell.since, dict(cell.instances), cell.breaker
            )
            fresh.first_wanted = first_wanted(manifest, cell.first_wanted, now)
            await self._store.save_registration(fresh, instance)
            for other in [item for item in fresh.instances.values() if item.url == url]:
                # Until its own first probe, moments from now, it passes for what was last seen at its address.
                instance.probe = other.probe
                del fresh.instances[other.instance_id]
            fresh.instances[instance.instance_id] = instance
            fresh.decision = cell.decision
            self._cells[name] = fresh
            if name not in self._table.cells:
                await self._change(self._table.with_cell(name, CellEntry()), f"cell:{name}", "register")
        self.changed.set()
        self.probe_soon.set()
        log.info("instance_registered", cell=name, instance=instance.instance_id, url=url, version=version)
        return instance

    def renew(self, name: str, instance_id: str) -> None:
        """Extend a lease; :class:`NotFound` tells the instance to register again."""
        self._require_loaded()
        self._instance(name, instance_id).lease_until = self._clock() + LEASE_SECONDS

    async def leave(self, name: str, instance_id: str) -> None:
        """Remove an instance that stops; requests it still answers are not disturbed."""
        self._require_loaded()
        self._instance(name, instance_id)
        async with self._writing:
            self._cells[name].instances.pop(instance_id, None)
            self.changed.set()
            await self._store.remove_instances([instance_id])
        log.info("instance_left", cell=name, instance=instance_id)

    def probed_instance(self, name: str, instance_id: str, problem: str | None) -> None:
        """Take in the result of one probe; ``problem`` is None for a success."""
        cell = self._cells.get(name)
        instance = cell.instances.get(instance_id) if cell else None
        if instance is None:
            return
        instance.probe = after_probe(instance.probe, problem)
        instance.checked_at = datetime.now(UTC)

    def counted(self, name: str, total: int, failed: int) -> None:
        """Take in the gateway's counters of a cell."""
        cell = self._cells.get(name)
        if cell is not None:
            cell.breaker = observe(cell.breaker, Sample(self._clock(), total, failed))

    async def decide(self) -> None:
        """Decide all lights anew; changes are written down and announced."""
        if not self.loaded:
            return
        await self._forget_dead()
        now, moment = self._clock(), datetime.now(UTC)
        changes: list[tuple[str, str, str, datetime]] = []
        for cell in self._cells.values():
            decision = cell.decide(self.entry(cell.name), now)
            if decision != cell.decision:
                cell.decision = decision
                self.changed.set()
            if (cell.light, cell.reason) != (decision.light, decision.reason):
                cell.light, cell.reason, cell.since = decision.light, str(decision.reason), moment
                changes.append((cell.name, cell.light.value, cell.reason, moment))
                log.info("light_changed", cell=cell.name, light=cell.light.value, reason=cell.reason)
        if changes:
            await self._store.save_lights(changes)

    async def set_enabled(self, name: str, *, enabled: bool, actor: str) -> None:
        """Let a cell serve or not, on the operator's word."""
        self.cell(name)
        entry = self.entry(name)
        await self.change_entry(
            name, CellEntry(enabled, entry.timeout_seconds), actor, "enable" if enabled else "disable"
        )

    async def change_entry(self, name: str, entry: CellEntry, actor: str, action: str) -> None:
        """Change a cell's line in the route table."""
        self._require_loaded()
        self.cell(name)
        async with self._writing:
            if entry != self.entry(name):
                await self._change(self._table.with_cell(name, entry), actor, action)
        await self.decide()

    async def remove_cell(self, name: str, actor: str) -> None:
        """Forget a cell that no longer runs; :class:`Conflict` while it has instances."""
        self._require_loaded()
        if self.cell(name).instances:
            raise Conflict(reason="instances")
        async with self._writing:
            await self._change(self._table.without_cell(name), actor, "remove")
            await self._store.remove_cell(name)
            self._cells.pop(name, None)
        self.changed.set()

    async def roll_back(self, version: int, actor: str) -> None:
        """Make an old version's settings the current ones, as a new version."""
        self._require_loaded()
        old = await self._store.version(version)
        if old is None or old.content is None:
            raise NotFound
        async with self._writing:
            known = {name: entry for name, entry in table_from_json(old.content).cells.items() if name in self._cells}
            await self._change(rolled_back(self._table, RouteTable(known)), actor, f"rollback:{version}")
        await self.decide()

    def subscriptions(self, producer: str | None = None) -> list[dict[str, Any]]:
        """Who wants which events, and since when."""
        return subscriptions({name: (cell.manifest, cell.first_wanted) for name, cell in self._cells.items()}, producer)

    def routes(self) -> tuple[CellRoute, ...]:
        """The cells as the gateway routes them."""
        return tuple(
            CellRoute(
                cell.name,
                cell.decision.urls,
                cell.decision.traffic,
                cell.decision.code,
                str(cell.decision.reason),
                self.entry(cell.name).timeout_seconds,
            )
            for cell in sorted(self._cells.values(), key=lambda item: item.name)
            if cell.decision is not None
        )

    async def _change(self, table: RouteTable, actor: str, action: str) -> None:
        await self._store.save_table(self.version + 1, self._table, table, actor, action)
        self.version += 1
        self._table = table
        self.changed.set()

    async def _forget_dead(self) -> None:
        """An instance that neither reports nor answers for a minute is gone."""
        limit = self._clock() - FORGET_SECONDS
        dead = [
            (cell, item)
            for cell in self._cells.values()
            for item in cell.instances.values()
            if item.lease_until < limit and item.probe.ready is False
        ]
        if dead:
            for cell, item in dead:
                del cell.instances[item.instance_id]
                log.warning("instance_forgotten", cell=cell.name, instance=item.instance_id)
            await self._store.remove_instances([item.instance_id for _cell, item in dead])

    def _instance(self, name: str, instance_id: str) -> Instance:
        instance = self.cell(name).instances.get(instance_id)
        if instance is None:
            raise NotFound
        return instance

    def _require_loaded(self) -> None:
        if not self.loaded:
            raise Unavailable(retry_after_seconds=1)
