"""Refusals that several features share; each feature has its own beside it."""

from __future__ import annotations

from cellkit.errors import BusinessRuleViolation


class DisabledPartner(BusinessRuleViolation):
    """The partner is disabled."""

    code = "PARTNER_DISABLED"
    zh, en = "往来单位 {partner} 已停用", "Partner {partner} is disabled"


class NotACustomer(BusinessRuleViolation):
    """The partner is no customer."""

    code = "PARTNER_NOT_CUSTOMER"
    zh, en = "往来单位 {partner} 不是客户", "Partner {partner} is not a customer"


class DisabledItem(BusinessRuleViolation):
    """One or more items are disabled."""

    code = "ITEM_DISABLED"
    zh, en = "物料已停用：{items}", "Disabled item(s): {items}"


class DisabledWarehouse(BusinessRuleViolation):
    """The warehouse is disabled."""

    code = "WAREHOUSE_DISABLED"
    zh, en = "仓库 {warehouse} 已停用", "Warehouse {warehouse} is disabled"


class DownstreamExists(BusinessRuleViolation):
    """Later documents rest on this one; they must be undone first."""

    code = "DOWNSTREAM_EXISTS"
    zh, en = "存在下游单据，请先处理：{documents}", "Later documents exist; undo them first: {documents}"


class MonthIsFixed(BusinessRuleViolation):
    """A document numbered without gaps keeps the month of its number."""

    code = "NUMBERED_MONTH_FIXED"
    zh, en = (
        "编号已按月连续分配，日期不能改到其他月份",
        "The number belongs to its month; the date cannot move to another month",
    )


class BadSelection(BusinessRuleViolation):
    """A list of chosen lines cannot be used."""

    code = "SELECTION_INVALID"
    zh, en = "所选明细无效：{reason}", "The chosen lines cannot be used: {reason}"
