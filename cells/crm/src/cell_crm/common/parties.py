"""Checks of the parties and products that quotes, contracts and opportunities name."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from cell_crm.common.errors import (
    ContactOfOtherCustomer,
    CustomerDisabled,
    OpportunityClosed,
    OpportunityOfOtherCustomer,
    ProductDisabled,
)
from cell_crm.common.references import referenced
from cellkit.declare import Row
from cellkit.pipeline.work import Work


async def active_customer(work: Work, row: Row) -> Row:
    """The customer of a document; refused when disabled."""
    customer = await referenced(work, "crm.customer", row["customer_id"], "customer_id")
    if customer["state"] != "active":
        raise CustomerDisabled(customer=customer["name"])
    return customer


async def check_parties(work: Work, row: Row, before: Row | None) -> None:
    """Customer active, contact and opportunity the customer's own; only what changed is looked up."""
    changed = before is None or row["customer_id"] != before["customer_id"]
    if changed:
        await active_customer(work, row)
    contact_id = row.get("contact_id")
    if contact_id is not None and (before is None or changed or contact_id != before["contact_id"]):
        contact = await referenced(work, "crm.contact", contact_id, "contact_id")
        if contact["customer_id"] != row["customer_id"]:
            raise ContactOfOtherCustomer
    opportunity_id = row.get("opportunity_id")
    if opportunity_id is not None and (before is None or changed or opportunity_id != before["opportunity_id"]):
        opportunity = await referenced(work, "crm.opportunity", opportunity_id, "opportunity_id")
        if opportunity["customer_id"] != row["customer_id"]:
            raise OpportunityOfOtherCustomer
        if opportunity["state"] in {"lost", "void"}:
            raise OpportunityClosed(number=opportunity["number"])


async def enabled_products(work: Work, lines: Sequence[Row]) -> dict[UUID, Row]:
    """The products of lines by id, one query; refused when one is disabled."""
    products = await work.many("crm.product", {line["product_id"] for line in lines})
    for product in products.values():
        if not product["enabled"]:
            raise ProductDisabled(product=product["code"])
    return products
