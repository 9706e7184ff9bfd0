"""What people do with an approval besides deciding, and what everybody may see of it."""

from __future__ import annotations

import asyncio

import pytest
from approval_fixtures import Company, users

from cellkit.testing import Api
from cellkit.testing.cells import Clock

pytestmark = pytest.mark.asyncio


async def test_returned_to_the_starter_it_is_changed_and_submitted_again(company: Company) -> None:
    await company.steps({"who": users(company.carl)}, {"who": users(company.head)})
    purchase, instance = await company.submitted()
    await company.act(company.carl, instance, "approve")
    await company.act(company.head, instance, "return", to="start", back="here", comment="金额有误")
    assert (await company.view(instance))["returned"] is True
    assert await company.todo(company.head) == []
    read = await company.maker.must("GET", f"/purchases/{purchase}")
    assert (
        await company.carl.patch(f"/purchases/{purchase}", {"version": read["version"], "title": "x"})
    ).status == 409
    await company.maker.must("PATCH", f"/purchases/{purchase}", {"version": read["version"], "title": "改好了"})
    await company.refused(company.carl, instance, "resubmit", "APPROVAL_REFUSED")
    await company.maker.must("POST", f"/purchases/{purchase}/submit")
    # Straight back to whom it came from.
    await company.act(company.head, instance, "approve")
    assert await company.state(purchase) == "approved"
    log = [entry["action"] for entry in (await company.view(instance))["log"]]
    assert log == ["start", "approve", "return", "resubmit", "approve"]


async def test_transfer_delegate_and_sign(company: Company) -> None:
    await company.steps({"who": users(company.head)})
    purchase, instance = await company.submitted()
    await company.refused(
        company.head, instance, "transfer", "VALIDATION_FAILED", user="00000000-0000-4000-8000-000000000001"
    )
    await company.refused(company.head, instance, "transfer", "APPROVER_IS_MAKER", user=company.maker.user_id)
    await company.act(company.head, instance, "transfer", user=company.anna.user_id, comment="请处理")
    await company.refused(company.head, instance, "approve", "FORBIDDEN")
    await company.act(company.anna, instance, "delegate", user=company.ben.user_id)
    await company.act(company.ben, instance, "reject", comment="不建议")
    assert await company.state(purchase) == "approving"
    await company.act(company.anna, instance, "add-sign", where="before", users=[company.carl.user_id])
    await company.refused(company.anna, instance, "approve", "FORBIDDEN")
    await company.act(company.carl, instance, "approve")
    await company.act(company.anna, instance, "add-sign", where="after", users=[company.head.user_id])
    assert await company.state(purchase) == "approving"
    await company.act(company.head, instance, "approve")
    assert await company.state(purchase) == "approved"


async def test_recall_urge_cc_and_comments(company: Company, clock: Clock) -> None:
    await company.steps({"who": users(company.carl)}, {"who": users(company.head)}, cc=[users(company.ben)])
    _, instance = await company.submitted()
    await company.act(company.carl, instance, "approve")
    await company.act(company.carl, instance, "recall")
    assert [item["id"] for item in await company.todo(company.carl)] == [instance]
    await company.act(company.carl, instance, "approve")
    await company.refused(company.carl, instance, "urge", "APPROVAL_REFUSED")
    await company.act(company.maker, instance, "urge")
    answer = await company.maker.post(f"/_approvals/{instance}/urge")
    assert (answer.status, answer.headers["retry-after"]) == (429, "600")
    clock.advance(minutes=11)
    await company.act(company.maker, instance, "urge")
    outsider = company.user(company.root, permissions=())
    assert (await outsider.get(f"/_approvals/{instance}")).status == 404
    await company.act(company.maker, instance, "cc", users=[outsider.user_id])
    assert (await company.view(instance, outsider))["id"] == instance
    assert (await outsider.get("/_approvals/counts")).json["cc_unseen"] == 1
    await company.act(outsider, instance, "seen")
    assert (await outsider.get("/_approvals/counts")).json["cc_unseen"] == 0
    await company.act(outsider, instance, "comment", comment="看过了")
    await company.refused(outsider, instance, "approve", "FORBIDDEN")
    await company.act(company.head, instance, "approve")
    assert [item["id"] for item in await company.todo(company.ben, box="cc")] == [instance]


