"""Which tenants wait for what: known in memory, so that a write that no rule waits for pays a look-up."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from cellkit.db.kit_tables import SYSTEM_TENANT
from cellkit.http.messages import to_json
from cellkit.ids import uuid7
from cellkit.notifications.checks import STATE_PREFIX
from cellkit.notifications.writing import add_notices, kept_values

if TYPE_CHECKING:
    from cellkit.db.pool import Database
    from cellkit.pipeline.outgoing import PendingAudit
    from cellkit.pipeline.statement import Statement
    from cellkit.pipeline.tracked import Tracked
    from cellkit.pipeline.work import Work

_TRIGGER = (
    ("id", "uuid"), ("entity", "text"), ("entity_id", "text"), ("happened", "text"), ("state", "text"),
    ("actor", "text"), ("details", "text"), ("created_at", "timestamptz"),
)  # fmt: skip
_PAST = {"create": "created", "update": "updated", "delete": "deleted"}
_ACTIVE = "SELECT tenant_id, entity, happens FROM kit_notification_rule WHERE active"


class Watcher:
    """Adds notices and triggers to works. Until the rules are known for the first time, everything is a trigger."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[tuple[str, str], frozenset[str]] | None = None
        self.added = False

    async def load(self) -> None:
        """Read the rules of all tenants."""
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        async with self._database.session(SYSTEM_TENANT) as connection:
            for record in await connection.fetch(_ACTIVE):
                found[str(record["tenant_id"]), record["entity"]].add(record["happens"])
        self._known = {key: frozenset(happens) for key, happens in found.items()}

    def __call__(self, work: Work, statement: Statement) -> None:
        """Put the work's notices into its statement, and a trigger for what rules wait for."""
        if work.notices:
            add_notices(work, statement)
            self.added = True
        known = self._known
        if known is None or known:
            self._watch(work, statement, known)

    def _watch(self, work: Work, statement: Statement, known: dict[tuple[str, str], frozenset[str]] | None) -> None:
        tenant = work.caller.tenant_id
        rows = []
        for index, pending in enumerate(work.audits):
            tracked = pending.tracked
            if tracked is None or tracked.vanished or tracked.table.kind != "document":
                continue
            key = tracked.table.key
            wanted = None if known is None else known.get((tenant, key))
            if known is not None and not wanted:
                continue
            verb = pending.action.removeprefix(f"{key}.")
            happened, state = _PAST.get(verb, verb), _came_to(tracked, work.audits[index + 1 :])
            if wanted is None or happened in wanted or (state and STATE_PREFIX + state in wanted):
                kept = to_json(kept_values(tracked.table, tracked.row)).decode()
                identity = str(tracked.row["id"])
                rows.append((uuid7(), key, identity, happened, state, work.caller.user_id, kept, work.now))
        if rows:
            statement.insert("kit_notification_trigger", _TRIGGER, rows)
            self.added = True


def _came_to(tracked: Tracked, later: list[PendingAudit]) -> str:
    """The state that a work brought a document to; told by the last of its entries alone."""
    if tracked.removed or any(pending.tracked is tracked for pending in later):
        return ""
    state: Any = tracked.row.get("state")
    return state if state and (tracked.before or {}).get("state") != state else ""
