"""Refresh tokens: ``r1.<tenant>.<session>.<sequence>.<proof>``.

The proof is a keyed digest over the rest and the session's secret nonce. So a spent token is told apart from an
invented one: the first ends the session, the second cannot, and the database holds nothing that could be used.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from uuid import UUID

from platform_identity.common.parts import Secrets

_PARTS = 5
_LONGEST = 200
_MOST_REFRESHES = 2**31 - 1


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """What a token says of itself, proven only by :meth:`is_genuine`."""

    tenant_id: UUID
    session_id: UUID
    sequence: int
    proof: str

    def is_genuine(self, secrets: Secrets, nonce: bytes) -> bool:
        """Whether we made it."""
        expected = _proof(secrets, self.tenant_id, self.session_id, self.sequence, nonce)
        return hmac.compare_digest(expected.encode(), self.proof.encode())


def make(secrets: Secrets, tenant_id: UUID, session_id: UUID, sequence: int, nonce: bytes) -> str:
    """The text of a session's token."""
    proof = _proof(secrets, tenant_id, session_id, sequence, nonce)
    return f"r1.{tenant_id.hex}.{session_id.hex}.{sequence}.{proof}"


def parse(text: str) -> RefreshToken | None:
    """Read a token; None when it is none."""
    parts = text.split(".") if len(text) <= _LONGEST and text.isascii() else []
    if len(parts) != _PARTS or parts[0] != "r1" or not parts[3].isdigit() or len(parts[3]) > 10:
        return None
    try:
        tenant_id, session_id = UUID(parts[1]), UUID(parts[2])
    except ValueError:
        return None
    sequence = int(parts[3])
    return RefreshToken(tenant_id, session_id, sequence, parts[4]) if sequence <= _MOST_REFRESHES else None


def _proof(secrets: Secrets, tenant_id: UUID, session_id: UUID, sequence: int, nonce: bytes) -> str:
    digest = secrets.digest("refresh", tenant_id.bytes + session_id.bytes + sequence.to_bytes(8, "big") + nonce)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