async def test_administrators_step_in(company: Company) -> None:
    await company.steps({"who": users(company.head)}, withdraw=False)
    purchase, instance = await company.submitted()
    await company.refused(company.maker, instance, "withdraw", "APPROVAL_REFUSED")
    await company.refused(company.carl, instance, "hand", "FORBIDDEN", task=1, user=company.carl.user_id)
    await company.act(company.api, instance, "hand", task=1, user=company.carl.user_id)
    await company.act(company.carl, instance, "approve")
    assert await company.state(purchase) == "approved"
    purchase, instance = await company.submitted()
    await company.act(company.api, instance, "withdraw")
    assert await company.state(purchase) == "draft"


async def test_flows_are_versioned_and_running_approvals_keep_theirs(company: Company) -> None:
    flow = await company.steps({"who": users(company.carl)}, {"who": users(company.head)})
    purchase, instance = await company.submitted()
    path = f"/approval-flows/{flow['id']}"
    definition = {"steps": [{"key": "only", "name": "唯一", "who": users(company.ben)}]}
    changed = await company.api.must("PATCH", path, {"version": flow["version"], "definition": definition})
    untouched, other = await company.submitted()
    assert [item["id"] for item in await company.todo(company.carl)] == [other, instance]
    published = await company.api.must("POST", f"{path}/publish")
    assert (published["result"]["version"], changed["published_version"]) == (2, 1)
    newest, third = await company.submitted()
    assert [item["id"] for item in await company.todo(company.ben)] == [third]
    for old in (instance, other):
        await company.act(company.carl, old, "approve")
        await company.act(company.head, old, "approve")
    await company.act(company.ben, third, "approve")
    assert {await company.state(key) for key in (purchase, untouched, newest)} == {"approved"}
    versions = (await company.api.get("/approval-flow-versions", filter={"flow_id": flow["id"]})).json["items"]
    assert sorted(item["flow_version"] for item in versions) == [1, 2]
    assert (await company.api.delete(path)).status in (409, 422)


async def test_wrong_definitions_are_told_by_path(company: Company, api: Api) -> None:
    steps = [
        {"key": "a b", "name": "", "who": [], "mode": "most", "due_hours": 0},
        {"key": "two", "name": "二", "who": {"kind": "field", "field": "title"}, "mode": "ratio", "when": "amout > 5"},
        {"key": "two", "name": "二", "who": {"kind": "leader"}, "fields": {"amount": "edit", "nothing": "hide"}},
        {"key": "hand", "name": "四", "who": {"kind": "users", "users": ["x"]}, "on_due": "hand", "colour": 1},
    ]
    body = {"name": "x", "entity": "fleet.purchase", "definition": {"steps": steps, "distinct": -1}}
    made = await api.must("POST", "/approval-flows", body)
    answer = await api.post(f"/approval-flows/{made['id']}/publish")
    assert (answer.status, answer.json["code"]) == (422, "VALIDATION_FAILED")
    found = {item["field"].removeprefix("definition.") for item in answer.json["details"]}
    assert found == {
        "distinct", "steps[0].key", "steps[0].name", "steps[0].who", "steps[0].mode", "steps[0].due_hours",
        "steps[1].who[0].field", "steps[1].ratio", "steps[1].when", "steps[2].key", "steps[2].fields.amount",
        "steps[2].fields.nothing", "steps[3].who[0].users[0]", "steps[3].hand_to", "steps[3].due_hours",
        "steps[3].colour",
    }  # fmt: skip
    checked = await api.must("POST", f"/approval-flows/{made['id']}/validate")
    assert {item["field"].removeprefix("definition.") for item in checked["result"]["problems"]} == found
    assert (await company.maker.post(f"/approval-flows/{made['id']}/publish")).status == 403


async def test_boxes_pages_counts_and_filters(company: Company) -> None:
    flow = await company.steps({"who": users(company.head), "due_hours": 5})
    instances = [(await company.submitted())[1] for _ in range(5)]
    for extra in ({}, {"sort": "due_at"}):
        pages, cursor = [], None
        while True:
            query = {"limit": "2", **extra, **({"cursor": cursor} if cursor else {})}
            answer = await company.head.get("/_approvals", **query)
            pages += [item["id"] for item in answer.json["items"]]
            cursor = answer.json["next"]
            if cursor is None:
                break
        assert pages == (instances if extra else instances[::-1])
    counts = (await company.head.get("/_approvals/counts")).json
    assert (counts["todo"], counts["overdue"]) == (5, 0)
    answer = await company.maker.get("/_approvals", box="started", status="running", total="true", limit="1")
    assert (answer.json["total"], len(answer.json["items"])) == (5, 1)
    assert await company.todo(company.head, entity="fleet.note") == []
    for query in ({"box": "x"}, {"entity": "x"}, {"sort": "title"}, {"colour": "red"}, {"cursor": "x"}):
        assert (await company.head.get("/_approvals", **query)).status == 400
    assert flow["published_version"] == 1


