"""What the values of the reports are called, for pages and prints."""

from __future__ import annotations

from cellkit.declare import Date, Field, Integer, Moment, Money, Number, Percent, Tags, Text, UserRef
from cellkit.labels import L


def funnel() -> dict[str, Field]:
    """A stage with those that reached it."""
    return {
        "stage": Text(L("阶段", "Stage")),
        "count": Integer(L("商机数", "Opportunities")),
        "amount": Money(L("金额", "Amount")),
        "step": Percent(L("阶段转化率", "Step conversion")),
        "cumulative": Percent(L("累计转化率", "Cumulative conversion")),
    }


def funnel_figures() -> dict[str, Field]:
    """Of all that have ended."""
    return {"win_rate": Percent(L("赢单率", "Win rate"))}


def forecast() -> dict[str, Field]:
    """A month's open opportunities."""
    return {
        "month": Text(L("预计成交月份", "Month")),
        "count": Integer(L("商机数", "Opportunities")),
        "amount": Money(L("金额", "Amount")),
        "weighted": Money(L("加权金额", "Weighted amount")),
    }


def leads_waiting() -> dict[str, Field]:
    """A lead past its limit."""
    return {
        "number": Text(L("编号", "Number")),
        "name": Text(L("线索", "Lead")),
        "company": Text(L("公司", "Company")),
        "owner_id": UserRef(L("负责人", "Owner")),
        "assigned_at": Moment(L("分配时间", "Assigned at")),
        "follow_by": Moment(L("应跟进时间", "Follow up by")),
    }


def lead_duplicates() -> dict[str, Field]:
    """A lead that may be the same."""
    return {
        "number": Text(L("编号", "Number")),
        "owner": Text(L("负责人", "Owner")),
        "matched_on": Tags(L("相同项", "Same")),
        "score": Number(L("相似度", "Score"), digits=5, scale=1),
    }


def overdue() -> dict[str, Field]:
    """A plan past its day."""
    return {
        "contract_number": Text(L("合同", "Contract")),
        "customer_name": Text(L("客户", "Customer")),
        "period": Integer(L("期次", "Instalment")),
        "due_date": Date(L("应收日期", "Due on")),
        "days_overdue": Integer(L("逾期天数", "Days overdue")),
        "open_amount": Money(L("未收金额", "Open amount")),
        "dunned_at": Moment(L("最近催收", "Dunned at")),
        "owner_id": UserRef(L("负责人", "Owner")),
    }


def due() -> dict[str, Field]:
    """A plan to be reminded of."""
    return {
        "customer_name": Text(L("客户", "Customer")),
        "period": Integer(L("期次", "Instalment")),
        "due_date": Date(L("应收日期", "Due on")),
        "open_amount": Money(L("未收金额", "Open amount")),
        "owner_id": UserRef(L("负责人", "Owner")),
    }


def ageing() -> dict[str, Field]:
    """A customer's open amounts by days past due."""
    return {
        "customer": Text(L("客户", "Customer")),
        "not_due": Money(L("未到期", "Not due")),
        "days_1_30": Money(L("1–30 天", "1–30 days")),
        "days_31_60": Money(L("31–60 天", "31–60 days")),
        "days_61_90": Money(L("61–90 天", "61–90 days")),
        "days_over_90": Money(L("90 天以上", "Over 90 days")),
        "total": Money(L("合计", "Total")),
    }


def as_of() -> dict[str, Field]:
    """The day it holds for."""
    return {"as_of": Date(L("截止日期", "As of"))}
