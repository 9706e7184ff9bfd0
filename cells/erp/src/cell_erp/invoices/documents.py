"""Invoices to customers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cell_erp.fields import RowId
from cell_erp.invoices import actions, rules
from cellkit.declare import (
    Date,
    Document,
    Group,
    Line,
    Lines,
    LongText,
    Money,
    Numbering,
    Percent,
    Price,
    Quantity,
    Ref,
    States,
    Text,
    action,
    check,
)
from cellkit.labels import L

ZERO = Decimal(0)


class InvoiceLine(Line):
    """A delivered quantity at the order's price."""

    delivery_id = Ref(L("发货单", "Delivery"), to="erp.delivery", required=True)
    delivery_line_id = RowId(L("发货明细", "Delivery line"), required=True)
    quantity = Quantity(L("数量", "Quantity"), required=True)
    order_id = Ref(L("订单", "Order"), to="erp.order", readonly=True, index=False)
    order_line_id = RowId(L("订单明细", "Order line"), readonly=True)
    item_id = Ref(L("物料", "Item"), to="erp.item", readonly=True, index=False)
    item_code = Text(L("物料编码", "Item code"), max=40, readonly=True)
    price = Price(L("单价", "Price"), readonly=True)
    discount = Percent(L("折扣率", "Discount"), readonly=True)
    tax_rate = Percent(L("税率", "Tax rate"), readonly=True)
    amount = Money(L("不含税金额", "Amount"), readonly=True, default=ZERO)
    tax = Money(L("税额", "Tax"), readonly=True, default=ZERO)
    total = Money(L("价税合计", "Total"), readonly=True, default=ZERO)


class Invoice(
    Document,
    key="erp.invoice",
    label=L("销售发票", "Invoice"),
    number=Numbering("AR{yyyy}{mm}-{seq:5}", gapless=True),
    number_date="invoice_date",
    indexes=(("partner_id", "state"),),
):
    """What a customer owes for delivered goods.

    Numbers have no gaps: an invoice is never deleted; a draft is voided, a posted one reversed by a red invoice.
    """

    partner_id = Ref(L("客户", "Customer"), to="erp.partner", required=True, list=True, index=False)
    invoice_date = Date(L("开票日期", "Date"), list=True, index=True)
    due_date = Date(L("到期日", "Due date"), list=True, help=L("留空按付款条件计算", "Empty: by the customer's terms"))
    tax_invoice_number = Text(
        L("数电发票号码", "Tax invoice number"),
        max=20,
        pattern="[0-9]{8,20}",
        unique=True,
        search=True,
        always_editable=True,
    )
    note = LongText(L("备注", "Note"), max=2000, always_editable=True)
    lines = Lines(L("明细", "Lines"), of=InvoiceLine, min=1, max=500)
    amount = Money(L("不含税金额", "Amount"), readonly=True, list=True, default=ZERO)
    tax = Money(L("税额", "Tax"), readonly=True, default=ZERO)
    total = Money(L("价税合计", "Total"), readonly=True, list=True, default=ZERO)
    open_amount = Money(L("未收金额", "Open"), readonly=True, list=True, default=ZERO)
    reversal_of_id = Ref(L("冲销发票", "Reversal of"), to="erp.invoice", readonly=True)
    reverse_reason = Text(L("冲销原因", "Why reversed"), readonly=True)

    groups = [
        Group("basic:基本信息:Basics", "partner_id invoice_date due_date tax_invoice_number"),
        Group("figures:金额:Amounts", "amount tax total open_amount"),
        Group("reversal:冲销:Reversal", "reversal_of_id reverse_reason", after=True, folded=True),
        Group("note:备注:Note", "note", after=True),
    ]
    states = States(
        "draft:草稿:Draft",
        "posted:已过账:Posted",
        "part_paid:部分收款:Partly paid",
        "paid:已收款:Paid",
        "reversed:已冲销:Reversed",
        "red:红字:Red",
        "void:已作废:Void",
        deletable="",
    )
    derive = staticmethod(rules.derive_invoice)
    prepare = staticmethod(actions.prepare)

    @check("数量必须大于 0", "Quantities must be greater than 0", field="lines")
    def quantities(row: dict[str, Any]) -> bool:
        """Only the red invoices that the system makes are negative."""
        return row["reversal_of_id"] is not None or all((line["quantity"] or ZERO) > ZERO for line in row["lines"])

    @check("到期日不能早于开票日期", "The due date is before the invoice", field="due_date")
    def due_after_invoice(row: dict[str, Any]) -> bool:
        """Money is not due before it is asked for."""
        return row["due_date"] is None or row["due_date"] >= row["invoice_date"]

    @action(L("过账", "Post"), source="draft", target="posted")
    async def post(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:  # noqa: ARG002 - a function
        """The customer owes it from now on; revenue and output tax are posted."""
        await actions.post(work, row)

    @action(
        L("红字冲销", "Reverse"),
        source="posted",
        target="reversed",
        event="reversed",
        parameters={"date": Date(L("冲销日期", "Date")), "reason": Text(L("原因", "Reason"), required=True)},
    )
    async def reverse(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> dict[str, str]:
        """Make the red invoice; what was billed may be billed again."""
        return await actions.reverse(work, row, parameters)

    @action(
        L("作废", "Void"),
        source="draft",
        target="void",
        event="voided",
        parameters={"reason": Text(L("原因", "Reason"), required=True)},
    )
    async def void(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
        """Give up a draft; its number stays taken."""
        row["reverse_reason"], row["open_amount"] = parameters["reason"], ZERO
