"""The receivable plan document."""

from __future__ import annotations

from decimal import Decimal

from cell_crm.receivables import planning, rules
from cellkit.declare import (
    Date,
    Document,
    Integer,
    LongText,
    Moment,
    Money,
    Ref,
    States,
    Text,
    View,
    action,
)
from cellkit.labels import L


class ReceivablePlan(
    Document,
    key="crm.receivable_plan",
    label=L("回款计划", "Receivable plan"),
    title="period",
    indexes=(("contract_id", "state", "due_date"), ("state", "due_date")),
):
    """A part of a contract's amount and the day it is due."""

    contract_id = Ref(L("合同", "Contract"), to="crm.contract", required=True, list=True)
    customer_id = Ref(L("客户", "Customer"), to="crm.customer", readonly=True, list=True)
    period = Integer(L("期次", "Period"), required=True, min=1, max=1000, list=True)
    due_date = Date(L("应收日期", "Due on"), required=True, list=True, index=True)
    amount = Money(L("金额", "Amount"), required=True, above=0, list=True)
    allocated_amount = Money(L("已回款", "Allocated"), readonly=True, default=Decimal(0), list=True)
    open_amount = Money(L("未回款", "Open"), readonly=True, list=True)
    remind_days = Integer(L("提前提醒天数", "Reminder days"), min=0, max=365)
    remind_date = Date(L("提醒日期", "Remind on"), readonly=True, index=True)
    dunned_at = Moment(L("最近催款", "Last dunned"), readonly=True)
    remark = Text(L("备注", "Remark"), max=500)

    views = [
        View("kanban", by="state", card="contract_id customer_id period due_date open_amount", sums="open_amount"),
        View("calendar", start="due_date", card="customer_id open_amount"),
    ]
    states = States("draft:草稿:Draft", "open:待收:Open", "settled:已收清:Settled", "cancelled:已取消:Cancelled")
    derive = staticmethod(rules.derive_plan)
    prepare = staticmethod(planning.prepare)
    payload = staticmethod(rules.plan_payload)

    dun = action(
        L("催款", "Dun"),
        source="open",
        event="dunned",
        parameters={"note": LongText(L("说明", "Note"), max=4000)},
    )(planning.dun)
