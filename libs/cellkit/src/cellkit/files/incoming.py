"""An upload taken in: streamed to a private file, hashed and sealed on the way, never whole in memory."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote

from cellkit.errors import PayloadTooLarge
from cellkit.files.errors import empty_file, no_file_part
from cellkit.files.names import safe_name
from cellkit.files.sealing import Sealer
from cellkit.files.storage import disk_errors, private_file
from cellkit.files.types import HEAD_BYTES
from cellkit.http.forms import take_file
from cellkit.http.messages import Request

_FORM_TYPE = b"multipart/form-data"
_WRAPPING_BYTES = 64 * 1024
_GATHERED_BYTES = 512 * 1024
_EXTENDED_NAME = re.compile(r"(?i)filename\*\s*=\s*utf-8''([^;\s]+)")


@dataclass(slots=True)
class Incoming:
    """A received content: a private file (sealed when it has a sealer), its clear digest, size and beginning."""

    file: IO[bytes]
    path: Path
    most_bytes: int
    sealer: Sealer | None = None
    name: str = ""
    size: int = 0
    head: bytes = b""
    _hash: Any = field(default_factory=hashlib.sha256, repr=False)
    _gathered: list[bytes] = field(default_factory=list, repr=False)
    _gathered_bytes: int = 0

    @property
    def sha256(self) -> bytes:
        """The digest of the clear content."""
        return bytes(self._hash.digest())

    def add(self, piece: bytes) -> None:
        """Add a piece; :meth:`drain` writes what has been gathered."""
        self.size += len(piece)
        if self.size > self.most_bytes:
            raise PayloadTooLarge(limit=readable_size(self.most_bytes))
        self._gathered.append(piece)
        self._gathered_bytes += len(piece)

    async def drain(self, *, all_of_it: bool = False) -> None:
        """Write what has been gathered, off the event loop."""
        if self._gathered_bytes >= _GATHERED_BYTES or (all_of_it and self._gathered):
            pieces, self._gathered, self._gathered_bytes = self._gathered, [], 0
            with disk_errors():
                await asyncio.to_thread(self._write, pieces)

    async def finish(self) -> None:
        """Write the rest; the file is complete afterwards."""
        await self.drain(all_of_it=True)
        with disk_errors():
            await asyncio.to_thread(self._close)

    def _write(self, pieces: list[bytes]) -> None:
        for piece in pieces:
            self._hash.update(piece)
            if len(self.head) < HEAD_BYTES:
                self.head += piece[: HEAD_BYTES - len(self.head)]
            self.file.write(piece if self.sealer is None else self.sealer.take(piece))

    def _close(self) -> None:
        if self.sealer is not None:
            self.file.write(self.sealer.finish())
        self.file.close()

    def discard(self) -> None:
        """Give the space back; what was taken over already is gone."""
        # What a full disk could not take is not missed now.
        with contextlib.suppress(OSError):
            self.file.close()
        self.path.unlink(missing_ok=True)


def readable_size(size: int) -> str:
    """A size for people."""
    return f"{size / 1024 / 1024:.0f} MiB" if size >= 1024 * 1024 else f"{size / 1024:.0f} KiB"


def start(folder: Path, most_bytes: int, sealer: Sealer | None) -> Incoming:
    """A new, empty content in the folder's waiting room."""
    file, path = private_file(folder / "incoming", "upload-")
    return Incoming(file, path, most_bytes, sealer)


async def take(request: Request, incoming: Incoming) -> None:
    """Receive the request's file, raw or as the one file of a form; a name is taken from either."""
    from python_multipart.multipart import parse_options_header  # noqa: PLC0415 - only uploads need it

    content_type, options = parse_options_header(request.header(b"content-type") or "")
    if content_type.lower() == _FORM_TYPE:
        await _take_form(request, incoming, options.get(b"boundary", b""))
    else:
        incoming.name = _named_by_header(request)
        async for piece in request.stream(incoming.most_bytes):
            incoming.add(piece)
            await incoming.drain()
    if incoming.size == 0:
        raise empty_file()
    await incoming.finish()


async def take_pieces(pieces: AsyncIterator[bytes], incoming: Incoming) -> None:
    """Receive a content that the server made."""
    async for piece in pieces:
        incoming.add(piece)
        await incoming.drain()
    await incoming.finish()


def _named_by_header(request: Request) -> str:
    from python_multipart.multipart import parse_options_header  # noqa: PLC0415 - only uploads need it

    header = request.header(b"content-disposition") or ""
    given = request.query.get("name") or ""
    extended = _EXTENDED_NAME.search(header)
    if not given and extended is not None:
        given = unquote(extended.group(1))
    return safe_name(given or _file_name(parse_options_header(header)[1]))


def _file_name(options: Mapping[bytes, bytes]) -> str:
    raw = options.get(b"filename", b"")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


async def _take_form(request: Request, incoming: Incoming, boundary: bytes) -> None:
    def named(options: Mapping[bytes, bytes]) -> None:
        incoming.name = safe_name(_file_name(options))

    pieces = request.stream(incoming.most_bytes + _WRAPPING_BYTES)
    if not await take_file(pieces, boundary, incoming.add, named=named, after_each=incoming.drain):
        raise no_file_part()
