"""Refusals around receipts."""

from __future__ import annotations

from cellkit.errors import BusinessRuleViolation


class ReceiptOnUnapprovedContract(BusinessRuleViolation):
    """Money cannot be booked on a contract that is not in force."""

    code = "RECEIPT_ON_UNAPPROVED_CONTRACT"
    zh = "合同 {number} 未生效，不能登记回款"
    en = "Contract {number} is not in force; no receipt can be booked on it"


class ReceiptExceedsContract(BusinessRuleViolation):
    """More money than the contract is worth."""

    code = "RECEIPT_EXCEEDS_CONTRACT"
    zh = "回款合计 {received} 超过合同金额 {amount}"
    en = "Receipts of {received} exceed the contract's {amount}"


class PlanAlreadyUsed(BusinessRuleViolation):
    """A plan named twice, or settled already."""

    code = "PLAN_ALREADY_USED"
    zh = "第 {period} 期回款计划重复使用或已收清"
    en = "The plan of period {period} is named twice or settled already"


class PlanOverused(BusinessRuleViolation):
    """More than a plan has open."""

    code = "PLAN_OVERUSED"
    zh = "第 {period} 期未收 {open}，不能核销 {amount}"
    en = "Period {period} has {open} open, not {amount}"


class PlanOfOtherContract(BusinessRuleViolation):
    """A plan that is not the receipt's contract's."""

    code = "PLAN_OF_OTHER_CONTRACT"
    zh = "回款计划不属于该合同"
    en = "The plan belongs to another contract"


class AllocationExceedsReceipt(BusinessRuleViolation):
    """More allocated than came in."""

    code = "ALLOCATION_EXCEEDS_RECEIPT"
    zh = "核销合计 {allocated} 超过回款金额 {amount}"
    en = "Allocations of {allocated} exceed the receipt's {amount}"
