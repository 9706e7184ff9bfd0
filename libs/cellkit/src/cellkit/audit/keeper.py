"""What is done with the trail once a day: sign the heads, write them to files, move old entries to archives.

One process at a time does it. Nothing leaves the table before its file has been written, synced, read back and
checked, and the database itself refuses to delete what no signed archive covers.
"""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from prometheus_client import Gauge

from cellkit.audit.chain import Broken, Link, verify
from cellkit.audit.exporting import trail_lines
from cellkit.audit.heads import make_head
from cellkit.audit.signing import SigningKey, audit_folder
from cellkit.audit.store import archived_link, sealed_after
from cellkit.audit.trail_file import TrailWriter
from cellkit.audit.verifying import verify_files
from cellkit.db.kit_tables import SYSTEM_TENANT
from cellkit.db.pool import Database
from cellkit.log import get_logger
from cellkit.ops.metrics import Metrics
from cellkit.pipeline.engine import DEFAULT_TIME_ZONE, zone
from cellkit.privacy.tables import SHORTEST_KEEPING_DAYS
from cellkit.settings import Settings, SettingsError

ROUND_SECONDS = 600.0
_FIRST_ROUND_SECONDS = 30.0
ARCHIVE_ROWS = 20_000
_KEEPER_LOCK = 727_001_005
log = get_logger("audit")

# The last entry of the days that have ended, where entries have come since the last head and none of them still waits
# for its place in the chain.
_DUE = """
SELECT h.tenant_id, d.sequence AS previous_sequence, d.head AS previous_head, upto.sequence, upto.chain_hash
FROM kit_audit_head h
LEFT JOIN LATERAL (
    SELECT sequence, head FROM kit_audit_day d WHERE d.tenant_id = h.tenant_id ORDER BY sequence DESC LIMIT 1
) d ON true
CROSS JOIN LATERAL (
    SELECT a.sequence, a.chain_hash FROM kit_audit a
    WHERE a.tenant_id = h.tenant_id AND a.sequence > coalesce(d.sequence, 0) AND a.at < $1
    ORDER BY a.sequence DESC LIMIT 1
) upto
WHERE h.sequence > coalesce(d.sequence, 0) AND NOT EXISTS (
    SELECT FROM kit_audit u WHERE u.tenant_id = h.tenant_id AND u.sequence IS NULL AND u.at < $1)
ORDER BY h.tenant_id
"""
_OLD = """
SELECT coalesce(
    (SELECT min(sequence) - 1 FROM kit_audit WHERE tenant_id = $1 AND sequence > $2 AND at >= $3),
    (SELECT max(sequence) FROM kit_audit WHERE tenant_id = $1 AND sequence IS NOT NULL), 0) AS old,
    coalesce((SELECT max(sequence) FROM kit_audit_day WHERE tenant_id = $1), 0) AS signed
"""


