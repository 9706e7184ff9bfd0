"""Dry runs: a work is prepared, checked and written, its effect told, and everything undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellkit.http.messages import from_json
from cellkit.pipeline.auditing import Audited
from cellkit.privacy.sealing import EntryOpener

if TYPE_CHECKING:
    from cellkit.pipeline.work import Work


async def end_dry_run(work: Work, audits: list[Audited], event_types: list[str]) -> None:
    """Check what the end of a transaction would check, tell ``caller.dry_run`` what would change, and undo it.

    Each entry is ``{"action", "entity", "id", "before", "after"}`` as the audit trail would hold it, in clear;
    the last one ``{"events": [types]}``. Numbers taken from a block stay taken.
    """
    await work.begin()
    await work.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    await work.rollback()
    told: list[Any] = work.caller.dry_run if work.caller.dry_run is not None else []
    for action, entity, identity, before, after, key in audits:
        opener = EntryOpener(work.engine.keys, work.caller.tenant_id, key)
        values = [None if text is None else opener.open(from_json(text)) for text in (before, after)]
        told.append({"action": action, "entity": entity, "id": identity, "before": values[0], "after": values[1]})
    told.append({"events": event_types})
