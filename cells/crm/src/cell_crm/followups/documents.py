"""Follow-ups (what happened) and tasks (what is to happen)."""

from __future__ import annotations

from cell_crm.followups import actions
from cellkit.declare import (
    Choice,
    Date,
    Document,
    LongText,
    Moment,
    Ref,
    States,
    Text,
    UserRef,
    View,
    action,
)
from cellkit.labels import L


class FollowUp(
    Document,
    key="crm.follow_up",
    label=L("跟进记录", "Follow-up"),
    title="content",
    creatable=False,
    indexes=(("customer_id", "followed_at"), ("lead_id", "followed_at")),
):
    """One contact with a lead or customer; written by the ``follow`` action of what it belongs to."""

    lead_id = Ref(L("线索", "Lead"), to="crm.lead", readonly=True, list=True)
    customer_id = Ref(L("客户", "Customer"), to="crm.customer", readonly=True, list=True)
    opportunity_id = Ref(L("商机", "Opportunity"), to="crm.opportunity", readonly=True, list=True)
    channel = Choice(L("方式", "Channel"), *actions.CHANNELS, readonly=True, list=True)
    content = LongText(L("内容", "Content"), readonly=True, list=True, max=4000)
    followed_at = Moment(L("跟进时间", "Followed at"), readonly=True, list=True, index=True)
    next_at = Moment(L("下次跟进", "Next follow-up"), readonly=True, list=True)

    views = [
        View("calendar", start="followed_at", card="content customer_id channel"),
        View(
            "calendar",
            name="next",
            label=L("下次跟进", "Next follow-ups"),
            start="next_at",
            card="content customer_id channel",
        ),
    ]


class Task(Document, key="crm.task", label=L("任务", "Task"), title="subject"):
    """Something to be done by somebody until some day."""

    subject = Text(L("主题", "Subject"), required=True, list=True, search=True)
    task_type = Choice(
        L("类型", "Type"),
        "follow:跟进:Follow-up",
        "dunning:催款:Dunning",
        "exec_blocked:执行受阻:Execution blocked",
        "other:其他:Other",
        default="other",
        list=True,
        index=True,
    )
    assignee_id = UserRef(L("执行人", "Assignee"), list=True)
    due_date = Date(L("截止日期", "Due date"), list=True, index=True)
    customer_id = Ref(L("客户", "Customer"), to="crm.customer", list=True)
    contract_id = Ref(L("合同", "Contract"), to="crm.contract", list=True)
    plan_id = Ref(L("回款计划", "Receivable plan"), to="crm.receivable_plan")
    content = LongText(L("说明", "Description"), max=4000)
    result = LongText(L("结果", "Result"), readonly=True, max=4000)
    done_at = Moment(L("完成时间", "Done at"), readonly=True)

    views = [
        View(
            "list",
            columns="subject task_type assignee_id due_date customer_id contract_id state",
            sort="due_date",
            presets={
                L("我的", "Mine"): "assignee_id == me",
                L("待办", "Open"): "state == 'open'",
                L("已逾期", "Overdue"): "state == 'open' and due_date < today",
            },
            colours={"state == 'open' and due_date < today": "red"},
        ),
        View("kanban", by="state", card="subject task_type assignee_id due_date customer_id"),
        View("calendar", start="due_date", card="subject assignee_id customer_id"),
    ]
    states = States("open:待办:Open", "done:已完成:Done", "cancelled:已取消:Cancelled")

    finish = action(
        L("完成", "Finish"),
        source="open",
        target="done",
        event="done",
        parameters={"result": LongText(L("结果", "Result"), max=4000)},
    )(actions.finish)
    cancel = action(L("取消", "Cancel"), source="open", target="cancelled", event="cancelled")(actions.cancel)
