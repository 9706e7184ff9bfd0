"""What an audit entry is, and how its hashes are made (wire contract; sealed in order after the commit)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cellkit.settings import Settings, SettingsError

GENESIS = b"\x00" * 32
FIRST_FORM = "sha256-v1"
"""Entries written before the client and the algorithm were part of the hash."""

ALGORITHMS = ("sha256", "sm3")


class _Sm3:
    """SM3 (GB/T 32905) through OpenSSL, with the face of ``hashlib``."""

    def __init__(self) -> None:
        from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - only where the setting asks for it

        self._hash = hashes.Hash(hashes.SM3())

    def update(self, data: bytes, /) -> None:
        self._hash.update(data)

    def digest(self) -> bytes:
        return self._hash.finalize()


def _new_digest(algorithm: str) -> hashlib._Hash | _Sm3:
    if algorithm == "sm3":
        return _Sm3()
    if algorithm in (FIRST_FORM, "sha256"):
        return hashlib.sha256()
    raise ValueError(algorithm)


def algorithm_of(settings: Settings) -> str:
    """``AUDIT_HASH``: ``sha256`` (default) or ``sm3``; raises :class:`SettingsError`."""
    name = settings.environment.get("AUDIT_HASH") or "sha256"
    if name not in ALGORITHMS:
        message = f"AUDIT_HASH must be one of {', '.join(ALGORITHMS)}, not {name!r}"
        raise SettingsError(message)
    return name


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry; ``before`` and ``after`` are JSON texts, secrets masked, personal values sealed.

    ``address`` and ``agent`` tell from where (client address, User-Agent), ``channel`` through which door: empty for
    the ordinary API, ``mcp`` for agent tools.
    """

    id: UUID
    at: datetime
    user_id: str
    action: str
    entity: str
    entity_id: str
    before: str | None
    after: str | None
    request_id: str
    address: str
    algorithm: str = FIRST_FORM
    agent: str = ""
    channel: str = ""

    def hash(self, tenant_id: UUID) -> bytes:
        """The digest of every part, each with its length so that no two entries read alike.

        Raises :class:`ValueError` for an algorithm nobody knows.
        """
        digest = _new_digest(self.algorithm)
        parts: tuple[str | None, ...] = (
            str(tenant_id),
            str(self.id),
            self.at.isoformat(),
            self.user_id,
            self.action,
            self.entity,
            self.entity_id,
            self.before,
            self.after,
            self.request_id,
            self.address,
        )
        if self.algorithm != FIRST_FORM:
            parts += (self.algorithm, self.agent, self.channel)
        pieces = []
        for part in parts:
            raw = b"" if part is None else part.encode()
            pieces.append(b"%d:" % (-1 if part is None else len(raw)))
            pieces.append(raw)
        digest.update(b"".join(pieces))
        return digest.digest()


def chain_hash(previous: bytes, sequence: int, row_hash: bytes, algorithm: str = FIRST_FORM) -> bytes:
    """The chain's next link."""
    digest = _new_digest(algorithm)
    digest.update(previous + sequence.to_bytes(8, "big") + row_hash)
    return digest.digest()
