"""Approval of a document: which action starts it, what its end does, and the steps unless a tenant has its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from cellkit.declare.actions import Action
from cellkit.declare.fields import Json, Text
from cellkit.declare.states import States
from cellkit.labels import L, Label

Who = dict[str, Any]
"""Who is asked, as flows carry it in JSON; made by the ``by_…`` functions."""
Mode = Literal["any", "all", "sequential", "ratio"]
Adjust = Callable[[Any, dict[str, Any]], Awaitable[Mapping[str, Any]]]


def by_role(role: str, *, within: Literal["department"] | None = None) -> Who:
    """The active users of a role, by its code; ``within="department"``: only those of the starter's department."""
    return {"kind": "role", "role": role} | ({"within": within} if within else {})


def by_leader(up: int = 0) -> Who:
    """The leader of the starter's department; ``up``: that many departments above."""
    return {"kind": "leader", "up": up}


def by_leaders(levels: int | None = None, *, to_level: int | None = None) -> Who:
    """The leaders of the starter's department and those above, nearest first.

    ``levels``: at most that many; ``to_level``: up to the department of that depth (1 is a root).
    """
    return {"kind": "leaders", "levels": levels, "to_level": to_level}


def by_users(*users: str) -> Who:
    """These users, by id."""
    return {"kind": "users", "users": list(users)}


def by_choice(*, least: int = 1, most: int = 20) -> Who:
    """Whom the starter names when he submits (parameter ``approvers``: step → user ids)."""
    return {"kind": "choice", "least": least, "most": most}


def by_field(name: str) -> Who:
    """The user in a field of the document."""
    return {"kind": "field", "field": name}


def by_field_leader(name: str, up: int = 0) -> Who:
    """The leader of the department in a field of the document; ``up``: that many departments above."""
    return {"kind": "field_leader", "field": name, "up": up}


def by_starter() -> Who:
    """Whoever submitted it."""
    return {"kind": "starter"}


