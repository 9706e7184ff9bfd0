"""What is done with leads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from cell_crm.common.references import referenced, trust_references
from cell_crm.common.work import serialise
from cell_crm.followups.actions import write_follow_up
from cell_crm.leads import rules
from cell_crm.leads.duplicates import check_duplicates, duplicates_of
from cell_crm.leads.errors import (
    LeadAlreadyConverted,
    LeadAssigneeMissing,
    MergedAway,
    MergeWithItself,
    NobodyFree,
)
from cell_crm.owners.actions import set_owner
from cell_crm.settings.documents import Team
from cell_crm.settings.lookup import settings_of
from cell_crm.settings.rules import next_member
from cellkit.declare import Row
from cellkit.pipeline.work import Work

_OPEN_LEADS = """
SELECT owner_id, count(*) AS leads FROM crm_lead
WHERE tenant_id = $1 AND owner_id = ANY($2::text[]) AND state IN ('new', 'assigned', 'following')
GROUP BY owner_id
"""


async def prepare(work: Work, row: Row, before: Row | None) -> None:
    """One lead: see :func:`prepare_many`."""
    rules.derive_lead(row)
    if before is None or any(row[name] != before[name] for name in rules.IDENTIFYING):
        await check_duplicates(work, [row])


async def prepare_many(work: Work, rows: Sequence[Row]) -> None:
    """Duplicates of a batch of new leads, with the queries of one."""
    for row in rows:
        rules.derive_lead(row)
    await check_duplicates(work, rows)


async def assign(work: Work, lead: Row, parameters: Row) -> None:
    """To a named owner, or to whoever's turn it is in a team."""
    settings = await settings_of(work)
    owner_id, department_id = parameters["owner_id"], parameters["department_id"]
    if owner_id is None:
        team_id = parameters["team_id"] or settings["lead_team_id"]
        if team_id is None:
            raise LeadAssigneeMissing
        owner_id, department_id = await _turn(work, team_id, lead)
    await set_owner(work, "lead", lead, owner_id=owner_id, department_id=department_id, reason=parameters["reason"])
    lead["assigned_at"] = work.now
    lead["follow_by"] = work.now + timedelta(hours=settings["lead_follow_hours"])


async def _turn(work: Work, team_id: UUID, lead: Row) -> tuple[str, str | None]:
    team = await work.get(Team, team_id, lock=True)
    counts: list[dict[str, Any]] = await work.rows(_OPEN_LEADS, [member["user_id"] for member in team["members"]])
    member = next_member(
        [member for member in team["members"] if member["user_id"] != lead["owner_id"] or lead["state"] == "new"],
        area=lead["area"],
        open_leads={item["owner_id"]: item["leads"] for item in counts},
    )
    if member is None:
        raise NobodyFree(team=team["name"])
    work.change(team)
    if member["user_id"] == lead["owner_id"]:
        # Entered by the one whose turn it is: it is assigned to him all the same.
        lead["owner_id"] = None
    return member["user_id"], member["member_department_id"]


async def follow(work: Work, lead: Row, parameters: Row) -> None:
    """A follow-up; the first one keeps the time limit."""
    await write_follow_up(work, lead, parameters, lead_id=lead["id"])
    if lead["first_follow_at"] is None:
        lead["first_follow_at"] = work.now


async def invalidate(_work: Work, lead: Row, parameters: Row) -> None:
    """Nothing will come of it."""
    lead["invalid_reason"] = parameters["reason"]
    lead["next_follow_at"] = None


async def pool(work: Work, lead: Row, parameters: Row) -> None:
    """Back to everybody."""
    if lead["owner_id"] is not None:
        await set_owner(work, "lead", lead, owner_id=None, department_id=None, reason=parameters["reason"])
    lead["next_follow_at"] = lead["follow_by"] = None


async def revive(work: Work, lead: Row, _parameters: Row) -> None:
    """An invalid lead turns out to be one."""
    if lead["merged_into_id"] is not None:
        raise MergedAway
    await check_duplicates(work, [lead])
    lead["invalid_reason"] = None


