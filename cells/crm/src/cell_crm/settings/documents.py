"""Settings of a tenant, limits of ownership, and the teams that leads are shared out to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from cell_crm.settings import rules
from cellkit.declare import (
    Choice,
    Date,
    DepartmentRef,
    Document,
    Flag,
    Integer,
    Line,
    Lines,
    Percent,
    Ref,
    Text,
    UserRef,
    check,
)
from cellkit.labels import L


class Setting(Document, key="crm.setting", label=L("参数设置", "Settings"), scoped=False):
    """What counts from a day on; before the first row the defaults of these fields do."""

    valid_from = Date(L("生效日期", "Valid from"), default=date(2000, 1, 1), unique=True, list=True)
    quote_discount_limit = Percent(L("报价折扣上限", "Quote discount limit"), default=Decimal("0.10"), list=True)
    two_person_approval = Flag(L("审批须由他人完成", "Approval by another person"), default=True, list=True)
    quote_valid_days = Integer(L("报价有效天数", "Quote valid days"), min=1, max=3650, default=30, list=True)
    lead_follow_hours = Integer(L("线索跟进时限（小时）", "Lead follow-up limit (hours)"), min=1, max=8760, default=24)
    remind_days = Integer(L("回款提前提醒天数", "Receivable reminder days"), min=0, max=365, default=7)
    lead_team_id = Ref(L("默认分配团队", "Default assignment team"), to="crm.team")


class OwnLimit(
    Document, key="crm.own_limit", label=L("客户拥有上限", "Ownership limit"), title="limit_type", scoped=False
):
    """How many customers a user may own or lock; the row of the user counts before his department's and the general."""

    limit_type = Choice(L("类型", "Type"), "own:拥有:Own", "lock:锁定:Lock", required=True, list=True)
    user_id = UserRef(L("员工", "User"), list=True)
    limit_department_id = DepartmentRef(L("部门", "Department"), list=True)
    most = Integer(L("上限", "Most"), required=True, min=0, max=1_000_000, list=True)
    exclude_dealt = Flag(L("不计成交客户", "Leave out customers with a deal"), list=True)

    one_subject = check("员工与部门只能填一项", "Name a user or a department, not both", field="user_id")(
        rules.names_one_subject
    )


class TeamMember(Line):
    """A user of a team and his share of its leads."""

    user_id = UserRef(L("员工", "User"), required=True)
    member_department_id = DepartmentRef(L("部门", "Department"))
    weight = Integer(L("权重", "Weight"), min=1, max=100, default=1)
    most_open = Integer(L("在手线索上限", "Most open leads"), min=1, max=100_000)
    area = Text(L("负责地区", "Area"), max=50)
    turn = Integer(L("轮转值", "Turn"), readonly=True, default=0)


class Team(Document, key="crm.team", label=L("分配团队", "Assignment team"), title="name", scoped=False):
    """Users that leads are shared out to in turn, by weight, load and area."""

    name = Text(L("名称", "Name"), required=True, unique=True, list=True, search=True, max=100)
    members = Lines(L("成员", "Members"), of=TeamMember, min=1, max=200)

    members_differ = check("成员不能重复", "A user may be a member only once", field="members")(rules.members_differ)
