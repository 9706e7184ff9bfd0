"""Rules of quotes (pure functions)."""

from __future__ import annotations

from datetime import date
from typing import Any

from cell_crm.common.money import ZERO, derive_lines, effective_discount, line_amount, to_rate
from cellkit.declare import Row

COPIED_LINE_FIELDS = ("product_id", "quantity", "price", "list_price", "discount", "tax_rate", "due_date", "remark")
COPIED_FIELDS = ("name", "customer_id", "contact_id", "opportunity_id", "terms", "remark")


def derive_quote(row: Row) -> None:
    """Line amounts, their sum, the sum at list prices, and the largest discount of a line."""
    row["amount"] = derive_lines(row["lines"])
    listed = ZERO
    largest = ZERO
    for line in row["lines"]:
        paid = line["price"] or ZERO
        listed += line_amount(line["quantity"], line["list_price"] or paid, None)
        line["total_discount"] = effective_discount(line["list_price"], paid, line["discount"])
        largest = max(largest, line["total_discount"])
    row["list_amount"] = listed
    row["largest_discount"] = largest
    row["discount_rate"] = max(ZERO, to_rate((listed - row["amount"]) / listed)) if listed else ZERO


def is_expired(valid_to: date, today: date) -> bool:
    """The last day still counts."""
    return today > valid_to


def valid_after_quoted(row: Row) -> bool:
    """An offer is valid on its own day at least."""
    return row["valid_to"] is None or row["quote_date"] is None or row["valid_to"] >= row["quote_date"]


def next_version(row: Row) -> Row:
    """The values of the next version: the same offer as a new draft."""
    values = {name: row[name] for name in COPIED_FIELDS}
    values["lines"] = [{name: line[name] for name in COPIED_LINE_FIELDS} for line in row["lines"]]
    values["revision"] = row["revision"] + 1
    values["root_id"] = row["root_id"] or row["id"]
    return values


def quote_payload(row: Row) -> dict[str, Any]:
    """The data of a quote's events."""
    names = (
        "id",
        "number",
        "revision",
        "customer_id",
        "opportunity_id",
        "state",
        "amount",
        "largest_discount",
        "valid_to",
        "owner_id",
    )
    return {name: row[name] for name in names}
