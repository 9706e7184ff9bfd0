"""The customer document."""

from __future__ import annotations

from cell_crm.common.fields import CreditCode, Email
from cell_crm.customers import actions, rules
from cell_crm.followups.actions import follow_parameters
from cellkit.declare import (
    Choice,
    Date,
    DepartmentRef,
    Document,
    Flag,
    Group,
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


class Customer(
    Document,
    key="crm.customer",
    label=L("客户", "Customer"),
    title="name",
    number="KH{yyyy}{mm}-{seq:5}",
    indexes=(("name_key",), ("owner_id", "next_follow_at")),
):
    """A customer; the credit code is unique within the tenant."""

    name = Text(L("名称", "Name"), required=True, list=True, search=True, max=200)
    name_key = Text(L("规范化名称", "Normalised name"), readonly=True)
    short_name = Text(L("简称", "Short name"), search=True, max=100)
    credit_code = CreditCode(L("统一社会信用代码", "Credit code"), unique=True, list=True, search=True)
    level = Choice(L("级别", "Level"), "A:重点:Key", "B:普通:Normal", "C:低:Low", default="B", list=True, index=True)
    industry = Text(L("行业", "Industry"), list=True, index=True, max=100)
    area = Text(L("地区", "Area"), list=True, index=True, max=100)
    channel = Text(L("来源", "Source"), max=50)
    parent_customer_id = Ref(L("上级客户", "Parent"), to="crm.customer")
    phone = Text(L("电话", "Telephone"), secret=True, find=True, mask="mobile", max=40)
    email = Email(L("邮箱", "E-mail"))
    website = Text(L("网址", "Website"))
    address = Text(L("地址", "Address"), max=500)
    remark = LongText(L("备注", "Remark"), max=4000)
    owner_since = Moment(L("归属起始", "Owned since"), readonly=True)
    last_follow_at = Moment(L("最近跟进", "Last follow-up"), readonly=True, list=True, index=True)
    next_follow_at = Moment(L("下次跟进", "Next follow-up"), readonly=True, list=True)
    locked = Flag(L("锁定", "Locked"), readonly=True, list=True)
    deal_status = Choice(
        L("成交状态", "Deal status"),
        "none:未成交:None",
        "dealt:已成交:Dealt",
        readonly=True,
        default="none",
        list=True,
        index=True,
    )
    last_deal_on = Date(L("最近成交", "Last deal"), readonly=True)
    disable_reason = Text(L("停用原因", "Disabled because"), readonly=True, max=500)

    groups = [
        Group("basic:基本信息:Basics", "name short_name credit_code level industry area channel parent_customer_id"),
        Group("contact:联系方式:Contact", "phone email website address"),
        Group(
            "course:跟进与成交:Follow-ups and deals",
            "last_follow_at next_follow_at owner_since deal_status last_deal_on locked disable_reason",
        ),
        Group("remark:备注:Remark", "remark", after=True),
        Group("system:系统信息:System", "name_key", after=True, folded=True),
    ]
    views = [
        View("tree", parent="parent_customer_id", columns="name number level industry owner_id"),
    ]
    states = States("active:正常:Active", "disabled:停用:Disabled")
    derive = staticmethod(rules.derive_customer)
    prepare = staticmethod(actions.prepare)
    payload = staticmethod(rules.customer_payload)

    follow = action(L("写跟进", "Follow up"), source="active", event="followed", parameters=follow_parameters())(
        actions.follow
    )
    transfer = action(
        L("转移负责人", "Transfer"),
        source="active",
        event="transferred",
        parameters={
            "owner_id": UserRef(L("新负责人", "New owner"), required=True),
            "department_id": DepartmentRef(L("部门", "Department")),
            "with_opportunities": Flag(L("连同进行中的商机", "With open opportunities")),
            "reason": Text(L("原因", "Reason"), max=500),
        },
    )(actions.transfer)
    lock = action(L("锁定", "Lock"), source="active", event="locked")(actions.lock)
    unlock = action(L("解锁", "Unlock"), source="active", event="unlocked")(actions.unlock)
    disable = action(
        L("停用", "Disable"),
        source="active",
        target="disabled",
        event="disabled",
        parameters={"reason": Text(L("原因", "Reason"), required=True, max=500)},
    )(actions.disable)
    enable = action(L("启用", "Enable"), source="disabled", target="active", event="enabled")(actions.enable)
