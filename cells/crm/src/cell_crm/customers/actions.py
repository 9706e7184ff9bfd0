"""What is done with customers."""

from __future__ import annotations

from cell_crm.common.work import serialise
from cell_crm.customers.errors import AlreadyLocked, ParentCycle
from cell_crm.followups.actions import write_follow_up
from cell_crm.owners.actions import check_limit, set_owner
from cell_crm.owners.errors import CustomerLocked
from cellkit.declare import Row
from cellkit.pipeline.work import Work

_IS_ABOVE = """
WITH RECURSIVE above AS (
    SELECT id, parent_customer_id FROM crm_customer WHERE tenant_id = $1 AND id = $2
    UNION
    SELECT c.id, c.parent_customer_id FROM above a
        JOIN crm_customer c ON c.tenant_id = $1 AND c.id = a.parent_customer_id
)
SELECT EXISTS (SELECT 1 FROM above WHERE id = $3)
"""
_MOST_FOLLOWING = 500


async def prepare(work: Work, row: Row, before: Row | None) -> None:
    """Ownership of a new customer; no circle of parents. A batch without limits costs one query in all."""
    if before is None:
        row["owner_since"] = work.now
        await check_limit(
            work, "own", row.get("owner_id", work.caller.user_id), row.get("department_id", work.role.department_id)
        )
    elif row["parent_customer_id"] is not None and row["parent_customer_id"] != before["parent_customer_id"]:
        # Two customers that become each other's parent at once would each pass alone.
        await serialise(work, "customer parents", ["parents"])
        if await work.value(_IS_ABOVE, row["parent_customer_id"], row["id"]):
            raise ParentCycle


async def follow(work: Work, customer: Row, parameters: Row) -> None:
    """A follow-up with the customer."""
    await write_follow_up(work, customer, parameters, customer_id=customer["id"])


async def transfer(work: Work, customer: Row, parameters: Row) -> None:
    """To another owner, with the contacts and, when asked, the open opportunities."""
    if customer["locked"]:
        raise CustomerLocked(customer=customer["name"])
    owner = {
        "owner_id": parameters["owner_id"],
        "department_id": parameters["department_id"],
        "reason": parameters["reason"],
    }
    former = customer["owner_id"]
    await set_owner(work, "customer", customer, **owner)
    await check_limit(work, "own", parameters["owner_id"], parameters["department_id"])
    customer["owner_since"] = work.now
    mine = {"customer_id": customer["id"], "owner_id": former}
    for contact in await work.find("crm.contact", mine, limit=_MOST_FOLLOWING):
        contact["owner_id"] = customer["owner_id"]
        contact["department_id"] = customer["department_id"]
        work.change(contact)
    if parameters["with_opportunities"]:
        opportunities = await work.find("crm.opportunity", {**mine, "state": "open"}, limit=_MOST_FOLLOWING, lines=True)
        for opportunity in opportunities:
            await set_owner(work, "opportunity", opportunity, **owner)


async def lock(work: Work, customer: Row, _parameters: Row) -> None:
    """Keep the customer with its owner; counts against his limit of locks."""
    if customer["locked"]:
        raise AlreadyLocked
    await check_limit(work, "lock", customer["owner_id"], customer["department_id"])
    customer["locked"] = True


async def unlock(_work: Work, customer: Row, _parameters: Row) -> None:
    """Let the customer go to others again."""
    if not customer["locked"]:
        raise AlreadyLocked
    customer["locked"] = False


async def disable(_work: Work, customer: Row, parameters: Row) -> None:
    """No new business from now on."""
    customer["disable_reason"] = parameters["reason"]


async def enable(_work: Work, customer: Row, _parameters: Row) -> None:
    """Business again."""
    customer["disable_reason"] = None
