"""Any action of any document may need an approval first: the tenant publishes a flow for it.

Such an action is held: asking for it starts an approval, the document stays as it is and is locked, and the end of the
approval runs the action with the parameters it was asked with. Only what people ask for is held, not what the cell's
own code does. Which actions a tenant holds is remembered for half a minute (at once where the flow was published by
the same process), so requests pay a look-up in a dictionary.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cellkit.approval import store
from cellkit.approval.errors import InApproval
from cellkit.declare.document import Document, Row
from cellkit.errors import StateConflict
from cellkit.labels import L
from cellkit.pipeline.validate import parameters_row

if TYPE_CHECKING:
    from cellkit.approval.service import Approvals
    from cellkit.approval.store import Stored
    from cellkit.pipeline.work import Work

FRESH_SECONDS = 30.0
_MOST_TENANTS = 10_000
_HELD = """
SELECT entity, verb FROM kit_approval_flow
WHERE tenant_id = $1 AND state = 'active' AND coalesce(verb, '') <> ''
UNION SELECT entity, '' FROM kit_approval WHERE tenant_id = $1 AND status = 'running' AND verb IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class _Known:
    until: float
    actions: frozenset[tuple[str, str]]
    entities: frozenset[str]


class HeldActions:
    """The actions that a cell's tenants hold."""

    def __init__(self, service: Approvals) -> None:
        self._service = service
        self._known: dict[str, _Known] = {}
        self._telling = frozenset(
            f"{service.engine.cell}.{word}.v1"
            for word in (
                "approval_flow.published",
                "approval_flow.activated",
                "approval_flow.deactivated",
                "approval.started",
            )
        )
        service.engine.committed.append(self._committed)

    def _committed(self, types: Collection[str]) -> None:
        if not self._telling.isdisjoint(types):
            self._known.clear()

    async def _of(self, work: Work) -> _Known:
        tenant = work.caller.tenant_id
        found = self._known.get(tenant)
        if found is None or time.monotonic() >= found.until:
            records = await work.connection.fetch(_HELD, work.tenant_id)
            pairs = frozenset((record["entity"], record["verb"]) for record in records)
            found = _Known(time.monotonic() + FRESH_SECONDS, pairs, frozenset(entity for entity, _ in pairs))
            if len(self._known) >= _MOST_TENANTS:
                self._known.clear()
            self._known[tenant] = found
        return found

    async def waiting(self, work: Work, document: type[Document], row: Row) -> Stored | None:
        """The running approval of a held action of a document."""
        if document.kit or document.key not in (await self._of(work)).entities:
            return None
        stored = await store.running(work, document.key, row["id"])
        return stored if stored is not None and stored.verb is not None else None

    async def act(
        self, work: Work, document: type[Document], row: Row, verb: str, parameters: Mapping[str, Any]
    ) -> Any:
        """An action that somebody asks for: done, or held until it is approved."""
        bound = document.bound_flow
        if document.kit or (bound is not None and verb in bound.verbs):
            return await work.act(document, row, verb, parameters)
        known = await self._of(work)
        if document.key not in known.entities:
            return await work.act(document, row, verb, parameters)
        stored = await store.running(work, document.key, row["id"])
        if stored is not None and stored.verb is not None:
            return await self._again(work, document, stored, verb, parameters)
        if (document.key, verb) not in known.actions:
            return await work.act(document, row, verb, parameters)
        action = document.actions[verb]
        if action.source is not None and row["state"] not in action.source:
            language = work.caller.language
            label = document.states.label(row["state"]).text(language) if document.states else ""
            raise StateConflict(state=label, action=action.label.text(language))
        wanted = {name: value for name, value in parameters.items() if name != "approvers"}
        parameters_row(action.parameters, wanted)
        opened = await self._service.open_held(work, document, row, verb, wanted, parameters.get("approvers"))
        if opened is None:
            return await work.act(document, row, verb, wanted)
        return {"approval": {"id": str(opened.id), "status": opened.status}}

    async def _again(
        self, work: Work, document: type[Document], stored: Stored, verb: str, parameters: Mapping[str, Any]
    ) -> Any:
        """The starter asks again for what was returned to him."""
        if verb != stored.verb or stored.instance.returned is None:
            action = document.actions[verb].label
            raise InApproval(step=self._service.step_label(stored), action=L(f"执行“{action.zh}”", action.en))
        wanted = {name: value for name, value in parameters.items() if name not in ("approvers", "version")}
        parameters_row(document.actions[verb].parameters, wanted)
        stored.parameters = wanted
        await self._service.resubmit_held(work, stored, parameters.get("approvers"))
        return {"approval": {"id": str(stored.id), "status": stored.status}}
