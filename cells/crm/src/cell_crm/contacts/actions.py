"""What a contact's customer and superior allow."""

from __future__ import annotations

from typing import Any

from cell_crm.common.parties import active_customer
from cell_crm.common.references import referenced
from cellkit.declare import Row
from cellkit.errors import BusinessRuleViolation
from cellkit.pipeline.work import Work


class SuperiorElsewhere(BusinessRuleViolation):
    """A superior who works for another customer, or is the contact himself or below him."""

    code = "SUPERIOR_INVALID"
    zh = "上级联系人须为同一客户的其他联系人，且不能形成循环"
    en = "A contact's superior must be another contact of the same customer, without a circle"


_IS_ABOVE = """
WITH RECURSIVE above AS (
    SELECT id, superior_id FROM crm_contact WHERE tenant_id = $1 AND id = $2
    UNION
    SELECT c.id, c.superior_id FROM above a JOIN crm_contact c ON c.tenant_id = $1 AND c.id = a.superior_id
)
SELECT EXISTS (SELECT 1 FROM above WHERE id = $3)
"""


async def prepare(work: Work, row: Row, before: Row | None) -> None:
    """A new contact belongs to whoever owns the customer; the superior works for the same customer."""
    moved = before is None or row["customer_id"] != before["customer_id"]
    if moved:
        customer = await active_customer(work, row)
        if before is None:
            row.setdefault("owner_id", customer["owner_id"])
            row.setdefault("department_id", customer["department_id"])
    superior_id = row["superior_id"]
    if superior_id is None or not (before is None or moved or superior_id != before["superior_id"]):
        return
    superior = await referenced(work, "crm.contact", superior_id, "superior_id")
    if superior["customer_id"] != row["customer_id"]:
        raise SuperiorElsewhere
    if before is not None and await work.value(_IS_ABOVE, superior_id, row["id"]):
        raise SuperiorElsewhere


def payload(row: Row) -> dict[str, Any]:
    """What other cells learn of a contact: no telephone, no e-mail."""
    return {
        "id": row["id"],
        "customer_id": row["customer_id"],
        "name": row["name"],
        "post": row["post"],
        "is_decider": row["is_decider"],
    }
