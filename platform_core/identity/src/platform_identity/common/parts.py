"""The parts of the running service that features share."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from cellkit.db.pool import Database
from cellkit.http.application import Application
from cellkit.ops.client import ServiceClient
from cellkit.settings import Settings
from platform_identity.passwords.hashing import Hasher
from platform_identity.tokens.keys import KeyStore


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long tokens live, in seconds."""

    access: int
    refresh: int
    session: int
    service: int = 900


class Secrets:
    """Keys of identity's own, each derived from the platform's master secret for one purpose."""

    def __init__(self, master: str) -> None:
        self._master = master.encode()

    def digest(self, purpose: str, text: bytes) -> bytes:
        """A keyed digest for one purpose."""
        key = hmac.digest(self._master, f"identity:{purpose}".encode(), "sha256")
        return hmac.digest(key, text, "sha256")


@dataclass(frozen=True, slots=True)
class Parts:
    """What routes are made with."""

    settings: Settings
    application: Application
    database: Database
    client: ServiceClient
    hasher: Hasher
    keys: KeyStore
    secrets: Secrets
    lifetimes: Lifetimes
