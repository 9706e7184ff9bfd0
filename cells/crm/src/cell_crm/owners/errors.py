"""Refusals around ownership."""

from __future__ import annotations

from cellkit.errors import BusinessRuleViolation


class OwnerUnchanged(BusinessRuleViolation):
    """A transfer to whoever owns it already."""

    code = "OWNER_UNCHANGED"
    zh = "新负责人与当前负责人相同"
    en = "The new owner is the present one"


class OwnLimitExceeded(BusinessRuleViolation):
    """More customers than the user may own or lock."""

    code = "OWN_LIMIT_EXCEEDED"
    zh = "该员工的{what}上限为 {most}，已有 {count}"
    en = "This user's limit of {most} is reached ({count} already)"


class CustomerLocked(BusinessRuleViolation):
    """A locked customer stays with its owner."""

    code = "CUSTOMER_LOCKED"
    zh = "客户 {customer} 已锁定，不能变更负责人"
    en = "Customer {customer} is locked and stays with its owner"


class OwnerUnknown(BusinessRuleViolation):
    """Nobody of that id works for the tenant any more."""

    code = "OWNER_UNKNOWN"
    zh = "新负责人不存在或已停用"
    en = "There is no such active user"
