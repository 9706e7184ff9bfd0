"""Refusals of orders."""

from __future__ import annotations

from cellkit.errors import BusinessRuleViolation


class CreditExceeded(BusinessRuleViolation):
    """The customer's credit limit does not cover the order."""

    code = "CREDIT_EXCEEDED"
    zh = "客户 {partner} 信用额度 {limit}，已占用 {used}，本单 {amount}，超出 {excess}"
    en = "Customer {partner}: limit {limit}, used {used}, this order {amount}, {excess} too much"


class TaxRateMissing(BusinessRuleViolation):
    """No rate of the item's tax code holds on the order's date."""

    code = "TAX_RATE_MISSING"
    zh, en = "税码 {tax_code} 在 {date} 没有有效税率", "Tax code {tax_code} has no rate on {date}"


class NothingToDeliver(BusinessRuleViolation):
    """All of the order is delivered, or on draft deliveries."""

    code = "NOTHING_TO_DELIVER"
    zh, en = "订单 {order} 没有可发货数量（已发货或已有未过账发货单）", "Nothing of order {order} is left to deliver"


class WarehouseMissing(BusinessRuleViolation):
    """Neither the request, nor the order, nor a default names a warehouse."""

    code = "WAREHOUSE_REQUIRED"
    zh, en = "请指定仓库，或设置默认仓库", "Name a warehouse, or set a default one"
