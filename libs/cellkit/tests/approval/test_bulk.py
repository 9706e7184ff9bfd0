"""Several approvals decided at once."""

from __future__ import annotations

import uuid

import pytest
from approval_fixtures import Company, users

pytestmark = pytest.mark.asyncio


async def waiting(company: Company, count: int) -> list[tuple[str, str]]:
    await company.steps({"who": users(company.head)})
    return [await company.submitted(title=f"轮胎 {number}") for number in range(count)]


async def test_each_is_decided_by_its_own_rules(company: Company) -> None:
    made = await waiting(company, 3)
    await company.act(company.head, made[1][1], "transfer", user=company.carl.user_id)
    unknown = str(uuid.uuid4())
    asked = [instance for _, instance in made]
    answer = await company.head.post("/_approvals/approve", {"ids": [*asked, unknown, asked[0]], "comment": "同意"})
    assert answer.status == 200, answer.body.decode()
    told = answer.json
    assert (told["done"], told["refused"]) == (2, 2)
    assert [item["id"] for item in told["items"]] == [*asked, unknown], "each once, in the order asked"
    assert [item["done"] for item in told["items"]] == [True, False, True, False]
    assert [item["code"] for item in told["items"] if not item["done"]] == ["FORBIDDEN", "NOT_FOUND"]
    assert all(item["message"] for item in told["items"] if not item["done"])
    assert [await company.state(purchase) for purchase, _ in made] == ["approved", "approving", "approved"]
    log = (await company.view(asked[0]))["log"]
    assert (log[-1]["action"], log[-1]["comment"]) == ("approve", "同意"), "in its log like one decided alone"
    await company.act(company.carl, asked[1], "approve")
    assert await company.state(made[1][0]) == "approved"


async def test_a_rejection_needs_its_reason_and_strangers_decide_nothing(company: Company) -> None:
    made = await waiting(company, 2)
    ids = [instance for _, instance in made]
    answer = await company.head.post("/_approvals/reject", {"ids": ids})
    assert [item["field"] for item in answer.json["details"]] == ["comment"]
    stranger = await company.anna.post("/_approvals/reject", {"ids": ids, "comment": "不行"})
    assert (stranger.json["done"], stranger.json["refused"]) == (0, 2)
    other = await company.head.tenant_b.post("/_approvals/reject", {"ids": ids, "comment": "不行"})
    assert {item["code"] for item in other.json["items"]} == {"NOT_FOUND"}
    assert [await company.state(purchase) for purchase, _ in made] == ["approving"] * 2
    await company.head.must("POST", "/_approvals/reject", {"ids": ids, "comment": "超预算"}, 200)
    assert [await company.state(purchase) for purchase, _ in made] == ["rejected"] * 2
    for body in (
        {"ids": []},
        {"ids": ["x"]},
        {"ids": [str(uuid.uuid4()) for _ in range(101)]},
        {"ids": ids, "to": "x"},
    ):
        assert (await company.head.post("/_approvals/approve", body)).status == 422, body


async def test_sent_again_it_goes_on_where_it_was_cut_off(company: Company) -> None:
    made = await waiting(company, 2)
    ids = [instance for _, instance in made]
    key = str(uuid.uuid4())
    # The first was decided before the connection was lost: the same request id, and the same words.
    alone = await company.head.post(f"/_approvals/{ids[0]}/approve", {}, request_id=key)
    assert alone.status == 200
    whole = await company.head.post("/_approvals/approve", {"ids": ids}, request_id=key)
    assert whole.json["done"] == 2, whole.body.decode()
    again = await company.head.post("/_approvals/approve", {"ids": ids}, request_id=key)
    assert again.json == whole.json
    assert again.headers["idempotent-replay"] == "true"
    assert [entry["action"] for entry in (await company.view(ids[0]))["log"]].count("approve") == 1
    assert (await company.head.post("/_approvals/approve", {"ids": ids[:1]}, request_id=key)).status == 409
