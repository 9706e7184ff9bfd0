"""The contact document."""

from __future__ import annotations

from cell_crm.common.fields import Email, Mobile
from cell_crm.contacts import actions
from cellkit.declare import Choice, Date, Document, Flag, LongText, Ref, Text
from cellkit.labels import L


class Contact(Document, key="crm.contact", label=L("联系人", "Contact"), title="name"):
    """A person at a customer."""

    customer_id = Ref(L("客户", "Customer"), to="crm.customer", required=True, list=True)
    name = Text(L("姓名", "Name"), required=True, list=True, search=True, max=100)
    salutation = Choice(L("称谓", "Salutation"), "mr:先生:Mr", "ms:女士:Ms")
    post = Text(L("职务", "Post"), list=True, max=100)
    department = Text(L("部门", "Department"), max=100)
    is_decider = Flag(L("关键决策人", "Decision maker"), list=True, index=True)
    superior_id = Ref(L("上级", "Superior"), to="crm.contact")
    mobile = Mobile(L("手机", "Mobile"), list=True)
    phone = Text(L("电话", "Telephone"), secret=True, find=True, mask="mobile", max=40)
    email = Email(L("邮箱", "E-mail"), list=True)
    wechat = Text(L("微信", "WeChat"), secret=True, mask="all", max=100)
    birthday = Date(L("生日", "Birthday"))
    address = Text(L("地址", "Address"), max=500)
    remark = LongText(L("备注", "Remark"), max=4000)

    prepare = staticmethod(actions.prepare)
    payload = staticmethod(actions.payload)
