"""Deliveries."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cell_erp.deliveries import actions
from cell_erp.fields import RowId
from cell_erp.selection import ChosenDeliveryLine
from cellkit.declare import (
    Date,
    Document,
    Flag,
    Line,
    Lines,
    LongText,
    Money,
    Price,
    Quantity,
    Ref,
    Rows,
    States,
    Text,
    View,
    action,
)
from cellkit.labels import L

ZERO = Decimal(0)


class DeliveryLine(Line):
    """A quantity of an order line; its cost once it is posted, and how much of it is invoiced."""

    order_line_id = RowId(L("订单明细", "Order line"), required=True)
    item_id = Ref(L("物料", "Item"), to="erp.item", readonly=True, index=False)
    item_code = Text(L("物料编码", "Item code"), max=40, readonly=True)
    quantity = Quantity(L("数量", "Quantity"), required=True, above=0)
    unit_cost = Price(L("单位成本", "Unit cost"), readonly=True, default=ZERO)
    cost = Money(L("成本", "Cost"), readonly=True, default=ZERO)
    invoiced = Quantity(L("已开票数量", "Invoiced"), readonly=True, default=ZERO)


class Delivery(
    Document,
    key="erp.delivery",
    label=L("销售发货单", "Delivery"),
    plural="deliveries",
    number="DN{yyyy}{mm}{dd}-{seq:4}",
    number_date="delivery_date",
):
    """Goods of one order leave one warehouse. Posting is dated with the delivery's date."""

    order_id = Ref(L("销售订单", "Order"), to="erp.order", required=True, list=True)
    partner_id = Ref(L("客户", "Customer"), to="erp.partner", readonly=True, list=True)
    warehouse_id = Ref(L("仓库", "Warehouse"), to="erp.warehouse", required=True, list=True, index=False)
    delivery_date = Date(L("发货日期", "Date"), list=True, index=True)
    ship_to = LongText(L("收货地址", "Ship to"), max=500)
    carrier = Text(L("承运商", "Carrier"), max=100, always_editable=True)
    tracking_number = Text(L("运单号", "Tracking number"), max=60, always_editable=True, search=True)
    note = LongText(L("备注", "Note"), max=2000, always_editable=True)
    lines = Lines(L("明细", "Lines"), of=DeliveryLine, min=1, max=500)
    cost = Money(L("成本", "Cost"), readonly=True, default=ZERO)
    reversed_on = Date(L("冲销日期", "Reversed on"), readonly=True)
    reverse_reason = Text(L("冲销原因", "Why reversed"), readonly=True)

    states = States("draft:草稿:Draft", "posted:已出库:Posted", "reversed:已冲销:Reversed")
    prepare = staticmethod(actions.prepare)
    views = [
        View(
            "scan",
            label=L("扫码出库", "Scan to post"),
            codes="number tracking_number",
            action="post",
            filters="state == 'draft'",
            card="partner_id warehouse_id delivery_date ship_to",
        ),
    ]

    @action(L("出库过账", "Post"), source="draft", target="posted", event="posted")
    async def post(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:  # noqa: ARG002 - a function
        """Take the goods out of stock at moving average and post their cost."""
        await actions.post(work, row)

    @action(
        L("红字冲销", "Reverse"),
        source="posted",
        target="reversed",
        event="reversed",
        parameters={"date": Date(L("冲销日期", "Date")), "reason": Text(L("原因", "Reason"), required=True)},
    )
    async def reverse(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
        """Take the goods back into stock at the cost they left with."""
        await actions.reverse(work, row, parameters)

    @action(
        L("生成发票", "Invoice"),
        source="posted",
        event="invoice_requested",
        parameters={
            "invoice_date": Date(L("开票日期", "Invoice date")),
            "lines": Rows(
                L("明细", "Lines"), of=ChosenDeliveryLine, key="delivery_line_id", grid="lines", min=1, max=500
            ),
            "post": Flag(L("直接过账", "Post at once")),
        },
        preset=actions.open_lines,
    )
    async def invoice(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> dict[str, str]:
        """Make an invoice of what is not invoiced yet, or of chosen lines; and post it when asked to."""
        return await actions.invoice(work, row, parameters)
