"""Pictures of files, made by a limited process and kept beside the contents."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from cellkit.files.errors import NoPreview
from cellkit.files.sealing import Chunks
from cellkit.files.storage import disk_errors, private_file, relative
from cellkit.files.store import FileStore
from cellkit.files.types import PREVIEWED

SIZES = {"small": 160, "medium": 480, "large": 1280}
MOST_SOURCE_BYTES = 32 * 1024 * 1024
_TIMEOUT_SECONDS = 30
_MOST_SEALED = 2**31


class Previews:
    """Previews of one cell's files; two are made at a time, so that a page of pictures leaves cores to others."""

    def __init__(self, store: FileStore) -> None:
        self._store = store
        self._folder = store.settings.folder / "previews"
        self._turns = asyncio.Semaphore(2)

    async def get(self, tenant_id: UUID, record: Any, size: str) -> bytes:
        """The picture (WebP); raises :class:`NoPreview` where there can be none."""
        if record["media_type"] not in PREVIEWED or record["size"] > MOST_SOURCE_BYTES:
            raise NoPreview
        place = self.path((tenant_id, record["blob_id"]), size)
        chunks = self._chunks(tenant_id, record, size)
        kept = await asyncio.to_thread(_read, place)
        if kept is None:
            async with self._turns:
                made = await self._make(tenant_id, record, SIZES[size])
            await asyncio.to_thread(_write, place, made if chunks is None else chunks.seal(0, made, last=True))
            return made
        return kept if chunks is None else chunks.open(0, kept, last=True)

    def path(self, place: tuple[UUID, UUID], size: str) -> Path:
        """Where a preview is kept."""
        return self._folder / f"{relative(place)}.{size}"

    def forget(self, place: tuple[UUID, UUID]) -> None:
        """Remove the previews of an object."""
        for size in SIZES:
            self.path(place, size).unlink(missing_ok=True)

    def _chunks(self, tenant_id: UUID, record: Any, size: str) -> Chunks | None:
        key = self._store.key_of(tenant_id, record)
        return None if key is None else Chunks(key, tenant_id, record["blob_id"], f"preview {size}")

    async def _make(self, tenant_id: UUID, record: Any, side: int) -> bytes:
        content = b"".join([piece async for piece in self._store.read(tenant_id, record)])
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-m",
            "cellkit.files.picture_program",
            record["media_type"],
            str(side),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={},
        )
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                made, _ = await process.communicate(content)
        except TimeoutError:
            raise NoPreview from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0 or not made:
            raise NoPreview
        return made


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _write(path: Path, content: bytes) -> None:
    with disk_errors():
        file, temporary = private_file(path.parent, "new-")
        with file:
            file.write(content)
        temporary.replace(path)
