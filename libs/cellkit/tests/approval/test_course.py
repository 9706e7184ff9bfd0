"""An approval from its submission to its end, through the API and a real PostgreSQL."""

from __future__ import annotations

import pytest
from approval_cell import Note
from approval_fixtures import Company, users

from cellkit.testing import Api

pytestmark = pytest.mark.asyncio


async def test_the_default_flow_asks_the_leader_and_runs_the_documents_action(company: Company) -> None:
    purchase, instance = await company.submitted()
    assert await company.state(purchase) == "approving"
    [task] = await company.todo(company.head)
    assert (task["id"], task["document_id"], task["step"]["name"]) == (instance, purchase, "部门审批")
    assert await company.todo(company.boss) == []
    await company.refused(company.carl, instance, "approve", "FORBIDDEN")
    await company.act(company.head, instance, "approve", comment="同意")
    read = await company.maker.must("GET", f"/purchases/{purchase}")
    assert (read["state"], read["approved_by"], read["opinion"]) == ("approved", company.head.user_id, "同意")
    assert await company.todo(company.head) == []
    assert [item["id"] for item in await company.todo(company.head, box="done")] == [instance]
    await company.refused(company.head, instance, "approve", "CONFLICT")


async def test_a_document_with_nothing_but_a_flow_gets_states_and_actions(company: Company) -> None:
    assert list(Note.states.items) == ["draft", "approving", "approved"]
    assert set(Note.actions) == {"submit", "approve", "reject", "withdraw"}
    note = await company.maker.must("POST", "/notes", {"text": "x"})
    path = f"/notes/{note['id']}"
    assert (await company.maker.must("POST", f"{path}/submit"))["state"] == "approving"
    answer = await company.maker.post(f"{path}/approve")
    assert (answer.status, answer.json["code"]) == (422, "APPROVER_IS_MAKER")
    assert (await company.head.must("POST", f"{path}/reject", {"reason": "不清楚"}))["state"] == "draft"
    await company.maker.must("POST", f"{path}/submit")
    assert (await company.maker.must("POST", f"{path}/withdraw"))["state"] == "draft"
    await company.maker.must("POST", f"{path}/submit")
    assert (await company.head.must("POST", f"{path}/approve", {"comment": "好"}))["state"] == "approved"


async def test_rejection_and_withdrawal_run_the_documents_actions(company: Company) -> None:
    purchase, instance = await company.submitted()
    await company.act(company.head, instance, "reject", comment="超预算")
    assert await company.state(purchase) == "rejected"
    purchase, instance = await company.submitted()
    await company.act(company.maker, instance, "withdraw")
    assert await company.state(purchase) == "draft"
    await company.maker.must("POST", f"/purchases/{purchase}/submit")
    assert await company.state(purchase) == "approving"


async def test_conditions_choose_steps_and_flows(company: Company) -> None:
    await company.steps(
        {"who": {"kind": "leader"}},
        {"who": {"kind": "leader", "up": 1}, "when": "sum(lines.amount) > 1000"},
        when="amount >= 50",
    )
    small, _ = await company.submitted("10")
    assert await company.state(small) == "approved"
    middle, instance = await company.submitted("100")
    await company.act(company.head, instance, "approve")
    assert await company.state(middle) == "approved"
    large, instance = await company.submitted("5000")
    await company.act(company.head, instance, "approve")
    assert await company.state(large) == "approving"
    await company.act(company.boss, instance, "approve")
    assert await company.state(large) == "approved"


async def test_modes(company: Company) -> None:
    people = (company.anna, company.ben, company.carl)
    flow = await company.steps({"who": users(*people), "mode": "all"})
    purchase, instance = await company.submitted()
    for person in people:
        assert await company.state(purchase) == "approving"
        await company.act(person, instance, "approve")
    assert await company.state(purchase) == "approved"
    purchase, instance = await company.submitted()
    await company.act(company.anna, instance, "approve")
    await company.act(company.ben, instance, "reject", comment="不同意")
    assert await company.state(purchase) == "rejected"

    async def change(step: dict) -> None:
        current = await company.api.must("GET", f"/approval-flows/{flow['id']}")
        definition = {"steps": [{"key": "s1", "name": "步骤", "who": users(*people), **step}]}
        body = {"version": current["version"], "definition": definition}
        await company.api.must("PATCH", f"/approval-flows/{flow['id']}", body)
        await company.api.must("POST", f"/approval-flows/{flow['id']}/publish")

    await change({"mode": "any"})
    purchase, instance = await company.submitted()
    await company.act(company.ben, instance, "approve")
    assert await company.state(purchase) == "approved"
    assert await company.todo(company.anna) == []

    await change({"mode": "sequential"})
    purchase, instance = await company.submitted()
    await company.refused(company.ben, instance, "approve", "FORBIDDEN")
    for person in people:
        assert [len(await company.todo(one)) for one in people] == [int(one is person) for one in people]
        await company.act(person, instance, "approve")
    assert await company.state(purchase) == "approved"

    await change({"mode": "ratio", "ratio": "0.6"})
    purchase, instance = await company.submitted()
    await company.act(company.anna, instance, "reject", comment="不同意")
    assert await company.state(purchase) == "approving"
    await company.act(company.ben, instance, "approve")
    await company.act(company.carl, instance, "approve")
    assert await company.state(purchase) == "approved"
    purchase, instance = await company.submitted()
    await company.act(company.anna, instance, "reject", comment="不同意")
    await company.act(company.ben, instance, "reject", comment="不同意")
    assert await company.state(purchase) == "rejected"


async def test_documents_are_locked_while_they_wait(company: Company) -> None:
    purchase, instance = await company.submitted()
    answer = await company.maker.patch(f"/purchases/{purchase}", {"version": 2, "title": "别的"})
    assert (answer.status, answer.json["code"]) == (409, "CONFLICT")
    assert "部门审批" in answer.json["message"]
    answer = await company.maker.post(f"/purchases/{purchase}/submit")
    assert answer.status == 409
    # What is declared to be possible in every state stays so, and does not end the approval.
    await company.maker.must("POST", f"/purchases/{purchase}/rename", {"title": "新名"})
    assert (await company.view(instance))["status"] == "running"
    await company.maker.must("POST", f"/purchases/{purchase}/close")
    assert (await company.view(instance))["status"] == "cancelled"
    assert await company.todo(company.head) == []


async def test_documents_without_a_flow_ask_for_nothing(company: Company, api: Api) -> None:
    plain = await company.maker.must("POST", "/plains", {"text": "x"})
    assert (await company.maker.must("GET", f"/plains/{plain['id']}"))["text"] == "x"
    assert company.directory.calls == 0
