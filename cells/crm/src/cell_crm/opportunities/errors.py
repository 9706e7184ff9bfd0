"""Refusals around opportunities."""

from __future__ import annotations

from cellkit.errors import BusinessRuleViolation


class StageNotAdjacent(BusinessRuleViolation):
    """Stages are taken one after the other, forth or back."""

    code = "STAGE_NOT_ADJACENT"
    zh = "只能进入相邻阶段：当前“{current}”，目标“{wanted}”"
    en = "Only a neighbouring stage can follow: now “{current}”, wanted “{wanted}”"


class StageFieldsMissing(BusinessRuleViolation):
    """The stage requires fields that the opportunity lacks."""

    code = "STAGE_FIELDS_MISSING"
    zh = "进入阶段“{stage}”前须填写：{fields}"
    en = "Before stage “{stage}” fill in: {fields}"


class StageGateClosed(BusinessRuleViolation):
    """A manager has not let the opportunity through."""

    code = "STAGE_GATE_CLOSED"
    zh = "阶段“{stage}”须主管放行后才能进入"
    en = "Stage “{stage}” needs a manager's pass first"


class PipelineFixed(BusinessRuleViolation):
    """An opportunity stays in its pipeline."""

    code = "PIPELINE_FIXED"
    zh = "商机创建后不能更换流程"
    en = "An opportunity stays in its pipeline"


class AmountMissing(BusinessRuleViolation):
    """Winning nothing."""

    code = "OPPORTUNITY_AMOUNT_MISSING"
    zh = "赢单前须填写大于零的金额"
    en = "An opportunity needs an amount before it is won"


class WonByContract(BusinessRuleViolation):
    """A contract in force stands behind the win."""

    code = "OPPORTUNITY_HAS_CONTRACT"
    zh = "商机已有生效合同，不能重新打开"
    en = "A contract in force came of this opportunity; it cannot be reopened"
