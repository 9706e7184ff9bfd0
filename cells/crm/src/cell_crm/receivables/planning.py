"""Making, confirming and discarding the plans of a contract (its actions), and dunning."""

from __future__ import annotations

from typing import Any

from cell_crm.common.references import referenced, trust_references
from cell_crm.common.work import same, serialise
from cell_crm.contracts.rules import IN_FORCE
from cell_crm.receivables import rules
from cell_crm.receivables.errors import ContractNotInForce, PlanInUse, PlanNotOverdue, PlansExist, PlanSumMismatch
from cell_crm.settings.lookup import settings_of
from cellkit.declare import Row
from cellkit.pipeline.work import Work

_PLANNED = """
SELECT coalesce(sum(amount), 0) FROM crm_receivable_plan
WHERE tenant_id = $1 AND contract_id = $2 AND state <> 'cancelled' AND ($3::uuid IS NULL OR id <> $3)
"""
_MOST_PLANS = 1000


async def prepare(work: Work, row: Row, before: Row | None) -> None:
    """A plan by hand: the contract is in force, and all its plans stay within its amount."""
    contract = await referenced(work, "crm.contract", row["contract_id"], "contract_id")
    if before is not None and same(before["contract_id"], row["contract_id"]) and before["amount"] == row["amount"]:
        return
    if contract["state"] not in IN_FORCE:
        raise ContractNotInForce(number=contract["number"])
    row["customer_id"] = contract["customer_id"]
    row.setdefault("owner_id", contract["owner_id"])
    row.setdefault("department_id", contract["department_id"])
    if row["remind_days"] is None:
        row["remind_days"] = (await settings_of(work))["remind_days"]
    if row.get("state") == "open":
        # Made by the contract's own action, which sees to the sum.
        return
    await serialise(work, "plans", [str(contract["id"])])
    planned = await work.value(_PLANNED, contract["id"], row.get("id")) + row["amount"]
    if planned > contract["amount"]:
        raise PlanSumMismatch(planned=planned, amount=contract["amount"])


async def _plans(work: Work, contract: Row) -> list[Row]:
    return await work.find(
        "crm.receivable_plan",
        {"contract_id": contract["id"], "state": ["draft", "open", "settled"]},
        limit=_MOST_PLANS,
        sort="due_date",
        lock=True,
    )


async def plan_instalments(work: Work, contract: Row, parameters: Row) -> dict[str, Any]:
    """Equal instalments over the contract's amount, the remainder on the last."""
    await serialise(work, "plans", [str(contract["id"])])
    if await _plans(work, contract):
        raise PlansExist(number=contract["number"])
    remind_days = parameters["remind_days"]
    if remind_days is None:
        remind_days = (await settings_of(work))["remind_days"]
    entity = "crm.receivable_plan"
    plans = rules.instalment_plans(
        contract["amount"],
        count=parameters["instalments"],
        first_due=parameters["first_due_date"],
        interval_months=parameters["interval_months"],
    )
    if any(plan["amount"] <= 0 for plan in plans):
        raise PlanSumMismatch(planned=contract["amount"], amount=contract["amount"])
    trust_references(work)
    made = [
        await work.create(entity, {**plan, "contract_id": contract["id"], "remind_days": remind_days, "state": "open"})
        for plan in plans
    ]
    return {"items": [{"id": plan["id"], "period": plan["period"], "amount": plan["amount"]} for plan in made]}


async def confirm_plans(work: Work, contract: Row, _parameters: Row) -> None:
    """Plans made by hand come into force when they come to the contract's amount."""
    await serialise(work, "plans", [str(contract["id"])])
    plans = await _plans(work, contract)
    planned = rules.total(plans)
    if planned != contract["amount"]:
        raise PlanSumMismatch(planned=planned, amount=contract["amount"])
    for plan in plans:
        if plan["state"] == "draft":
            plan["state"] = "open"
            work.change(plan)


async def discard_plans(work: Work, contract: Row, _parameters: Row) -> None:
    """To plan anew, as long as no money was allocated."""
    await serialise(work, "plans", [str(contract["id"])])
    plans = await _plans(work, contract)
    used = next((plan for plan in plans if plan["allocated_amount"]), None)
    if used is not None:
        raise PlanInUse(period=used["period"])
    for plan in plans:
        plan["state"] = "cancelled"
        work.change(plan)


async def dun(work: Work, plan: Row, parameters: Row) -> dict[str, Any]:
    """A dunning task for whoever owns the plan; one a day."""
    overdue = rules.days_overdue(plan["due_date"], work.today)
    if overdue <= 0:
        raise PlanNotOverdue(period=plan["period"], due_date=plan["due_date"])
    entity = "crm.task"
    source = f"crm/dunning/{plan['id']}/{work.today}"
    known = await work.find(entity, {"source": source}, limit=1)
    task = (
        known[0]
        if known
        else await work.create(
            entity,
            {
                "subject": f"催款：第 {plan['period']} 期逾期 {overdue} 天，未收 {plan['open_amount']}",
                "task_type": "dunning",
                "assignee_id": plan["owner_id"],
                "owner_id": plan["owner_id"],
                "department_id": plan["department_id"],
                "due_date": work.today,
                "customer_id": plan["customer_id"],
                "contract_id": plan["contract_id"],
                "plan_id": plan["id"],
                "content": parameters["note"],
            },
            source=source,
        )
    )
    plan["dunned_at"] = work.now
    return {"task_id": task["id"]}
