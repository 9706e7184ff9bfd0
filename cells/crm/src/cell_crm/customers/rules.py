"""Rules of customers (pure functions)."""

from __future__ import annotations

from typing import Any

from cell_crm.common.names import company_key
from cellkit.declare import Row


def derive_customer(row: Row) -> None:
    """Fill the normalised name."""
    row["name_key"] = company_key(row["name"])


def customer_payload(row: Row) -> dict[str, Any]:
    """What other cells learn of a customer: no telephone, no e-mail."""
    return {
        "id": row["id"],
        "code": row["number"],
        "name": row["name"],
        "credit_code": row["credit_code"],
        "level": row["level"],
        "industry": row["industry"],
        "area": row["area"],
        "address": row["address"],
        "parent_customer_id": row["parent_customer_id"],
        "state": row["state"],
        "owner_id": row["owner_id"],
    }