def keep_days_of(settings: Settings) -> int | None:
    """``AUDIT_KEEP_DAYS``: how long entries stay in the table; None (not set): for ever. Fewer than 180 are refused."""
    text = settings.environment.get("AUDIT_KEEP_DAYS", "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not SHORTEST_KEEPING_DAYS <= int(text) <= 100_000:
        message = f"AUDIT_KEEP_DAYS must be a number of days, at least {SHORTEST_KEEPING_DAYS}, not {text!r}"
        raise SettingsError(message)
    return int(text)


class ArchiveError(Exception):
    """An archive that was written cannot be read back whole; nothing was removed."""


@dataclass(slots=True)
class Keeper:
    """The daily work on one cell's trail."""

    database: Database
    settings: Settings
    metrics: Metrics
    clock: Callable[[], datetime]
    keep_days: int | None = None
    _key: SigningKey | None = None
    _broken: Gauge = field(init=False)
    _behind: Gauge = field(init=False)

    def __post_init__(self) -> None:
        registry = self.metrics.registry
        self._broken = Gauge("audit_broken", "Tenants whose chain did not hold at the last check", registry=registry)
        self._behind = Gauge("audit_heads_unexported", "Signed heads that no file holds yet", registry=registry)

    @property
    def folder(self) -> Path:
        """Where the files are."""
        return audit_folder(self.settings)

    @property
    def key(self) -> SigningKey:
        """The cell's signing key; made at first use."""
        if self._key is None:
            self._key = SigningKey.of(self.settings)
        return self._key

    @property
    def trusted_keys(self) -> frozenset[str]:
        """The cell's own public key and those it had before (``AUDIT_TRUSTED_KEYS``, with commas between)."""
        earlier = self.settings.environment.get("AUDIT_TRUSTED_KEYS", "")
        return frozenset([self.key.public, *filter(None, (part.strip() for part in earlier.split(",")))])

    async def run(self) -> None:
        """The loop; for :meth:`Application.background`."""
        await asyncio.sleep(_FIRST_ROUND_SECONDS)
        while True:
            try:
                await self.round()
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, SettingsError) as error:
                log.error("audit_keeping_failed", error=f"{type(error).__name__}: {error}"[:300])
            await asyncio.sleep(ROUND_SECONDS)

    async def round(self) -> None:
        """Everything that is due now; nothing when another process is at it."""
        async with self.database.transaction(SYSTEM_TENANT) as gate:
            if not await gate.fetchval("SELECT pg_try_advisory_xact_lock($1)", _KEEPER_LOCK):
                return
            await self.sign_heads()
            await self.write_heads()
            if self.keep_days is not None:
                await self.archive(self.clock() - timedelta(days=self.keep_days))

    async def sign_heads(self) -> int:
        """Check what came since the last head of each tenant and sign the state at the end of yesterday."""
        now = self.clock()
        here = now.astimezone(zone(DEFAULT_TIME_ZONE))
        begin_of_today = here.replace(hour=0, minute=0, second=0, microsecond=0)
        day = (begin_of_today - timedelta(days=1)).date()
        broken = 0
        async with self.database.session(SYSTEM_TENANT) as connection:
            due = await connection.fetch(_DUE, begin_of_today)
        for record in due:
            tenant = record["tenant_id"]
            link = Link(record["sequence"], record["chain_hash"])
            previous = record["previous_sequence"] or 0
            damage = await self._check(tenant, link)
            if damage is not None:
                broken += 1
                log.error("audit_broken", tenant_id=str(tenant), sequence=damage.sequence, damage=damage.damage)
            head = make_head(
                self.key,
                cell=self.settings.service_name,
                tenant_id=tenant,
                day=day,
                link=link,
                count=link.sequence - previous,
                holds=damage is None,
                previous=_digest(record["previous_head"]),
                moment=now,
            )
            async with self.database.session(SYSTEM_TENANT) as connection:
                await connection.execute(
                    "INSERT INTO kit_audit_day (tenant_id, sequence, day, head, signature) VALUES ($1, $2, $3, $4, $5)",
                    tenant,
                    link.sequence,
                    day,
                    head.text,
                    head.signature,
                )
        if due:
            self._broken.set(broken)
        return len(due)

    async def _check(self, tenant: UUID, until: Link) -> Broken | None:
        """Check the chain since the last head; one that was signed as broken is checked from the beginning again."""
        async with self.database.session(SYSTEM_TENANT) as connection:
            link = await archived_link(connection, tenant)
            record = await connection.fetchrow(
                "SELECT head FROM kit_audit_day WHERE tenant_id = $1 ORDER BY sequence DESC LIMIT 1", tenant
            )
        if record is not None:
            told = msgspec.json.decode(record["head"])
            if told["holds"] is True and told["sequence"] > link.sequence:
                link = Link(told["sequence"], bytes.fromhex(told["chainHash"]))
        while link.sequence < until.sequence:
            async with self.database.session(SYSTEM_TENANT) as connection:
                rows = await sealed_after(connection, tenant, link.sequence, until.sequence)
            if not rows:
                return Broken(link.sequence + 1, None, "missing")
            link, broken = verify(tenant, rows, link)
            if broken is not None:
                return broken
        return None

    async def write_heads(self) -> int:
        """Append the heads that no file holds yet to ``heads-<year>.jsonl``; for the auditor, or a log collector."""
        async with self.database.session(SYSTEM_TENANT) as connection:
            records = await connection.fetch(
                "SELECT tenant_id, sequence, day, head, signature FROM kit_audit_day WHERE exported_at IS NULL "
                "ORDER BY day, tenant_id LIMIT 10000"
            )
            self._behind.set(len(records))
            if not records:
                return 0
            by_year: dict[int, list[bytes]] = {}
            for record in records:
                line = {"head": record["head"], "signature": base64.b64encode(record["signature"]).decode()}
                by_year.setdefault(record["day"].year, []).append(msgspec.json.encode(line) + b"\n")
            for year, lines in by_year.items():
                await asyncio.to_thread(_append, self.folder / f"heads-{year}.jsonl", b"".join(lines))
            await connection.execute(
                "UPDATE kit_audit_day d SET exported_at = now() "
                "FROM unnest($1::uuid[], $2::bigint[]) AS x(tenant, place) "
                "WHERE d.tenant_id = x.tenant AND d.sequence = x.place",
                [record["tenant_id"] for record in records],
                [record["sequence"] for record in records],
            )
        self._behind.set(0)
        return len(records)

    async def archive(self, before: datetime) -> int:
        """Move what is older than ``before`` to files, as far as a head pins it; answers how many entries went."""
        async with self.database.session(SYSTEM_TENANT) as connection:
            tenants = [record["tenant_id"] for record in await connection.fetch("SELECT tenant_id FROM kit_audit_head")]
        moved = 0
        for tenant in tenants:
            while True:
                count = await self._archive_file(tenant, before)
                moved += count
                if count < ARCHIVE_ROWS:
                    break
        return moved

    async def _archive_file(self, tenant: UUID, before: datetime) -> int:
        async with self.database.session(SYSTEM_TENANT) as connection:
            start = await archived_link(connection, tenant)
            found: Any = await connection.fetchrow(_OLD, tenant, start.sequence, before)
        last = min(found["old"], found["signed"], start.sequence + ARCHIVE_ROWS)
        if last <= start.sequence:
            return 0
        writer = TrailWriter(self.key, self.settings.service_name, tenant, start, self.clock())
        name = f"{start.sequence + 1:012}-{last:012}.jsonl.gz"
        path = self.folder / "archive" / str(tenant) / name
        try:
            await self._write_archive(writer, tenant, last, path)
        except ArchiveError as error:
            # A chain that does not hold stays where it is, for whoever looks into it.
            log.error("audit_not_archived", tenant_id=str(tenant), file=name, reason=str(error)[:300])
            return 0
        async with self.database.transaction(SYSTEM_TENANT) as connection:
            await connection.execute(
                "INSERT INTO kit_audit_archive (tenant_id, last_sequence, first_sequence, chain_hash, file, statement, "
                "signature) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                tenant,
                last,
                start.sequence + 1,
                writer.link.chain_hash,
                f"{tenant}/{name}",
                writer.statement,
                writer.signature,
            )
            await connection.execute(
                "DELETE FROM kit_audit WHERE tenant_id = $1 AND sequence > $2 AND sequence <= $3",
                tenant,
                start.sequence,
                last,
            )
        log.info("audit_archived", tenant_id=str(tenant), file=name, entries=writer.count)
        return writer.count

    async def _write_archive(self, writer: TrailWriter, tenant: UUID, last: int, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_name(f".{path.name}.new")
        try:
            with temporary.open("wb") as raw:
                with gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as packed:
                    async for piece in trail_lines(self.database, writer, tenant, last):
                        await asyncio.to_thread(packed.write, piece)
                raw.flush()
                os.fsync(raw.fileno())
            [report] = await asyncio.to_thread(verify_files, [temporary], keys=self.trusted_keys)
            # A head that reported damage is part of the story; everything else must hold.
            wrong = [item for item in report.problems if item.kind != "reported"]
            if wrong or report.end != writer.link or writer.link.sequence != last:
                raise ArchiveError(wrong[0].reason.en if wrong else "the entries are not all there")
            temporary.replace(path)
            _sync_folder(path.parent)
        finally:
            temporary.unlink(missing_ok=True)


def _digest(text: str | None) -> str | None:
    return None if text is None else hashlib.sha256(text.encode()).hexdigest()


def _append(path: Path, lines: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
