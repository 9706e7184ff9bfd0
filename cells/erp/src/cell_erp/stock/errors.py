"""Refusals of stock."""

from __future__ import annotations

from cellkit.errors import BusinessRuleViolation


class InsufficientStock(BusinessRuleViolation):
    """More would leave than is there."""

    code = "INSUFFICIENT_STOCK"
    zh = "物料 {item} 库存不足：现存 {available}，需要 {wanted}"
    en = "Item {item}: {available} on hand, {wanted} wanted"


class ReceiptConsumed(BusinessRuleViolation):
    """A receipt cannot be taken back at its value because its goods have moved on."""

    code = "RECEIPT_CONSUMED"
    zh = "物料 {item} 的入库已被消耗，不能按原价冲销"
    en = "The receipt of item {item} has been used up and cannot be taken back at its value"


class NotAStockItem(BusinessRuleViolation):
    """Services have no stock."""

    code = "NOT_A_STOCK_ITEM"
    zh, en = "服务类物料不能入库：{items}", "Services have no stock: {items}"


class SupplierMissing(BusinessRuleViolation):
    """A purchase receipt needs its supplier."""

    code = "SUPPLIER_REQUIRED"
    zh, en = "采购入库须填写供应商", "A purchase receipt needs its supplier"


class BeforeOriginal(BusinessRuleViolation):
    """A reversal cannot be dated before what it reverses."""

    code = "REVERSAL_TOO_EARLY"
    zh, en = "冲销日期不能早于原单日期 {date}", "The reversal cannot be dated before {date}"
