"""What tenants have defined, kept in every process of a cell and told anew within seconds.

``kit_definition`` has one row for each tenant that ever defined something, with the transaction that last changed it.
A process reads that table once at its start, so it knows which tenants have nothing, and asks every two seconds for
rows changed since the oldest transaction that was still open at the last look: none is missed, and a request never
asks. Only a tenant's first request after a change reads its definitions.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cellkit.cache.shared import LONGEST_SECONDS
from cellkit.customizing.kinds import DefinitionError, field_of_definition
from cellkit.customizing.variants import variant
from cellkit.db.kit_tables import SYSTEM_TENANT
from cellkit.declare.dictionaries import Dictionary, Entries, Entry
from cellkit.declare.document import Document, Table
from cellkit.declare.fields import Field
from cellkit.labels import Label
from cellkit.log import get_logger

if TYPE_CHECKING:
    from cellkit.pipeline.engine import Engine

POLL_SECONDS = 2.0
MOST_TENANTS = 1_000
DEFAULT_TIME_ZONE = "Asia/Shanghai"
log = get_logger("customizing")

_CHANGED = """
SELECT tenant_id, changed, pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon
FROM kit_definition WHERE changed >= $1
UNION ALL SELECT NULL, NULL, pg_snapshot_xmin(pg_current_snapshot())::text::bigint
"""
_CUSTOM_FIELDS = """
SELECT entity, name, label_zh, label_en, kind, required, default_value, min_value, max_value, scale, max_length,
    choices, dictionary, target, parent, currency, unit, format, in_list, in_search, mask, help_zh, help_en,
    always_editable
FROM kit_custom_field WHERE tenant_id = $1 AND active ORDER BY entity, sequence, name
"""
_DICTIONARIES = """
SELECT d.code AS dictionary, d.label_zh AS dictionary_zh, d.label_en AS dictionary_en, i.code, i.label_zh, i.label_en,
    i.parent, i.colour, i.sequence, i.active, i.valid_from, i.valid_to
