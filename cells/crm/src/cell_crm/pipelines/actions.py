"""What open opportunities allow to be done with their stages."""

from __future__ import annotations

from typing import Any

from cell_crm.pipelines import rules
from cell_crm.pipelines.errors import StageInUse
from cellkit.declare import Row
from cellkit.pipeline.work import Work


async def prepare_stage(work: Work, row: Row, before: Row | None) -> None:
    """Refuse changes that would move the goalposts of open opportunities."""
    if before is not None and any(row[name] != before[name] for name in rules.STEERING_FIELDS):
        await refuse_use(work, before)


async def refuse_use(work: Work, row: Row) -> None:
    """Refuse what would leave open opportunities without the stage they stand in."""
    count: Any = await work.value(
        "SELECT count(*) FROM crm_opportunity WHERE tenant_id = $1 AND stage_id = $2 AND state = 'open'", row["id"]
    )
    if count:
        raise StageInUse(stage=row["name"], count=count)
