"""Signing keys: kept in the database, private halves encrypted, rotated without a token becoming invalid.

``next`` is published before it signs anything, so that the gateway's cached key set already knows it at rotation;
``previous`` keys stay published until the last token they signed has expired.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from cellkit.db.pool import Database
from cellkit.errors import Conflict, Unavailable
from cellkit.http.messages import to_json
from cellkit.secrets import KeyRing
from cellkit.settings import Settings

ISSUER = AUDIENCE = "superpaas"
ALGORITHM = "RS256"
PUBLISH_SECONDS = 600
_MARGIN_SECONDS = 300
_RELOAD_SECONDS = 5.0
_KEY_BITS = 2048
_LOCK = 7_260_411_003
_PLACE = "signing_keys.private_key"

_LIVE = """
SELECT id, state, private_key, public_key, activated_at FROM signing_keys
WHERE state IN ('next', 'current') OR (state = 'previous' AND retires_at > now())
ORDER BY created_at
"""
_RETIRE = """
UPDATE signing_keys SET state = 'previous', private_key = NULL, retires_at = now() + make_interval(secs => $1)
WHERE state = 'current'
"""


@dataclass(frozen=True, slots=True)
class _Loaded:
    key_id: str
    key: RSAKey
    activated_at: datetime
    key_set: bytes
    etag: str
    loaded_at: float


def ring_of(settings: Settings) -> KeyRing:
    """The keys that private keys are encrypted with: the configured ring, else one derived from the master secret."""
    if settings.field_encryption_keys:
        return KeyRing.parse(settings.field_encryption_keys)
    derived = hashlib.sha256(f"identity:signing-keys:{settings.key_of(settings.service_name)}".encode()).digest()
    return KeyRing({"derived": derived})


class KeyStore:
    """Signs tokens with the current key and publishes the key set."""

    def __init__(self, database: Database, ring: KeyRing, *, token_seconds: int, oldest_days: int = 90) -> None:
        self._database = database
        self._ring = ring
        self._token_seconds = token_seconds
        self._oldest_days = oldest_days
        self._loaded: _Loaded | None = None
        self._loading = asyncio.Lock()

    async def sign(self, claims: Mapping[str, Any], lifetime_seconds: int) -> str:
        """An access token; issuer, audience, times and id are added."""
        current = await self._current()
        now = int(time.time())
        full = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + lifetime_seconds,
            "jti": str(uuid.uuid4()),
            **claims,
        }
        header = {"alg": ALGORITHM, "kid": current.key_id}
        return jwt.encode(header, full, current.key, algorithms=[ALGORITHM])

    async def key_set(self) -> tuple[bytes, str]:
        """The JWKS document and its ETag."""
        current = await self._current()
        return current.key_set, current.etag

    async def check(self) -> None:
        """Raise when no key can be had."""
        await self._current()

    async def rotate(self, connection: Any, *, force: bool = False) -> dict[str, Any]:
        """Make the next key the current one, in the caller's transaction; returns ``{"current", "next", "previous"}``.

        Refused with 409 while the next key is too young for the gateway to know it, unless ``force``.
        """
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
        young = await connection.fetchval(
            "SELECT created_at > now() - make_interval(secs => $1) FROM signing_keys WHERE state = 'next'",
            float(PUBLISH_SECONDS),
        )
        if young and not force:
            raise Conflict(reason="next key published less than 10 minutes ago / 备用密钥发布不足 10 分钟")
        return await self._turn(connection)

    def forget(self) -> None:
        """Load anew at the next use."""
        self._loaded = None

    async def keep_fresh(self) -> None:
        """Rotate by age and drop retired keys; safe to run in every replica."""
        async with self._database.transaction("") as connection:
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
            await connection.execute(
                "UPDATE signing_keys SET state = 'retired' WHERE state = 'previous' AND retires_at <= now()"
            )
            aged = await connection.fetchval(
                "SELECT activated_at < now() - make_interval(days => $1) FROM signing_keys WHERE state = 'current'",
                self._oldest_days,
            )
            if aged:
                await self._turn(connection)
        if aged:
            self.forget()

    async def _turn(self, connection: Any) -> dict[str, Any]:
        await connection.execute(_RETIRE, float(self._token_seconds + _MARGIN_SECONDS))
        await connection.execute("UPDATE signing_keys SET state = 'current', activated_at = now() WHERE state = 'next'")
        await self._insert(connection, "next")
        rows = await connection.fetch(
            "SELECT id, state FROM signing_keys WHERE state IN ('current', 'next', 'previous')"
        )
        return {
            "current": next(row["id"] for row in rows if row["state"] == "current"),
            "next": next(row["id"] for row in rows if row["state"] == "next"),
            "previous": [row["id"] for row in rows if row["state"] == "previous"],
        }

    async def _insert(self, connection: Any, state: str) -> None:
        name = uuid.uuid4().hex[:16]
        key = await asyncio.to_thread(
            RSAKey.generate_key, _KEY_BITS, parameters={"kid": name, "use": "sig", "alg": ALGORITHM}
        )
        private = key.as_pem(private=True).decode()
        await connection.execute(
            "INSERT INTO signing_keys (id, state, private_key, public_key, activated_at)"
            " VALUES ($1, $2, $3, $4, CASE WHEN $2 = 'current' THEN now() END)",
            name,
            state,
            self._ring.encrypt(private, name, _PLACE),
            key.as_dict(private=False),
        )

    async def _current(self) -> _Loaded:
        loaded = self._loaded
        if loaded is not None and time.monotonic() - loaded.loaded_at < _RELOAD_SECONDS:
            return loaded
        async with self._loading:
            loaded = self._loaded
            if loaded is None or time.monotonic() - loaded.loaded_at >= _RELOAD_SECONDS:
                loaded = self._loaded = await self._load(loaded)
        return loaded

    async def _load(self, before: _Loaded | None) -> _Loaded:
        async with self._database.session("") as connection:
            rows = await connection.fetch(_LIVE)
            if not {"current", "next"} <= {row["state"] for row in rows}:
                await self._make_missing(connection)
                rows = await connection.fetch(_LIVE)
        row = next((item for item in rows if item["state"] == "current"), None)
        if row is None:
            raise Unavailable
        if before is not None and before.key_id == row["id"]:
            key = before.key
        else:
            key = RSAKey.import_key(self._ring.decrypt(row["private_key"], row["id"], _PLACE))
        key_set = to_json({"keys": [item["public_key"] for item in rows]})
        etag = f'"{hashlib.sha256(key_set).hexdigest()[:20]}"'
        return _Loaded(row["id"], key, row["activated_at"], key_set, etag, time.monotonic())

    async def _make_missing(self, connection: Any) -> None:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
            present = {row["state"] for row in await connection.fetch("SELECT state FROM signing_keys")}
            for state in ("current", "next"):
                if state not in present:
                    await self._insert(connection, state)
