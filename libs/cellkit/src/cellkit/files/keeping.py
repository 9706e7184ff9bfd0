"""What runs now and then: scanning, and the removal of files that nothing needs any more."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from cellkit.db.kit_tables import SYSTEM_TENANT
from cellkit.declare.document import Table
from cellkit.files.previews import Previews
from cellkit.files.scanning import ScannerTrouble
from cellkit.files.storage import Place
from cellkit.files.store import FileStore
from cellkit.log import get_logger

log = get_logger("files")
PURGE_SECONDS = 1800.0
SCAN_SECONDS = 15.0
BATCH = 500
MOST_SCAN_TRIES = 20
_LOCK = 727_001_009
_UNWRITTEN_HOURS = 24

# Another instance may scan as well: a content is taken for ten minutes.
_TAKE = """
UPDATE kit_file_blob b SET scan_at = $1, scan_tries = scan_tries + 1 FROM (
    SELECT tenant_id, id FROM kit_file_blob WHERE scan = 'waiting' AND (scan_at IS NULL OR scan_at < $2)
    ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED) n
WHERE b.tenant_id = n.tenant_id AND b.id = n.id
RETURNING b.tenant_id, b.id AS blob_id, b.size, b.sealed_key, b.scan_tries
"""
_JUDGED = "UPDATE kit_file_blob SET scan = $3, scan_note = $4, scan_at = $5 WHERE tenant_id = $1 AND id = $2"
_PURGE_LOOSE = f"""
DELETE FROM kit_file WHERE (tenant_id, id) IN (
    SELECT tenant_id, id FROM kit_file WHERE state = 'loose' AND created_at < $1 LIMIT {BATCH})
"""
_PURGE_REMOVED = f"""
DELETE FROM kit_file WHERE (tenant_id, id) IN (
    SELECT tenant_id, id FROM kit_file WHERE state = 'removed' AND removed_at < $1 LIMIT {BATCH})
