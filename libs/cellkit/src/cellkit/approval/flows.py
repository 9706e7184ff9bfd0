"""Which flow a submission takes: the tenant's own, else the declared default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cellkit.approval.definition import Flow, read_flow
from cellkit.approval.people import Situation
from cellkit.declare.approval import BoundFlow
from cellkit.declare.document import Document, Row

if TYPE_CHECKING:
    from cellkit.pipeline.work import Work

_ACTIVE = """
SELECT id, published_version, published FROM kit_approval_flow
WHERE tenant_id = $1 AND entity = $2 AND state = 'active' AND coalesce(verb, '') = $3
ORDER BY priority, id LIMIT 200
"""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A flow that counts for a document; ``id`` None: the declared default."""

    flow: Flow
    id: UUID | None
    version: int


async def choose(work: Work, document: type[Document], row: Row, situation: Situation) -> Chosen | None:
    """The first active flow of the tenant whose condition holds; where he has none, the default. None: no approval."""
    found, any_active = await _of_tenant(work, document, row, situation, "")
    if found is not None or any_active:
        return found
    bound: BoundFlow = document.bound_flow
    source: dict[str, Any] = bound.flow.as_json()
    if bound.flow.adjust is not None:
        source |= await bound.flow.adjust(work, row)
    flow = read_flow(source, document)
    return Chosen(flow, None, 0) if _counts(flow, row, situation) else None


async def choose_for(work: Work, document: type[Document], row: Row, situation: Situation, verb: str) -> Chosen | None:
    """The first active flow of the tenant for an action that it holds; None: the action needs no approval."""
    found, _ = await _of_tenant(work, document, row, situation, verb)
    return found


async def _of_tenant(
    work: Work, document: type[Document], row: Row, situation: Situation, verb: str
) -> tuple[Chosen | None, bool]:
    records = await work.connection.fetch(_ACTIVE, work.tenant_id, document.key, verb)
    for record in records:
        flow = read_flow(record["published"], document)
        if _counts(flow, row, situation):
            return Chosen(flow, record["id"], record["published_version"]), True
    return None, bool(records)


def _counts(flow: Flow, row: Row, situation: Situation) -> bool:
    if not flow.steps and not flow.distinct:
        return False
    return flow.when is None or flow.when.holds(row, situation.moment)
