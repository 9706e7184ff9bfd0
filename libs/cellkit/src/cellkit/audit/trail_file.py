"""The trail as a file: JSON lines an auditor can check without a database or a running platform.

A ``header``, the ``entry`` lines in order, a ``head`` line after the entry each head pins, and a signed ``end`` with
the digest of every line before it. Exports and archives have the same form; an archive is packed with gzip.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from cellkit.audit.chain import Link, Sealed
from cellkit.audit.entry import AuditEntry
from cellkit.audit.heads import Head, canonical
from cellkit.audit.signing import SigningKey

FORMAT = "superpaas-audit/1"
_TEXTS = ("user_id", "action", "entity", "entity_id", "before", "after", "request_id", "address")
_LATER_TEXTS = ("algorithm", "agent", "channel")


class TrailWriter:
    """Makes the lines of one file, in order: :meth:`header`, entries and heads, :meth:`end`."""

    def __init__(self, key: SigningKey, cell: str, tenant_id: UUID, start: Link, moment: datetime) -> None:
        self._key = key
        self._head = {
            "type": "header",
            "format": FORMAT,
            "cell": cell,
            "tenant": str(tenant_id),
            "after": {"sequence": start.sequence, "chainHash": start.chain_hash.hex()},
            "madeAt": moment.isoformat(),
            "publicKey": key.public,
        }
        self._digest = hashlib.sha256()
        self.link = start
        self.count = 0
        self.statement = ""
        self.signature = b""

    def header(self) -> bytes:
        """The first line."""
        return self._line(self._head)

    def entry(self, row: Sealed) -> bytes:
        """An entry; its values stand as they were hashed."""
        self.link = Link(row.sequence, row.chain_hash)
        self.count += 1
        return self._line(
            {
                "type": "entry",
                "sequence": row.sequence,
                "id": str(row.entry.id),
                "at": row.entry.at.isoformat(),
                **{name: getattr(row.entry, name) for name in (*_TEXTS, *_LATER_TEXTS)},
                "rowHash": row.row_hash.hex(),
                "chainHash": row.chain_hash.hex(),
            }
        )

    def head(self, head: Head) -> bytes:
        """A signed head."""
        return self._line({"type": "head", "head": head.text, "signature": base64.b64encode(head.signature).decode()})

    def end(self) -> bytes:
        """The last line: what the file holds, signed."""
        self.statement = canonical(
            {
                "format": FORMAT,
                "cell": self._head["cell"],
                "tenant": self._head["tenant"],
                "after": self._head["after"],
                "sequence": self.link.sequence,
                "chainHash": self.link.chain_hash.hex(),
                "entries": self.count,
                "sha256": self._digest.hexdigest(),
                "publicKey": self._key.public,
            }
        )
        self.signature = self._key.sign(self.statement.encode())
        shown = base64.b64encode(self.signature).decode()
        return self._line({"type": "end", "end": self.statement, "signature": shown})

    def _line(self, values: dict[str, Any]) -> bytes:
        line = msgspec.json.encode(values) + b"\n"
        self._digest.update(line)
        return line


def read_entry(values: dict[str, Any]) -> Sealed:
    """The entry of a line; raises :class:`ValueError`, :class:`KeyError` or :class:`TypeError` when it is none."""
    texts = [values[name] for name in (*_TEXTS, *_LATER_TEXTS)]
    if not all(
        isinstance(text, str) or (text is None and name in ("before", "after"))
        for name, text in zip((*_TEXTS, *_LATER_TEXTS), texts, strict=True)
    ):
        raise TypeError
    entry = AuditEntry(UUID(values["id"]), datetime.fromisoformat(values["at"]), *texts)
    sequence = values["sequence"]
    if isinstance(sequence, bool) or not isinstance(sequence, int) or not 0 < sequence < 2**63:
        raise ValueError(sequence)
    return Sealed(entry, bytes.fromhex(values["rowHash"]), sequence, bytes.fromhex(values["chainHash"]))