async def duplicates(work: Work, lead: Row, _parameters: Row) -> dict[str, Any]:
    """Leads that may be the same; changes nothing."""
    return {"items": await duplicates_of(work, lead)}


async def merge(work: Work, lead: Row, parameters: Row) -> None:
    """Take over a duplicate: its follow-ups come along, what this lead lacks is filled in, the other one ends."""
    entity = "crm.lead"
    duplicate = await work.get(entity, parameters["duplicate_id"], lock=True)
    if duplicate["id"] == lead["id"] or duplicate["state"] in {"converted", "invalid"}:
        raise MergeWithItself(number=duplicate["number"])
    rules.merge_into(lead, duplicate)
    lead["dup_of_id"] = None
    for follow_up in await work.find("crm.follow_up", {"lead_id": duplicate["id"]}, limit=10_000):
        follow_up["lead_id"] = lead["id"]
        work.change(follow_up)
    duplicate["merged_into_id"] = lead["id"]
    duplicate["dup_of_id"] = lead["id"]
    await work.act(entity, duplicate, "invalidate", {"reason": f"合并到 {lead['number']} · merged"})


async def convert(work: Work, lead: Row, parameters: Row) -> None:
    """Customer, contact and opportunity in one transaction, once."""
    if lead["state"] == "converted":
        raise LeadAlreadyConverted(number=lead["number"])
    owner = {"owner_id": lead["owner_id"] or work.caller.user_id, "department_id": lead["department_id"]}
    customer = await _customer(work, lead, parameters["customer_id"], owner)
    trust_references(work)
    contact = await _contact(work, lead, customer, owner)
    lead["customer_id"], lead["contact_id"] = customer["id"], contact["id"]
    if parameters["with_opportunity"]:
        opportunity = await work.create(
            "crm.opportunity",
            {
                **owner,
                "name": parameters["opportunity_name"] or f"{customer['name']} {work.today:%Y-%m}",
                "customer_id": customer["id"],
                "contact_id": contact["id"],
                "pipeline_id": parameters["pipeline_id"],
                "lead_id": str(lead["id"]),
                "amount": parameters["amount"],
                "expected_date": parameters["expected_date"],
                "need": lead["need"],
            },
            source=f"crm/lead/{lead['id']}",
        )
        lead["opportunity_id"] = opportunity["id"]
    lead["converted_at"] = work.now
    lead["next_follow_at"] = None


async def _customer(work: Work, lead: Row, customer_id: UUID | None, owner: Row) -> Row:
    entity = "crm.customer"
    if customer_id is not None:
        return await referenced(work, entity, customer_id, "customer_id")
    if lead["credit_code"]:
        # Two leads of one company converted at once must end at one customer.
        await serialise(work, "credit code", [lead["credit_code"]])
        known = await work.find(entity, {"credit_code": lead["credit_code"]}, limit=1)
        if known:
            return known[0]
    return await work.create(
        entity,
        {
            **owner,
            "name": lead["company"] or lead["name"],
            "credit_code": lead["credit_code"],
            "industry": lead["industry"],
            "area": lead["area"],
            "address": lead["address"],
            "channel": lead["channel"],
            "phone": lead["phone"],
        },
        source=f"crm/lead/{lead['id']}",
    )


async def _contact(work: Work, lead: Row, customer: Row, owner: Row) -> Row:
    entity = "crm.contact"
    for contact in await work.find(entity, {"customer_id": customer["id"]}, limit=500):
        same_mobile = lead["mobile"] and contact["mobile"] == lead["mobile"]
        same_email = lead["email"] and contact["email"] == lead["email"]
        if same_mobile or same_email:
            return contact
    values = {
        "customer_id": customer["id"],
        "name": lead["name"],
        "mobile": lead["mobile"],
        "email": lead["email"],
        "phone": lead["phone"],
        "post": lead["post"],
    }
    return await work.create(entity, {**owner, **values}, source=f"crm/lead/{lead['id']}")
