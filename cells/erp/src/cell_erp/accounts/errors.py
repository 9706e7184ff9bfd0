"""Refusals of the chart of accounts."""

from __future__ import annotations

from cellkit.errors import BusinessRuleViolation


class AccountInUse(BusinessRuleViolation):
    """An account with postings keeps its code, direction and place, and gets no subaccounts."""

    code = "ACCOUNT_IN_USE"
    zh, en = "科目 {account} 已有发生额：{change}", "Account {account} has postings: {change}"


class AccountCodeMismatch(BusinessRuleViolation):
    """A subaccount's code must begin with its parent's."""

    code = "ACCOUNT_CODE_MISMATCH"
    zh, en = "下级科目编码必须以上级编码 {parent} 开头", "The code must begin with the parent's code {parent}"


class AccountNotPostable(BusinessRuleViolation):
    """Only enabled accounts without subaccounts take postings."""

    code = "ACCOUNT_NOT_POSTABLE"
    zh, en = "科目 {account} 不能记账：{reason}", "Account {account} takes no postings: {reason}"


class DimensionMissing(BusinessRuleViolation):
    """The account asks for an auxiliary dimension that the line lacks."""

    code = "DIMENSION_MISSING"
    zh, en = "科目 {account} 缺少辅助核算：{dimensions}", "Account {account} needs: {dimensions}"


class MappingMissing(BusinessRuleViolation):
    """No account is set for what this posting needs."""

    code = "ACCOUNT_MAPPING_MISSING"
    zh, en = "未设置入账科目：{purposes}", "No account is mapped for: {purposes}"
