"""What is done with contracts."""

from __future__ import annotations

from typing import Any

from cell_crm.common.approval import decided_by
from cell_crm.common.parties import active_customer, check_parties, enabled_products
from cell_crm.common.references import referenced, trust_references
from cell_crm.contracts import rules
from cell_crm.contracts.errors import (
    ContractHasReceipts,
    ContractNotBlocked,
    ContractNotExpired,
    ContractNotSettled,
    ContractWithoutLines,
    QuoteAlreadyContracted,
    QuoteNotAccepted,
    QuoteOfOtherCustomer,
)
from cell_crm.opportunities.rules import derive_opportunity
from cell_crm.owners.actions import set_owner
from cellkit.declare import Row
from cellkit.pipeline.work import Work


async def prepare(work: Work, row: Row, before: Row | None) -> None:
    """What the quote says, the parties, and the products with their codes."""
    if row["quote_id"] is not None and (before is None or row["quote_id"] != before["quote_id"]):
        quote = await referenced(work, "crm.quote", row["quote_id"], "quote_id")
        if quote["state"] != "accepted":
            raise QuoteNotAccepted(number=quote["number"])
        if quote["customer_id"] != row["customer_id"]:
            raise QuoteOfOtherCustomer(number=quote["number"])
        existing = await work.find("crm.contract", {"quote_id": quote["id"]}, limit=1)
        if existing:
            raise QuoteAlreadyContracted(number=quote["number"], contract=existing[0]["number"])
        rules.take_over_quote(row, quote)
    await check_parties(work, row, before)
    await _name_items(work, row)
    if row["sign_date"] is None:
        row["sign_date"] = work.today


async def _name_items(work: Work, row: Row) -> None:
    products = await enabled_products(work, row["lines"])
    for line in row["lines"]:
        product = products.get(line["product_id"])
        if product is not None:
            line["item"] = product["code"]
            if line["price"] is None:
                line["price"] = product["price"]
            if line["tax_rate"] is None:
                line["tax_rate"] = product["tax_rate"]


async def submit(work: Work, contract: Row, _parameters: Row) -> None:
    """To approval, complete."""
    if not contract["lines"]:
        raise ContractWithoutLines
    trust_references(work)
    await active_customer(work, contract)
    await enabled_products(work, contract["lines"])
    contract["submitted_by"] = work.caller.user_id
    contract["approved_by"] = contract["approval_comment"] = None


async def approve(work: Work, contract: Row, parameters: Row) -> None:
    """In force: the customer has a deal, the opportunity is won, ERP learns of it by ``crm.contract.effective.v1``."""
    trust_references(work)
    customer = await active_customer(work, contract)
    contract["customer_code"] = customer["number"]
    contract["customer_name"] = customer["name"]
    contract["customer_tax_number"] = customer["credit_code"]
    contract["approved_by"] = decided_by(work, contract)
    contract["approval_comment"] = parameters["comment"]
    contract["approved_at"] = work.now
    customer["deal_status"] = "dealt"
    customer["last_deal_on"] = work.today
    work.change(customer)
    if contract["opportunity_id"] is not None:
        entity = "crm.opportunity"
        opportunity = await work.get(entity, contract["opportunity_id"])
        if opportunity["state"] == "open":
            if not opportunity["lines"]:
                opportunity["amount"] = contract["amount"]
            await work.act(entity, opportunity, "win")
            derive_opportunity(opportunity)


async def reject(_work: Work, contract: Row, parameters: Row) -> None:
    """Back to draft, with the reason."""
    contract["approval_comment"] = parameters["reason"]


async def withdraw(work: Work, contract: Row, parameters: Row) -> None:
    """Back to draft before anybody decided."""


async def start(_work: Work, contract: Row, _parameters: Row) -> None:
    """Execution begins, where no ERP says so."""
    contract["exec_blocked"] = False
    contract["block_reason"] = None


async def resend(_work: Work, contract: Row, _parameters: Row) -> None:
    """ERP gets the contract once more after what blocked it was put right."""
    if not contract["exec_blocked"]:
        raise ContractNotBlocked
    contract["exec_blocked"] = False
    contract["block_reason"] = None


async def complete(_work: Work, contract: Row, _parameters: Row) -> None:
    """All delivered and all paid."""
    if contract["open_amount"] > 0:
        raise ContractNotSettled(open=contract["open_amount"])


async def terminate(work: Work, contract: Row, parameters: Row) -> None:
    """Ended before its time; its open plans are cancelled, receipts on their way must be decided before."""
    waiting: Any = await work.value(
        "SELECT count(*) FROM crm_receipt WHERE tenant_id = $1 AND contract_id = $2 AND state = 'approving'",
        contract["id"],
    )
    if waiting:
        raise ContractHasReceipts(number=contract["number"])
    contract["end_reason"] = parameters["reason"]
    await _cancel_open_plans(work, contract)


async def expire(work: Work, contract: Row, _parameters: Row) -> None:
    """Its last day has passed."""
    if not rules.is_over(contract["end_date"], work.today):
        raise ContractNotExpired(end_date=contract["end_date"])


async def transfer(work: Work, contract: Row, parameters: Row) -> None:
    """To another owner."""
    await set_owner(
        work,
        "contract",
        contract,
        owner_id=parameters["owner_id"],
        department_id=parameters["department_id"],
        reason=parameters["reason"],
    )


async def _cancel_open_plans(work: Work, contract: Row) -> None:
    plans = await work.find(
        "crm.receivable_plan", {"contract_id": contract["id"], "state": ["draft", "open"]}, lock=True
    )
    for plan in plans:
        plan["state"] = "cancelled"
        work.change(plan)


async def before_delete(work: Work, contract: Row) -> None:
    """A contract that money was booked on stays."""
    booked: Any = await work.value(
        "SELECT EXISTS (SELECT 1 FROM crm_receipt WHERE tenant_id = $1 AND contract_id = $2)", contract["id"]
    )
    if booked:
        raise ContractHasReceipts(number=contract["number"])
