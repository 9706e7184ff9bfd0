"""Finding the pipeline and stages of an opportunity."""

from __future__ import annotations

from uuid import UUID

from cell_crm.common.work import memo, serialise
from cell_crm.pipelines import rules
from cell_crm.pipelines.documents import Pipeline, Stage
from cell_crm.pipelines.errors import PipelineWithoutStages
from cellkit.declare import Row
from cellkit.pipeline.work import Work

_DEFAULT = """
SELECT p.id FROM crm_pipeline p
WHERE p.tenant_id = $1 AND p.enabled
    AND EXISTS (SELECT 1 FROM crm_stage s WHERE s.tenant_id = p.tenant_id AND s.pipeline_id = p.id)
ORDER BY p.is_default DESC, p.id LIMIT 1
"""


async def stages_of(work: Work, pipeline_id: UUID) -> list[Row]:
    """The stages of a pipeline in order; asked once a unit of work."""
    known = memo(work).setdefault("stages", {})
    if pipeline_id not in known:
        known[pipeline_id] = await work.find(Stage, {"pipeline_id": pipeline_id}, sort="sequence")
    stages: list[Row] = known[pipeline_id]
    if not stages:
        raise PipelineWithoutStages
    return stages


async def default_pipeline(work: Work) -> Row:
    """The tenant's default pipeline; made with the standard stages when the tenant has none at all."""
    known = memo(work)
    if "default_pipeline" not in known:
        pipeline = await _existing(work)
        if pipeline is None:
            # Two first opportunities at once must not make two default pipelines.
            await serialise(work, "default pipeline", ["default"])
            pipeline = await _existing(work) or await _make(work)
        known["default_pipeline"] = pipeline
    found: Row = known["default_pipeline"]
    return found


async def default_pipeline_id(work: Work) -> UUID | None:
    """The default pipeline's id, or the oldest one's that has stages; None in a tenant without any."""
    found: UUID | None = await work.value(_DEFAULT)
    return found


async def _existing(work: Work) -> Row | None:
    found = await default_pipeline_id(work)
    return None if found is None else await work.get(Pipeline, found)


async def _make(work: Work) -> Row:
    name = "标准销售流程"
    named = await work.find(Pipeline, {"name": name}, limit=1)
    pipeline = named[0] if named else await work.create(Pipeline, {"name": name, "is_default": True})
    stages = [await work.create(Stage, {**stage, "pipeline_id": pipeline["id"]}) for stage in rules.default_stages()]
    memo(work).setdefault("stages", {})[pipeline["id"]] = stages
    return pipeline
