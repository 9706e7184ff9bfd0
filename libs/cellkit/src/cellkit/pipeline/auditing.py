"""Audit entries of a unit of work: made from its pending ones, personal values sealed, and put into its statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellkit.audit.entry import AuditEntry
from cellkit.http.messages import to_json
from cellkit.ids import uuid7
from cellkit.pipeline.outgoing import PendingAudit, differences, masked_row
from cellkit.pipeline.statement import Statement
from cellkit.pipeline.tracked import Tracked
from cellkit.privacy.sealing import EntrySeal, seals

if TYPE_CHECKING:
    from cellkit.pipeline.work import Work

_AUDIT = (
    ("id", "uuid"), ("at", "timestamptz"), ("user_id", "text"), ("action", "text"), ("entity", "text"),
    ("entity_id", "text"), ("before", "text"), ("after", "text"), ("request_id", "text"), ("address", "text"),
    ("row_hash", "bytea"), ("algorithm", "text"), ("agent", "text"), ("channel", "text"),
)  # fmt: skip
_AUDIT_KEY = (("audit_id", "uuid"), ("entity", "text"), ("entity_id", "text"), ("wrapped", "text"))
Audited = tuple[str, str, str, bytes | None, bytes | None, str | None]
"""Action, entity, entity id, before, after, the key of what is sealed in them."""


def audit_entry(
    work: Work, action: str, entity: str, entity_id: str, before: bytes | None, after: bytes | None
) -> AuditEntry:
    """An audit entry of this work's caller and moment."""
    return AuditEntry(
        id=uuid7(),
        at=work.now,
        user_id=work.caller.user_id,
        action=action,
        entity=entity,
        entity_id=entity_id,
        before=None if before is None else before.decode(),
        after=None if after is None else after.decode(),
        request_id=work.caller.request_id,
        address=work.caller.address,
        algorithm=work.engine.audit_algorithm,
        agent=work.caller.agent,
        channel=work.caller.channel,
    )


def audits_of(work: Work, rows_json: dict[int, bytes]) -> list[Audited]:
    """The entries to be written; ``rows_json`` keeps the JSON of rows for events and the answer."""
    return [
        (pending.action, *_audited(work, pending, rows_json))
        for pending in work.audits
        if pending.tracked is None or not pending.tracked.vanished
    ]


def write_audits(work: Work, statement: Statement, audits: list[Audited]) -> None:
    """Put the entries, and the keys of what is sealed in them, into the statement."""
    values, keys = [], []
    for action, entity, entity_id, before, after, key in audits:
        entry = audit_entry(work, action, entity, entity_id, before, after)
        values.append(
            (
                entry.id,
                entry.at,
                entry.user_id,
                entry.action,
                entry.entity,
                entry.entity_id,
                entry.before,
                entry.after,
                entry.request_id,
                entry.address,
                entry.hash(work.tenant_id),
                entry.algorithm,
                entry.agent,
                entry.channel,
            )
        )
        if key is not None:
            keys.append((entry.id, entity, entity_id, key))
    if values:
        statement.insert("kit_audit", _AUDIT, values)
    if keys:
        statement.insert("kit_audit_key", _AUDIT_KEY, keys)


def row_json(tracked: Tracked, rows_json: dict[int, bytes]) -> bytes:
    """A row as audit and events show it, made once."""
    made = rows_json.get(id(tracked.row))
    if made is None:
        made = rows_json[id(tracked.row)] = to_json(masked_row(tracked))
    return made


def _audited(
    work: Work, pending: PendingAudit, rows_json: dict[int, bytes]
) -> tuple[str, str, bytes | None, bytes | None, str | None]:
    tracked = pending.tracked
    if tracked is None:
        after = None if pending.after is None else to_json(pending.after)
        return pending.entity, pending.entity_id, None, after, None
    key, identity = tracked.table.key, str(tracked.row["id"])
    if work.engine.keys is not None and seals(tracked.table):
        return key, identity, *_sealed(work, tracked)
    if tracked.before is None:
        return key, identity, None, row_json(tracked, rows_json), None
    if tracked.removed:
        return key, identity, row_json(tracked, rows_json), None, None
    before_values, after_values = differences(tracked)
    return key, identity, to_json(before_values), to_json(after_values), None


def _sealed(work: Work, tracked: Tracked) -> tuple[bytes | None, bytes | None, str | None]:
    """Before, after, and the key of the personal values in them."""
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    if tracked.before is None:
        after = masked_row(tracked)
    elif tracked.removed:
        before = masked_row(tracked)
    else:
        before, after = differences(tracked)
    seal = EntrySeal(work.engine.keys, work.caller.tenant_id)  # type: ignore[arg-type]  # asked by the caller
    texts = [None if values is None else to_json(seal.seal(tracked.table, values)) for values in (before, after)]
    return texts[0], texts[1], seal.wrapped
