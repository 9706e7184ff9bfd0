"""The contract document."""

from __future__ import annotations

from decimal import Decimal

from cell_crm.common.approval import second_person
from cell_crm.contracts import actions, rules
from cell_crm.receivables import planning
from cellkit.declare import (
    Date,
    DepartmentRef,
    Document,
    DocumentReport,
    ExternalRef,
    Flag,
    Group,
    Integer,
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
    check,
)
from cellkit.labels import L


class ContractLine(Line):
    """A product sold; ``item`` is its code, the name under which ERP knows it. Price and amount include tax."""

    product_id = Ref(L("产品", "Product"), to="crm.product", required=True)
    item = Text(L("产品编码", "Item"), readonly=True, max=64)
    quantity = Quantity(L("数量", "Quantity"), required=True, above=0)
    price = Price(L("单价（含税）", "Price (tax included)"), min=0)
    discount = Percent(L("折扣率", "Discount"), default=Decimal(0))
    tax_rate = Percent(L("税率", "Tax rate"))
    amount = Money(L("金额", "Amount"), readonly=True)
    due_date = Date(L("交付日期", "Due on"))
    remark = Text(L("备注", "Remark"), max=500)


class Contract(
    Document,
    key="crm.contract",
    label=L("合同", "Contract"),
    number="HT{yyyy}{mm}{dd}-{seq:4}",
    number_date="sign_date",
):
    """What was agreed with a customer; in force it can only be executed, completed, terminated or run out."""

    name = Text(L("名称", "Name"), list=True, search=True)
    customer_id = Ref(L("客户", "Customer"), to="crm.customer", required=True, list=True)
    contact_id = Ref(L("联系人", "Contact"), to="crm.contact")
    opportunity_id = Ref(L("商机", "Opportunity"), to="crm.opportunity")
    quote_id = Ref(L("报价单", "Quote"), to="crm.quote", unique=True)
    sign_date = Date(L("签订日期", "Signed on"), list=True, index=True)
    start_date = Date(L("开始日期", "Starts on"))
    end_date = Date(L("结束日期", "Ends on"), list=True, index=True)
    lines = Lines(L("明细", "Lines"), of=ContractLine, max=500)
    amount = Money(L("金额", "Amount"), readonly=True, list=True, index=True)
    received_amount = Money(L("已回款", "Received"), readonly=True, default=Decimal(0), list=True)
    open_amount = Money(L("未回款", "Open"), readonly=True, list=True)
    terms = LongText(L("条款", "Terms"), max=10_000)
    remark = LongText(L("备注", "Remark"), max=4000)
    customer_code = Text(L("客户编码", "Customer code"), readonly=True, max=64)
    customer_name = Text(L("客户名称", "Customer name"), readonly=True)
    customer_tax_number = Text(L("客户税号", "Customer tax number"), readonly=True, max=30)
    submitted_by = UserRef(L("提交人", "Submitted by"), readonly=True, index=False)
    approved_by = UserRef(L("审批人", "Approved by"), readonly=True, index=False)
    approved_at = Moment(L("生效时间", "In force since"), readonly=True)
    approval_comment = Text(L("审批意见", "Approval comment"), readonly=True, max=500)
    erp_order_id = ExternalRef(L("ERP 订单", "ERP order"), to="erp.order", readonly=True)
    erp_order_number = Text(L("ERP 订单号", "ERP order number"), readonly=True, list=True, max=64)
    exec_blocked = Flag(L("执行受阻", "Execution blocked"), readonly=True, list=True, index=True)
    block_reason = Text(L("受阻原因", "Blocked because"), readonly=True, max=500)
    end_reason = Text(L("终止原因", "Terminated because"), readonly=True, max=500)

    groups = [
        Group(
            "basic:基本信息:Basics", "name customer_id contact_id opportunity_id quote_id sign_date start_date end_date"
        ),
        Group("figures:金额与回款:Amounts", "amount received_amount open_amount"),
        Group("execution:执行:Execution", "erp_order_number erp_order_id exec_blocked block_reason end_reason"),
        Group("terms:条款与备注:Terms", "terms remark", after=True),
        Group("customer:客户资料:Customer", "customer_code customer_name customer_tax_number", after=True, folded=True),
        Group(
            "approval:审批:Approval", "submitted_by approved_by approved_at approval_comment", after=True, folded=True
        ),
    ]
    views = [
        View("kanban", by="state", card="number name customer_id amount end_date", sums="amount open_amount"),
        View("gantt", start="start_date", end="end_date", card="name customer_id amount"),
    ]
    reports = [
        DocumentReport(
            "by-customer",
            L("合同按客户", "Contracts by customer"),
            by="customer_id",
            measures="sum(amount) sum(received_amount) sum(open_amount) count()",
            chart="bar",
            top={"count": 20, "by": "sum_amount", "rest": True},
        ),
    ]
    states = States(
        "draft:草稿:Draft",
        "approving:审批中:Approving",
        "effective:已生效:Effective",
        "executing:执行中:Executing",
        "completed:已完成:Completed",
        "terminated:已终止:Terminated",
        "expired:已到期:Expired",
    )
    derive = staticmethod(rules.derive_contract)
    prepare = staticmethod(actions.prepare)
    payload = staticmethod(rules.contract_payload)
    before_delete = staticmethod(actions.before_delete)

    ends_after_start = check("结束日期不能早于开始日期", "End before start", field="end_date")(rules.ends_after_start)

    flow = second_person("crm.contract", L("合同审批", "Contract approval"))
    submit = action(L("提交", "Submit"), source="draft", target="approving", event="submitted")(actions.submit)
    approve = action(
        L("批准生效", "Approve"),
        source="approving",
        target="effective",
        event="effective",
        parameters={"comment": Text(L("意见", "Comment"), max=500)},
    )(actions.approve)
    reject = action(
        L("驳回", "Send back"),
        source="approving",
        target="draft",
        event="sent_back",
        parameters={"reason": Text(L("原因", "Reason"), required=True, max=500)},
    )(actions.reject)
    withdraw = action(L("撤回", "Withdraw"), source="approving", target="draft", event="withdrawn")(actions.withdraw)
    start = action(L("开始执行", "Start"), source="effective", target="executing", event="started")(actions.start)
    resend = action(L("重新下发", "Send to ERP again"), source="effective", event="effective")(actions.resend)
    complete = action(L("完成", "Complete"), source="effective executing", target="completed", event="completed")(
        actions.complete
    )
    terminate = action(
        L("终止", "Terminate"),
        source="effective executing",
        target="terminated",
        event="terminated",
        parameters={"reason": Text(L("原因", "Reason"), required=True, max=500)},
    )(actions.terminate)
    expire = action(L("到期", "Expire"), source="effective executing", target="expired", event="expired")(
        actions.expire
    )
    transfer = action(
        L("转移负责人", "Transfer"),
        source="draft approving effective executing",
        event="transferred",
        parameters={
            "owner_id": UserRef(L("新负责人", "New owner"), required=True),
            "department_id": DepartmentRef(L("部门", "Department")),
            "reason": Text(L("原因", "Reason"), max=500),
        },
    )(actions.transfer)
    plan_instalments = action(
        L("生成分期回款计划", "Plan instalments"),
        source="effective executing",
        parameters={
            "instalments": Integer(L("期数", "Instalments"), required=True, min=1, max=360),
            "first_due_date": Date(L("首期日期", "First due on"), required=True),
            "interval_months": Integer(L("间隔月数", "Months between"), min=1, max=60, default=1),
            "remind_days": Integer(L("提前提醒天数", "Reminder days"), min=0, max=365),
        },
    )(planning.plan_instalments)
    confirm_plans = action(L("确认回款计划", "Confirm the plans"), source="effective executing")(planning.confirm_plans)
    discard_plans = action(L("撤销回款计划", "Discard the plans"), source="effective executing")(planning.discard_plans)
