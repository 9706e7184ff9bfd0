"""Refusals around customers."""

from __future__ import annotations

from cellkit.errors import BusinessRuleViolation


class ParentCycle(BusinessRuleViolation):
    """A customer would be its own parent."""

    code = "PARENT_CYCLE"
    zh = "上级客户形成循环"
    en = "The parent customers would form a circle"


class AlreadyLocked(BusinessRuleViolation):
    """Locking what is locked, or unlocking what is not."""

    code = "LOCK_UNCHANGED"
    zh = "客户的锁定状态没有变化"
    en = "The customer's lock is already that way"
