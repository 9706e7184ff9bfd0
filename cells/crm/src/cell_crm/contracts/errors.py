"""Refusals around contracts."""

from __future__ import annotations

from cellkit.errors import BusinessRuleViolation


class QuoteNotAccepted(BusinessRuleViolation):
    """A contract comes of an accepted quote."""

    code = "QUOTE_NOT_ACCEPTED"
    zh = "报价 {number} 未被客户接受，不能生成合同"
    en = "Quote {number} has not been accepted by the customer"


class QuoteAlreadyContracted(BusinessRuleViolation):
    """One contract a quote."""

    code = "QUOTE_ALREADY_CONTRACTED"
    zh = "报价 {number} 已生成合同 {contract}"
    en = "Quote {number} became contract {contract} already"


class QuoteOfOtherCustomer(BusinessRuleViolation):
    """The quote was made for another customer."""

    code = "QUOTE_OF_OTHER_CUSTOMER"
    zh = "报价 {number} 属于其他客户"
    en = "Quote {number} was made for another customer"


class ContractWithoutLines(BusinessRuleViolation):
    """A contract about nothing."""

    code = "CONTRACT_WITHOUT_LINES"
    zh = "合同没有明细，不能提交"
    en = "A contract without lines cannot be submitted"


class ContractNotSettled(BusinessRuleViolation):
    """Money is still to come."""

    code = "CONTRACT_NOT_SETTLED"
    zh = "合同尚有 {open} 未回款，不能完成"
    en = "{open} of the contract has not been received yet"


class ContractHasReceipts(BusinessRuleViolation):
    """Money was booked, or waits for approval."""

    code = "CONTRACT_HAS_RECEIPTS"
    zh = "合同 {number} 已有回款，不能删除；有待审批的回款时不能终止"
    en = "Contract {number} has receipts: it cannot be deleted, nor terminated while one waits for approval"


class ContractNotExpired(BusinessRuleViolation):
    """The contract's last day has not passed."""

    code = "CONTRACT_NOT_EXPIRED"
    zh = "合同有效期至 {end_date}，尚未到期"
    en = "The contract runs until {end_date}"


class ContractNotBlocked(BusinessRuleViolation):
    """Nothing to send again."""

    code = "CONTRACT_NOT_BLOCKED"
    zh = "合同执行未受阻，无需重新下发"
    en = "The contract's execution is not blocked"
