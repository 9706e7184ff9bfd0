"""Who is asked by a step: pure functions over the directory's answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cellkit.approval.definition import Flow, FlowStep, Who
from cellkit.approval.directory import Answer, Question
from cellkit.approval.errors import NobodyToAsk
from cellkit.approval.state import ADMINISTRATORS, Plan, Seat
from cellkit.expression import Situation as Moment

Lookup = Callable[[Question], Answer | None]


class Missing(Exception):
    """An answer is not there yet."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self.questions = tuple(questions)
        super().__init__("missing answers")


@dataclass(frozen=True, slots=True)
class Situation:
    """A document when it is asked who decides on it.

    ``choice``: step → the users that the starter named; ``delegates``: user → whoever acts for him now.
    ``moment``: what ``me`` (the starter), ``my_department`` and ``today`` mean in conditions. ``submitting``: the
    starter is there and can be asked for what is missing.
    """

    row: Mapping[str, Any]
    starter: str
    department: str | None = None
    moment: Moment = field(default_factory=lambda: Moment(datetime.now(UTC), UTC))
    choice: Mapping[str, Sequence[str]] = field(default_factory=dict)
    delegates: Mapping[str, str] = field(default_factory=dict)
    submitting: bool = True


def plans(flow: Flow, situation: Situation, lookup: Lookup) -> dict[str, Plan]:
    """What every step will do; raises :class:`Missing` with all answers that are needed first."""
    found: dict[str, Plan] = {}
    missing: set[Question] = set()
    for step in flow.steps:
        try:
            found[step.key] = plan(step, situation, lookup)
        except Missing as error:
            missing.update(error.questions)
    if missing:
        raise Missing(missing)
    return found


def plan(step: FlowStep, situation: Situation, lookup: Lookup) -> Plan:
    """What one step will do."""
    if step.when is not None and not step.when.holds(dict(situation.row), situation.moment):
        return Plan(outcome="skip", reason="condition")
    seats = _unique(seat for who in step.who for seat in _seats(who, step, situation, lookup))
    asked = [seat for seat in seats if seat.user != situation.starter]
    if len(asked) < len(seats) and step.starter != "keep":
        if step.starter == "leader":
            above = _leader_above(situation, lookup)
            asked = _unique([*asked, *([Seat(user=above)] if above else [])])
        elif step.starter == "skip" and not asked:
            return Plan(outcome="skip", reason="starter")
        seats = asked
    if seats:
        return Plan(seats=_delegated(seats, step, situation, lookup))
    return _empty(step, situation, lookup)


def _empty(step: FlowStep, situation: Situation, lookup: Lookup) -> Plan:
    if isinstance(step.empty, Mapping):
        found = _unique(_seats(step.empty, step, situation, lookup))
        seats = [seat for seat in found if seat.user != situation.starter or step.starter == "keep"]
        if seats:
            return Plan(seats=_delegated(seats, step, situation, lookup), reason="empty")
    elif step.empty != "administrator":
        return Plan(outcome=step.empty, reason="empty")
    return Plan(seats=[Seat(pool=ADMINISTRATORS)], reason="empty")


def users_of(who: Iterable[Who], situation: Situation, lookup: Lookup) -> list[str]:
    """The users of a list that asks nobody to decide (copies, hand-overs)."""
    seats = _unique(seat for one in who for seat in _seats(one, None, situation, lookup))
    return [seat.user for seat in seats if seat.user is not None]


def _unique(seats: Iterable[Seat]) -> list[Seat]:
    found: list[Seat] = []
    for seat in seats:
        if seat.pool is not None or all(seat.user != other.user for other in found):
            found.append(seat)
    return found


def _seats(who: Who, step: FlowStep | None, situation: Situation, lookup: Lookup) -> list[Seat]:
    kind = who["kind"]
    if kind == "permission":
        return [Seat(pool=who["permission"]) for _ in range(who.get("count", 1))]
    users: list[str | None] = []
    if kind == "starter":
        users = [situation.starter]
    elif kind == "users":
        users = list(who["users"])
    elif kind == "choice":
        users = _chosen(who, step, situation)
    elif kind == "field":
        users = [situation.row.get(who["field"])]
    elif kind == "role":
        users = _role(who, situation, lookup)
    else:
        users = _leaders(who, situation, lookup)
    wanted = [user for user in users if user]
    return [Seat(user=user) for user in _active(wanted, lookup, known=kind in ("role", "leader", "leaders"))]


def _active(users: Sequence[str], lookup: Lookup, *, known: bool) -> list[str]:
    """Only users who still work here; the directory names only such leaders and holders of roles."""
    if known:
        return list(users)
    return [user for user in users if _answer(lookup, Question("user", user), all_of=users).people]


def _answer(lookup: Lookup, question: Question, *, all_of: Sequence[str] = ()) -> Answer:
    answer = lookup(question)
    if answer is None:
        wanted = [Question("user", user) for user in all_of] if all_of else [question]
        raise Missing(item for item in wanted if lookup(item) is None)
    return answer


def _chosen(who: Who, step: FlowStep | None, situation: Situation) -> list[str | None]:
    given = list(dict.fromkeys(situation.choice.get(step.key if step is not None else "", ())))
    least, most = who.get("least", 1), who.get("most", 20)
    if step is not None and situation.submitting and not least <= len(given) <= most:
        raise NobodyToAsk(step=step.name, key=step.key, least=least, most=most)
    return list(given)


def _role(who: Who, situation: Situation, lookup: Lookup) -> list[str | None]:
    people = _answer(lookup, Question("role", who["role"])).people
    if who.get("within") == "department":
        people = tuple(person for person in people if person.department_id == situation.department)
    return [person.id for person in people]


def _leaders(who: Who, situation: Situation, lookup: Lookup) -> list[str | None]:
    of_field = who["kind"] == "field_leader"
    department = situation.row.get(who["field"]) if of_field else situation.department
    if not department:
        return []
    chain = _answer(lookup, Question("leaders", str(department))).departments
    if who["kind"] == "leaders":
        chosen = [one for one in chain if who.get("to_level") is None or one.level >= who["to_level"]]
        return [one.leader_id for one in chosen[: who.get("levels") or len(chosen)]]
    up = who.get("up", 0)
    return [chain[up].leader_id] if up < len(chain) else []


def _leader_above(situation: Situation, lookup: Lookup) -> str | None:
    """The nearest leader above the starter who is not himself."""
    if not situation.department:
        return None
    chain = _answer(lookup, Question("leaders", situation.department)).departments
    return next((one.leader_id for one in chain if one.leader_id and one.leader_id != situation.starter), None)


def _delegated(seats: list[Seat], step: FlowStep, situation: Situation, lookup: Lookup) -> list[Seat]:
    """Seats of users who are away, given to whoever acts for them."""
    result: list[Seat] = []
    own = {seat.user for seat in seats}
    for seat in seats:
        other = situation.delegates.get(seat.user or "")
        may = other is not None and (other != situation.starter or step.starter == "keep") and other not in own
        if may and other is not None and _answer(lookup, Question("user", other)).people:
            result.append(Seat(user=other, instead_of=seat.user))
            own.add(other)
        else:
            result.append(seat)
    return result
