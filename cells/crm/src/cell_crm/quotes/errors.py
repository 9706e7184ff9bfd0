"""Refusals around quotes."""

from __future__ import annotations

from cellkit.errors import BusinessRuleViolation


class QuoteExpired(BusinessRuleViolation):
    """The offer does not hold any more."""

    code = "QUOTE_EXPIRED"
    zh = "报价 {number} 已于 {valid_to} 过期"
    en = "Quote {number} was valid until {valid_to}"


class QuoteStillValid(BusinessRuleViolation):
    """An offer is not expired before its day."""

    code = "QUOTE_STILL_VALID"
    zh = "报价 {number} 有效期至 {valid_to}，尚未到期"
    en = "Quote {number} is valid until {valid_to}"


class QuoteSuperseded(BusinessRuleViolation):
    """There is a newer version."""

    code = "QUOTE_SUPERSEDED"
    zh = "报价 {number} 已有新版本，不能再修订"
    en = "Quote {number} has a newer version already"
