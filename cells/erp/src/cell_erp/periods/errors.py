"""Refusals of periods."""

from __future__ import annotations

from cellkit.errors import BusinessRuleViolation


class PeriodClosed(BusinessRuleViolation):
    """The period of the posting date is closed for this kind of posting."""

    code = "PERIOD_CLOSED"
    zh, en = "会计期间 {period} 已结账，不能记账", "Period {period} is closed for this posting"


class PeriodOrder(BusinessRuleViolation):
    """Periods close one after the other and reopen in reverse."""

    code = "PERIOD_ORDER"
    zh, en = "须按顺序处理，请先处理期间：{periods}", "Periods close in order and reopen in reverse; first: {periods}"


class UnpostedDocuments(BusinessRuleViolation):
    """Drafts of the period must be posted, moved or cancelled before it is closed."""

    code = "UNPOSTED_DOCUMENTS"
    zh, en = (
        "期间 {period} 还有未记账单据：{documents}",
        "Period {period} has documents that are not posted: {documents}",
    )


class NegativeStockLeft(BusinessRuleViolation):
    """Stock may not be negative when its period is closed."""

    code = "NEGATIVE_STOCK_LEFT"
    zh, en = "存在负库存，不能结账：{items}", "Negative stock must be cleared before closing: {items}"


class TrialBalanceOff(BusinessRuleViolation):
    """Debit and credit of the period differ."""

    code = "TRIAL_BALANCE_OFF"
    zh, en = "期间 {period} 借贷不平，差额 {difference}", "Debit and credit of {period} differ by {difference}"
