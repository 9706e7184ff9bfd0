"""Actions of documents without a flow of their own, held by a tenant until they are approved."""

from __future__ import annotations

import pytest
from approval_fixtures import Company, users

from cellkit.testing import Api

pytestmark = pytest.mark.asyncio

PERMISSION = "fleet.plain.settle"


async def hold(company: Company, **flow: object) -> None:
    steps = [{"key": "one", "name": "审批", "who": users(company.head)}]
    await company.flow({"steps": steps, **flow}, "fleet.plain", verb="settle")


async def test_the_action_runs_with_its_parameters_when_it_is_approved(company: Company) -> None:
    await hold(company)
    plain = await company.maker.must("POST", "/plains", {"text": "x"})
    path = f"/plains/{plain['id']}"
    assert (await company.maker.post(f"{path}/settle")).status == 422
    answer = await company.maker.must("POST", f"{path}/settle", {"note": "y"})
    assert (answer["state"], answer["result"]["approval"]["status"]) == ("open", "running")
    instance = answer["result"]["approval"]["id"]
    for refused in (
        await company.maker.post(f"{path}/settle", {"note": "z"}),
        await company.maker.patch(path, {"version": 1, "text": "z"}),
        await company.maker.delete(path),
    ):
        assert (refused.status, refused.json["code"]) == (409, "CONFLICT")
    await company.act(company.head, instance, "approve")
    done = await company.maker.must("GET", path)
    assert (done["state"], done["text"]) == ("done", "x: y")


async def test_rejected_or_withdrawn_the_document_is_as_before(company: Company) -> None:
    await hold(company)
    plain = await company.maker.must("POST", "/plains", {"text": "x"})
    path = f"/plains/{plain['id']}"
    for person, action in ((company.head, "reject"), (company.maker, "withdraw")):
        answer = await company.maker.must("POST", f"{path}/settle", {"note": "y"})
        await company.act(person, answer["result"]["approval"]["id"], action, comment="否")
    read = await company.maker.must("PATCH", path, {"version": 1, "text": "z"})
    assert (read["state"], read["version"]) == ("open", 2)


async def test_only_where_its_condition_holds(company: Company) -> None:
    await hold(company, when="amount > 100")
    small = await company.maker.must("POST", "/plains", {"text": "x", "amount": "5"})
    assert (await company.maker.must("POST", f"/plains/{small['id']}/settle", {"note": "y"}))["state"] == "done"


async def test_returned_it_is_changed_and_asked_for_again(company: Company) -> None:
    await hold(company)
    plain = await company.maker.must("POST", "/plains", {"text": "x"})
    path = f"/plains/{plain['id']}"
    instance = (await company.maker.must("POST", f"{path}/settle", {"note": "y"}))["result"]["approval"]["id"]
    await company.act(company.head, instance, "return", comment="改一下")
    await company.maker.must("PATCH", path, {"version": 1, "text": "better"})
    await company.maker.must("POST", f"{path}/settle", {"note": "again"})
    await company.act(company.head, instance, "approve")
    assert (await company.maker.must("GET", path))["text"] == "better: again"


async def test_other_tenants_hold_nothing(company: Company, api: Api) -> None:
    await hold(company)
    other = api.tenant_b
    plain = await other.must("POST", "/plains", {"text": "x"})
    assert (await other.must("POST", f"/plains/{plain['id']}/settle", {"note": "y"}))["state"] == "done"


async def test_a_flow_names_an_action_that_exists(company: Company, api: Api) -> None:
    body = {"name": "x", "definition": {"steps": []}}
    for values, field in (
        ({"entity": "fleet.plain"}, "verb"),
        ({"entity": "fleet.plain", "verb": "fly"}, "verb"),
        ({"entity": "fleet.purchase", "verb": "approve"}, "verb"),
        ({"entity": "fleet.nothing", "verb": "x"}, "entity"),
        ({"entity": "fleet.approval_flow", "verb": "publish"}, "entity"),
    ):
        answer = await api.post("/approval-flows", {**body, **values})
        assert answer.status == 422
        assert answer.json["details"][0]["field"] == field


async def test_what_is_held_has_its_name_and_address_in_the_inbox(company: Company) -> None:
    await hold(company, steps=[{"key": "one", "name": "审批", "who": {"kind": "permission", "permission": PERMISSION}}])
    plain = await company.maker.must("POST", "/plains", {"text": "x"})
    await company.maker.must("POST", f"/plains/{plain['id']}/settle", {"note": "y"})
    todo = "/_approvals?box=todo&entity=fleet.plain"
    [row] = (await company.head.must("GET", todo))["items"]
    assert (row["entity_label"], row["path"]) == ("普通单据", f"/api/v1/fleet/plains/{plain['id']}")
    approval = (await company.head.must("GET", "/api/v1/fleet/_meta"))["approval"]
    assert approval["held"] == {"fleet.plain": {"label": "普通单据", "verbs": {"settle": "结清"}}}
    assert "fleet.plain" not in approval["entities"]