"""
_ORPHANED = f"""
SELECT b.tenant_id, b.id, b.size FROM kit_file_blob b
WHERE b.created_at < $1 AND NOT EXISTS (SELECT FROM kit_file f WHERE f.tenant_id = b.tenant_id AND f.blob_id = b.id)
LIMIT {BATCH}
"""
_BOUND_TENANTS = "SELECT DISTINCT tenant_id, entity FROM kit_file WHERE entity IS NOT NULL AND state <> 'removed'"
_KNOWN_PLACES = (
    "SELECT p.tenant_id, p.id FROM unnest($1::uuid[], $2::uuid[]) AS p(tenant_id, id) "
    "JOIN kit_file_blob b ON b.tenant_id = p.tenant_id AND b.id = p.id"
)


@dataclass(slots=True)
class Keeping:
    """The background work of files."""

    store: FileStore
    previews: Previews
    _scan_now: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """There is something to scan."""
        self._scan_now.set()

    async def scan_loop(self) -> None:
        """Scan what waits; for :meth:`Application.background`."""
        while True:
            self._scan_now.clear()
            await self.scan_waiting()
            try:
                async with asyncio.timeout(SCAN_SECONDS):
                    await self._scan_now.wait()
            except TimeoutError:
                continue

    async def scan_waiting(self) -> int:
        """Scan everything that waits; answers how much was judged."""
        judged = 0
        while self.store.scanner is not None:
            now = self.store.engine.clock()
            async with self.store.engine.database.session(SYSTEM_TENANT) as connection:
                record: Any = await connection.fetchrow(_TAKE, now, now - timedelta(minutes=10))
            if record is None:
                break
            if not await self._scan(record):
                break
            judged += 1
        return judged

    async def _scan(self, record: Any) -> bool:
        store = self.store
        if store.scanner is None:
            return False
        try:
            verdict = await store.scanner.scan(store.read(record["tenant_id"], record))
            state, note = ("clean", None) if verdict.clean else ("infected", verdict.found)
        except ScannerTrouble as error:
            log.warning("file_scan_failed", blob_id=str(record["blob_id"]), reason=str(error))
            if record["scan_tries"] < MOST_SCAN_TRIES:
                return False
            state, note = "failed", str(error)[:200]
        if state == "infected":
            log.warning("file_infected", blob_id=str(record["blob_id"]), found=note)
        async with store.engine.database.session(SYSTEM_TENANT) as connection:
            await connection.execute(_JUDGED, record["tenant_id"], record["blob_id"], state, note, store.engine.clock())
        return True

    async def purge_loop(self) -> None:
        """Purge every half hour; for :meth:`Application.background`."""
        while True:
            await asyncio.sleep(PURGE_SECONDS)
            await self.purge()

    async def purge(self) -> int:
        """Remove what nothing needs any more; answers how many contents went. Only one instance does so at a time."""
        store = self.store
        async with store.engine.database.session(SYSTEM_TENANT) as connection:
            if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
                return 0
            try:
                await self._release_orphans(connection)
                now = store.engine.clock()
                settings = store.settings
                for text, before in (
                    (_PURGE_LOOSE, now - timedelta(hours=settings.loose_hours)),
                    (_PURGE_REMOVED, now - timedelta(days=settings.removed_days)),
                ):
                    await _repeat(connection, text, before)
                return await self._purge_blobs(connection)
            finally:
                await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)

    async def _purge_blobs(self, connection: Any) -> int:
        gone = 0
        # An upload may be about to use a content that nothing names yet.
        before = self.store.engine.clock() - timedelta(hours=1)
        records = await connection.fetch(_ORPHANED, before)
        for record in records:
            place = (record["tenant_id"], record["id"])
            try:
                async with connection.transaction():
                    await connection.execute("DELETE FROM kit_file_blob WHERE tenant_id = $1 AND id = $2", *place)
                    text = "UPDATE kit_file_usage SET bytes = greatest(0, bytes - $2) WHERE tenant_id = $1"
                    await connection.execute(text, place[0], record["size"])
            except asyncpg.ForeignKeyViolationError:
                continue
            # The row first: an object that is left over is found by `sweep`, a row without its object is a loss.
            await self.store.storage.delete(place)
            await asyncio.to_thread(self.previews.forget, place)
            gone += 1
        return gone

    async def _release_orphans(self, connection: Any) -> None:
        """Files of documents that are gone, however they went, wait for their purge from now on."""
        for record in await connection.fetch(_BOUND_TENANTS):
            table = self.store.engine.tables.get(record["entity"])
            if table is not None:
                await self._release(table, record["tenant_id"])

    async def _release(self, table: type[Table], tenant_id: UUID) -> None:
        # A cell's own tables open to their tenant alone, so each is asked under its own name.
        async with self.store.engine.database.session(str(tenant_id)) as connection:
            await connection.execute(
                "UPDATE kit_file f SET state = 'removed', removed_at = $3 "
                "WHERE f.tenant_id = $1 AND f.entity = $2 AND f.state <> 'removed' AND NOT EXISTS ("
                f'SELECT FROM "{table.table_name}" t WHERE t.tenant_id = $1 AND t.id = f.entity_id)',
                tenant_id,
                table.key,
                self.store.engine.clock(),
            )

    async def sweep_loop(self) -> None:
        """Look for left-over objects once a day; for :meth:`Application.background`."""
        while True:
            await asyncio.sleep(24 * 3600)
            await self.sweep()

    async def sweep(self) -> int:
        """Remove objects that no row names (a process ended between writing and committing), and old upload parts."""
        store, gone = self.store, 0
        before = store.engine.clock() - timedelta(hours=_UNWRITTEN_HOURS)
        async for places in store.storage.older(before):
            for place in await self._unknown(places):
                await store.storage.delete(place)
                gone += 1
        parts = store.settings.folder / "incoming"
        for path in await asyncio.to_thread(lambda: list(parts.glob("*"))):
            if path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)
        return gone

    async def _unknown(self, places: list[Place]) -> list[Place]:
        async with self.store.engine.database.session(SYSTEM_TENANT) as connection:
            tenants, ids = [place[0] for place in places], [place[1] for place in places]
            known = {tuple(record) for record in await connection.fetch(_KNOWN_PLACES, tenants, ids)}
        return [place for place in places if place not in known]


async def _repeat(connection: Any, text: str, before: datetime) -> None:
    """Delete in batches until one is not full."""
    while int((await connection.execute(text, before)).rpartition(" ")[2]) == BATCH:
        continue
