"""A running approval as data: steps visited, tasks, and what is planned next. JSON both ways."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

RUNNING = "running"
ENDED = frozenset({"approved", "rejected", "withdrawn", "cancelled"})
DISTINCT_STEP = "_distinct"
"""The step that is added where a flow wants more different users than have approved."""
ADMINISTRATORS = "_administrators"
"""The pool of those who administer flows; the service knows which permission that is."""
SYSTEM = "system"
"""The actor of what happens by itself: limits in time, documents that leave the approval."""


class Seat(msgspec.Struct, omit_defaults=True):
    """Who is to be asked: a user (perhaps ``for`` another, who delegated), or a pool that any holder may take from."""

    user: str | None = None
    pool: str | None = None
    instead_of: str | None = None


class Plan(msgspec.Struct, omit_defaults=True):
    """What a step will do when it is entered: ``ask`` its seats, or ``skip``, ``pass``, ``reject`` for a reason."""

    outcome: str = "ask"
    seats: list[Seat] = []
    reason: str = ""


class Task(msgspec.Struct, omit_defaults=True):
    """One person's part in a visit.

    ``state``: ``open``, ``waiting`` (for its turn, or for those asked before it), ``approved``, ``rejected``,
    ``returned``, ``passed`` (by the clock), ``closed`` (not needed any more). ``relation``: ``seat``, ``parallel``,
    or asked by ``parent``: ``before``, ``after``, ``delegate``.
    """

    number: int
    visit: int
    step: str
    user: str | None = None
    pool: str | None = None
    instead_of: str | None = None
    state: str = "open"
    relation: str = "seat"
    parent: int | None = None
    by: str | None = None
    opened_at: datetime | None = None
    due_at: datetime | None = None
    decided_at: datetime | None = None
    comment: str | None = None
    reason: str = ""
    reminders: int = 0


class Visit(msgspec.Struct, omit_defaults=True):
    """One time that a step was entered. ``void``: taken back by a return, so its approvals count no more."""

    number: int
    step: str
    state: str = "open"
    reason: str = ""
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    void: bool = False


class Returned(msgspec.Struct):
    """The document lies with the starter; ``back``: where it goes when he submits it again."""

    step: str
    back: str


class Undo(msgspec.Struct):
    """How it was before the last approval, while that may still be recalled."""

    actor: str
    state: dict[str, Any]


class Instance(msgspec.Struct, omit_defaults=True):
    """A running or ended approval."""

    status: str = ""
    starter: str = ""
    department: str | None = None
    choice: dict[str, list[str]] = {}
    visits: list[Visit] = []
    tasks: list[Task] = []
    plans: dict[str, Plan] = {}
    returned: Returned | None = None
    resume: str | None = None
    undo: Undo | None = None
    urged_at: datetime | None = None
    next_task: int = 1
    started_at: datetime | None = None
    ended_at: datetime | None = None
    length: int = 0

    def task(self, number: int) -> Task | None:
        """A task by its number."""
        return next((task for task in self.tasks if task.number == number), None)

    @property
    def open_visit(self) -> Visit | None:
        """The visit that is going on."""
        return next((visit for visit in reversed(self.visits) if visit.state == "open"), None)

    def of_visit(self, visit: Visit) -> list[Task]:
        """The tasks of a visit."""
        return [task for task in self.tasks if task.visit == visit.number]

    @property
    def approvers(self) -> set[str]:
        """The different users whose approvals count."""
        counted = {visit.number for visit in self.visits if not visit.void}
        return {
            task.user
            for task in self.tasks
            if task.state == "approved" and task.user is not None and task.visit in counted and not task.reason
        }


class Entry(msgspec.Struct, omit_defaults=True):
    """One line of the log: who did what, with everything that was known then."""

    kind: str
    at: datetime
    actor: str
    data: dict[str, Any] = {}


def to_json(value: Instance) -> dict[str, Any]:
    """The instance as JSON-like values."""
    made: dict[str, Any] = msgspec.to_builtins(value)
    return made


def from_json(value: dict[str, Any]) -> Instance:
    """The instance of :func:`to_json`."""
    return msgspec.convert(value, Instance)
