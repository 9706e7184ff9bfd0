"""Sales orders."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cell_erp.orders import actions, rules
from cell_erp.selection import ChosenOrderLine
from cellkit.declare import (
    Date,
    Document,
    DocumentReport,
    ExternalRef,
    Flag,
    Group,
    Line,
    Lines,
    LongText,
    Money,
    Percent,
    Price,
    Quantity,
    Ref,
    Rows,
    States,
    Text,
    View,
    action,
    check,
)
from cellkit.labels import L

ZERO = Decimal(0)


class OrderLine(Line):
    """An item, how much of it, at what price; and how far it is shipped and invoiced."""

    item_id = Ref(L("物料", "Item"), to="erp.item", required=True, index=False)
    item_code = Text(L("物料编码", "Item code"), max=40, readonly=True)
    quantity = Quantity(L("数量", "Quantity"), required=True, above=0)
    price = Price(L("单价", "Price"), min=0, help=L("留空取物料参考售价", "Empty: the item's sales price"))
    discount = Percent(L("折扣率", "Discount"), default=ZERO)
    tax_rate = Percent(L("税率", "Tax rate"), help=L("留空按物料税码取当日税率", "Empty: by the item's tax code"))
    due_date = Date(L("交货日期", "Due date"))
    amount = Money(L("不含税金额", "Amount"), readonly=True, default=ZERO)
    tax = Money(L("税额", "Tax"), readonly=True, default=ZERO)
    total = Money(L("价税合计", "Total"), readonly=True, default=ZERO)
    delivered = Quantity(L("已发数量", "Delivered"), readonly=True, default=ZERO)
    invoiced = Quantity(L("已开票数量", "Invoiced"), readonly=True, default=ZERO)
    invoiced_amount = Money(L("已开票金额", "Invoiced amount"), readonly=True, default=ZERO)
    invoiced_tax = Money(L("已开票税额", "Invoiced tax"), readonly=True, default=ZERO)
    note = Text(L("备注", "Note"), max=500)


class Order(
    Document,
    key="erp.order",
    label=L("销售订单", "Sales order"),
    number="SO{yyyy}{mm}{dd}-{seq:4}",
    number_date="order_date",
    indexes=(("partner_id", "state"),),
):
    """What a customer ordered. Amounts are without tax; ``total`` is with it."""

    partner_id = Ref(L("客户", "Customer"), to="erp.partner", required=True, list=True, index=False)
    order_date = Date(L("订单日期", "Order date"), list=True, index=True)
    due_date = Date(L("要求交货日期", "Due date"), list=True)
    warehouse_id = Ref(L("发货仓库", "Warehouse"), to="erp.warehouse", index=False)
    reference = Text(L("外部单号", "Reference"), max=60, unique=True, list=True, search=True)
    customer_reference = Text(L("客户订单号", "Customer's order number"), max=60, search=True)
    contract_id = ExternalRef(L("合同", "Contract"), to="crm.contract", index=False, readonly=True)
    contract_number = Text(L("合同编号", "Contract number"), max=60, readonly=True, search=True)
    tax_included = Flag(L("单价含税", "Prices include tax"))
    ship_to = LongText(L("收货地址", "Ship to"), max=500)
    note = LongText(L("备注", "Note"), max=2000, always_editable=True)
    lines = Lines(L("明细", "Lines"), of=OrderLine, min=1, max=500)
    amount = Money(L("不含税金额", "Amount"), readonly=True, list=True, default=ZERO)
    tax = Money(L("税额", "Tax"), readonly=True, default=ZERO)
    total = Money(L("价税合计", "Total"), readonly=True, list=True, default=ZERO)
    invoiced_total = Money(L("已开票合计", "Invoiced total"), readonly=True, default=ZERO)
    short_closed = Flag(L("短结", "Short-closed"), readonly=True)
    close_reason = Text(L("关闭原因", "Why closed"), max=500, readonly=True)

    groups = [
        Group(
            "basic:基本信息:Basics",
            "partner_id order_date due_date warehouse_id reference customer_reference tax_included",
        ),
        Group("figures:金额:Amounts", "amount tax total invoiced_total"),
        Group("delivery:收货与备注:Delivery and note", "ship_to note", after=True),
        Group(
            "origin:来源与关闭:Origin and closing",
            "contract_number contract_id short_closed close_reason",
            after=True,
            folded=True,
        ),
    ]
    views = [
        View(
            "list",
            columns="number partner_id order_date due_date reference amount total state",
            sort="-order_date",
            sums="amount total",
            presets={
                L("本月", "This month"): "order_date in this_month",
                L("未完成", "Unfinished"): "state in ('draft', 'confirmed', 'partly_shipped')",
            },
            colours={"state in ('confirmed', 'partly_shipped') and due_date < today": "red"},
        ),
        View("kanban", by="state", card="number partner_id total order_date due_date", sums="total"),
        View("calendar", start="due_date", label=L("交货日历", "Due"), card="number partner_id total"),
        View("gantt", start="order_date", end="due_date", card="number partner_id total"),
        View("pivot", rows="partner_id", columns="year(order_date)", measures="sum(amount) count()"),
    ]
    reports = [
        DocumentReport(
            "by-month",
            L("销售按月", "Sales by month"),
            by="month(order_date)",
            measures="sum(amount) sum(total) count()",
            where="state not in ('draft', 'cancelled')",
            chart="bar",
        ),
        DocumentReport(
            "by-customer",
            L("销售按客户", "Sales by customer"),
            by="partner_id",
            columns="year(order_date)",
            measures="sum(amount) count()",
            where="state not in ('draft', 'cancelled') and order_date >= :from and order_date <= :to",
            parameters=[
                {
                    "name": "from",
                    "kind": "date",
                    "label": {"zh": "订单日期起", "en": "Ordered from"},
                    "default": "1990-01-01",
                },
                {"name": "to", "kind": "date", "label": {"zh": "订单日期止", "en": "Ordered to"}, "default": "today"},
            ],
            sort=["-sum_amount"],
            chart="stacked",
        ),
        DocumentReport(
            "items",
            L("物料销量", "Items sold"),
            lines="lines",
            by="lines.item_id",
            measures="sum(lines.amount) sum(lines.quantity)",
            where="state not in ('draft', 'cancelled')",
            top={"count": 20, "by": "sum_lines.amount", "rest": True},
            sort=["-sum_lines.amount"],
            chart="bar",
        ),
    ]
    states = States(
        "draft:草稿:Draft",
        "confirmed:已确认:Confirmed",
        "partly_shipped:部分发货:Partly shipped",
        "shipped:已发货:Shipped",
        "invoiced:已开票:Invoiced",
        "closed:已关闭:Closed",
        "cancelled:已取消:Cancelled",
    )
    derive = staticmethod(rules.derive_order)
    prepare = staticmethod(actions.prepare)
    prepare_many = staticmethod(actions.prepare_many)
    payload = staticmethod(actions.payload)

    @check("交货日期不能早于订单日期", "The due date is before the order date", field="due_date")
    def due_after_order(row: dict[str, Any]) -> bool:
        """Goods are not due before they are ordered."""
        return row["due_date"] is None or row["due_date"] >= row["order_date"]

    @check("金额超出范围", "The amounts are too large", field="lines")
    def amounts_fit(row: dict[str, Any]) -> bool:
        """The amounts fit their columns."""
        return rules.amounts_fit(row)

    @action(L("确认", "Confirm"), source="draft", target="confirmed", event="approved")
    async def confirm(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:  # noqa: ARG002 - a function
        """Commit to the order, within the customer's credit."""
        await actions.confirm(work, row)

    @action(L("反确认", "Unconfirm"), source="confirmed", target="draft", event="unapproved")
    async def unconfirm(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:  # noqa: ARG002 - a function
        """Back to draft, while no delivery exists."""
        await actions.require_no_delivery(work, row)

    @action(
        L("取消", "Cancel"),
        source="draft confirmed",
        target="cancelled",
        event="cancelled",
        parameters={"reason": Text(L("原因", "Reason"), required=True, max=500)},
    )
    async def cancel(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
        """Give the order up, while no delivery exists."""
        await actions.require_no_delivery(work, row)
        row["close_reason"] = parameters["reason"]

    @action(
        L("短结", "Short-close"),
        source="confirmed partly_shipped",
        event="short_closed",
        parameters={"reason": Text(L("原因", "Reason"), required=True, max=500)},
    )
    async def short_close(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
        """Ship no more of it; what was shipped is still invoiced."""
        await actions.short_close(work, row, parameters["reason"])

    @action(L("关闭", "Close"), source="invoiced", target="closed", event="closed")
    async def close(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
        """The order is done."""

    @action(
        L("生成发货单", "Deliver"),
        source="confirmed partly_shipped",
        event="delivery_requested",
        parameters={
            "delivery_date": Date(L("发货日期", "Delivery date")),
            "warehouse_id": Ref(L("仓库", "Warehouse"), to="erp.warehouse"),
            "lines": Rows(L("明细", "Lines"), of=ChosenOrderLine, key="order_line_id", grid="lines", min=1, max=500),
            "post": Flag(L("直接过账", "Post at once")),
        },
        preset=actions.open_lines,
    )
    async def deliver(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> dict[str, str]:
        """Make a delivery of what is open, or of chosen lines; and post it when asked to."""
        return await actions.deliver(work, row, parameters)
