"""A change of a document's fields: what may be changed by whom in which state, hooks, checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cellkit.approval.errors import InApproval
from cellkit.customizing.references import refuse_missing
from cellkit.declare.document import Document, Row
from cellkit.errors import StateConflict, ValidationFailed, problem
from cellkit.labels import L
from cellkit.ops.access import RoleDocument
from cellkit.permissions.references import require_references
from cellkit.pipeline.tracked import fill_computed, number_lines
from cellkit.pipeline.validate import changed_row, run_checks
from cellkit.pipeline.work import Work
from cellkit.read.projection import projection


async def change_row(
    work: Work,
    document: type[Document],
    row: Row,
    body: Mapping[str, Any],
    role: RoleDocument,
    *,
    only: frozenset[str] | None = None,
) -> None:
    """Change a row that was read in this work as a PATCH does; ``only``: the fields that an approval leaves open."""
    projection(document, role).refuse_locked(dict(body))
    editable = document.states is None or row["state"] in document.states.editable
    if only is None and work.engine.approvals is not None:
        stored = await work.engine.approvals.held.waiting(work, document, row)
        if stored is not None and not _always_editable(document, body):
            only = await work.engine.approvals.open_fields(work, document, stored)
    if only is None and not editable and not _always_editable(document, body):
        only = await _open_in_approval(work, document, row)
    if only is not None:
        _refuse_others(body, only)
        editable = True
    before = work.tracked_of(row).before or {}
    row.update(changed_row(document, row, body, editable=editable))
    await require_references(work, document, row, role, before)
    await refuse_missing(work, document, [row], before)
    if document.prepare is not None:
        await document.prepare(work, row, before)
    number_lines(document, row)
    if document.derive is not None:
        document.derive(row)
    fill_computed(document, row)
    run_checks(document, row, before)
    work.change(row)
    work.event(f"{document.key}.updated.v1", row)


async def refuse_held(work: Work, document: type[Document], row: Row) -> None:
    """Refuse to delete a document of which an action waits for its approval."""
    approvals = work.engine.approvals
    stored = None if approvals is None else await approvals.held.waiting(work, document, row)
    if approvals is not None and stored is not None:
        raise InApproval(step=approvals.step_label(stored), action=L("删除", "deleting it"))


def _always_editable(document: type[Document], body: Mapping[str, Any]) -> bool:
    return any(name in document.fields and document.fields[name].always_editable for name in body)


async def _open_in_approval(work: Work, document: type[Document], row: Row) -> frozenset[str]:
    bound, approvals = document.bound_flow, work.engine.approvals
    if bound is None or approvals is None or row["state"] != bound.state:
        raise state_conflict(work, document, row, "修改", "change")
    return await approvals.editing(work, document, row)


def _refuse_others(body: Mapping[str, Any], only: frozenset[str]) -> None:
    zh, en = "审批中不能修改此字段", "This field cannot be changed while the document is in approval"
    problems = [problem(name[:100], "approval", zh, en) for name in body if name not in only and name != "version"]
    if problems:
        raise ValidationFailed(problems)


def state_conflict(work: Work, document: type[Document], row: Row, zh: str, en: str) -> StateConflict:
    """The refusal of something that the row's state does not allow."""
    language = work.caller.language
    label = document.states.label(row["state"]).text(language) if document.states else ""
    return StateConflict(state=label, action=en if language.startswith("en") else zh)
