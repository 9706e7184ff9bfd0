"""Orders from contracts that became effective in CRM."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from cell_erp.errors import DisabledPartner, NotACustomer
from cell_erp.figures import ZERO
from cell_erp.orders.actions import payload, require_credit
from cell_erp.orders.rules import derive_order
from cell_erp.tables import table
from cellkit.errors import ServiceError
from cellkit.events import Event, handles

_FIRST_SERVER_ERROR = 500


@handles("crm.contract.effective.v1")
async def on_contract_effective(work: Any, event: Event) -> None:
    """Make a draft order of the contract, once.

    What ERP cannot accept (unknown item, disabled customer, credit) is answered by ``erp.order.rejected.v1`` with the
    reason; it is no failure of the event.
    """
    data = event.data
    contract_id = str(data.get("contract_id") or event.subject)
    source = f"crm/contract/{contract_id}"
    existing = await work.find(table(work, "order"), {"source": source}, lines=True)
    if existing:
        # The contract was sent again: the order stands, and CRM hears of it once more.
        work.emit("erp.order.created.v1", existing[0], payload(existing[0]), key=contract_id)
        return
    try:
        values = await _order_values(work, data, contract_id)
        await work.create(table(work, "order"), values, source=source)
    except _RefusedError as refusal:
        _reject(work, contract_id, data, refusal.reason, refusal.code)
    except ServiceError as error:
        if error.status >= _FIRST_SERVER_ERROR:
            raise
        _reject(work, contract_id, data, _reason(error), error.code)


class _RefusedError(Exception):
    """The contract's data name nothing that ERP knows."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def _reason(error: ServiceError) -> str:
    details = error.details("zh-CN")
    texts = [f"{item['field']}：{item['message']}" for item in details] if isinstance(details, list) else []
    return "；".join([error.message("zh-CN"), *texts])[:500]


def _reject(work: Any, contract_id: str, data: dict[str, Any], reason: str, code: str) -> None:
    work.emit(
        "erp.order.rejected.v1",
        contract_id,
        {"contract_id": contract_id, "no": data.get("no"), "code": code, "reason": reason},
        key=contract_id,
    )


async def _order_values(work: Any, data: dict[str, Any], contract_id: str) -> dict[str, Any]:
    lines = data.get("lines")
    if not isinstance(lines, list) or not lines or not all(isinstance(line, dict) for line in lines):
        raise _RefusedError("CONTRACT_WITHOUT_LINES", "合同没有明细")
    items = await _items(work, lines)
    customer = data.get("customer")
    partner = await _partner(work, customer if isinstance(customer, dict) else {})
    values = {
        "partner_id": partner["id"],
        "order_date": None,
        "contract_id": contract_id,
        "contract_number": data.get("no"),
        "tax_included": bool(data.get("tax_included")),
        "note": data.get("terms"),
        "lines": [_line(line, items) for line in lines],
    }
    if data.get("owner_id"):
        values["owner_id"] = str(data["owner_id"])
    await _require_credit(work, partner, values)
    return values


def _line(line: dict[str, Any], items: dict[str, Any]) -> dict[str, Any]:
    return {
        "item_id": items[str(line["item"])],
        "quantity": line.get("qty"),
        "price": line.get("price"),
        "discount": line.get("discount") or ZERO,
        "tax_rate": line.get("tax"),
        "due_date": line.get("due"),
    }


async def _items(work: Any, lines: list[Any]) -> dict[str, Any]:
    codes = {str(line.get("item") or "") for line in lines}
    found = await work.rows("SELECT id, code FROM erp_item WHERE tenant_id = $1 AND code = ANY($2)", sorted(codes))
    items = {row["code"]: row["id"] for row in found}
    missing = sorted(codes - items.keys())
    if missing:
        raise _RefusedError("ITEM_UNKNOWN", f"物料不存在：{', '.join(missing)}")
    return items


async def _partner(work: Any, customer: dict[str, Any]) -> dict[str, Any]:
    """The customer by code; CRM owns customers, so an unknown one is copied."""
    code = str(customer.get("code") or "")
    if not code:
        raise _RefusedError("CUSTOMER_MISSING", "合同没有客户编码")
    found = await work.find(table(work, "partner"), {"code": code})
    if not found:
        values = {"code": code, "name": customer.get("name") or code, "tax_number": customer.get("tax") or None}
        copied: dict[str, Any] = await work.create(table(work, "partner"), values)
        return copied
    partner: dict[str, Any] = found[0]
    if partner["state"] != "active":
        raise DisabledPartner(partner=code)
    if not partner["is_customer"]:
        raise NotACustomer(partner=code)
    return partner


async def _require_credit(work: Any, partner: dict[str, Any], values: dict[str, Any]) -> None:
    if partner["credit_limit"] is None:
        return
    try:
        draft = {
            "lines": [
                {name: Decimal(str(line[name] or 0)) for name in ("price", "quantity", "discount", "tax_rate")}
                for line in values["lines"]
            ],
            "tax_included": values["tax_included"],
        }
    except InvalidOperation:
        return  # not numbers: the order's own checks name the field
    derive_order(draft)
    await require_credit(work, partner["code"], draft | {"partner_id": partner["id"]})