def by_permission(permission: str, *, count: int = 1) -> Who:
    """Whoever holds a permission and sees the document takes the task; ``count``: that many different users."""
    return {"kind": "permission", "permission": permission, "count": count}


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    ``mode``: ``any`` (the first decision counts), ``all``, ``sequential`` (all, one after the other), ``ratio`` (that
    share of the seats must approve). ``when``: an expression over the document (:mod:`cellkit.expression`);
    the step is left out where it is false. ``due_hours`` and ``on_due``: after that many hours ``remind``, ``pass``,
    ``reject``, or ``hand`` the task to ``hand_to``. ``fields``: field → ``hide``, ``read`` or ``edit`` for whoever has
    a task of this step. ``starter`` and ``empty``: the flow's policies, otherwise for this step.
    """

    key: str
    name: Label
    who: Who | Sequence[Who]
    mode: Mode = "any"
    ratio: Decimal | None = None
    when: str | None = None
    due_hours: int | None = None
    on_due: Literal["remind", "pass", "reject", "hand"] = "remind"
    hand_to: Who | None = None
    fields: Mapping[str, Literal["hide", "read", "edit"]] = field(default_factory=dict)
    starter: str | None = None
    empty: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The step as flows carry it."""
        whole = {
            "key": self.key,
            "name": self.name.as_json(),
            "who": [self.who] if isinstance(self.who, dict) else list(self.who),
            "mode": self.mode,
            "ratio": None if self.ratio is None else str(self.ratio),
            "when": self.when,
            "due_hours": self.due_hours,
            "on_due": self.on_due if self.due_hours is not None else None,
            "hand_to": self.hand_to,
            "fields": dict(self.fields) or None,
            "starter": self.starter,
            "empty": self.empty,
        }
        return {name: value for name, value in whole.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Approval:
    """``flow = Approval(steps=[…])`` on a document.

    ``on``: the action that starts it. ``approved``, ``rejected``, ``withdrawn``: the action, or the state, that ends it
    so; actions that the document does not declare are made. ``withdraw``: whether the starter may take it back
    (``True``, ``False``, ``"untouched"``: only before anybody approved). ``when``: the default flow counts only where
    this expression holds. ``distinct``: at least that many different users must have approved. ``starter``: what
    happens where the starter himself would be asked (``skip``, ``keep``, ``leader``, ``refuse``: he may not decide).
    ``empty``: where nobody is found (``skip``, ``pass``, ``reject``, ``administrator``). ``again``: ``skip`` asks
    nobody twice. ``cc``: who is told of the approval. ``adjust(work, row)`` may return other policies of the default
    flow, such as a tenant's setting.

    Tenants replace the default by flows of their own (``<cell>.approval_flow``). Where no flow's condition holds the
    document is approved at once.
    """

    steps: Sequence[Step] = ()
    on: str = "submit"
    approved: str = "approve"
    rejected: str = "reject"
    withdrawn: str = "withdraw"
    withdraw: bool | Literal["untouched"] = True
    when: str | None = None
    distinct: int = 0
    starter: Literal["skip", "keep", "leader", "refuse"] = "leader"
    empty: Literal["skip", "pass", "reject", "administrator"] = "administrator"
    again: Literal["ask", "skip"] = "ask"
    cc: Sequence[Who] = ()
    urge_minutes: int = 10
    adjust: Adjust | None = None

    def as_json(self) -> dict[str, Any]:
        """The default flow as a definition."""
        whole = {
            "when": self.when,
            "steps": [step.as_json() for step in self.steps],
            "withdraw": self.withdraw,
            "distinct": self.distinct,
            "starter": self.starter,
            "empty": self.empty,
            "again": self.again,
            "cc": list(self.cc),
            "urge_minutes": self.urge_minutes,
        }
        return {name: value for name, value in whole.items() if value is not None}


@dataclass(frozen=True, slots=True)
class BoundFlow:
    """A flow wired into a document: the verbs, and the state in which the document waits."""

    flow: Approval
    on: str
    approved: str
    rejected: str
    withdrawn: str | None
    state: str

    @property
    def verbs(self) -> frozenset[str]:
        """The actions that the approval answers for."""
        return frozenset(verb for verb in (self.on, self.approved, self.rejected, self.withdrawn) if verb)


def default_states() -> States:
    """The states of a document that declares a flow and no states."""
    return States("draft:草稿:Draft", "approving:审批中:In approval", "approved:已批准:Approved")


def bind(key: str, flow: Approval, states: States, actions: dict[str, Action]) -> BoundFlow:
    """Wire a flow into a document: make the actions it lacks, and find the state in which it waits."""
    starting = actions.get(flow.on)
    state = starting.target if starting is not None and starting.target else "approving"
    if state not in states.items:
        message = f"{key}: a flow needs the state {state}, or a target of the action {flow.on}"
        raise ValueError(message)
    if starting is None:
        starting = _made(flow.on, L("提交", "Submit"), states.initial, state, "submitted")
        actions[flow.on] = starting
    elif starting.target is None:
        starting.target = state
    choice = Json(L("自选审批人", "Chosen approvers"), max_bytes=16_384)
    choice.name = "approvers"
    starting.parameters.setdefault("approvers", choice)
    comment, reason = (
        Text(L("意见", "Comment"), max=500),
        Text(L("原因", "Reason"), required=True, max=500),
    )
    comment.name, reason.name = "comment", "reason"
    approved = _ending(key, flow.approved, "approve", L("批准", "Approve"), "approved", state, states, actions)
    actions[approved].parameters.setdefault("comment", comment)
    rejected = _ending(key, flow.rejected, "reject", L("驳回", "Reject"), "rejected", state, states, actions)
    if not actions[rejected].parameters:
        actions[rejected].parameters["reason"] = reason
    withdrawn = None
    if flow.withdraw or flow.withdrawn in actions:
        withdrawn = _ending(key, flow.withdrawn, "withdraw", L("撤回", "Withdraw"), "withdrawn", state, states, actions)
    return BoundFlow(flow, flow.on, approved, rejected, withdrawn, state)


def _ending(
    key: str, given: str, verb: str, label: Label, past: str, state: str, states: States, actions: dict[str, Action]
) -> str:
    if given in actions:
        return given
    target = given if given in states.items else past if past in states.items else states.initial
    if past == "approved" and target == states.initial:
        message = f"{key}: {given} is neither an action nor a state"
        raise ValueError(message)
    actions[verb] = _made(verb, label, state, target, past)
    return verb


def _made(verb: str, label: Label, source: str, target: str, event: str) -> Action:
    return Action(_nothing, label, frozenset({source}), target, event, {}, None, verb)


async def _nothing(_work: Any, _row: dict[str, Any], _parameters: dict[str, Any]) -> None:
    return None
