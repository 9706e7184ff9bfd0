"""Refusals of vouchers."""

from __future__ import annotations

from cellkit.errors import BusinessRuleViolation


class NotBalanced(BusinessRuleViolation):
    """Debit and credit of a voucher differ, or it has fewer than two lines."""

    code = "VOUCHER_NOT_BALANCED"
    zh, en = "凭证借贷不平：借方 {debit}，贷方 {credit}", "Debit {debit} and credit {credit} of the voucher differ"


class MakerIsReviewer(BusinessRuleViolation):
    """Nobody reviews a voucher of his own."""

    code = "MAKER_IS_REVIEWER"
    zh, en = "制单人与审核人不能为同一人", "The maker of a voucher cannot review it"


class AutomaticVoucher(BusinessRuleViolation):
    """An automatic voucher is undone by undoing the document it came from."""

    code = "VOUCHER_AUTOMATIC"
    zh, en = "自动凭证须通过来源单据 {source} 冲销", "An automatic voucher is reversed by its source document {source}"


class AlreadyReversing(BusinessRuleViolation):
    """A red voucher for this one is under way."""

    code = "REVERSAL_EXISTS"
    zh, en = "已存在冲销凭证 {number}", "A red voucher exists already: {number}"
