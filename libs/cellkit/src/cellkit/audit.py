"""The audit trail: what an entry is and how its hashes are made (wire contract; sealed in order after the commit)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

GENESIS = b"\x00" * 32


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry; ``before`` and ``after`` are JSON texts, secrets masked."""

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

    def hash(self, tenant_id: UUID) -> bytes:
        """SHA-256 over every part, each with its length so that no two entries read alike."""
        digest = hashlib.sha256()
        parts = (
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
        for part in parts:
            raw = b"" if part is None else part.encode()
            digest.update(b"%d:" % (-1 if part is None else len(raw)))
            digest.update(raw)
        return digest.digest()


def chain_hash(previous: bytes, sequence: int, row_hash: bytes) -> bytes:
    """The chain's next link."""
    return hashlib.sha256(previous + sequence.to_bytes(8, "big") + row_hash).digest()
