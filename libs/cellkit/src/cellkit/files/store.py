"""The contents of files: taken in once per tenant and digest, read in any range, sealed where asked."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from cellkit.files.errors import FileInfected, FileQuarantined, FileQuotaExceeded
from cellkit.files.incoming import Incoming, readable_size, start
from cellkit.files.s3 import S3Storage
from cellkit.files.scanning import Scanner, scanner_of
from cellkit.files.sealing import KEY_PLACE, Chunks, Sealer, new_key, open_range
from cellkit.files.settings import FileSettings
from cellkit.files.storage import LocalStorage, Storage
from cellkit.files.tables import UNSCANNED, WAITING
from cellkit.ids import uuid7
from cellkit.log import get_logger
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.work import Work
from cellkit.settings import SettingsError

log = get_logger("files")

_KNOWN = "SELECT id FROM kit_file_blob WHERE tenant_id = $1 AND sha256 = $2"
_KNOWN_AND_HELD = _KNOWN + " FOR KEY SHARE"
_ADD_BLOB = """
INSERT INTO kit_file_blob (tenant_id, id, sha256, size, sealed_key, scan, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant_id, sha256) DO NOTHING RETURNING id
"""
# The condition and the sum are one statement, so that two uploads together cannot pass a quota that has room for one.
_ADD_USAGE = """
INSERT INTO kit_file_usage AS u (tenant_id, bytes) SELECT $1, $2::bigint WHERE $3::bigint = 0 OR $2 <= $3
ON CONFLICT (tenant_id) DO UPDATE SET bytes = u.bytes + excluded.bytes WHERE $3 = 0 OR u.bytes + excluded.bytes <= $3
RETURNING bytes
"""
_USED = "SELECT coalesce((SELECT bytes FROM kit_file_usage WHERE tenant_id = $1), 0)"
_ADD_FILE = """
INSERT INTO kit_file (tenant_id, id, blob_id, name, media_type, size, state, created_at, created_by)
VALUES ($1, $2, $3, $4, $5, $6, 'loose', $7, $8)
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """A content that is in the storage, perhaps not yet in the database."""

    incoming: Incoming
    # The object written for it; None when the tenant has this content already.
    object_id: UUID | None
    sealed_key: bytes | None


