"""Content encrypted at rest: AES-256-GCM in chunks, so that any range is read without the rest.

Every content has a random key of its own, which the key ring seals: destroying the ring's (or the tenant's) key makes
the content unreadable without touching the storage. The chunk's number and whether it is the last are in its nonce,
tenant and object in its associated data, so chunks cannot be reordered, dropped or moved to another object.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cellkit.files.errors import FileLost

CHUNK_BYTES = 64 * 1024
_TAG_BYTES = 16
_STORED_BYTES = CHUNK_BYTES + _TAG_BYTES
KEY_PLACE = "kit_file_blob.sealed_key"


def new_key() -> bytes:
    """A content key."""
    return os.urandom(32)


def stored_size(size: int) -> int:
    """How many bytes a content of ``size`` takes when sealed."""
    return size + _TAG_BYTES * max(1, -(-size // CHUNK_BYTES))


class Chunks:
    """The cipher of one object; ``purpose`` separates the uses of one key."""

    def __init__(self, key: bytes, tenant_id: UUID, object_id: UUID, purpose: str = "content") -> None:
        derived = HKDF(SHA256(), 32, salt=None, info=f"cellkit file {purpose}".encode()).derive(key)
        self._cipher = AESGCM(derived)
        self._place = tenant_id.bytes + object_id.bytes

    def seal(self, number: int, clear: bytes, *, last: bool) -> bytes:
        """One chunk as it is stored."""
        return self._cipher.encrypt(_nonce(number, last=last), clear, self._place)

    def open(self, number: int, stored: bytes, *, last: bool) -> bytes:
        """The chunk's clear bytes; raises :class:`FileLost` when it was changed, cut or moved."""
        try:
            return self._cipher.decrypt(_nonce(number, last=last), stored, self._place)
        except InvalidTag:
            raise FileLost from None


def _nonce(number: int, *, last: bool) -> bytes:
    return b"\0\0\0" + bytes([last]) + number.to_bytes(8, "big")


class Sealer:
    """Turns pieces as they come into chunks as they are stored."""

    def __init__(self, chunks: Chunks) -> None:
        self._chunks = chunks
        self._waiting = bytearray()
        self._number = 0

    def take(self, piece: bytes) -> bytes:
        """What may be written after another piece; the last chunk is kept back, because it is sealed differently."""
        self._waiting += piece
        ready = bytearray()
        while len(self._waiting) > CHUNK_BYTES:
            ready += self._chunks.seal(self._number, bytes(self._waiting[:CHUNK_BYTES]), last=False)
            del self._waiting[:CHUNK_BYTES]
            self._number += 1
        return bytes(ready)

    def finish(self) -> bytes:
        """The last chunk."""
        return self._chunks.seal(self._number, bytes(self._waiting), last=True)


Reader = Callable[[int, int], AsyncIterator[bytes]]
"""Reads stored bytes: the first, and the one after the last."""


async def open_range(chunks: Chunks, read: Reader, size: int, start: int, end: int) -> AsyncIterator[bytes]:
    """The clear bytes from ``start`` up to ``end`` of a content of ``size``; ``read`` gives the stored ones."""
    final = max(0, -(-size // CHUNK_BYTES) - 1)
    first, last = start // CHUNK_BYTES, max(0, end - 1) // CHUNK_BYTES
    number, waiting = first, bytearray()
    async for piece in read(first * _STORED_BYTES, min((last + 1) * _STORED_BYTES, stored_size(size))):
        waiting += piece
        while len(waiting) >= _STORED_BYTES:
            clear = chunks.open(number, bytes(waiting[:_STORED_BYTES]), last=number == final)
            del waiting[:_STORED_BYTES]
            yield _part(clear, number, start, end)
            number += 1
    if waiting:
        clear = chunks.open(number, bytes(waiting), last=number == final)
        yield _part(clear, number, start, end)
        number += 1
    if number <= last:
        raise FileLost


def _part(clear: bytes, number: int, start: int, end: int) -> bytes:
    offset = number * CHUNK_BYTES
    return clear[max(0, start - offset) : max(0, end - offset)]
