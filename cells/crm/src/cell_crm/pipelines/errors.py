"""Refusals around pipelines."""

from __future__ import annotations

from cellkit.errors import BusinessRuleViolation


class StageInUse(BusinessRuleViolation):
    """What steers open opportunities changes under them."""

    code = "STAGE_IN_USE"
    zh = "阶段“{stage}”上还有 {count} 个进行中的商机，不能修改其顺序、概率、必填项或关口"
    en = "Stage “{stage}” holds {count} open opportunities: its order, probability, required fields and gate are fixed"


class PipelineWithoutStages(BusinessRuleViolation):
    """An opportunity cannot start in a pipeline that has no stage."""

    code = "PIPELINE_WITHOUT_STAGES"
    zh = "商机流程没有阶段，请先配置"
    en = "The pipeline has no stages yet"
