"""Pipelines and stages."""

from __future__ import annotations

from cell_crm.pipelines import actions, rules
from cellkit.declare import (
    Document,
    Flag,
    Integer,
    Json,
    Percent,
    Ref,
    Text,
    View,
)
from cellkit.labels import L


class Pipeline(Document, key="crm.pipeline", label=L("商机流程", "Pipeline"), title="name", scoped=False):
    """An order of stages; opportunities without a pipeline of their own take the default one."""

    name = Text(L("名称", "Name"), required=True, unique=True, list=True, search=True, max=100)
    is_default = Flag(L("默认", "Default"), list=True, index=True)
    enabled = Flag(L("启用", "Enabled"), default=True, list=True)


class Stage(
    Document,
    key="crm.stage",
    label=L("商机阶段", "Stage"),
    title="name",
    scoped=False,
    unique_together=(("pipeline_id", "sequence"),),
):
    """A stage; ``required_fields`` are what an opportunity must carry to enter it."""

    pipeline_id = Ref(L("流程", "Pipeline"), to="crm.pipeline", required=True, list=True)
    sequence = Integer(L("顺序", "Sequence"), required=True, min=1, max=100, list=True, index=True)
    name = Text(L("名称", "Name"), required=True, list=True, search=True, max=100)
    probability = Percent(L("赢率", "Probability"), required=True, list=True)
    required_fields = Json(
        L("进入前必填项", "Fields required to enter"),
        default=list,
        check=(
            "known_fields",
            rules.required_fields_known,
            L(
                "应为商机字段名列表：" + ", ".join(sorted(rules.FIELDS_A_STAGE_MAY_REQUIRE)),
                "A list of: " + ", ".join(sorted(rules.FIELDS_A_STAGE_MAY_REQUIRE)),
            ),
        ),
    )
    gated = Flag(L("关口（须主管放行）", "Gate (a manager lets through)"))
    rot_days = Integer(L("停留预警天数", "Days until stale"), min=1, max=3650)

    views = [
        View("list", columns="pipeline_id sequence name probability gated rot_days", sort="sequence"),
    ]
    prepare = staticmethod(actions.prepare_stage)
    before_delete = staticmethod(actions.refuse_use)
