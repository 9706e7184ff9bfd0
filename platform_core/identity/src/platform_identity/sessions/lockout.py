"""Lockout: five failures lock a name for fifteen minutes, whether or not there is such a user."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

from cellkit.errors import Unauthorized
from platform_identity.common.parts import Secrets

MOST_FAILURES = 5
LOCK_MINUTES = 15

# Failures older than the lock's length no longer count, so that a slip a day never locks anybody.
_COUNT = """
INSERT INTO login_locks AS l (name_key, failures, last_failure_at) VALUES ($1, 1, now())
ON CONFLICT (name_key) DO UPDATE SET
    failures = CASE WHEN l.last_failure_at < now() - make_interval(mins => $3) THEN 1 ELSE l.failures + 1 END,
    locked_until = CASE
        WHEN l.locked_until > now() THEN l.locked_until
        WHEN l.last_failure_at >= now() - make_interval(mins => $3) AND l.failures + 1 >= $2
            THEN now() + make_interval(mins => $3) END,
    last_failure_at = now()
RETURNING locked_until
"""


class BadCredentials(Unauthorized):
    """One answer for an unknown tenant, an unknown user, a wrong password and a disabled account."""

    zh = "租户、用户名或密码不正确，或账号已停用"
    en = "Wrong tenant, username or password, or the account is disabled"


class AccountLocked(Unauthorized):
    """Too many failures under this name."""

    zh = "密码错误次数过多，账号已锁定，请 {minutes} 分钟后再试"
    en = "Too many failures; the account is locked, try again in {minutes} minutes"


def name_key(secrets: Secrets, tenant_code: str, username: str) -> bytes:
    """The key of a name's lock."""
    return secrets.digest("lock", f"{tenant_code.lower()}\n{username.lower()}".encode())


async def refuse_locked(connection: Any, key: bytes) -> None:
    """Raise :class:`AccountLocked` while the name is locked."""
    until = await connection.fetchval("SELECT locked_until FROM login_locks WHERE name_key = $1", key)
    _raise_if_locked(until)


async def count_failure(connection: Any, key: bytes) -> None:
    """Count a failure in one statement; raises :class:`AccountLocked` when it locks the name."""
    until = await connection.fetchval(_COUNT, key, MOST_FAILURES, LOCK_MINUTES)
    _raise_if_locked(until)


async def forget_failures(connection: Any, key: bytes) -> None:
    """After a success.

    Raises :class:`AccountLocked` when others failed meanwhile: a right guess among many at the same time must not
    count once the name is locked.
    """
    row = await connection.fetchrow("SELECT locked_until FROM login_locks WHERE name_key = $1 FOR UPDATE", key)
    if row is not None:
        _raise_if_locked(row["locked_until"])
        await connection.execute("DELETE FROM login_locks WHERE name_key = $1", key)


async def unlock(connection: Any, key: bytes) -> bool:
    """Open a lock by hand; returns whether there was one."""
    return bool(await connection.fetchval("DELETE FROM login_locks WHERE name_key = $1 RETURNING true", key))


def _raise_if_locked(until: datetime | None) -> None:
    if until is not None and until > datetime.now(UTC):
        seconds = (until - datetime.now(UTC)).total_seconds()
        raise AccountLocked(minutes=max(1, math.ceil(seconds / 60)))
