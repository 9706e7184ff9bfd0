"""The quote document."""

from __future__ import annotations

from decimal import Decimal

from cell_crm.common.approval import second_person
from cell_crm.quotes import actions, rules
from cellkit.declare import (
    Date,
    Document,
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


class QuoteLine(Line):
    """A product offered; price and amount include tax."""

    product_id = Ref(L("产品", "Product"), to="crm.product", required=True)
    quantity = Quantity(L("数量", "Quantity"), required=True, above=0)
    price = Price(L("单价（含税）", "Price (tax included)"), min=0)
    list_price = Price(L("标准价", "List price"), readonly=True)
    discount = Percent(L("折扣率", "Discount"), default=Decimal(0))
    total_discount = Percent(L("实际折扣", "Discount in all"), readonly=True)
    tax_rate = Percent(L("税率", "Tax rate"))
    amount = Money(L("金额", "Amount"), readonly=True)
    due_date = Date(L("交付日期", "Due on"))
    remark = Text(L("备注", "Remark"), max=500)


class Quote(
    Document,
    key="crm.quote",
    label=L("报价单", "Quote"),
    number="BJ{yyyy}{mm}{dd}-{seq:4}",
    number_date="quote_date",
    unique_together=(("root_id", "revision"),),
):
    """An offer; a new version freezes the one before."""

    name = Text(L("主题", "Subject"), list=True, search=True)
    customer_id = Ref(L("客户", "Customer"), to="crm.customer", required=True, list=True)
    contact_id = Ref(L("联系人", "Contact"), to="crm.contact")
    opportunity_id = Ref(L("商机", "Opportunity"), to="crm.opportunity", list=True)
    revision = Integer(L("版本", "Version"), readonly=True, default=1, list=True)
    root_id = Ref(L("首个版本", "First version"), to="crm.quote", readonly=True)
    quote_date = Date(L("报价日期", "Quoted on"), list=True, index=True)
    valid_to = Date(L("有效期至", "Valid until"), list=True, index=True)
    lines = Lines(L("明细", "Lines"), of=QuoteLine, min=1, max=500)
    amount = Money(L("金额", "Amount"), readonly=True, list=True, index=True)
    list_amount = Money(L("标准价金额", "Amount at list prices"), readonly=True)
    discount_rate = Percent(L("整单折扣", "Discount over all"), readonly=True, list=True)
    largest_discount = Percent(L("最大行折扣", "Largest discount"), readonly=True)
    discount_limit = Percent(L("折扣上限", "Discount limit"), readonly=True)
    terms = LongText(L("条款", "Terms"), max=10_000)
    remark = LongText(L("备注", "Remark"), max=4000)
    submitted_by = UserRef(L("提交人", "Submitted by"), readonly=True, index=False)
    approved_by = UserRef(L("审批人", "Approved by"), readonly=True, index=False)
    approval_comment = Text(L("审批意见", "Approval comment"), readonly=True, max=500)
    sent_at = Moment(L("发送时间", "Sent at"), readonly=True)
    decided_at = Moment(L("客户答复时间", "Decided at"), readonly=True)
    decline_reason = Text(L("客户拒绝原因", "Declined because"), readonly=True, max=500)

    views = [
        View("kanban", by="state", card="number name customer_id amount valid_to", sums="amount"),
    ]
    states = States(
        "draft:草稿:Draft",
        "approving:审批中:Approving",
        "approved:已批准:Approved",
        "sent:已发送:Sent",
        "accepted:已接受:Accepted",
        "rejected:已拒绝:Rejected",
        "expired:已过期:Expired",
        "frozen:已被新版本取代:Superseded",
    )
    derive = staticmethod(rules.derive_quote)
    prepare = staticmethod(actions.prepare)
    payload = staticmethod(rules.quote_payload)

    valid_after_quoted = check("有效期不能早于报价日期", "Valid until before the quote's day", field="valid_to")(
        rules.valid_after_quoted
    )

    flow = second_person(
        "crm.quote", L("折扣审批", "Discount approval"), when="largest_discount > discount_limit", always=True
    )
    submit = action(L("提交", "Submit"), source="draft", target="approving", event="submitted")(actions.submit)
    approve = action(
        L("批准", "Approve"),
        source="approving",
        target="approved",
        event="approved",
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
    send = action(L("发送客户", "Send"), source="approved", target="sent", event="sent")(actions.send)
    accept = action(L("客户接受", "Accept"), source="sent", target="accepted", event="accepted")(actions.accept)
    decline = action(
        L("客户拒绝", "Decline"),
        source="sent",
        target="rejected",
        event="declined",
        parameters={"reason": Text(L("原因", "Reason"), required=True, max=500)},
    )(actions.decline)
    expire = action(L("置为过期", "Expire"), source="approved sent", target="expired", event="expired")(actions.expire)
    make_contract = action(L("生成合同", "Make a contract"), source="accepted")(actions.make_contract)
    new_version = action(L("新版本", "New version"), source="approved sent rejected expired", event="superseded")(
        actions.new_version
    )
