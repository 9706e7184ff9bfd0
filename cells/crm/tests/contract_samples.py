"""Examples for the platform's contract tests: what the declarations cannot tell."""

from __future__ import annotations

import itertools
import secrets
import uuid
from datetime import timedelta
from typing import Any

_serial = itertools.count()
_new_owners: dict[str, str] = {}
_next_stages: dict[str, str] = {}


class _References(dict[str, str]):
    """References of a tenant whose contract is one in force, so that plans and receipts can refer to it."""

    def __setitem__(self, key: str, value: str) -> None:
        if key != "crm.contract" or key not in self:
            super().__setitem__(key, value)


def sample(key: str, references: dict[str, str]) -> dict[str, Any]:
    """Fields to lay over the generic body."""
    number = next(_serial)
    values: dict[str, dict[str, Any]] = {
        "crm.lead": {"mobile": f"13{secrets.randbelow(10**9):09}"},
        "crm.stage": {"sequence": number % 100 + 1, "required_fields": []},
        "crm.own_limit": {"user_id": str(uuid.uuid4()), "most": 1_000_000},
        "crm.setting": {"valid_from": f"{2100 + number % 7000}-01-01"},
        "crm.receivable_plan": {"amount": "0.01"},
        "crm.receipt": {"amount": "0.01"},
    }
    return values.get(key, {})


async def set_up(api: Any) -> None:
    """One person may do it all, so that every action can be tried by the same caller."""
    await api.must("POST", "/settings", {"two_person_approval": False})


async def contract_in_force(api: Any, samples: Any) -> dict[str, Any]:
    """A contract that money may come in on; the tenant's reference from now on."""
    product = await samples.reference("crm.product")
    customer = await samples.reference("crm.customer")
    line = {"product_id": product, "quantity": "100", "price": "100"}
    made = await api.must("POST", "/contracts", {"customer_id": customer, "lines": [line], "end_date": "2026-01-01"})
    await api.must("POST", f"/contracts/{made['id']}/submit")
    return dict(await api.must("POST", f"/contracts/{made['id']}/approve"))


async def make(key: str, api: Any, samples: Any) -> dict[str, Any] | None:
    """The row of a document that a POST alone cannot make."""
    if key == "crm.follow_up":
        lead = await samples.make(samples.table("crm.lead"))
        await api.must("POST", f"/leads/{lead['id']}/follow", {"content": "x"})
        found = await api.get("/follow-ups", filter={"lead_id": lead["id"]})
        return dict(found.json["items"][0])
    if key == "crm.contract":
        if not isinstance(samples.references, _References):
            samples.references = _References(samples.references)
            samples.references["crm.contract"] = (await contract_in_force(api, samples))["id"]
        line = {"product_id": await samples.reference("crm.product"), "quantity": "1", "price": "100"}
        body = {**await samples.body(samples.table(key)), "lines": [line]}
        return dict(await api.must("POST", "/contracts", body))
    return None


async def ready(key: str, verb: str, api: Any, samples: Any) -> dict[str, Any] | None:
    """A row on which the action may run."""
    if verb in {"assign", "transfer"}:
        # Somebody else's, to be given to the caller.
        row = await samples.as_api(api.as_user()).make(samples.table(key))
        _new_owners[row["id"]] = api.user_id
        return dict(row)
    if key == "crm.opportunity":
        row = await samples.make(samples.table(key))
        path = f"/opportunities/{row['id']}"
        changes: dict[str, Any] = {"amount": "1.00", "need": "x"}
        if verb == "win":
            changes["lines"] = [{"product_id": await samples.reference("crm.product"), "quantity": "1"}]
        row = await api.must("PATCH", path, {"version": row["version"], **changes})
        if verb == "reopen":
            row = await api.must("POST", f"{path}/void", {"reason": "x"})
        if verb == "move":
            stages = (await api.get("/stages", filter={"pipeline_id": row["pipeline_id"]}, sort="sequence")).json[
                "items"
            ]
            _next_stages[row["id"]] = stages[1]["id"]
        return dict(row)
    if key == "crm.quote":
        return await _quote(verb, api, samples)
    if key == "crm.contract" and verb in {"resend", "complete", "expire", "confirm-plans"}:
        return await _contract(verb, api, samples)
    if key == "crm.receivable_plan":
        return await _open_plan(api, samples)
    if key == "crm.receipt" and verb == "reverse":
        return await _allocated_receipt(api, samples)
    if key == "crm.customer" and verb == "unlock":
        row = await samples.make(samples.table(key))
        return dict(await api.must("POST", f"/customers/{row['id']}/lock"))
    return None