FROM kit_dictionary d LEFT JOIN kit_dictionary_item i ON i.tenant_id = d.tenant_id AND i.parent_id = d.id
WHERE d.tenant_id = $1 ORDER BY d.code, i.line_no
"""


@dataclass(frozen=True, slots=True)
class Effective:
    """A dictionary as a tenant has it."""

    code: str
    label: Label
    entries: Entries
    shipped: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class TenantDefinitions:
    """What one tenant has defined: its variants of tables by key, its dictionaries by code."""

    tables: Mapping[str, type[Table]] = field(default_factory=dict)
    dictionaries: Mapping[str, Effective] = field(default_factory=dict)


class Definitions:
    """The definitions of all tenants, as far as this process needs them."""

    def __init__(self, engine: Engine, tables: Sequence[type[Table]], shipped: Sequence[Dictionary]) -> None:
        self._engine = engine
        self._tables = [table for table in tables if issubclass(table, Document) and not table.kit]
        own = [Effective(item.code, item.label, item.entries, shipped=True, changed=False) for item in shipped]
        self._plain = TenantDefinitions({}, {item.code: item for item in own})
        self._events = (f"{engine.cell}.custom_field.", f"{engine.cell}.dictionary.")
        self._horizon = 0
        # Changes of this process that no look has seen yet; at first there is everything to see.
        self._unseen = 1
        # Tenants that have definitions, with their last change; what was read and at which change; one reader each.
        self._changed: dict[str, int] = {}
        self._read: dict[str, tuple[int, TenantDefinitions]] = {}
        self._reading: dict[str, asyncio.Lock] = {}
        self._looking = asyncio.Lock()

    def ready(self, tenant_id: str) -> bool:
        """Whether the tenant's definitions are known without asking the database."""
        key = tenant_id.lower()
        return not self._unseen and self._fresh(key)

    def _fresh(self, key: str) -> bool:
        changed = self._changed.get(key)
        return changed is None or (key in self._read and self._read[key][0] == changed)

    async def load(self, tenant_id: str) -> None:
        """Make them known; raises what the database raises."""
        if self._unseen:
            async with self._looking:
                # Whoever waited here finds it done.
                if self._unseen:
                    await self._look()
        key = tenant_id.lower()
        if self._fresh(key):
            return
        async with self._reading.setdefault(key, asyncio.Lock()):
            while not self._fresh(key):
                changed = self._changed[key]
                made = await self._made(key, changed)
                # Changed again meanwhile: what was read may be half of each, and is read once more.
                self._read.pop(key, None)
                self._read[key] = (changed, made)
        self._reading.pop(key, None)
        while len(self._read) > MOST_TENANTS:
            self._read.pop(next(iter(self._read)))

    def of(self, tenant_id: str) -> TenantDefinitions:
        """The tenant's definitions as they were last read; a request that began with them ends with them."""
        found = self._read.get(tenant_id.lower())
        return self._plain if found is None else found[1]

    def variants(self, tenant_id: str) -> Mapping[str, type[Table]]:
        """The tables that the tenant has changed, by key."""
        return self.of(tenant_id).tables

    def dictionary(self, tenant_id: str, code: str) -> Effective | None:
        """A dictionary as the tenant has it."""
        return self.of(tenant_id).dictionaries.get(code)

    def shipped(self, code: str) -> Entries:
        """The entries that the cell itself ships in a dictionary."""
        found = self._plain.dictionaries.get(code)
        return Entries() if found is None else found.entries

    def committed(self, types: Collection[str]) -> None:
        """Something was written by this process: look before the next request where it may be a definition."""
        if any(one.startswith(self._events) for one in types):
            self._unseen += 1

    async def run(self) -> None:
        """Look every two seconds; for :meth:`Application.background`."""
        failing = False
        while True:
            try:
                await self.look()
                failing = False
            except Exception as error:  # noqa: BLE001 - the definitions known so far count on until the database is back
                if not failing:
                    log.warning("definitions_not_refreshed", error=type(error).__name__)
                failing = True
            await asyncio.sleep(POLL_SECONDS)

    async def look(self) -> None:
        """Forget what changed since the last look."""
        async with self._looking:
            await self._look()

    async def _look(self) -> None:
        unseen = self._unseen
        async with self._engine.database.session(SYSTEM_TENANT) as connection:
            records = await connection.fetch(_CHANGED, self._horizon)
        for record in records:
            if record["tenant_id"] is None:
                self._horizon = record["horizon"]
                continue
            self._changed[str(record["tenant_id"])] = record["changed"]
        # What was committed while the query ran waits for the next look.
        self._unseen -= unseen

    async def _made(self, tenant_id: str, version: int) -> TenantDefinitions:
        async def read() -> list[list[dict[str, Any]]]:
            async with self._engine.database.session(tenant_id) as connection:
                found = [await connection.fetch(text, UUID(tenant_id)) for text in (_CUSTOM_FIELDS, _DICTIONARIES)]
            return [[dict(record) for record in records] for records in found]

        # Read once for all processes of the cell where they share a cache.
        custom, items = await self._engine.cache.versioned(
            tenant_id, "definitions", str(version), read, seconds=LONGEST_SECONDS
        )
        dictionaries = self._dictionaries(items)
        changed = {code: item.entries for code, item in dictionaries.items() if item.changed}
        fields = self._fields(custom, dictionaries)
        tables = {}
        for table in self._tables:
            made = variant(table, fields.get(table.key, ()), changed)
            if made is not table:
                tables[table.key] = made
        return TenantDefinitions(tables, dictionaries)

    def _dictionaries(self, records: Sequence[Any]) -> dict[str, Effective]:
        found = dict(self._plain.dictionaries)
        labels = {
            record["dictionary"]: Label(record["dictionary_zh"], record["dictionary_en"] or record["dictionary_zh"])
            for record in records
        }
        entries: dict[str, list[Entry]] = defaultdict(list)
        for record in records:
            if record["code"] is not None:
                entries[record["dictionary"]].append(entry_of(record))
        for code, label in labels.items():
            shipped = self._plain.dictionaries.get(code)
            base = Entries(shipped.entries.values() if shipped else (), today=self._today)
            entries_now = base.overlaid(entries[code])
            found[code] = Effective(code, label, entries_now, shipped=shipped is not None, changed=True)
        return found

    def _fields(self, records: Sequence[Any], dictionaries: Mapping[str, Effective]) -> dict[str, list[Field]]:
        found: dict[str, list[Field]] = defaultdict(list)
        for record in records:
            try:
                made = field_of_definition(record, lambda code: _entries(dictionaries, code))
            except DefinitionError as error:
                # Checked when it was written, so something it needs is gone; the others must work on.
                log.error("custom_field_unusable", field=record["name"], option=error.option)
                continue
            found[record["entity"]].append(made)
        return found

    def _today(self) -> date:
        return self._engine.today(DEFAULT_TIME_ZONE, self._engine.clock())


def _entries(dictionaries: Mapping[str, Effective], code: str) -> Entries | None:
    found = dictionaries.get(code)
    return None if found is None else found.entries


def entry_of(record: Mapping[str, Any]) -> Entry:
    """The entry in a line of the document ``dictionary``."""
    return Entry(
        code=record["code"],
        label=Label(record["label_zh"], record["label_en"] or record["label_zh"]),
        parent=record["parent"],
        colour=record["colour"],
        position=record["sequence"] or 0,
        active=record["active"] is not False,
        valid_from=record["valid_from"],
        valid_to=record["valid_to"],
        shipped=False,
    )
