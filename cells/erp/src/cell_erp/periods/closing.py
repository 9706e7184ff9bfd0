"""What must hold before a period is closed or reopened."""

from __future__ import annotations

from typing import Any

from cell_erp.figures import ZERO
from cell_erp.periods.errors import NegativeStockLeft, PeriodOrder, TrialBalanceOff, UnpostedDocuments

_SHOWN = 5

_STOCK_DRAFTS = """
SELECT number FROM erp_delivery
WHERE tenant_id = $1 AND state = 'draft' AND delivery_date BETWEEN $2 AND $3
UNION ALL SELECT number FROM erp_stock_receipt
WHERE tenant_id = $1 AND state = 'draft' AND receipt_date BETWEEN $2 AND $3
ORDER BY 1 LIMIT 6
"""

_LEDGER_DRAFTS = """
SELECT number FROM erp_invoice WHERE tenant_id = $1 AND state = 'draft' AND invoice_date BETWEEN $2 AND $3
UNION ALL SELECT number FROM erp_receipt
WHERE tenant_id = $1 AND state = 'draft' AND receipt_date BETWEEN $2 AND $3
UNION ALL SELECT number FROM erp_voucher
WHERE tenant_id = $1 AND state IN ('draft', 'reviewed') AND voucher_date BETWEEN $2 AND $3
ORDER BY 1 LIMIT 6
"""

_NEGATIVE = """
SELECT i.code FROM erp_stock_balance b JOIN erp_item i ON i.tenant_id = b.tenant_id AND i.id = b.item_id
WHERE b.tenant_id = $1 AND b.quantity < 0 ORDER BY 1 LIMIT 6
"""


async def later_closed(work: Any, code: str) -> bool:
    """Whether any period after ``code`` is closed for stock or altogether."""
    sql = "SELECT EXISTS (SELECT 1 FROM erp_period WHERE tenant_id = $1 AND code > $2 AND state <> 'open')"
    return bool(await work.value(sql, code))


async def check_stock(work: Any, period: dict[str, Any]) -> None:
    """Earlier periods are closed, nothing of this one waits to be posted, no stock is negative."""
    await _lock(work, period)
    await _refuse_others(work, period, "code < $2 AND state = 'open'")
    await _refuse_drafts(work, period, _STOCK_DRAFTS)
    negative = [row["code"] for row in await work.rows(_NEGATIVE)]
    if negative:
        raise NegativeStockLeft(items=_some(negative))


async def check_ledger(work: Any, period: dict[str, Any]) -> None:
    """Earlier periods are closed, nothing of this one waits to be posted, debit equals credit."""
    await _lock(work, period)
    await _refuse_others(work, period, "code < $2 AND state <> 'gl_closed'")
    await _refuse_drafts(work, period, _LEDGER_DRAFTS)
    difference = await work.value(
        "SELECT coalesce(sum(debit) - sum(credit), 0) FROM erp_general_ledger WHERE tenant_id = $1 AND period = $2",
        period["code"],
    )
    if difference != ZERO:
        raise TrialBalanceOff(period=period["code"], difference=difference)


async def check_reopen(work: Any, period: dict[str, Any], states: tuple[str, ...]) -> None:
    """No later period is in ``states``."""
    await _lock(work, period)
    listed = ", ".join(f"'{state}'" for state in states)
    await _refuse_others(work, period, f"code > $2 AND state IN ({listed})")


async def _lock(work: Any, period: dict[str, Any]) -> None:
    # Postings hold the row FOR SHARE: wait for those under way, so that what is checked below is final.
    await work.begin()
    await work.value("SELECT 1 FROM erp_period WHERE tenant_id = $1 AND id = $2 FOR UPDATE", period["id"])


async def _refuse_others(work: Any, period: dict[str, Any], condition: str) -> None:
    sql = f"SELECT code FROM erp_period WHERE tenant_id = $1 AND {condition} ORDER BY code LIMIT 6"  # noqa: S608 - from this file
    codes = [row["code"] for row in await work.rows(sql, period["code"])]
    if codes:
        raise PeriodOrder(periods=_some(codes))


async def _refuse_drafts(work: Any, period: dict[str, Any], sql: str) -> None:
    numbers = [row["number"] for row in await work.rows(sql, period["start_date"], period["end_date"])]
    if numbers:
        raise UnpostedDocuments(period=period["code"], documents=_some(numbers))


def _some(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
