"""What an approval needs to know of people: looked up, remembered, followed through delegations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from cellkit.approval.definition import Flow, Who, is_user_id, read_flow
from cellkit.approval.directory import Answer, Directory, NeedsPeople, Question
from cellkit.approval.errors import NobodyToAsk
from cellkit.approval.people import Missing, Situation, plans, users_of
from cellkit.approval.state import Plan
from cellkit.approval.store import Stored
from cellkit.declare.document import Document, Row
from cellkit.errors import Unavailable, ValidationFailed, problem
from cellkit.expression import Situation as Moment
from cellkit.pipeline.engine import zone

if TYPE_CHECKING:
    from cellkit.pipeline.work import Work

_DELEGATIONS = """
SELECT user_id, delegate_id FROM kit_approval_delegation
WHERE tenant_id = $1 AND user_id = ANY($2) AND enabled AND (valid_from IS NULL OR valid_from <= $3) AND valid_to > $3
    AND (entity IS NULL OR entity = '' OR entity = $4)
ORDER BY id
"""


class Planning:
    """Who is asked by whom, from the directory's answers."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory

    async def check_users(self, work: Work, users: Iterable[str], field: str) -> None:
        """Refuse users who are not active users of the tenant."""
        wanted = [Question("user", user) for user in users]
        await self._know(work, wanted)
        gone = [
            question.key
            for question in wanted
            if (found := self._lookup(work, question)) is not None and not found.people
        ]
        if gone:
            raise ValidationFailed(
                [problem(field, "unknown", f"用户不存在或已停用：{user}", f"No active user {user}") for user in gone]
            )

    async def users(self, work: Work, stored: Stored, who: Sequence[Who], *, row: Row | None = None) -> list[str]:
        """The users of a list of whom nobody decides; those who are not known while identity is away are left out."""
        row = row if row is not None else await work.get(stored.entity, stored.document_id)
        situation = self._situation_of(work, stored, row)
        try:
            while True:
                try:
                    return users_of(who, situation, lambda question: self._lookup(work, question))
                except Missing as error:
                    await self._know(work, error.questions, optional=True)
        except Unavailable:
            return []

    def _situation(
        self,
        work: Work,
        row: Row,
        choice: Mapping[str, Any],
        *,
        submitting: bool,
        starter: str | None = None,
        department: str | None = None,
    ) -> Situation:
        person = starter or work.caller.user_id
        place = department if starter is not None else work.role.department_id
        where = zone(work.role.time_zone)
        moment = Moment(work.now, where, str(getattr(where, "key", "UTC")), person, place)
        return Situation(row, person, place, moment, choice, submitting=submitting)

    def _situation_of(self, work: Work, stored: Stored, row: Row) -> Situation:
        instance = stored.instance
        return self._situation(
            work, row, instance.choice, submitting=False, starter=instance.starter, department=instance.department
        )

    async def _planned(
        self, work: Work, document: type[Document], flow: Flow, situation: Situation, *, optional: bool = False
    ) -> dict[str, Plan]:
        """The plans of all steps, delegations followed; looks up what is not known."""
        while True:
            try:
                found = plans(flow, situation, lambda question: self._lookup(work, question))
                break
            except Missing as error:
                await self._know(work, error.questions, optional=optional)
        users = [seat.user for plan in found.values() for seat in plan.seats if seat.user is not None]
        if not users:
            return found
        records = await work.connection.fetch(_DELEGATIONS, work.tenant_id, users, work.now, document.key)
        if not records:
            return found
        delegates = {record["user_id"]: record["delegate_id"] for record in records}
        await self._know(work, (Question("user", user) for user in delegates.values()), optional=optional)
        situation = Situation(
            situation.row, situation.starter, situation.department, situation.moment, situation.choice, delegates,
            submitting=situation.submitting,
        )  # fmt: skip
        return plans(flow, situation, lambda question: self._lookup(work, question))

    async def _fresh_plans(self, work: Work, stored: Stored, document: type[Document], row: Row) -> dict[str, Any]:
        """What has changed about the steps since they were planned; nothing while identity is away."""
        flow = read_flow(stored.source, document)
        try:
            found = await self._planned(work, document, flow, self._situation_of(work, stored, row), optional=True)
        except (Unavailable, NobodyToAsk):
            return {}
        known = stored.instance.plans
        changed = {key: plan for key, plan in found.items() if known.get(key) != plan}
        made: dict[str, Any] = msgspec.to_builtins(changed)
        return made

    def _lookup(self, work: Work, question: Question) -> Answer | None:
        return self.directory.known(work.caller.tenant_id, question)

    async def _know(self, work: Work, questions: Iterable[Question], *, optional: bool = False) -> None:
        """Have the answers; asks outside of the work where the work can be run again."""
        tenant = work.caller.tenant_id
        missing = [question for question in questions if self.directory.known(tenant, question) is None]
        if not missing:
            return
        if optional and self.directory.is_away:
            raise Unavailable
        if work.restartable:
            raise NeedsPeople(self.directory, tenant, missing, optional=optional)
        await self.directory.fetch(tenant, missing)


def choice_of(value: Any) -> dict[str, list[str]]:
    """The parameter ``approvers``: step → user ids."""
    if value is None:
        return {}
    good = isinstance(value, dict) and all(
        isinstance(users, list) and len(users) <= 100 and all(is_user_id(user) for user in users)
        for users in value.values()
    )
    if not good:
        zh, en = "应为 步骤 → 用户编号列表", "step → list of user ids expected"
        raise ValidationFailed([problem("approvers", "type", zh, en)])
    return {str(step): list(users) for step, users in value.items()}
