"""The opportunity document and the history of its stages."""

from __future__ import annotations

from decimal import Decimal

from cell_crm.followups.actions import follow_parameters
from cell_crm.opportunities import actions, rules
from cellkit.declare import (
    Date,
    DepartmentRef,
    Document,
    DocumentReport,
    ExternalRef,
    Group,
    Integer,
    Ledger,
    Line,
    Lines,
    LongText,
    Moment,
    Money,
    Percent,
    Price,
    Quantity,
    Ref,
    States,
    Text,
    UserRef,
    View,
    action,
)
from cellkit.labels import L

TERMINAL = "won lost void"


class OpportunityLine(Line):
    """A product that the customer wants."""

    product_id = Ref(L("产品", "Product"), to="crm.product", required=True)
    quantity = Quantity(L("数量", "Quantity"), required=True, above=0)
    price = Price(L("单价", "Price"), min=0)
    discount = Percent(L("折扣率", "Discount"), default=Decimal(0))
    amount = Money(L("金额", "Amount"), readonly=True)


class Opportunity(
    Document,
    key="crm.opportunity",
    label=L("商机", "Opportunity"),
    plural="opportunities",
    title="name",
    number="SJ{yyyy}{mm}{dd}-{seq:4}",
    indexes=(("pipeline_id", "furthest_sequence"), ("state", "expected_date")),
):
    """A chance of business; it moves stage by stage and ends won, lost or void."""

    name = Text(L("名称", "Name"), required=True, list=True, search=True)
    customer_id = Ref(L("客户", "Customer"), to="crm.customer", required=True, list=True)
    contact_id = Ref(L("联系人", "Contact"), to="crm.contact")
    # No foreign key: the lead points here with one, and two tables cannot each be made before the other.
    lead_id = ExternalRef(L("来源线索", "Lead"), to="crm.lead", readonly=True)
    pipeline_id = Ref(L("流程", "Pipeline"), to="crm.pipeline")
    stage_id = Ref(L("阶段", "Stage"), to="crm.stage", readonly=True, list=True)
    probability = Percent(L("赢率", "Probability"), readonly=True, list=True)
    amount = Money(L("金额", "Amount"), min=0, default=Decimal(0), list=True, index=True)
    weighted_amount = Money(L("加权金额", "Weighted amount"), readonly=True, list=True)
    expected_date = Date(L("预计成交日期", "Expected on"), list=True, index=True)
    need = LongText(L("需求", "Need"), max=4000)
    budget = Money(L("预算", "Budget"), min=0)
    competitor = Text(L("竞争对手", "Competitor"))
    remark = LongText(L("备注", "Remark"), max=4000)
    lines = Lines(L("产品明细", "Products"), of=OpportunityLine, max=500)
    stage_sequence = Integer(L("阶段序号", "Stage number"), readonly=True)
    furthest_sequence = Integer(L("到达的最远阶段", "Furthest stage"), readonly=True)
    passed_stage_id = Ref(L("已放行阶段", "Stage let through"), to="crm.stage", readonly=True, index=False)
    stage_entered_at = Moment(L("进入阶段时间", "In this stage since"), readonly=True)
    ended_at = Moment(L("结束时间", "Ended at"), readonly=True, index=True)
    lost_reason = Text(L("丢单原因", "Lost because"), readonly=True, list=True, max=500)
    void_reason = Text(L("作废原因", "Void because"), readonly=True, max=500)
    reopen_reason = Text(L("重新打开原因", "Reopened because"), readonly=True, max=500)
    last_follow_at = Moment(L("最近跟进", "Last follow-up"), readonly=True)
    next_follow_at = Moment(L("下次跟进", "Next follow-up"), readonly=True, list=True)

    groups = [
        Group("basic:基本信息:Basics", "name customer_id contact_id pipeline_id stage_id expected_date lead_id"),
        Group("figures:金额与赢率:Amounts", "amount probability weighted_amount budget competitor"),
        Group("need:需求与备注:Need and remark", "need remark", after=True),
        Group(
            "course:进程:Course",
            "last_follow_at next_follow_at stage_entered_at passed_stage_id stage_sequence furthest_sequence ended_at "
            "lost_reason void_reason reopen_reason",
            after=True,
            folded=True,
        ),
    ]
    views = [
        View(
            "list",
            columns="number name customer_id stage_id probability amount weighted_amount expected_date owner_id state",
            sort="-created_at",
            sums="amount weighted_amount",
            presets={
                L("我负责的", "Mine"): "owner_id == me",
                L("进行中", "Open"): "state == 'open'",
                L("本月预计成交", "Expected this month"): "expected_date in this_month",
            },
            colours={"state == 'open' and expected_date < today": "red"},
        ),
        View(
            "kanban",
            by="stage_id",
            label=L("阶段看板", "By stage"),
            card="name customer_id amount expected_date owner_id",
            filters={"state": "open"},
            sums="amount",
        ),
        View(
            "kanban",
            name="by-state",
            by="state",
            label=L("状态看板", "By state"),
            card="name customer_id amount expected_date owner_id",
            sums="amount",
        ),
        View("calendar", start="expected_date", label=L("成交日历", "Expected"), card="name customer_id amount"),
        View("pivot", rows="stage_id", columns="state", measures="sum(amount) sum(weighted_amount) count()"),
    ]
    reports = [
        DocumentReport(
            "by-owner",
            L("商机按负责人", "Opportunities by owner"),
            by="owner_id",
            columns="state",
            measures="sum(amount) count()",
            chart="stacked",
        ),
        DocumentReport(
            "by-month",
            L("商机按预计成交月", "Opportunities by month"),
            by="month(expected_date)",
            measures="sum(amount) sum(weighted_amount) count()",
            where="state == 'open'",
            chart="bar",
        ),
    ]
    states = States("open:进行中:Open", "won:赢单:Won", "lost:丢单:Lost", "void:作废:Void")
    derive = staticmethod(rules.derive_opportunity)
    prepare = staticmethod(actions.prepare)
    payload = staticmethod(rules.opportunity_payload)

    move = action(
        L("变更阶段", "Move"),
        source="open",
        event="moved",
        parameters={"stage_id": Ref(L("目标阶段", "Stage"), to="crm.stage", required=True)},
    )(actions.move)
    pass_gate = action(L("关口放行", "Let through the gate"), source="open")(actions.pass_gate)
    follow = action(L("写跟进", "Follow up"), source="open", event="followed", parameters=follow_parameters())(
        actions.follow
    )
    win = action(L("赢单", "Win"), source="open", target="won", event="won")(actions.win)
    lose = action(
        L("丢单", "Lose"),
        source="open",
        target="lost",
        event="lost",
        parameters={
            "lost_reason": Text(L("丢单原因", "Reason"), required=True, max=500),
            "competitor": Text(L("竞争对手", "Competitor")),
        },
    )(actions.lose)
    void = action(
        L("作废", "Void"),
        source="open",
        target="void",
        event="voided",
        parameters={"reason": Text(L("原因", "Reason"), required=True, max=500)},
    )(actions.void)
    reopen = action(
        L("重新打开", "Reopen"),
        source=TERMINAL,
        target="open",
        event="reopened",
        parameters={"reason": Text(L("原因", "Reason"), required=True, max=500)},
    )(actions.reopen)
    transfer = action(
        L("转移负责人", "Transfer"),
        source="open",
        event="transferred",
        parameters={
            "owner_id": UserRef(L("新负责人", "New owner"), required=True),
            "department_id": DepartmentRef(L("部门", "Department")),
            "reason": Text(L("原因", "Reason"), max=500),
        },
    )(actions.transfer)


class StageChange(Ledger, key="crm.stage_change", label=L("阶段变更", "Stage change")):
    """One step of an opportunity, and how long it stood where it came from."""

    opportunity_id = Ref(L("商机", "Opportunity"), to="crm.opportunity", required=True, list=True)
    from_stage_id = Ref(L("原阶段", "From stage"), to="crm.stage", list=True)
    to_stage_id = Ref(L("新阶段", "To stage"), to="crm.stage", list=True)
    from_state = Text(L("原状态", "From state"), list=True, max=20)
    to_state = Text(L("新状态", "To state"), list=True, max=20)
    dwell_seconds = Integer(L("停留秒数", "Seconds in stage"), list=True)
