"""The engine at work: starts approvals, takes actions, and lets the document's own actions follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from cellkit.approval import flows, rules, store
from cellkit.approval.definition import Flow, read_flow
from cellkit.approval.directory import Directory
from cellkit.approval.errors import InApproval, refusal
from cellkit.approval.held import HeldActions
from cellkit.approval.illegal import Illegal
from cellkit.approval.people import Situation
from cellkit.approval.planning import Planning, choice_of
from cellkit.approval.state import ENDED, RUNNING, SYSTEM, Entry, Instance, Plan
from cellkit.approval.store import Stored
from cellkit.approval.telling import tell, tell_copies
from cellkit.declare.approval import BoundFlow
from cellkit.declare.document import Document, Row
from cellkit.ids import uuid7
from cellkit.labels import L
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.validate import parameters_row

if TYPE_CHECKING:
    from cellkit.pipeline.work import Work

_DECIDERS = "_approval_deciders"


def decided_by(work: Work, row: Row) -> str | None:
    """Who gave the deciding approval of a row that is just being approved or rejected; None when nobody had to."""
    known: dict[UUID, str | None] = work.__dict__.get(_DECIDERS, {})
    return known.get(row["id"], work.caller.user_id)


class Approvals(Planning):
    """One cell's approvals. ``directory`` tells who leads and who has which role; tests give one of their own."""

    def __init__(self, engine: Engine, directory: Directory) -> None:
        super().__init__(directory)
        self.engine = engine
        self.held = HeldActions(self)

    # What the pipeline asks

    async def act(
        self, work: Work, document: type[Document], row: Row, verb: str, parameters: Mapping[str, Any]
    ) -> Any:
        """An action of a document with a flow, in place of :meth:`Work.perform`."""
        bound: BoundFlow = document.bound_flow
        waiting = row["state"] == bound.state
        stored = await store.running(work, document.key, row["id"]) if waiting else None
        if verb == bound.on and stored is not None:
            return await self._submit_again(work, document, row, stored, parameters)
        if verb == bound.on:
            return await self._submit(work, document, row, parameters)
        if verb in bound.verbs and waiting:
            values = parameters_row(document.actions[verb].parameters, parameters)
            comment = values.get("comment") or values.get("reason")
            stored = stored or await self._adopt(work, document, row)
            kind = {bound.approved: "approve", bound.rejected: "reject"}.get(verb, "withdraw")
            # The document's own route has asked for the permission of its own action.
            pool = f"{document.key}.{bound.approved}"
            data: dict[str, Any] = {"comment": comment} | ({"permitted": True} if kind == "withdraw" else {})
            await self.take(work, stored, kind, data, row=row, parameters=parameters, also=(pool,))
            return None
        result = await work.perform(document, row, verb, parameters)
        if stored is not None and row["state"] != bound.state:
            # An action that is declared to be possible while the document waits has ended the waiting.
            await self.take(work, stored, "cancel", {"by": work.caller.user_id, "verb": verb})
        return result

    async def editing(self, work: Work, document: type[Document], row: Row) -> frozenset[str]:
        """The fields that the caller may change of a document that waits; raises :class:`InApproval` for none."""
        return await self.open_fields(work, document, await store.running(work, document.key, row["id"]))

    async def open_fields(self, work: Work, document: type[Document], stored: Stored | None) -> frozenset[str]:
        """The fields that a running approval leaves open to the caller; raises :class:`InApproval` for none."""
        if stored is not None:
            if stored.instance.returned is not None and stored.starter_id == work.caller.user_id:
                return frozenset((*document.fields, *document.lines))
            allowed = editable(stored, work.caller.user_id, self.pools(work, stored))
            if allowed:
                return allowed
        raise InApproval(step=self.step_label(stored), action=L("修改", "changing it"))

    def step_label(self, stored: Stored | None) -> Any:
        """The name of the step that an instance is in."""
        if stored is None:
            return L("审批中", "in approval")
        if stored.instance.returned is not None:
            return L("退回提交人", "returned to the starter")
        visit = stored.instance.open_visit
        return next(
            (step.name for step in stored.flow.steps if visit is not None and step.key == visit.step),
            L("补充审批", "additional approval"),
        )

    # Actions on an instance

    async def take(
        self,
        work: Work,
        stored: Stored,
        kind: str,
        data: Mapping[str, Any],
        *,
        row: Row | None = None,
        actor: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        also: tuple[str, ...] = (),
    ) -> None:
        """Take an action: rules, log, tasks, audit, events; at the end the document's own action.

        ``also``: pools that the caller may take from, whatever his permissions are.
        """
        document = work.document(stored.entity)
        if row is None and kind in ("approve", "reject", "withdraw", "return", "resubmit", "due", "add_sign"):
            row = await work.get(document, stored.document_id)
        who = actor or work.caller.user_id
        known = {name: value for name, value in data.items() if value is not None}
        if kind in ("approve", "reject", "return", "delegate", "transfer", "add_sign"):
            known["pools"] = self.pools(work, stored, also)
        if kind in ("hand", "withdraw") and self.is_admin(work):
            known["admin"] = True
        if row is not None and kind in ("approve", "resubmit", "due", "add_sign", "return"):
            fresh = await self._fresh_plans(work, stored, document, row)
            if fresh:
                known["plans"] = fresh
        entry = Entry(kind, work.now, SYSTEM if kind in ("cancel", "due") else who, known)
        before = stored.instance
        try:
            stored.instance = rules.act(stored.flow, before, entry)
        except Illegal as error:
            raise refusal(error, urge_minutes=stored.flow.urge_minutes) from None
        stored.status, stored.ended_at = stored.instance.status, stored.instance.ended_at
        if row is not None:
            stored.title = _title(document, row)
            stored.owner_id, stored.department_id = row["owner_id"], row["department_id"]
        name = "" if entry.actor == SYSTEM else work.role.display_name
        await store.update(work, stored, before, entry, name)
        if entry.actor != SYSTEM and kind not in ("start", "resubmit", "withdraw", "urge"):
            await store.take_part(work, stored, "done", [entry.actor])
        if kind == "cc":
            await store.take_part(work, stored, "cc", known.get("users", ()))
        tell(work, stored, before, entry, name)
        if before.status == RUNNING and stored.status in ENDED and kind != "cancel":
            await self._finish(work, stored, document, row, entry, parameters)

    def pools(self, work: Work, stored: Stored, also: tuple[str, ...] = ()) -> list[str]:
        """The pools of an instance that the caller may take tasks from."""
        from cellkit.read.scope import in_scope  # noqa: PLC0415 - the pipeline loads it

        document = work.engine.tables[stored.entity]
        wanted = {task.pool for task in stored.instance.tasks if task.pool is not None}
        held: list[str] = []
        for pool in sorted(wanted):
            permission = store.pool_permission(work.engine.cell, pool)
            seen = permission != pool or in_scope(
                work.role, document, {"owner_id": stored.owner_id, "department_id": stored.department_id}
            )
            if pool in also or (permission is not None and seen and work.role.allows(permission)):
                held.append(pool)
        return held

    def is_admin(self, work: Work) -> bool:
        """Whether the caller may step into any approval of the cell."""
        return work.role.allows(f"{work.engine.cell}.approval_flow.administer")

    # Starting

    async def preview(
        self, work: Work, document: type[Document], row: Row, choice: Mapping[str, Any]
    ) -> tuple[Flow | None, dict[str, Plan]]:
        """The flow a submission would take, and what each step would do."""
        situation = self._situation(work, row, choice, submitting=False)
        chosen = await flows.choose(work, document, row, situation)
        if chosen is None:
            return None, {}
        return chosen.flow, await self._planned(work, document, chosen.flow, situation)

    async def _submit(self, work: Work, document: type[Document], row: Row, parameters: Mapping[str, Any]) -> Any:
        bound: BoundFlow = document.bound_flow
        result = await work.perform(document, row, bound.on, parameters)
        if row["state"] == bound.state:
            choice = choice_of(parameters.get("approvers"))
            await self._start(work, document, row, choice, work.caller.user_id, work.role.department_id)
        return result

    async def _start(
        self,
        work: Work,
        document: type[Document],
        row: Row,
        choice: Mapping[str, list[str]],
        starter: str,
        department: str | None,
        *,
        submitting: bool = True,
    ) -> Stored | None:
        bound: BoundFlow = document.bound_flow
        situation = self._situation(work, row, choice, submitting=submitting, starter=starter, department=department)
        chosen = await flows.choose(work, document, row, situation)
        if chosen is not None:
            return await self._open(work, document, row, chosen, situation)
        if submitting:
            _decided(work, row, None)
            await work.perform(document, row, bound.approved, {})
        return None

    async def _open(
        self,
        work: Work,
        document: type[Document],
        row: Row,
        chosen: flows.Chosen,
        situation: Situation,
        *,
        verb: str | None = None,
        parameters: dict[str, Any] | None = None,
    ) -> Stored:
        found = await self._planned(work, document, chosen.flow, situation)
        data: dict[str, Any] = {"plans": msgspec.to_builtins(found)}
        data |= {"choice": dict(situation.choice)} if situation.choice else {}
        data |= {"department": situation.department} if situation.department else {}
        entry = Entry("start", work.now, situation.starter, data)
        instance = rules.act(chosen.flow, Instance(), entry)
        name = work.role.display_name if situation.starter == work.caller.user_id else ""
        stored = Stored(
            id=uuid7(), entity=document.key, document_id=row["id"], title=_title(document, row), flow_id=chosen.id,
            flow_version=chosen.version, source=dict(chosen.flow.source), instance=instance, status=instance.status,
            starter_id=situation.starter, starter_name=name, owner_id=row["owner_id"],
            department_id=row["department_id"], version=1, started_at=work.now, updated_at=work.now,
            ended_at=instance.ended_at, verb=verb, parameters=parameters,
        )  # fmt: skip
        if not await store.insert(work, stored, entry, name):
            raise InApproval(step=L("审批中", "in approval"), action=L("再次提交", "submitting it again"))
        tell(work, stored, None, entry, name)
        if stored.status in ENDED:
            await self._finish(work, stored, document, row, entry, None)
        return stored

    async def open_held(
        self,
        work: Work,
        document: type[Document],
        row: Row,
        verb: str,
        parameters: Mapping[str, Any],
        approvers: Any,
    ) -> Stored | None:
        """Start the approval of an action that is held; None where no flow counts for the document as it is."""
        situation = self._situation(work, row, choice_of(approvers), submitting=True)
        chosen = await flows.choose_for(work, document, row, situation, verb)
        if chosen is None:
            return None
        return await self._open(work, document, row, chosen, situation, verb=verb, parameters=dict(parameters))

    async def resubmit_held(self, work: Work, stored: Stored, approvers: Any) -> None:
        """Submit an action again that was returned to its starter."""
        await self.take(work, stored, "resubmit", {"choice": choice_of(approvers) or None})

    async def _adopt(self, work: Work, document: type[Document], row: Row) -> Stored:
        """An approval for a document that waits without one: made so by the cell's code, or before there were flows."""
        starter = row.get("submitted_by") or row["updated_by"] or row["owner_id"] or SYSTEM
        person = await work.user(starter)
        department = None if person is None else person.department_id
        stored = await self._start(work, document, row, {}, starter, department, submitting=False)
        if stored is not None:
            return stored
        # No flow counts for it, so whoever holds the action's permission decides, but not who submitted it.
        permission = f"{document.key}.{document.bound_flow.approved}"
        name = {"zh": "审批", "en": "Approval"}
        who = [{"kind": "permission", "permission": permission}]
        flow = read_flow({"steps": [{"key": "decide", "name": name, "who": who, "starter": "refuse"}]}, document)
        situation = self._situation(work, row, {}, submitting=False, starter=starter, department=department)
        return await self._open(work, document, row, flows.Chosen(flow, None, 0), situation)

    async def _submit_again(
        self, work: Work, document: type[Document], row: Row, stored: Stored, parameters: Mapping[str, Any]
    ) -> Any:
        if stored.instance.returned is None:
            raise InApproval(step=self.step_label(stored), action=L("再次提交", "submitting it again"))
        result = await work.perform(document, row, document.bound_flow.on, parameters, anywhere=True)
        row["state"] = document.bound_flow.state
        choice = choice_of(parameters.get("approvers"))
        await self.take(work, stored, "resubmit", {"choice": choice or None}, row=row)
        return result

    async def _finish(
        self,
        work: Work,
        stored: Stored,
        document: type[Document],
        row: Row | None,
        entry: Entry,
        parameters: Mapping[str, Any] | None,
    ) -> None:
        row = row if row is not None else await work.get(document, stored.document_id)
        if stored.verb is not None:
            if stored.status == "approved":
                _decided(work, row, entry.actor if entry.kind in ("approve", "add_sign") else None)
                await work.act(document, row, stored.verb, stored.parameters or {})
            await self._send_copies(work, stored, row)
            return
        bound: BoundFlow = document.bound_flow
        verb = {"approved": bound.approved, "rejected": bound.rejected, "withdrawn": bound.withdrawn}[stored.status]
        # By the clock or by a policy nobody has decided.
        _decided(work, row, entry.actor if entry.kind in ("approve", "reject", "add_sign") else None)
        if verb is None:
            assert document.states is not None  # noqa: S101 - a flow brings states
            row["state"] = document.states.initial
            work.change(row)
        else:
            wanted = document.actions[verb].parameters
            text = entry.data.get("comment") or L("审批未通过", "Not approved").text(work.caller.language)
            given = {name: value for name, value in (parameters or {}).items() if name in wanted}
            if "reason" in wanted:
                given["reason"] = text
            if "comment" in wanted and entry.data.get("comment"):
                given["comment"] = entry.data["comment"]
            await work.perform(document, row, verb, given)
        await self._send_copies(work, stored, row)

    async def _send_copies(self, work: Work, stored: Stored, row: Row) -> None:
        if stored.status == "approved" and stored.flow.cc:
            copies = await self.users(work, stored, stored.flow.cc, row=row)
            await store.take_part(work, stored, "cc", copies)
            tell_copies(work, stored, copies)


def editable(stored: Stored, user: str, pools: Iterable[str]) -> frozenset[str]:
    """The fields that a user may change while a task is his."""
    flow, instance, held = stored.flow, stored.instance, tuple(pools)
    found: set[str] = set()
    for task in instance.tasks:
        if task.state == "open" and rules.may_take(flow, instance, task, user, held):
            step = next((item for item in flow.steps if item.key == task.step), None)
            found |= {name for name, right in (step.fields if step else {}).items() if right == "edit"}
    return frozenset(found)


def _decided(work: Work, row: Row, user: str | None) -> None:
    work.__dict__.setdefault(_DECIDERS, {})[row["id"]] = user


def _title(document: type[Document], row: Row) -> str:
    if document.number is not None:
        return str(row.get("number") or "")
    item = document.fields.get(document.title or "")
    if item is None or item.secret or item.mask:
        return str(row["id"])[:8]
    return str(row.get(item.name) or "")[:200]
