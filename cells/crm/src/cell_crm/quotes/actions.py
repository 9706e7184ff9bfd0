"""What is done with quotes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cell_crm.common.approval import decided_by
from cell_crm.common.money import to_rate
from cell_crm.common.parties import check_parties, enabled_products
from cell_crm.common.references import trust_references
from cell_crm.opportunities.rules import derive_opportunity
from cell_crm.quotes import rules
from cell_crm.quotes.errors import QuoteExpired, QuoteStillValid, QuoteSuperseded
from cell_crm.settings.lookup import settings_of
from cellkit.declare import Row
from cellkit.pipeline.work import Work


async def prepare(work: Work, row: Row, before: Row | None) -> None:
    """Parties, products with their list prices, and the days of a new quote."""
    await check_parties(work, row, before)
    products = await enabled_products(work, row["lines"])
    for line in row["lines"]:
        product = products.get(line["product_id"])
        if product is None:
            continue
        if line["price"] is None:
            line["price"] = product["price"]
        if line["tax_rate"] is None:
            line["tax_rate"] = product["tax_rate"]
        line["list_price"] = product["price"]
    if row["quote_date"] is None:
        row["quote_date"] = work.today
    if row["valid_to"] is None:
        row["valid_to"] = row["quote_date"] + timedelta(days=(await settings_of(work))["quote_valid_days"])


async def submit(work: Work, quote: Row, _parameters: Row) -> None:
    """To approval; within the discount limit the default flow approves it at once."""
    _refuse_expired(work, quote)
    await enabled_products(work, quote["lines"])
    limit = to_rate((await settings_of(work))["quote_discount_limit"])
    quote["submitted_by"] = work.caller.user_id
    quote["discount_limit"] = limit
    quote["approved_by"] = quote["approval_comment"] = None


async def approve(work: Work, quote: Row, parameters: Row) -> None:
    """The discount passes."""
    quote["approved_by"] = decided_by(work, quote)
    quote["approval_comment"] = parameters["comment"]


async def reject(_work: Work, quote: Row, parameters: Row) -> None:
    """The discount is not given: back to draft, with the reason."""
    quote["approval_comment"] = parameters["reason"]


async def withdraw(work: Work, quote: Row, parameters: Row) -> None:
    """Back to draft before anybody decided."""


async def send(work: Work, quote: Row, _parameters: Row) -> None:
    """It is the customer's to decide."""
    _refuse_expired(work, quote)
    quote["sent_at"] = work.now


async def accept(work: Work, quote: Row, _parameters: Row) -> None:
    """The customer agrees; the opportunity's amount becomes the quote's."""
    _refuse_expired(work, quote)
    quote["decided_at"] = work.now
    if quote["opportunity_id"] is not None:
        opportunity = await work.get("crm.opportunity", quote["opportunity_id"])
        # With product lines of its own the opportunity's amount is their sum.
        if opportunity["state"] == "open" and not opportunity["lines"] and opportunity["amount"] != quote["amount"]:
            opportunity["amount"] = quote["amount"]
            derive_opportunity(opportunity)
            work.change(opportunity)


async def decline(work: Work, quote: Row, parameters: Row) -> None:
    """The customer does not agree."""
    quote["decided_at"] = work.now
    quote["decline_reason"] = parameters["reason"]


async def expire(work: Work, quote: Row, _parameters: Row) -> None:
    """Its day has passed."""
    if not rules.is_expired(quote["valid_to"], work.today):
        raise QuoteStillValid(number=quote["number"], valid_to=quote["valid_to"])


async def new_version(work: Work, quote: Row, _parameters: Row) -> dict[str, Any]:
    """A draft with the same content; this version is frozen."""
    entity = "crm.quote"
    root_id = quote["root_id"] or quote["id"]
    newer = await work.find(entity, {"root_id": root_id, "revision": quote["revision"] + 1}, limit=1)
    if newer:
        raise QuoteSuperseded(number=quote["number"])
    values = {**rules.next_version(quote), "owner_id": quote["owner_id"], "department_id": quote["department_id"]}
    created = await work.create(entity, values)
    quote["state"] = "frozen"
    number, revision = created["number"], created["revision"]
    return {"id": created["id"], "quote_id": created["id"], "number": number, "revision": revision}


async def make_contract(work: Work, quote: Row, _parameters: Row) -> dict[str, Any]:
    """A draft contract with everything the quote says; once."""
    trust_references(work)
    contract = await work.create(
        "crm.contract",
        {
            "customer_id": quote["customer_id"],
            "quote_id": quote["id"],
            "lines": [],
            "owner_id": quote["owner_id"],
            "department_id": quote["department_id"],
        },
    )
    return {"id": contract["id"], "contract_id": contract["id"], "number": contract["number"]}


def _refuse_expired(work: Work, quote: Row) -> None:
    if rules.is_expired(quote["valid_to"], work.today):
        raise QuoteExpired(number=quote["number"], valid_to=quote["valid_to"])