async def _open_plan(api: Any, samples: Any) -> dict[str, Any]:
    row = await contract_in_force(api, samples)
    body = {"instalments": 1, "first_due_date": "2020-01-01"}
    await api.must("POST", f"/contracts/{row['id']}/plan-instalments", body)
    found = await api.get("/receivable-plans", filter={"contract_id": row["id"]})
    return dict(found.json["items"][0])


async def _allocated_receipt(api: Any, samples: Any) -> dict[str, Any]:
    """Money that counts and was allocated to a plan by hand."""
    plan = await _open_plan(api, samples)
    allocation = {"plan_id": plan["id"], "amount": "2.00"}
    body = {"contract_id": plan["contract_id"], "amount": "3.00", "allocations": [allocation]}
    receipt = await api.must("POST", "/receipts", body)
    await api.must("POST", f"/receipts/{receipt['id']}/submit")
    return dict(await api.must("POST", f"/receipts/{receipt['id']}/approve"))


async def _quote(verb: str, api: Any, samples: Any) -> dict[str, Any] | None:
    product = await samples.reference("crm.product")
    discount = "1" if _asks(verb) or verb == "submit" else "0"
    line = {"product_id": product, "quantity": "1", "price": "10", "discount": discount}
    body = {"customer_id": await samples.reference("crm.customer"), "lines": [line]}
    engine = api.app.engine
    present = engine.clock
    if verb == "expire":
        # An offer that is over cannot be submitted any more: it was two months ago.
        engine.clock = lambda: present() - timedelta(days=60)
    try:
        row = await api.must("POST", "/quotes", body)
        if verb == "submit":
            return dict(row)
        maker = api.as_user() if _asks(verb) else api
        row = await maker.must("POST", f"/quotes/{row['id']}/submit")
    finally:
        engine.clock = present
    steps = {"accept": ["send"], "decline": ["send"], "make-contract": ["send", "accept"]}.get(verb, [])
    for step in steps:
        row = await api.must("POST", f"/quotes/{row['id']}/{step}")
    return dict(row)


def _asks(verb: str) -> bool:
    return verb in {"approve", "reject", "withdraw"}


async def _contract(verb: str, api: Any, samples: Any) -> dict[str, Any] | None:
    row = await contract_in_force(api, samples)
    path = f"/contracts/{row['id']}"
    if verb == "complete":
        receipt = await api.must("POST", "/receipts", {"contract_id": row["id"], "amount": row["amount"]})
        await api.must("POST", f"/receipts/{receipt['id']}/submit")
        await api.must("POST", f"/receipts/{receipt['id']}/approve")
    if verb == "confirm-plans":
        plan = {"contract_id": row["id"], "period": 1, "due_date": "2027-01-01", "amount": row["amount"]}
        await api.must("POST", "/receivable-plans", plan)
    if verb == "resend":
        await _reject(row, api)
    return dict(await api.must("GET", path))


async def _reject(contract: dict[str, Any], api: Any) -> None:
    identity = str(uuid.uuid4())
    event = {
        "specversion": "1.0", "id": identity, "type": "erp.order.rejected.v1", "source": "/cells/erp",
        "subject": contract["id"], "time": "2026-11-22T08:00:00Z", "tenantid": api.tenant_id, "partitionkey": "k",
        "actor": "cell:erp", "datacontenttype": "application/json",
        "data": {"contract_id": contract["id"], "reason": "x"},
    }  # fmt: skip
    caller = type(api)(api.app, api.cell, api.source, api.tenant_id, "cell:erp")
    answer = await caller.post("/_inbox", event, request_id=identity)
    assert answer.status < 300, answer.body.decode()


def parameters(key: str, verb: str, row: dict[str, Any]) -> dict[str, Any]:
    """Parameters of an action, laid over the generic ones."""
    if verb in {"assign", "transfer"}:
        # A row that was not made ready for it may go to anybody.
        return {"owner_id": _new_owners.get(row["id"]) or str(uuid.uuid4())}
    if (key, verb) == ("crm.opportunity", "move"):
        return {"stage_id": _next_stages[row["id"]]}
    if (key, verb) == ("crm.contract", "plan-instalments"):
        return {"instalments": 1, "first_due_date": "2027-01-01"}
    return {}
