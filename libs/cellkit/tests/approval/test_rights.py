"""Field rights of a step: what whoever has the task sees and changes, in every outlet."""

from __future__ import annotations

import csv
import io

import pytest
from approval_fixtures import Company, users

pytestmark = pytest.mark.asyncio
FIELDS = {"cost": "hide", "budget": "edit", "amount": "read", "lines.amount": "hide"}


async def waiting(company: Company) -> tuple[str, str]:
    await company.steps({"who": users(company.head), "fields": FIELDS})
    return await company.submitted(cost="77.77", budget="5.00")


async def test_hidden_fields_are_hidden_while_the_task_is_his(company: Company) -> None:
    purchase, instance = await waiting(company)
    other, _ = await company.submitted(cost="77.77")
    reader = company.api.as_user(
        ["fleet.purchase.read", "fleet.purchase.export"], user_id=company.head.user_id, department_id=company.team
    )
    read = await reader.must("GET", f"/purchases/{purchase}")
    assert "cost" not in read
    assert "amount" not in read["lines"][0]
    assert read["budget"] == "5.00"
    items = {item["id"]: item for item in (await reader.get("/purchases")).json["items"]}
    assert "cost" not in items[purchase]
    shown = (await company.view(instance, reader))["document"]
    assert "cost" not in shown
    export = (await reader.get("/exports/purchases", columns="title,cost")).body.decode("utf-8-sig")
    assert "77.77" not in export
    assert len(list(csv.reader(io.StringIO(export)))) == 3
    # Whoever has no task sees what his roles let him see, and so does he when it is done.
    assert (await company.carl.must("GET", f"/purchases/{purchase}"))["cost"] == "77.77"
    for key in (instance, (await company.todo(company.head))[0]["id"]):
        await company.act(company.head, key, "approve")
    assert (await reader.must("GET", f"/purchases/{purchase}"))["cost"] == "77.77"
    assert other


async def test_only_fields_left_open_are_changed(company: Company) -> None:
    purchase, instance = await waiting(company)
    path = f"/purchases/{purchase}"
    assert (await company.view(instance, company.head))["editable_fields"] == ["budget"]
    assert (await company.view(instance, company.carl))["editable_fields"] == []
    answer = await company.head.patch(path, {"version": 2, "title": "x", "budget": "6.00"})
    assert [(item["field"], item["rule"]) for item in answer.json["details"]] == [("title", "approval")]
    assert (await company.carl.patch(path, {"version": 2, "budget": "6.00"})).status == 409
    await company.head.must("PATCH", path, {"version": 2, "budget": "6.00"})
    answer = await company.head.post(f"/_approvals/{instance}/approve", {"changes": {"title": "x"}})
    assert answer.status == 422
    assert await company.state(purchase) == "approving"
    await company.act(company.head, instance, "approve", changes={"budget": "7.50"})
    read = await company.maker.must("GET", path)
    assert (read["state"], read["budget"]) == ("approved", "7.50")
    assert (await company.view(instance))["log"][-1]["changes"] == ["budget"]


async def test_later_conditions_see_what_was_changed(company: Company) -> None:
    await company.steps(
        {"who": users(company.carl), "fields": {"budget": "edit"}},
        {"who": users(company.head), "when": "budget > 100"},
    )
    purchase, instance = await company.submitted(budget="500.00")
    await company.act(company.carl, instance, "approve", changes={"budget": "50.00"})
    assert await company.state(purchase) == "approved"
    assert (await company.view(instance))["steps"][1]["state"] == "skipped"


async def test_an_approver_without_the_right_to_read_sees_what_he_decides_on(company: Company) -> None:
    outsider = company.user(company.root, permissions=())
    await company.steps({"who": users(outsider), "fields": {"budget": "edit"}})
    purchase, instance = await company.submitted(budget="5.00")
    assert (await outsider.get(f"/purchases/{purchase}")).status == 403
    seen = await company.view(instance, outsider)
    assert seen["document"]["title"] == "轮胎"
    assert {item["action"] for item in seen["actions"]} >= {"approve", "reject", "return", "transfer"}
    await company.act(outsider, instance, "approve", changes={"budget": "6.00"})
    assert await company.state(purchase) == "approved"


async def test_a_hidden_field_is_not_found_out_by_asking_for_it(company: Company) -> None:
    hidden = {**FIELDS, "title": "hide", "buyer_id": "hide"}
    await company.steps({"who": users(company.head), "fields": hidden})
    secret, instance = await company.submitted(amount="4321", cost="77.77", title="机密轮胎")
    other = (await company.purchase("1", cost="1.00", title="普通轮胎"))["id"]
    rights = ["fleet.purchase.read", "fleet.purchase.export", "fleet.report.run"]
    reader = company.api.as_user(rights, user_id=company.head.user_id, department_id=company.team)

    async def found(**query: str) -> set[str]:
        answer = await reader.get("/purchases", **query)
        assert answer.status == 200, answer.body.decode()
        return {item["id"] for item in answer.json["items"]}

    assert await found() == {secret, other}
    assert await found(filter='{"amount": {"gte": "1"}}') == {secret, other}, "amount may be read"
    asked = [
        {"filter": '{"cost": {"gte": "0.01"}}'},
        {"filter": '{"$where": "cost >= 0.01"}'},
        {"filter": '{"$where": "sum(lines.amount) > 0"}'},
        {"sort": "-buyer_id"},
        {"q": "轮胎"},
    ]
    for query in asked:
        answer = await reader.get("/purchases", **query)
        assert answer.status == 200, answer.body.decode()
        assert {item["id"] for item in answer.json["items"]} == {other}, query
        whole = await company.carl.get("/purchases", **query)
        assert {item["id"] for item in whole.json["items"]} == {secret, other}, "without the task all is found"
    exported = await reader.get("/exports/purchases", columns="number", filter='{"cost": {"gte": "0.01"}}')
    assert len(list(csv.reader(io.StringIO(exported.body.decode("utf-8-sig"))))) == 2
    counted = (await reader.get("/purchases", filter='{"cost": {"gte": "0.01"}}', total="true")).json
    assert counted["total"] == 1
    report = {"entity": "fleet.purchase", "measures": [{"name": "cost", "function": "sum", "field": "cost"}]}
    for person, total in ((reader, "1.00"), (company.carl, "78.77")):
        told = await person.must("POST", "/_reports/run", {"definition": report})
        assert [item["values"]["cost"] for item in told["totals"]] == [total], told
    await company.act(company.head, instance, "approve")
    assert await found(filter='{"cost": {"gte": "0.01"}}') == {secret, other}, "the step is over"
