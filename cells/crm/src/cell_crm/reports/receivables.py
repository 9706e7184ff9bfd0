"""Reports on money to come."""

from __future__ import annotations

from typing import Any

from cell_crm.common.money import ZERO
from cell_crm.receivables import rules
from cell_crm.reports import columns
from cell_crm.reports.query import scoped_rows
from cellkit.declare import Date, Integer, Row
from cellkit.labels import L
from cellkit.pipeline.work import Work
from cellkit.reports import report

_OVERDUE = """
SELECT t.id, t.contract_id, c.number AS contract_number, t.customer_id, k.name AS customer_name, t.period,
    t.due_date, t.open_amount, $2::date - t.due_date AS days_overdue, t.dunned_at, t.owner_id,
    count(*) OVER () AS total_count, sum(t.open_amount) OVER () AS total_amount
FROM crm_receivable_plan t
JOIN crm_contract c ON c.tenant_id = t.tenant_id AND c.id = t.contract_id
JOIN crm_customer k ON k.tenant_id = t.tenant_id AND k.id = t.customer_id
WHERE t.tenant_id = $1 AND t.state = 'open' AND t.due_date < $2 /* scope */
ORDER BY t.due_date, t.id LIMIT $3
"""

_AGEING = """
SELECT t.customer_id, k.name AS customer_name, t.due_date, sum(t.open_amount) AS open_amount
FROM crm_receivable_plan t
JOIN crm_customer k ON k.tenant_id = t.tenant_id AND k.id = t.customer_id
WHERE t.tenant_id = $1 AND t.state = 'open' /* scope */
GROUP BY t.customer_id, k.name, t.due_date
"""

_DUE = """
SELECT t.id, t.contract_id, t.customer_id, k.name AS customer_name, t.period, t.due_date, t.open_amount, t.owner_id
FROM crm_receivable_plan t
JOIN crm_customer k ON k.tenant_id = t.tenant_id AND k.id = t.customer_id
WHERE t.tenant_id = $1 AND t.state = 'open' AND t.remind_date <= $2 AND t.due_date >= $2 /* scope */
ORDER BY t.due_date, t.id LIMIT $3
"""

_READ = ("crm.receivable_plan.open_amount", "crm.receivable_plan.due_date", "crm.customer.name")


@report(
    "receivables-overdue",
    L("逾期回款", "Overdue receivables"),
    parameters={
        "as_of": Date(L("截止日期", "As of")),
        "most": Integer(L("最多", "Most"), min=1, max=1000, default=200),
    },
    reads=_READ,
    columns=columns.overdue(),
    figures=columns.as_of(),
    links={
        "contract_number": ("crm.contract", "contract_id"),
        "customer_name": ("crm.customer", "customer_id"),
        "period": ("crm.receivable_plan", "id"),
    },
    chart=("bar", "customer_name", "open_amount"),
)
async def receivables_overdue(work: Work, parameters: Row) -> dict[str, Any]:
    """Open plans past their day, the oldest first, with the days they are late; totals over all of them."""
    as_of = parameters["as_of"] or work.today
    items = await scoped_rows(work, "crm.receivable_plan", _OVERDUE, as_of, parameters["most"])
    totals = {"count": 0, "open_amount": ZERO}
    for item in items:
        totals = {"count": item.pop("total_count"), "open_amount": item.pop("total_amount")}
    return {"as_of": as_of, "items": items, "totals": totals}


@report(
    "receivable-ageing",
    L("应收账龄", "Receivable ageing"),
    parameters={"as_of": Date(L("截止日期", "As of"))},
    reads=_READ,
    columns=columns.ageing(),
    figures=columns.as_of(),
    links={"customer": ("crm.customer", "customer_id")},
    chart=("stacked", "customer", "not_due days_1_30 days_31_60 days_61_90 days_over_90"),
)
async def receivable_ageing(work: Work, parameters: Row) -> dict[str, Any]:
    """Open plans by customer: not due, 1–30, 31–60, 61–90 and more than 90 days overdue."""
    as_of = parameters["as_of"] or work.today
    rows = await scoped_rows(work, "crm.receivable_plan", _AGEING)
    return {"as_of": as_of, **rules.ageing(rows, as_of)}


@report(
    "receivables-due",
    L("待收提醒", "Receivables to be reminded of"),
    parameters={"most": Integer(L("最多", "Most"), min=1, max=1000, default=200)},
    reads=_READ,
    columns=columns.due(),
    links={"customer_name": ("crm.customer", "customer_id"), "period": ("crm.receivable_plan", "id")},
)
async def receivables_due(work: Work, parameters: Row) -> dict[str, Any]:
    """Open plans whose reminder day has come and whose due day has not passed."""
    return {"items": await scoped_rows(work, "crm.receivable_plan", _DUE, work.today, parameters["most"])}
