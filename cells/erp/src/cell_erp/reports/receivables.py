"""Ageing of receivables by due date, as of any day."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cell_erp.figures import ZERO
from cell_erp.reports import columns
from cell_erp.reports.parameters import day_of, figure
from cell_erp.reports.rules import BUCKETS, bucket
from cellkit.declare import Date, Text
from cellkit.labels import L
from cellkit.reports import report

# What was open on a day is what is open now plus what was allocated after that day.
_OPEN = """
WITH later AS (
    SELECT invoice_id, sum(amount) AS amount FROM erp_allocation WHERE tenant_id = $1 AND allocated_on > $2 GROUP BY 1
)
SELECT i.partner_id, i.due_date, sum(i.open_amount + coalesce(l.amount, 0)) AS open
FROM erp_invoice i LEFT JOIN later l ON l.invoice_id = i.id
WHERE i.tenant_id = $1 AND i.invoice_date <= $2 AND i.state NOT IN ('draft', 'void')
  AND (i.state IN ('posted', 'part_paid') OR l.invoice_id IS NOT NULL) AND ($3::uuid IS NULL OR i.partner_id = $3)
GROUP BY 1, 2
"""

_ADVANCES = """
WITH later AS (
    SELECT receipt_id, sum(amount) AS amount FROM erp_allocation
    WHERE tenant_id = $1 AND allocated_on > $2 AND receipt_id IS NOT NULL GROUP BY 1
)
SELECT r.partner_id,
       sum(CASE r.state WHEN 'posted' THEN r.unallocated ELSE r.amount - r.allocated END + coalesce(l.amount, 0))
           AS unallocated
FROM erp_receipt r LEFT JOIN later l ON l.receipt_id = r.id
WHERE r.tenant_id = $1 AND r.receipt_date <= $2 AND ($3::uuid IS NULL OR r.partner_id = $3)
  AND (r.state = 'posted' AND (r.unallocated <> 0 OR l.receipt_id IS NOT NULL)
       OR r.state = 'reversed' AND r.reversed_on > $2)
GROUP BY 1
"""

_LEDGER = """
SELECT coalesce(sum(g.debit - g.credit), 0) FROM erp_general_ledger g
WHERE g.tenant_id = $1 AND g.posting_date <= $2 AND ($3::uuid IS NULL OR g.partner_id = $3) AND g.account_id IN (
    SELECT account_id FROM erp_account_mapping WHERE tenant_id = $1 AND purpose = 'receivable'
)
"""


@report(
    "ar-ageing",
    L("应收账龄分析", "Receivables ageing"),
    parameters={
        "date": Date(L("截止日期", "As of")),
        "partner": Text(L("客户编码", "Customer code"), max=40),
    },
    reads=(
        "erp.partner.code",
        "erp.partner.name",
        "erp.invoice.open_amount",
        "erp.invoice.due_date",
        "erp.receipt.unallocated",
    ),
    columns=columns.ageing(),
    figures=columns.ageing_figures(),
    links={"partner": ("erp.partner", "partner_id"), "partner_name": ("erp.partner", "partner_id")},
    chart=("stacked", "partner_name", "not_due days_1_30 days_31_60 days_61_90 over_90"),
)
async def ar_ageing(work: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    """Open invoices of each customer by days past due, money not allocated, and the check against the ledger."""
    day = day_of(work, parameters)
    partner_id = None
    if parameters["partner"]:
        partner_id = await work.value(
            "SELECT id FROM erp_partner WHERE tenant_id = $1 AND code = $2", parameters["partner"]
        )
        if partner_id is None:
            return _result(day, {}, {}, ZERO)
    rows: dict[Any, dict[str, Decimal]] = {}
    for item in await work.rows(_OPEN, day, partner_id):
        row = rows.setdefault(item["partner_id"], _empty())
        row[bucket(item["due_date"], day)] += item["open"]
        row["open"] += item["open"]
    for item in await work.rows(_ADVANCES, day, partner_id):
        rows.setdefault(item["partner_id"], _empty())["unallocated"] += item["unallocated"]
    named = await work.rows("SELECT id, code, name FROM erp_partner WHERE tenant_id = $1 AND id = ANY($2)", list(rows))
    ledger = await work.value(_LEDGER, day, partner_id)
    return _result(day, rows, {partner["id"]: partner for partner in named}, ledger)


def _empty() -> dict[str, Decimal]:
    return dict.fromkeys((*BUCKETS, "open", "unallocated"), ZERO)


def _result(day: Any, rows: dict[Any, dict[str, Decimal]], partners: dict[Any, Any], ledger: Decimal) -> dict[str, Any]:
    items = []
    totals = _empty()
    for partner_id, row in rows.items():
        if not any(row.values()):
            continue
        for name, value in row.items():
            totals[name] += value
        partner = partners[partner_id]
        items.append(
            {
                "partner_id": partner_id,
                "partner": partner["code"],
                "partner_name": partner["name"],
                **{name: figure(value) for name, value in row.items()},
                "balance": figure(row["open"] - row["unallocated"]),
            }
        )
    items.sort(key=lambda item: (-item["open"], item["partner"]))
    balance = totals["open"] - totals["unallocated"]
    return {
        "date": day,
        "items": items,
        "totals": {name: figure(value) for name, value in totals.items()} | {"balance": figure(balance)},
        "ledger_balance": figure(ledger),
        "difference": figure(balance - ledger),
    }
