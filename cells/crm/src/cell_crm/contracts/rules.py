"""Rules of contracts (pure functions)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from cell_crm.common.money import derive_lines
from cellkit.declare import Row

IN_FORCE = frozenset({"effective", "executing"})
RECEIVING = frozenset({"effective", "executing", "completed"})
"""States in which money may come in: the rest of it can follow the last delivery."""

_SOURCE_PREFIX = "crm/contract/"
_FROM_QUOTE = ("contact_id", "opportunity_id", "terms")
_LINE_FROM_QUOTE = ("product_id", "quantity", "price", "discount", "tax_rate", "due_date", "remark")


def derive_contract(row: Row) -> None:
    """Line amounts, their sum, and what is still to be received."""
    row["amount"] = derive_lines(row["lines"])
    row["open_amount"] = row["amount"] - (row["received_amount"] or Decimal(0))


def take_over_quote(row: Row, quote: Row) -> None:
    """Fill what a new contract does not say itself from its quote; lines only when it has none."""
    for name in _FROM_QUOTE:
        if row.get(name) is None:
            row[name] = quote[name]
    row["name"] = row.get("name") or quote["name"]
    if not row["lines"]:
        row["lines"] = [
            {**dict.fromkeys(("item", "amount")), **{name: line[name] for name in _LINE_FROM_QUOTE}}
            for line in quote["lines"]
        ]


def ends_after_start(row: Row) -> bool:
    """A contract ends on its first day at the earliest."""
    return row["start_date"] is None or row["end_date"] is None or row["end_date"] >= row["start_date"]


def is_over(end_date: date | None, today: date) -> bool:
    """Whether the last day has passed; a contract without one does not end by itself."""
    return end_date is not None and today > end_date


def contract_payload(row: Row) -> dict[str, Any]:
    """The data of a contract's events; what ERP makes an order of."""
    return {
        "contract_id": row["id"],
        "no": row["number"],
        "name": row["name"],
        "state": row["state"],
        "customer": {
            "id": row["customer_id"],
            "code": row["customer_code"],
            "name": row["customer_name"],
            "tax": row["customer_tax_number"],
        },
        "lines": [
            {
                "item": line["item"],
                "qty": line["quantity"],
                "price": line["price"],
                "tax": line["tax_rate"],
                "discount": line["discount"],
                "due": line["due_date"] or row["end_date"],
                "amount": line["amount"],
            }
            for line in row["lines"]
        ],
        "tax_included": True,
        "terms": row["terms"],
        "amount": row["amount"],
        "sign_date": row["sign_date"],
        "start_date": row["start_date"],
        "end_date": row["end_date"],
        "owner_id": row["owner_id"],
    }


def contract_of_event(data: dict[str, Any]) -> UUID | None:
    """Which contract an ERP event is about, by ``contract_id`` or ``source``; None for orders of other origin."""
    text = data.get("contract_id")
    if not text:
        source = data.get("source")
        text = (
            source.removeprefix(_SOURCE_PREFIX)
            if isinstance(source, str) and source.startswith(_SOURCE_PREFIX)
            else None
        )
    try:
        return None if not text else UUID(str(text))
    except ValueError:
        return None
