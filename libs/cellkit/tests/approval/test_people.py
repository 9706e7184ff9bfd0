"""Who is asked: every kind, and the policies where nobody or only the starter would be."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from approval_fixtures import Company, users

from cellkit.approval.directory import Answer, Directory, Question
from cellkit.errors import Unavailable
from cellkit.testing import Api

pytestmark = pytest.mark.asyncio


async def asked(company: Company, instance: str) -> list[list[str | None]]:
    """Who has an open task, by step."""
    steps = (await company.view(instance))["steps"]
    return [
        [task["user_id"] for visit in step["visits"][-1:] for task in visit["tasks"] if task["state"] == "open"]
        for step in steps
    ]


async def test_every_kind_of_who(company: Company) -> None:
    people = company
    cases: list[tuple[Any, list[Api]]] = [
        ({"kind": "role", "role": "finance"}, [people.boss, people.anna, people.ben]),
        ({"kind": "role", "role": "finance", "within": "department"}, [people.anna, people.ben]),
        ({"kind": "leader"}, [people.head]),
        ({"kind": "leader", "up": 1}, [people.boss]),
        ({"kind": "leaders", "levels": 2}, [people.head, people.boss]),
        ({"kind": "leaders", "to_level": 2}, [people.head]),
        ({"kind": "leaders", "to_level": 1}, [people.head, people.boss]),
        (users(people.carl, people.anna), [people.carl, people.anna]),
        ({"kind": "field", "field": "buyer_id"}, [people.carl]),
        ({"kind": "field_leader", "field": "place_id"}, [people.boss]),
        ([users(people.carl), {"kind": "leader"}], [people.carl, people.head]),
    ]
    for who, expected in cases:
        flow = await company.steps({"who": who, "mode": "all"})
        _, instance = await company.submitted(buyer_id=people.carl.user_id, place_id=people.root)
        [found] = await asked(company, instance)
        assert found == [person.user_id for person in expected], who
        await company.api.must("POST", f"/approval-flows/{flow['id']}/deactivate")


async def test_the_starter_chooses(company: Company) -> None:
    await company.steps({"who": {"kind": "choice", "least": 1, "most": 2}, "mode": "all"})
    made = await company.purchase()
    path = f"/purchases/{made['id']}/submit"
    answer = await company.maker.post(path)
    assert (answer.status, answer.json["code"]) == (422, "APPROVERS_REQUIRED")
    assert "步骤1" in answer.json["message"]
    assert await company.state(made["id"]) == "draft"
    answer = await company.maker.post(path, {"approvers": {"s1": ["x"]}})
    assert answer.json["details"][0]["field"] == "approvers"
    _, instance = await company.submitted(approvers={"s1": [company.carl.user_id, company.ben.user_id]})
    assert await asked(company, instance) == [[company.carl.user_id, company.ben.user_id]]


@pytest.mark.parametrize(
    ("policy", "state"), [("skip", "approved"), ("keep", "approving"), ("leader", "approving"), ("refuse", "approving")]
)
async def test_where_the_starter_himself_would_be_asked(company: Company, policy: str, state: str) -> None:
    await company.steps({"who": {"kind": "starter"}, "starter": policy})
    purchase, instance = await company.submitted()
    assert await company.state(purchase) == state
    expected = {
        "keep": [company.maker.user_id],
        "leader": [company.head.user_id],
        # Nobody is left, so those who administer flows are asked.
        "refuse": [None],
    }
    if policy in expected:
        assert await asked(company, instance) == [expected[policy]]
    if policy == "refuse":
        await company.act(company.api, instance, "approve")
        assert await company.state(purchase) == "approved"


@pytest.mark.parametrize(
    ("policy", "state"),
    [("skip", "approved"), ("pass", "approved"), ("reject", "rejected"), ("administrator", "approving")],
)
async def test_where_nobody_is_found(company: Company, policy: str, state: str) -> None:
    await company.steps({"who": {"kind": "role", "role": "nobody"}, "empty": policy})
    purchase, instance = await company.submitted()
    assert await company.state(purchase) == state
    [step] = (await company.view(instance))["steps"]
    assert step["state"] == {"skip": "skipped", "pass": "passed", "reject": "rejected", "administrator": "open"}[policy]
    if policy == "administrator":
        await company.refused(company.head, instance, "approve", "FORBIDDEN")
        assert [item["id"] for item in await company.todo(company.api)] == [instance]
        await company.act(company.api, instance, "approve")
        assert await company.state(purchase) == "approved"


async def test_empty_steps_may_go_to_somebody_named(company: Company) -> None:
    gone = str(uuid.uuid4())
    await company.steps({"who": {"kind": "users", "users": [gone]}, "empty": users(company.carl)})
    _, instance = await company.submitted()
    assert await asked(company, instance) == [[company.carl.user_id]]


async def test_whoever_is_away_is_acted_for(company: Company) -> None:
    await company.steps({"who": users(company.head)})
    until = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    body = {"delegate_id": company.carl.user_id, "valid_to": until}
    away = company.user(company.team, permissions=("fleet.approval_delegation.*",))
    head = company.api.as_user(["fleet.approval_delegation.*"], user_id=company.head.user_id)
    made = await head.must("POST", "/approval-delegations", body)
    assert made["user_id"] == company.head.user_id
    answer = await away.post("/approval-delegations", {**body, "user_id": company.head.user_id})
    assert answer.status == 403
    answer = await head.post("/approval-delegations", {**body, "delegate_id": company.head.user_id})
    assert answer.json["details"][0]["field"] == "delegate_id"
    _, instance = await company.submitted()
    assert await asked(company, instance) == [[company.carl.user_id]]
    await company.act(company.carl, instance, "approve")
    [task] = (await company.view(instance))["steps"][0]["visits"][0]["tasks"]
    assert (task["user_id"], task["instead_of"]) == (company.carl.user_id, company.head.user_id)
    await head.must("PATCH", f"/approval-delegations/{made['id']}", {"version": 1, "enabled": False})
    _, instance = await company.submitted()
    assert await asked(company, instance) == [[company.head.user_id]]


async def test_people_are_found_anew_when_their_step_comes(company: Company) -> None:
    await company.steps({"who": users(company.carl)}, {"who": {"kind": "leader"}})
    _, instance = await company.submitted()
    company.directory.department(company.team, company.ben.user_id, company.root)
    service = company.api.app.engine.approvals
    service.directory = Directory(company.directory)
    await company.act(company.carl, instance, "approve")
    assert (await asked(company, instance))[1] == [company.ben.user_id]


class Away:
    """Identity does not answer."""

    async def fetch(self, tenant_id: str, questions: Any) -> dict[Question, Answer]:
        raise Unavailable


async def test_identity_is_away(company: Company) -> None:
    await company.steps({"who": users(company.carl)}, {"who": {"kind": "leader"}})
    purchase, instance = await company.submitted()
    made = await company.purchase()
    company.api.app.engine.approvals.directory = Directory(Away())
    answer = await company.maker.post(f"/purchases/{made['id']}/submit")
    assert (answer.status, answer.headers["retry-after"]) == (503, "2")
    assert await company.state(made["id"]) == "draft"
    # What runs already goes on with whom it was planned.
    await company.act(company.carl, instance, "approve")
    await company.act(company.head, instance, "approve")
    assert await company.state(purchase) == "approved"


async def test_looking_ahead_tells_who_will_be_asked_and_changes_nothing(company: Company) -> None:
    await company.steps(
        {"who": {"kind": "leader"}},
        {"who": {"kind": "leader", "up": 1}, "when": "amount > 1000"},
        {"who": {"kind": "choice"}},
    )
    made = await company.purchase()
    answer = await company.maker.get("/_approvals/preview", entity="fleet.purchase", id=made["id"])
    assert answer.json["needed"] is True
    first, second, third = answer.json["steps"]
    assert [person["user_id"] for person in first["asked"]] == [company.head.user_id]
    assert first["asked"][0]["name"]
    assert (second["outcome"], second["reason"]) == ("skip", "condition")
    assert third["choose"] == {"least": 1, "most": 20}
    read = await company.maker.must("GET", f"/purchases/{made['id']}")
    assert (read["state"], read["version"]) == ("draft", 1)
    for query in ({}, {"entity": "fleet.plain", "id": made["id"]}, {"entity": "fleet.purchase", "id": "x"}):
        assert (await company.maker.get("/_approvals/preview", **query)).status in (400, 404)