@dataclass(slots=True)
class FileStore:
    """The contents of one cell's files. ``wake``: told that there is something to scan."""

    engine: Engine
    settings: FileSettings
    storage: Storage = field(init=False)
    scanner: Scanner | None = field(init=False)
    wake: Any = field(default=lambda: None)

    def __post_init__(self) -> None:
        if self.settings.encrypt and self.engine.keys is None:
            message = "FILES_ENCRYPT=1 needs FIELD_ENCRYPTION_KEYS"
            raise SettingsError(message)
        local = LocalStorage(self.settings.folder)
        self.storage = S3Storage(self.settings) if self.settings.storage else local
        self.scanner = scanner_of(self.settings.scan)

    def begin(self, tenant_id: UUID, most_bytes: int) -> tuple[Incoming, UUID, bytes | None]:
        """An empty content to fill, the object it will be, and its key when contents are sealed."""
        object_id = uuid4()
        key = new_key() if self.settings.encrypt else None
        sealer = None if key is None else Sealer(Chunks(key, tenant_id, object_id))
        return start(self.settings.folder, most_bytes, sealer), object_id, key

    def quota(self, role: RoleDocument) -> int:
        """How much the caller's tenant may store: the least of what cell and package say; 0: no end."""
        limits = self.settings.quota_of(UUID(role.tenant_id)), role.storage_bytes or 0
        return min((limit for limit in limits if limit), default=0)

    async def check_quota(self, role: RoleDocument) -> None:
        """Refuse at once when nothing more fits; the upload itself is counted when it is written."""
        tenant_id, quota = UUID(role.tenant_id), self.quota(role)
        if quota and (used := await self.used(tenant_id)) >= quota:
            raise FileQuotaExceeded(used=readable_size(used), quota=readable_size(quota))

    async def used(self, tenant_id: UUID) -> int:
        """How many bytes the tenant stores."""
        async with self.engine.database.session(str(tenant_id)) as connection:
            return int(await connection.fetchval(_USED, tenant_id))

    async def keep(self, tenant_id: UUID, incoming: Incoming, object_id: UUID, key: bytes | None) -> Stored:
        """Put a finished content into the storage, unless the tenant has it already."""
        async with self.engine.database.session(str(tenant_id)) as connection:
            known = await connection.fetchval(_KNOWN, tenant_id, incoming.sha256)
        if known is not None:
            return Stored(incoming, None, None)
        await self.storage.put((tenant_id, object_id), incoming.path)
        sealed = None
        if key is not None and self.engine.keys is not None:
            sealed = self.engine.keys.seal(key, str(tenant_id), KEY_PLACE)
        return Stored(incoming, object_id, sealed)

    async def add(self, work: Work, stored: Stored, name: str, media_type: str) -> UUID | None:
        """A loose file of the caller in the work's transaction.

        None when the content that the tenant had a moment ago has just been purged: store it anew.
        """
        await work.begin()
        connection, tenant_id, incoming = work.connection, work.tenant_id, stored.incoming
        blob_id = None
        if stored.object_id is not None:
            scan = UNSCANNED if self.scanner is None else WAITING
            blob_id = await connection.fetchval(
                _ADD_BLOB,
                tenant_id,
                stored.object_id,
                incoming.sha256,
                incoming.size,
                stored.sealed_key,
                scan,
                work.now,
            )
            if blob_id is not None:
                quota = self.quota(work.role)
                if await connection.fetchval(_ADD_USAGE, tenant_id, incoming.size, quota) is None:
                    used = int(await connection.fetchval(_USED, tenant_id))
                    raise FileQuotaExceeded(used=readable_size(used), quota=readable_size(quota))
        if blob_id is None:
            blob_id = await connection.fetchval(_KNOWN_AND_HELD, tenant_id, incoming.sha256)
        if blob_id is None:
            return None
        identity = uuid7()
        await connection.execute(
            _ADD_FILE,
            tenant_id,
            identity,
            blob_id,
            name,
            media_type,
            incoming.size,
            work.now,
            work.caller.user_id,
        )
        return identity

    async def drop_unused(self, tenant_id: UUID, stored: Stored) -> None:
        """Remove the object of a content that did not come into the database after all."""
        if stored.object_id is None:
            return
        with contextlib.suppress(Exception):
            async with self.engine.database.session(str(tenant_id)) as connection:
                text = "SELECT 1 FROM kit_file_blob WHERE tenant_id = $1 AND id = $2"
                used = await connection.fetchval(text, tenant_id, stored.object_id)
            if used is None:
                await self.storage.delete((tenant_id, stored.object_id))

    def read(self, tenant_id: UUID, record: Any, start_at: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The clear bytes of a content; ``record`` has ``blob_id``, ``size`` and ``sealed_key``."""
        size = int(record["size"])
        stop = size if end is None else end
        place = (tenant_id, record["blob_id"])
        key = self.key_of(tenant_id, record)
        if key is None:
            return self.storage.read(place, start_at, stop)
        chunks = Chunks(key, *place)
        return open_range(chunks, lambda first, last: self.storage.read(place, first, last), size, start_at, stop)

    def key_of(self, tenant_id: UUID, record: Any) -> bytes | None:
        """The content's key, None when it is stored as it came."""
        if record["sealed_key"] is None:
            return None
        if self.engine.keys is None:
            message = "FIELD_ENCRYPTION_KEYS is not set, but the cell has encrypted files"
            raise RuntimeError(message)
        return self.engine.keys.open(record["sealed_key"], str(tenant_id), KEY_PLACE)


def refuse_unclean(record: Any) -> None:
    """Raise when a content is not, or not yet, found clean; ``record`` has ``scan`` and ``name``."""
    if record["scan"] == "infected":
        raise FileInfected(name=record["name"])
    if record["scan"] in ("waiting", "failed"):
        raise FileQuarantined(name=record["name"], retry_after_seconds=5)
