"""Refusals of invoices."""

from __future__ import annotations

from cellkit.errors import BusinessRuleViolation


class OverBilling(BusinessRuleViolation):
    """More would be invoiced than was delivered."""

    code = "OVER_BILLING"
    zh = "物料 {item} 超开票：已发 {delivered}，已开票 {invoiced}，本次 {quantity}"
    en = "Item {item}: delivered {delivered}, invoiced {invoiced}, now {quantity}"


class WrongPartner(BusinessRuleViolation):
    """An invoice bills deliveries of one customer."""

    code = "INVOICE_PARTNER_MISMATCH"
    zh, en = "发货单 {delivery} 不属于该客户", "Delivery {delivery} belongs to another customer"


class DeliveryNotPosted(BusinessRuleViolation):
    """Only posted deliveries are invoiced."""

    code = "DELIVERY_NOT_POSTED"
    zh, en = "发货单 {delivery} 未过账或已冲销，不能开票", "Delivery {delivery} is not posted and cannot be invoiced"
