"""Where contents lie: the interface, and the local folder."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol
from uuid import UUID

from cellkit.files.errors import FileLost, FileStorageFull

PIECE_BYTES = 256 * 1024
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
Place = tuple[UUID, UUID]
"""Tenant and object."""


class Storage(Protocol):
    """Objects by tenant and id; an object is written once and never changed."""

    async def put(self, place: Place, source: Path) -> None:
        """Take over the content of a local file; it is durable when this returns. ``source`` is gone afterwards."""
        ...

    def read(self, place: Place, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from ``start`` up to ``end``; raises :class:`FileLost` when there is no such object."""
        ...

    async def delete(self, place: Place) -> None:
        """Remove an object; one that is missing is removed already."""
        ...

    def older(self, moment: datetime) -> AsyncIterator[list[Place]]:
        """The objects last written before ``moment``, in batches."""
        ...


@contextlib.contextmanager
def disk_errors() -> Iterator[None]:
    """A full disk as the contract's error."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise FileStorageFull from error
        raise


def relative(place: Place) -> str:
    """Where an object lies below the storage's root; the random end of its id spreads the folders."""
    tenant_id, object_id = place
    return f"{tenant_id}/{object_id.hex[-2:]}/{object_id.hex}"


def place_of(path: str) -> Place | None:
    """The object of a path, None for what is none of ours."""
    parts = path.split("/")
    try:
        return UUID(parts[-3]), UUID(parts[-1])
    except (ValueError, IndexError):
        return None


class LocalStorage:
    """A folder that only this service's user reads: ``<tenant>/<xx>/<object>``, written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "objects"

    def path(self, place: Place) -> Path:
        """Where an object lies."""
        return self._folder / relative(place)

    async def put(self, place: Place, source: Path) -> None:
        """See :class:`Storage`."""
        with disk_errors():
            await asyncio.to_thread(self._put, self.path(place), source)

    def _put(self, target: Path, source: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with source.open("rb") as file:
            os.fsync(file.fileno())
        source.replace(target)
        # The name is durable only when its folder is.
        for folder in (target.parent, target.parent.parent):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    async def read(self, place: Place, start: int, end: int) -> AsyncIterator[bytes]:
        """See :class:`Storage`."""
        try:
            file = await asyncio.to_thread(self.path(place).open, "rb")
        except FileNotFoundError:
            raise FileLost from None
        try:
            await asyncio.to_thread(file.seek, start)
            while start < end:
                piece = await asyncio.to_thread(file.read, min(PIECE_BYTES, end - start))
                if not piece:
                    raise FileLost
                start += len(piece)
                yield piece
        finally:
            file.close()

    async def delete(self, place: Place) -> None:
        """See :class:`Storage`."""
        await asyncio.to_thread(self.path(place).unlink, missing_ok=True)

    async def older(self, moment: datetime) -> AsyncIterator[list[Place]]:
        """See :class:`Storage`."""
        tenants = await asyncio.to_thread(_names, self._folder)
        for tenant in tenants:
            for shard in await asyncio.to_thread(_names, self._folder / tenant):
                found = await asyncio.to_thread(_old, self._folder / tenant / shard, moment.timestamp())
                places = [place for name in found if (place := place_of(f"{tenant}/{shard}/{name}")) is not None]
                if places:
                    yield places


def _names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []


def _old(folder: Path, before: float) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries if entry.stat().st_mtime < before]


def private_file(folder: Path, prefix: str) -> tuple[IO[bytes], Path]:
    """A new file for writing that only this user reads."""
    import tempfile  # noqa: PLC0415 - one use

    with disk_errors():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(prefix=prefix, dir=folder)
        return os.fdopen(handle, "wb"), Path(name)
