"""Reports on opportunities and leads."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from cell_crm.common.fields import CreditCode, Email, Mobile
from cell_crm.common.names import company_key
from cell_crm.leads.duplicates import duplicates_of
from cell_crm.pipelines.documents import Stage
from cell_crm.pipelines.lookup import default_pipeline_id
from cell_crm.reports import columns, rules
from cell_crm.reports.query import scoped_rows
from cellkit.declare import Date, Integer, Ref, Row, Text
from cellkit.labels import L
from cellkit.pipeline.work import Work
from cellkit.reports import report

_EARLIEST, _LATEST = date(1900, 1, 1), date(9999, 12, 30)


_FUNNEL = """
SELECT t.furthest_sequence, t.state, count(*) AS count, coalesce(sum(t.amount), 0) AS amount
FROM crm_opportunity t
WHERE t.tenant_id = $1 AND t.pipeline_id = $2 AND t.state <> 'void'
    AND t.created_at >= ($3::date::timestamp AT TIME ZONE $5::text)
    AND t.created_at < ($4::date::timestamp AT TIME ZONE $5::text) /* scope */
GROUP BY t.furthest_sequence, t.state
"""

_FORECAST = """
SELECT to_char(t.expected_date, 'YYYY-MM') AS month, count(*) AS count, coalesce(sum(t.amount), 0) AS amount,
    coalesce(sum(t.weighted_amount), 0) AS weighted
FROM crm_opportunity t
WHERE t.tenant_id = $1 AND t.state = 'open'
    AND (NOT $2::boolean OR t.expected_date BETWEEN $3::date AND $4::date) /* scope */
GROUP BY 1 ORDER BY 1 NULLS LAST
"""

_WAITING = """
SELECT t.id, t.number, t.name, t.company, t.owner_id, t.assigned_at, t.follow_by
FROM crm_lead t
WHERE t.tenant_id = $1 AND t.state = 'assigned' AND t.follow_by < $2 /* scope */
ORDER BY t.follow_by LIMIT $3
"""


@report(
    "funnel",
    L("销售漏斗", "Sales funnel"),
    parameters={
        "pipeline_id": Ref(L("流程", "Pipeline"), to="crm.pipeline"),
        "date_from": Date(L("建立日期起", "Created from")),
        "date_to": Date(L("建立日期止", "Created to")),
    },
    reads=("crm.opportunity.amount", "crm.stage.name"),
    columns=columns.funnel(),
    figures=columns.funnel_figures(),
    chart=("bar", "stage", "count"),
)
async def funnel(work: Work, parameters: Row) -> dict[str, Any]:
    """Stages with counts, amounts, step and cumulative conversion; win rate; of what the caller may see."""
    pipeline_id = parameters["pipeline_id"]
    if pipeline_id is None:
        pipeline_id = await default_pipeline_id(work)
        if pipeline_id is None:
            return {"items": [], "win_rate": None}
    stages = await work.find(Stage, {"pipeline_id": pipeline_id}, sort="sequence")
    groups = await scoped_rows(
        work,
        "crm.opportunity",
        _FUNNEL,
        pipeline_id,
        parameters["date_from"] or _EARLIEST,
        (parameters["date_to"] or _LATEST) + timedelta(days=1),
        work.role.time_zone,
    )
    counts = {state: sum(group["count"] for group in groups if group["state"] == state) for state in ("won", "lost")}
    return {
        "items": rules.funnel(stages, groups) if stages else [],
        "win_rate": rules.win_rate(counts["won"], counts["lost"]),
    }


@report(
    "forecast",
    L("销售预测", "Sales forecast"),
    parameters={
        "date_from": Date(L("预计成交起", "Expected from")),
        "date_to": Date(L("预计成交止", "Expected to")),
    },
    reads=("crm.opportunity.amount", "crm.opportunity.weighted_amount", "crm.opportunity.expected_date"),
    columns=columns.forecast(),
    chart=("bar", "month", "amount weighted"),
)
async def forecast(work: Work, parameters: Row) -> dict[str, Any]:
    """Open opportunities by the month they are expected in: count, amount, amount × probability."""
    limited = parameters["date_from"] is not None or parameters["date_to"] is not None
    first, last = parameters["date_from"] or _EARLIEST, parameters["date_to"] or _LATEST
    return rules.forecast(await scoped_rows(work, "crm.opportunity", _FORECAST, limited, first, last))


@report(
    "leads-waiting",
    L("超时未跟进线索", "Leads past their follow-up limit"),
    parameters={"most": Integer(L("最多", "Most"), min=1, max=1000, default=200)},
    reads=("crm.lead.name", "crm.lead.company"),
    columns=columns.leads_waiting(),
    links={"number": ("crm.lead", "id"), "name": ("crm.lead", "id")},
)
async def leads_waiting(work: Work, parameters: Row) -> dict[str, Any]:
    """Assigned leads that nobody followed up in time, the longest waiting first."""
    return {"items": await scoped_rows(work, "crm.lead", _WAITING, work.now, parameters["most"])}


@report(
    "lead-duplicates",
    L("线索查重", "Look for a lead"),
    parameters={
        "mobile": Mobile(L("手机", "Mobile")),
        "email": Email(L("邮箱", "E-mail")),
        "credit_code": CreditCode(L("统一社会信用代码", "Credit code")),
        "company": Text(L("公司", "Company")),
    },
    columns=columns.lead_duplicates(),
    links={"number": ("crm.lead", "id")},
)
async def lead_duplicates(work: Work, parameters: Row) -> dict[str, Any]:
    """Before entering a lead: who has it already? Above the row scope, with nothing but number and masked owner."""
    row = {name: parameters[name] for name in ("mobile", "email", "credit_code")}
    items = await duplicates_of(work, {**row, "company_key": company_key(parameters["company"])})
    return {"items": items}
