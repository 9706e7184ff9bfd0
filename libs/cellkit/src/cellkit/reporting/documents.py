"""What users keep: report definitions, and subscriptions to reports."""

from __future__ import annotations

from typing import Any

from cellkit.customizing import table_of
from cellkit.declare import Choice, Document, Flag, Json, LongText, Moment, Row, Table, Text
from cellkit.errors import FieldProblem, ValidationFailed
from cellkit.labels import L
from cellkit.reporting.binding import bind
from cellkit.reporting.definition import read_definition
from cellkit.views.sharing import check_sharing, roles_field, sharing_field

DEFINITION, SUBSCRIPTION = "report_definition", "report_subscription"


def documents(cell: str) -> list[type[Table]]:
    """The kit documents of reporting for a cell."""
    from cellkit.reporting.subscribing import check_subscription  # noqa: PLC0415 - it knows how reports are run

    class ReportDefinition(
        Document,
        key=f"{cell}.{DEFINITION}",
        label=L("自定义报表", "Report"),
        title="name",
        kit=True,
    ):
        name = Text(L("名称", "Name"), required=True, max=100, list=True, search=True)
        entity = Text(L("单据", "Entity"), required=True, max=100, list=True, index=True)
        definition = Json(L("定义", "Definition"), required=True, max_bytes=32_768)
        description = LongText(L("说明", "Description"), max=1_000)
        sharing = sharing_field()
        roles = roles_field()

        @staticmethod
        async def prepare(work: Any, row: Row, before: Row | None) -> None:
            """The definition fits its entity, and its author may run it."""
            problems = check_sharing(row, before, work.role, f"{cell}.{DEFINITION}.share")
            if before is None or row["definition"] != before["definition"] or row["entity"] != before["entity"]:
                problems += await _definition_problems(work, row)
            if problems:
                raise ValidationFailed(problems)

    class ReportSubscription(
        Document,
        key=f"{cell}.{SUBSCRIPTION}",
        label=L("报表订阅", "Report subscription"),
        title="name",
        kit=True,
    ):
        name = Text(L("名称", "Name"), required=True, max=100, list=True)
        report = Text(L("报表", "Report"), required=True, max=200, list=True)
        parameters = Json(L("参数", "Parameters"), max_bytes=4_096)
        cron = Text(L("时间", "When"), required=True, max=100, list=True)
        recipients = Json(L("接收人", "Recipients"), required=True, max_bytes=16_384)
        format = Choice(
            L("格式", "Format"), "xlsx:Excel:Excel", "csv:CSV:CSV", default="xlsx", required=True, list=True
        )
        when_empty = Flag(L("无数据也发送", "Send when empty"), default=False)
        active = Flag(L("启用", "Active"), default=True, list=True)
        next_at = Moment(L("下次", "Next"), readonly=True, list=True, index=True)
        last_at = Moment(L("上次", "Last"), readonly=True, list=True)

        @staticmethod
        async def prepare(work: Any, row: Row, before: Row | None) -> None:
            """When it is due next; recipients that may get it."""
            await check_subscription(work, row, before)

    return [ReportDefinition, ReportSubscription]


async def _definition_problems(work: Any, row: Row) -> list[FieldProblem]:
    entity = row["entity"]
    if entity not in work.engine.tables:
        return [{"field": "entity", "rule": "unknown", "message": L("没有这种单据", "No such entity")}]
    work.role.require(f"{entity}.read")
    try:
        definition = read_definition(row["definition"], entity=entity)
        bind(definition, await table_of(work.engine, work.caller.tenant_id, entity), work.role)
    except ValidationFailed as error:
        return [{**one, "field": f"definition.{one['field']}"} for one in error.problems]
    return []
