"""Refusals around receivable plans."""

from __future__ import annotations

from cellkit.errors import BusinessRuleViolation


class PlanSumMismatch(BusinessRuleViolation):
    """The plans of a contract must come to its amount."""

    code = "PLAN_SUM_MISMATCH"
    zh = "回款计划合计 {planned} 与合同金额 {amount} 不符"
    en = "The plans come to {planned}, the contract to {amount}"


class ContractNotInForce(BusinessRuleViolation):
    """Plans belong to contracts in force."""

    code = "CONTRACT_NOT_IN_FORCE"
    zh = "合同 {number} 未生效或已结束，不能维护回款计划"
    en = "Contract {number} is not in force"


class PlansExist(BusinessRuleViolation):
    """The contract has plans already."""

    code = "PLANS_EXIST"
    zh = "合同 {number} 已有回款计划，请先撤销"
    en = "Contract {number} has plans already; discard them first"


class PlanInUse(BusinessRuleViolation):
    """Money was allocated to a plan."""

    code = "PLAN_IN_USE"
    zh = "第 {period} 期已有回款，不能撤销计划"
    en = "Money was allocated to period {period}; the plans cannot be discarded"


class PlanNotOverdue(BusinessRuleViolation):
    """Nothing to dun for."""

    code = "PLAN_NOT_OVERDUE"
    zh = "第 {period} 期于 {due_date} 到期，尚未逾期"
    en = "Period {period} is due on {due_date}; it is not overdue"
