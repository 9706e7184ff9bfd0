"""Refusals of receipts."""

from __future__ import annotations

from cellkit.errors import BusinessRuleViolation


class AllocationExceedsInvoice(BusinessRuleViolation):
    """No invoice takes more than what is open on it."""

    code = "ALLOCATION_EXCEEDS_OPEN"
    zh, en = "发票 {invoice} 未收 {open}，不能核销 {amount}", "Invoice {invoice} has {open} open, {amount} is too much"


class AllocationExceedsReceipt(BusinessRuleViolation):
    """No receipt gives more than what is left of it."""

    code = "ALLOCATION_EXCEEDS_RECEIPT"
    zh, en = "收款单可核销余额 {left}，不能核销 {amount}", "{left} is left of the receipt, {amount} is too much"


class InvoiceNotOpen(BusinessRuleViolation):
    """Money is allocated to posted invoices of the same customer."""

    code = "INVOICE_NOT_OPEN"
    zh, en = "发票 {invoice} 不是该客户的未清发票", "Invoice {invoice} is not an open invoice of this customer"


class NothingToAllocate(BusinessRuleViolation):
    """There is nothing to allocate, or nothing was allocated."""

    code = "NOTHING_TO_ALLOCATE"
    zh, en = "没有可核销或可取消核销的金额", "Nothing to allocate or to take back"


class NotACashAccount(BusinessRuleViolation):
    """Money is received on an account of cash or bank."""

    code = "NOT_A_CASH_ACCOUNT"
    zh, en = "科目 {account} 不是货币资金科目", "Account {account} is not an account for money"
