"""Whether what is signed agrees with the chain in the database: daily heads and archives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from cellkit.audit.chain import START, Broken, Sealed
from cellkit.audit.heads import Head
from cellkit.audit.keeper import Keeper
from cellkit.audit.signing import signed_by


def heads_agree(rows: Sequence[Sealed], heads: Mapping[int, Head], keeper: Keeper) -> Broken | None:
    """The first head that is not the chain's own, or not signed by the cell."""
    if not heads:
        return None
    trusted = keeper.trusted_keys
    for row in rows:
        head = heads.get(row.sequence)
        if head is None:
            continue
        try:
            values = head.values
            good = values["chainHash"] == row.chain_hash.hex() and values["publicKey"] in trusted and head.signed()
        except (ValueError, KeyError):
            good = False
        if not good:
            return Broken(row.sequence, row.entry.id, "head")
    return None


async def sound_archives(connection: Any, tenant_id: UUID, keeper: Keeper) -> Broken | None:
    """Whether every archive was signed by the cell and continues the one before it."""
    records = await connection.fetch(
        "SELECT first_sequence, last_sequence, chain_hash, statement, signature FROM kit_audit_archive "
        "WHERE tenant_id = $1 ORDER BY last_sequence",
        tenant_id,
    )
    trusted = keeper.trusted_keys
    place = {"sequence": START.sequence, "chainHash": START.chain_hash.hex()}
    for record in records:
        try:
            told = msgspec.json.decode(record["statement"])
            good = (
                told["publicKey"] in trusted
                and signed_by(told["publicKey"], record["statement"].encode(), record["signature"])
                and told["tenant"] == str(tenant_id)
                and told["after"] == place
                and (told["sequence"], told["chainHash"]) == (record["last_sequence"], record["chain_hash"].hex())
            )
        except (msgspec.DecodeError, KeyError, TypeError):
            good = False
        if not good:
            return Broken(record["first_sequence"], None, "archive")
        place = {"sequence": record["last_sequence"], "chainHash": record["chain_hash"].hex()}
    return None
