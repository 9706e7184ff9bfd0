"""Rules of opportunities (pure functions)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from cell_crm.common.money import derive_lines, to_cents
from cellkit.declare import Row

FIELD_NAMES = {
    "amount": "金额",
    "expected_date": "预计成交日期",
    "contact_id": "联系人",
    "lines": "产品明细",
    "competitor": "竞争对手",
    "need": "需求",
    "budget": "预算",
    "remark": "备注",
}


def derive_opportunity(row: Row) -> None:
    """With product lines the amount is their sum; the weighted amount is amount × probability."""
    lines = row.get("lines")
    if lines:
        row["amount"] = derive_lines(lines)
    row["weighted_amount"] = weighted(row["amount"], row["probability"])


def weighted(amount: Decimal | None, probability: Decimal | None) -> Decimal:
    """Σ of this over opportunities is the forecast."""
    return to_cents((amount or Decimal(0)) * (probability or Decimal(0)))


def dwell_seconds(since: datetime | None, now: datetime) -> int:
    """How long an opportunity stood in a stage."""
    return 0 if since is None else max(0, int((now - since).total_seconds()))


def opportunity_payload(row: Row) -> dict[str, Any]:
    """The data of an opportunity's events."""
    names = (
        "id",
        "number",
        "name",
        "customer_id",
        "state",
        "stage_id",
        "amount",
        "expected_date",
        "lost_reason",
        "owner_id",
    )
    return {name: row[name] for name in names}
