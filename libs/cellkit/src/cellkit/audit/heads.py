"""Signed heads: once a day the state of each tenant's chain is signed, so that no later rewriting goes unnoticed.

A head is a JSON text, signed as it stands. It pins everything up to ``sequence``, and the head before it
(``previous``), so that removing one is noticed as well.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from cellkit.audit.chain import Link
from cellkit.audit.signing import SigningKey, signed_by

FORMAT = "superpaas-audit-head/1"


@dataclass(frozen=True, slots=True)
class Head:
    """A signed head; ``text`` is what was signed."""

    text: str
    signature: bytes

    @property
    def values(self) -> dict[str, Any]:
        """What it says; raises :class:`ValueError` when it is no head."""
        try:
            values = msgspec.json.decode(self.text)
        except msgspec.DecodeError as error:
            raise ValueError(str(error)) from error
        if not isinstance(values, dict) or values.get("format") != FORMAT:
            raise ValueError(FORMAT)
        return values

    @property
    def digest(self) -> str:
        """What the next head calls ``previous``."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def signed(self) -> bool:
        """Whether the signature is that of the key the head names."""
        return signed_by(str(self.values.get("publicKey", "")), self.text.encode(), self.signature)


def make_head(
    key: SigningKey,
    *,
    cell: str,
    tenant_id: UUID,
    day: date,
    link: Link,
    count: int,
    holds: bool,
    previous: str | None,
    moment: datetime,
) -> Head:
    """Sign the chain's state; ``count`` entries since the head before, ``holds``: they were checked and are whole."""
    text = canonical(
        {
            "format": FORMAT,
            "cell": cell,
            "tenant": str(tenant_id),
            "day": day.isoformat(),
            "sequence": link.sequence,
            "chainHash": link.chain_hash.hex(),
            "count": count,
            "holds": holds,
            "previous": previous,
            "signedAt": moment.isoformat(),
            "publicKey": key.public,
        }
    )
    return Head(text, key.sign(text.encode()))


def canonical(values: dict[str, Any]) -> str:
    """JSON in one fixed form."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
