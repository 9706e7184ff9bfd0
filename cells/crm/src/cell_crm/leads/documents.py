"""The lead document."""

from __future__ import annotations

from cell_crm.common.fields import CreditCode, Email, Mobile
from cell_crm.followups.actions import follow_parameters
from cell_crm.leads import actions, rules
from cellkit.declare import (
    Choice,
    Date,
    DepartmentRef,
    Document,
    Flag,
    Integer,
    LongText,
    Moment,
    Money,
    Ref,
    States,
    Text,
    UserRef,
    View,
    action,
    check,
)
from cellkit.labels import L

OPEN = "new assigned following pooled"


class Lead(
    Document,
    key="crm.lead",
    label=L("线索", "Lead"),
    title="name",
    number="XS{yyyy}{mm}{dd}-{seq:5}",
    indexes=(("owner_id", "state"), ("state", "follow_by")),
):
    """Somebody who may become a customer; ``company_key`` and the blind indexes tell duplicates."""

    name = Text(L("姓名", "Name"), required=True, list=True, search=True, max=100)
    company = Text(L("公司", "Company"), list=True, search=True)
    company_key = Text(L("规范化公司名", "Normalised company"), readonly=True, index=True)
    credit_code = CreditCode(L("统一社会信用代码", "Credit code"), index=True)
    post = Text(L("职务", "Post"), max=100)
    mobile = Mobile(L("手机", "Mobile"), list=True)
    phone = Text(L("电话", "Telephone"), secret=True, find=True, mask="mobile", max=40)
    email = Email(L("邮箱", "E-mail"), list=True)
    channel = Choice(
        L("来源", "Source"),
        "web:官网:Website",
        "phone:来电:Call",
        "exhibition:展会:Exhibition",
        "referral:转介绍:Referral",
        "advertising:广告:Advertising",
        "import:导入:Import",
        "other:其他:Other",
        list=True,
        index=True,
    )
    industry = Text(L("行业", "Industry"), list=True, max=100)
    area = Text(L("地区", "Area"), list=True, max=100)
    address = Text(L("地址", "Address"), max=500)
    need = LongText(L("需求", "Need"), max=4000)
    score = Integer(L("评分", "Score"), min=0, max=100, list=True)
    remark = LongText(L("备注", "Remark"), max=4000)
    dup_of_id = Ref(L("疑似重复", "Possible duplicate of"), to="crm.lead", readonly=True, list=True)
    merged_into_id = Ref(L("合并到", "Merged into"), to="crm.lead", readonly=True)
    assigned_at = Moment(L("分配时间", "Assigned at"), readonly=True)
    follow_by = Moment(L("跟进时限", "Follow up by"), readonly=True, list=True)
    first_follow_at = Moment(L("首次跟进", "First follow-up"), readonly=True)
    last_follow_at = Moment(L("最近跟进", "Last follow-up"), readonly=True, list=True)
    next_follow_at = Moment(L("下次跟进", "Next follow-up"), readonly=True, list=True, index=True)
    invalid_reason = Text(L("失效原因", "Invalid because"), readonly=True, max=500)
    converted_at = Moment(L("转化时间", "Converted at"), readonly=True)
    customer_id = Ref(L("客户", "Customer"), to="crm.customer", readonly=True)
    contact_id = Ref(L("联系人", "Contact"), to="crm.contact", readonly=True)
    opportunity_id = Ref(L("商机", "Opportunity"), to="crm.opportunity", readonly=True)

    views = [
        View("kanban", by="state", card="name company channel owner_id follow_by"),
        View("calendar", start="next_follow_at", label=L("跟进日历", "Follow-ups"), card="name company"),
    ]
    states = States(
        "new:新建:New",
        "assigned:已分配:Assigned",
        "following:跟进中:Following",
        "converted:已转化:Converted",
        "invalid:无效:Invalid",
        "pooled:公海:Pooled",
        editable=OPEN,
        deletable="new",
    )
    derive = staticmethod(rules.derive_lead)
    prepare = staticmethod(actions.prepare)
    prepare_many = staticmethod(actions.prepare_many)
    payload = staticmethod(rules.lead_payload)

    can_be_reached = check(
        "手机、电话、邮箱、公司至少填一项", "Give a telephone, an e-mail or a company", field="mobile"
    )(rules.can_be_reached)

    assign = action(
        L("分配", "Assign"),
        source=OPEN,
        target="assigned",
        event="assigned",
        parameters={
            "owner_id": UserRef(L("负责人", "Owner")),
            "department_id": DepartmentRef(L("部门", "Department")),
            "team_id": Ref(L("分配团队", "Team"), to="crm.team"),
            "reason": Text(L("原因", "Reason"), max=500),
        },
    )(actions.assign)
    follow = action(
        L("写跟进", "Follow up"),
        source="new assigned following",
        target="following",
        event="followed",
        parameters=follow_parameters(),
    )(actions.follow)
    convert = action(
        L("转化", "Convert"),
        source="new assigned following converted",
        target="converted",
        event="converted",
        parameters={
            "customer_id": Ref(L("并入已有客户", "Existing customer"), to="crm.customer"),
            "with_opportunity": Flag(L("同时建立商机", "With opportunity"), default=True),
            "opportunity_name": Text(L("商机名称", "Opportunity name")),
            "pipeline_id": Ref(L("商机流程", "Pipeline"), to="crm.pipeline"),
            "amount": Money(L("预计金额", "Amount"), min=0),
            "expected_date": Date(L("预计成交日期", "Expected on")),
        },
    )(actions.convert)
    invalidate = action(
        L("置为无效", "Invalidate"),
        source=OPEN,
        target="invalid",
        event="invalidated",
        parameters={"reason": Text(L("原因", "Reason"), required=True, max=500)},
    )(actions.invalidate)
    revive = action(L("恢复", "Revive"), source="invalid", target="new", event="revived")(actions.revive)
    pool = action(
        L("退回公海", "Return to the pool"),
        source="new assigned following",
        target="pooled",
        event="pooled",
        parameters={"reason": Text(L("原因", "Reason"), max=500)},
    )(actions.pool)
    merge = action(
        L("合并", "Merge"),
        source=OPEN,
        event="merged",
        parameters={"duplicate_id": Ref(L("重复线索", "Duplicate"), to="crm.lead", required=True)},
    )(actions.merge)
    duplicates = action(L("查重", "Find duplicates"))(actions.duplicates)
