"""The audit chain's arithmetic: link entries, and find what was changed, removed or put elsewhere. No database here.

The chain by itself is not signed: whoever may rewrite the whole database can make a new, consistent one. The daily
heads (:mod:`cellkit.audit.heads`) are, and stand outside the database as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from cellkit.audit.entry import FIRST_FORM, GENESIS, AuditEntry, chain_hash


@dataclass(frozen=True, slots=True)
class Link:
    """A place in a tenant's chain: everything up to ``sequence`` is pinned by ``chain_hash``."""

    sequence: int = 0
    chain_hash: bytes = GENESIS


START = Link()

Damage = Literal["changed", "missing", "order", "head", "archive"]


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place where a chain does not hold.

    ``changed``: the entry's content is not what was written. ``missing``: entries were removed before it (or, without
    an ``entry_id``, at the end). ``order``: the entry is not the one that was linked here. ``head``: a signed head says
    otherwise. ``archive``: an archive in the list was not signed by this cell.
    """

    sequence: int
    entry_id: UUID | None
    damage: Damage


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed entry as it is stored."""

    entry: AuditEntry
    row_hash: bytes
    sequence: int
    chain_hash: bytes


def extend(link: Link, row_hash: bytes, algorithm: str = FIRST_FORM) -> Link:
    """The link after one more entry."""
    sequence = link.sequence + 1
    return Link(sequence, chain_hash(link.chain_hash, sequence, row_hash, algorithm))


def verify(tenant_id: UUID, rows: Iterable[Sealed], link: Link = START) -> tuple[Link, Broken | None]:
    """Check rows, by rising sequence, that follow ``link``; answers the last good link and the first damage."""
    for row in rows:
        identity = row.entry.id
        if row.sequence > link.sequence + 1:
            return link, Broken(link.sequence + 1, identity, "missing")
        if row.sequence <= link.sequence:
            return link, Broken(row.sequence, identity, "order")
        try:
            whole = row.entry.hash(tenant_id) == row.row_hash
        except ValueError:
            whole = False
        if not whole:
            return link, Broken(row.sequence, identity, "changed")
        following = extend(link, row.row_hash, row.entry.algorithm)
        if following.chain_hash != row.chain_hash:
            return link, Broken(row.sequence, identity, "order")
        link = following
    return link, None