async def test_repeats_versions_and_bad_bodies(company: Company) -> None:
    await company.steps({"who": users(company.head, company.carl), "mode": "all"})
    _, instance = await company.submitted()
    path = f"/_approvals/{instance}/approve"
    first = await company.head.post(path, {"comment": "好"}, request_id="r-1")
    again = await company.head.post(path, {"comment": "好"}, request_id="r-1")
    assert (first.status, again.status, first.body) == (200, 200, again.body)
    stale = await company.carl.post(path, {"version": 1})
    assert (stale.status, stale.json["details"]["current"]) == (409, 2)
    for body in ({"colour": 1}, {"task": "x"}, {"comment": 5}, {"changes": []}):
        assert (await company.carl.post(path, body)).status == 422
    assert (await company.carl.post(f"/_approvals/{instance}/reject", {})).status == 422
    assert (await company.carl.post("/_approvals/x/approve", {})).status == 404


async def test_every_action_is_in_the_audit_trail_and_an_event(company: Company) -> None:
    purchase, instance = await company.submitted()
    await company.act(company.head, instance, "approve", comment="好")
    entries = (await company.api.get("/_audit", entity="fleet.purchase", entity_id=purchase)).json["items"]
    actions = {entry["action"] for entry in entries}
    assert {"fleet.purchase.approval_start", "fleet.purchase.approval_approve", "fleet.purchase.approve"} <= actions
    async with company.api.app.engine.database.session(company.api.tenant_id) as connection:
        found = await connection.fetch("SELECT type FROM kit_outbox WHERE subject = $1 ORDER BY position", instance)
    assert [record["type"] for record in found] == [
        "fleet.approval.started.v1",
        "fleet.approval.step_approved.v1",
        "fleet.approval.approved.v1",
    ]
    published = (await company.api.call("GET", "/_meta")).json["publishes"]
    assert {record["type"] for record in found} <= set(published)


async def test_other_tenants_see_nothing(company: Company, api: Api) -> None:
    purchase, instance = await company.submitted()
    other = api.tenant_b
    assert (await other.get(f"/_approvals/{instance}")).status == 404
    for action in ("approve", "withdraw", "comment"):
        assert (await other.post(f"/_approvals/{instance}/{action}", {"comment": "x"})).status == 404
    for box in ("todo", "done", "started", "cc"):
        assert (await other.get("/_approvals", box=box)).json["items"] == []
    assert (await other.get("/_approvals/preview", entity="fleet.purchase", id=purchase)).status == 404
    assert (await company.view(instance))["status"] == "running"


async def test_two_approvers_at_the_same_moment_both_count(company: Company) -> None:
    people = [company.head, company.anna, company.ben, company.carl]
    await company.steps({"who": users(*people), "mode": "all"})
    purchase, instance = await company.submitted()
    answers = await asyncio.gather(*(person.post(f"/_approvals/{instance}/approve") for person in people))
    assert [answer.status for answer in answers] == [200] * 4
    assert await company.state(purchase) == "approved"


async def test_one_of_two_wins_where_one_is_enough(company: Company) -> None:
    people = [company.head, company.anna, company.ben, company.carl]
    await company.steps({"who": users(*people), "mode": "any"})
    purchase, instance = await company.submitted()
    verbs = ["approve", "reject", "approve", "reject"]
    answers = await asyncio.gather(
        *(
            person.post(f"/_approvals/{instance}/{verb}", {"comment": "x"})
            for person, verb in zip(people, verbs, strict=True)
        )
    )
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]
    winner = verbs[[answer.status for answer in answers].index(200)]
    assert await company.state(purchase) == {"approve": "approved", "reject": "rejected"}[winner]


async def test_submitted_twice_at_once_there_is_one_approval(company: Company) -> None:
    made = await company.purchase()
    answers = await asyncio.gather(*(company.maker.post(f"/purchases/{made['id']}/submit") for _ in range(4)))
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]
    assert len(await company.todo(company.head)) == 1


async def test_what_breaks_in_between_leaves_nothing(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process dies after the approval was written and before the document is: the transaction takes both back."""
    purchase, instance = await company.submitted()
    before = await company.view(instance)
    from approval_cell import Purchase

    async def dies(work: object, row: object, parameters: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(Purchase.actions["approve"], "function", dies)
    assert (await company.head.post(f"/_approvals/{instance}/approve")).status == 500
    assert await company.view(instance) == before
    assert await company.state(purchase) == "approving"
    monkeypatch.undo()
    await company.act(company.head, instance, "approve")
    assert await company.state(purchase) == "approved"
