"""Small helpers around the kit's unit of work."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from cellkit.declare import Ledger
from cellkit.pipeline.work import Work

_memos: WeakKeyDictionary[Work, dict[str, Any]] = WeakKeyDictionary()

_LOCK = """
SELECT count(pg_advisory_xact_lock(k)) FROM unnest($2::bigint[]) AS k, (SELECT $1::uuid AS tenant_id) AS t
WHERE t.tenant_id = $1
"""


def ledger(work: Work, key: str) -> type[Ledger]:
    """A ledger of this cell by its key."""
    found = work.engine.tables[key]
    if not issubclass(found, Ledger):
        raise TypeError(key)
    return found


def memo(work: Work) -> dict[str, Any]:
    """What was looked up in this unit of work already, so that a batch asks once, not once a row."""
    return _memos.setdefault(work, {})


async def serialise(work: Work, purpose: str, values: Iterable[str]) -> None:
    """Make writers that touch the same values wait for each other until the transaction ends.

    For rules over rows that do not exist yet (no duplicate, not over a limit), where no row can be locked. Only
    digests go to the database.
    """
    keys = sorted(_digest(f"{work.tenant_id}|{purpose}|{item}") for item in set(values))
    if keys:
        await work.begin()
        await work.value(_LOCK, keys)


async def masked_owner(work: Work, user_id: str | None) -> str:
    """The owner of a row as someone sees him who may not see the row: the first letter of his name."""
    if not user_id:
        return ""
    known: dict[str, str] = memo(work).setdefault("masked owners", {})
    if user_id not in known:
        user = await work.user(user_id)
        name = "" if user is None else user.display_name or user.username
        known[user_id] = f"{name[:1]}***"
    return known[user_id]


def same(left: UUID | str | None, right: UUID | str | None) -> bool:
    """Whether two ids are the same, whichever form they have."""
    return left is not None and right is not None and str(left) == str(right)


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), signed=True)
