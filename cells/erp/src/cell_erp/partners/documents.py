"""Partners: customers and suppliers."""

from __future__ import annotations

from typing import Any

from cellkit.declare import Choice, Document, Flag, Integer, LongText, Money, States, Text, action, check
from cellkit.labels import L


class Partner(Document, key="erp.partner", label=L("往来单位", "Partner"), title="name", scoped=False):
    """A customer, a supplier, or both; a read copy where CRM or SRM owns it."""

    code = Text(L("编码", "Code"), required=True, max=40, unique=True, list=True, search=True)
    name = Text(L("名称", "Name"), required=True, max=200, list=True, search=True)
    short_name = Text(L("简称", "Short name"), max=60, search=True)
    is_customer = Flag(L("客户", "Customer"), default=True, list=True)
    is_supplier = Flag(L("供应商", "Supplier"), list=True)
    tax_number = Text(L("统一社会信用代码／税号", "Tax number"), max=20, pattern="[0-9A-Za-z]{15,20}", index=True)
    contact = Text(L("联系人", "Contact"), max=100)
    phone = Text(L("电话", "Phone"), max=40, secret=True, find=True, mask="mobile")
    email = Text(L("邮箱", "E-mail"), max=100, mask="email")
    country = Text(L("国家／地区", "Country"), max=60, list=True)
    city = Text(L("城市", "City"), max=60, list=True)
    address = Text(L("地址", "Address"), max=300)
    postal_code = Text(L("邮编", "Postal code"), max=20)
    currency = Text(L("币种", "Currency"), max=3, pattern="[A-Z]{3}", default="CNY")
    credit_limit = Money(L("信用额度（空为不限）", "Credit limit (empty: none)"), min=0, list=True)
    payment_terms = Choice(
        L("付款条件", "Payment terms"),
        "net:开票后若干天:Days after invoice",
        "month_end:月结若干天:Days after end of month",
        default="net",
    )
    payment_days = Integer(L("账期（天）", "Payment days"), min=0, max=3650, default=30)
    bank_name = Text(L("开户行", "Bank"), max=100)
    bank_account = Text(L("银行账号", "Bank account"), max=40, secret=True, find=True, mask="bank")
    note = LongText(L("备注", "Note"), max=2000)

    states = States("active:启用:Active", "disabled:停用:Disabled", editable="active disabled")

    @check("客户、供应商至少选一项", "Customer or supplier, at least one", field="is_customer")
    def has_a_role(row: dict[str, Any]) -> bool:
        """A partner without a role could be used nowhere."""
        return bool(row["is_customer"] or row["is_supplier"])

    @action(L("停用", "Disable"), source="active", target="disabled", event="disabled")
    async def disable(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
        """New documents refuse the partner from now on."""

    @action(L("启用", "Enable"), source="disabled", target="active", event="enabled")
    async def enable(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
        """New documents accept the partner again."""
