"""Audit entries of a unit of work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellkit.audit.entry import AuditEntry
from cellkit.ids import uuid7

if TYPE_CHECKING:
    from cellkit.pipeline.work import Work


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
