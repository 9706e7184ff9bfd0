"""Refusals of deliveries."""

from __future__ import annotations

from cellkit.errors import BusinessRuleViolation


class OverDelivery(BusinessRuleViolation):
    """More would be shipped than ordered plus the item's tolerance."""

    code = "OVER_DELIVERY"
    zh = "物料 {item} 超发：订购 {ordered}，已发 {delivered}，本次 {quantity}，容差 {tolerance}"
    en = "Item {item}: ordered {ordered}, delivered {delivered}, now {quantity}, tolerance {tolerance}"


class OrderNotOpen(BusinessRuleViolation):
    """The order's state takes no delivery."""

    code = "ORDER_NOT_OPEN"
    zh, en = "订单 {order} 当前状态不能发货", "Order {order} cannot be delivered in its state"


class NothingToInvoice(BusinessRuleViolation):
    """All of the delivery is invoiced, or on draft invoices."""

    code = "NOTHING_TO_INVOICE"
    zh, en = (
        "发货单 {delivery} 没有可开票数量（已开票或已有未过账发票）",
        "Nothing of delivery {delivery} is left to invoice",
    )
