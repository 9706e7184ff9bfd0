"""argon2id, off the event loop and never more at once than the machine can bear."""

from __future__ import annotations

import asyncio
import os

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# Of a user who has no password yet: nothing matches it, and trying takes as long as with any other.
UNUSABLE = "!"

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# Verified when there is no such user, so that both answers take the same time. Of no known password.
NOBODYS_HASH = _hasher.hash(os.urandom(24))


def hash_now(password: str) -> str:
    """The hash, on this thread (at first boot)."""
    return _hasher.hash(password)


def matches_now(stored: str, password: str) -> bool:
    """Whether the password is the stored one, on this thread."""
    try:
        return _hasher.verify(NOBODYS_HASH if stored == UNUSABLE else stored, password)
    except (VerificationError, InvalidHashError):
        return False


class Hasher:
    """Hashing for the request path."""

    def __init__(self, at_once: int | None = None) -> None:
        self.slots = asyncio.Semaphore(at_once or max(1, os.cpu_count() or 1))

    async def hash(self, password: str) -> str:
        """A new hash."""
        async with self.slots:
            return await asyncio.to_thread(hash_now, password)

    async def matches_in_slot(self, stored: str, password: str) -> bool:
        """Like :meth:`matches`, for a caller that holds one of ``slots`` already."""
        return await asyncio.to_thread(matches_now, stored, password)

    async def matches(self, stored: str, password: str) -> bool:
        """Whether the password is the stored one."""
        async with self.slots:
            return await asyncio.to_thread(matches_now, stored, password)

    async def matches_any(self, stored: list[str], password: str) -> bool:
        """Whether the password is one of the stored ones."""
        async with self.slots:
            return await asyncio.to_thread(lambda: any(matches_now(item, password) for item in stored))
