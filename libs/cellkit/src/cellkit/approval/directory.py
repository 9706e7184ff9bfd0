"""Who leads which department and who has which role: answers of identity, remembered for a minute."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import NamedTuple, Protocol
from urllib.parse import quote

import msgspec

from cellkit.errors import Unavailable
from cellkit.log import get_logger
from cellkit.ops.client import ServiceClient
from cellkit.pipeline.fetch_first import FetchFirst

FRESH_SECONDS = 60.0
STALE_SECONDS = 3600.0
_MOST = 20_000
_AT_ONCE = 200
_RETRY_SECONDS = 10.0
log = get_logger("approval")


class Question(NamedTuple):
    """``user`` (name and department), ``leaders`` (of a department and those above), ``role`` (its users)."""

    kind: str
    key: str


class Person(msgspec.Struct, rename="camel", frozen=True):
    """An active user."""

    id: str
    display_name: str = ""
    department_id: str | None = None


class Department(msgspec.Struct, rename="camel", frozen=True):
    """A department in the chain upwards; ``level`` 1 is a root. ``leader_id`` is an active user or None."""

    id: str
    name: str = ""
    level: int = 1
    leader_id: str | None = None
    leader_name: str | None = None


class Answer(msgspec.Struct, frozen=True):
    """What is known: the people asked for, or the departments from the nearest to the root."""

    people: tuple[Person, ...] = ()
    departments: tuple[Department, ...] = ()


class DirectorySource(Protocol):
    """Where answers come from."""

    async def fetch(self, tenant_id: str, questions: Iterable[Question]) -> Mapping[Question, Answer]:
        """The answers; raises :class:`Unavailable` when nobody can tell."""
        ...


class NeedsPeople(FetchFirst):
    """A work needs answers that must be fetched while no transaction is open."""

    def __init__(
        self, directory: Directory, tenant_id: str, questions: Iterable[Question], *, optional: bool = False
    ) -> None:
        self._directory = directory
        self._optional = optional
        self.tenant_id = tenant_id
        self.questions = frozenset(questions)
        super().__init__("people to look up")

    async def fetch(self) -> None:
        """Look them up, so that the work can run again; what is optional may stay unknown."""
        try:
            await self._directory.fetch(self.tenant_id, self.questions)
        except Unavailable:
            if not self._optional:
                raise
            self._directory.away_until = time.monotonic() + _RETRY_SECONDS


class Directory:
    """The cache in front of a source: answers count for a minute, the last ones an hour while identity is away."""

    def __init__(self, source: DirectorySource, *, fresh_seconds: float = FRESH_SECONDS) -> None:
        self.source = source
        self._fresh_seconds = fresh_seconds
        self.away_until = 0.0
        self._known: OrderedDict[tuple[str, Question], tuple[float, Answer]] = OrderedDict()

    @property
    def is_away(self) -> bool:
        """Whether identity did not answer a moment ago."""
        return time.monotonic() < self.away_until

    def known(self, tenant_id: str, question: Question) -> Answer | None:
        """The fresh answer, or None."""
        found = self._known.get((tenant_id, question))
        if found is None or time.monotonic() - found[0] > self._fresh_seconds:
            return None
        return found[1]

    async def fetch(self, tenant_id: str, questions: Iterable[Question]) -> None:
        """Ask the source; raises :class:`Unavailable` when it does not answer and nothing is remembered."""
        wanted = [question for question in questions if self.known(tenant_id, question) is None]
        if not wanted:
            return
        now = time.monotonic()
        try:
            answers = await self.source.fetch(tenant_id, wanted)
        except Unavailable:
            for question in wanted:
                found = self._known.get((tenant_id, question))
                if found is None or now - found[0] > STALE_SECONDS:
                    raise
            # Believed for a little longer; asked again soon.
            answers = {question: self._known[tenant_id, question][1] for question in wanted}
            now -= self._fresh_seconds - 5
        for question in wanted:
            answer = answers.get(question, Answer())
            self._known[tenant_id, question] = (now, answer)
            for person in answer.people:
                self._known[tenant_id, Question("user", person.id)] = (now, Answer(people=(person,)))
            for one in answer.departments:
                if one.leader_id is not None:
                    leader = Person(one.leader_id, one.leader_name or "")
                    self._known[tenant_id, Question("user", one.leader_id)] = (now, Answer(people=(leader,)))
        while len(self._known) > _MOST:
            self._known.popitem(last=False)


class HttpDirectory:
    """Identity's directory (wire contract §8), through the gateway with a service token."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def fetch(self, tenant_id: str, questions: Iterable[Question]) -> Mapping[Question, Answer]:
        """See :class:`DirectorySource`."""
        answers: dict[Question, Answer] = {}
        users = sorted(question.key for question in questions if question.kind == "user")
        for first in range(0, len(users), _AT_ONCE):
            found = await self._ask(tenant_id, "users?ids=" + ",".join(users[first : first + _AT_ONCE]))
            for person in found.people:
                answers[Question("user", person.id)] = Answer(people=(person,))
        for question in questions:
            key = quote(question.key, safe="")
            if question.kind == "leaders":
                answers[question] = await self._ask(tenant_id, f"departments/{key}/leaders")
            elif question.kind == "role":
                answers[question] = await self._ask(tenant_id, f"roles/{key}/users")
        return answers

    async def _ask(self, tenant_id: str, path: str) -> Answer:
        answer = await self._client.request(
            "GET", f"/api/v1/identity/directory/{path}", tenant_id=tenant_id, timeout_seconds=3
        )
        if answer.status == HTTPStatus.NOT_FOUND:
            return Answer()
        if answer.status != HTTPStatus.OK:
            log.error("directory_refused", status=answer.status)
            raise Unavailable
        try:
            return msgspec.json.decode(answer.body, type=Answer)
        except msgspec.DecodeError as error:
            raise Unavailable from error


class StaticDirectory:
    """A directory given by hand, for tests and for cells that run alone: one tenant's or every tenant's."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.chains: dict[str, tuple[Department, ...]] = {}
        self.roles: dict[str, tuple[str, ...]] = {}
        self.calls = 0

    def person(self, user: str, department: str | None = None, *roles: str) -> None:
        """Add a user."""
        self.people[user] = Person(user, user[:8], department)
        for role in roles:
            self.roles[role] = (*self.roles.get(role, ()), user)

    def department(self, key: str, leader: str | None, above: str | None = None) -> None:
        """Add a department below one that was added before."""
        upper = self.chains.get(above or "", ())
        self.chains[key] = (Department(key, key[:8], len(upper) + 1, leader, leader and leader[:8]), *upper)

    async def fetch(self, tenant_id: str, questions: Iterable[Question]) -> Mapping[Question, Answer]:  # noqa: ARG002
        """See :class:`DirectorySource`."""
        self.calls += 1
        answers: dict[Question, Answer] = {}
        for question in questions:
            if question.kind == "user":
                person = self.people.get(question.key)
                answers[question] = Answer(people=() if person is None else (person,))
            elif question.kind == "leaders":
                answers[question] = Answer(departments=self.chains.get(question.key, ()))
            else:
                found = (self.people.get(user) for user in self.roles.get(question.key, ()))
                answers[question] = Answer(people=tuple(person for person in found if person is not None))
        return answers
