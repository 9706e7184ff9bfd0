"""What tenants configure: flows with their versions, and who acts for whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from cellkit.approval.definition import read_flow
from cellkit.approval.errors import FlowInUse
from cellkit.declare import (
    Document,
    Flag,
    Integer,
    Json,
    Ledger,
    Moment,
    Ref,
    Row,
    States,
    Table,
    Text,
    UserRef,
    action,
    check,
)
from cellkit.errors import FieldProblem, ValidationFailed, problem
from cellkit.labels import L


async def _check_entity(work: Any, row: Row, before: Row | None) -> None:
    table = work.engine.tables.get(row["entity"])
    if table is None or not issubclass(table, Document) or table.kit:
        zh, en = "没有可审批的单据类型", "There is no document of this kind that can be approved"
        raise ValidationFailed([problem("entity", "unknown", f"{zh} {row['entity']}", f"{en}: {row['entity']}")])
    bound = table.bound_flow
    if not row["verb"]:
        if bound is None:
            zh, en = "请选择需要审批的操作", "Which action needs an approval?"
            raise ValidationFailed([problem("verb", "required", zh, en)])
    elif row["verb"] not in table.actions or (bound is not None and row["verb"] in bound.verbs):
        zh, en = "单据没有此操作，或此操作属于单据自身的审批", "No such action, or one of the document's own approval"
        raise ValidationFailed([problem("verb", "unknown", zh, en)])
    changed = before is not None and any(row[name] != before[name] for name in ("entity", "verb"))
    if changed and row["published_version"]:
        zh, en = "已发布的流程不能更换单据类型与操作", "A published flow keeps its document and action"
        raise ValidationFailed([problem("entity", "state", zh, en)])


async def problems_of(work: Any, flow: Row) -> list[FieldProblem]:
    """What is wrong with a flow's definition."""
    try:
        read_flow(flow["definition"], work.document(flow["entity"]))
    except ValidationFailed as error:
        return error.problems
    return []


async def _publish(work: Any, flow: Row, _parameters: Row) -> dict[str, Any]:
    """Check the definition and make it the one that new submissions use; running ones keep theirs."""
    found = await problems_of(work, flow)
    if found:
        raise ValidationFailed(found)
    flow["published_version"] = (flow["published_version"] or 0) + 1
    flow["published"], flow["published_at"] = flow["definition"], work.now
    versions = work.engine.tables[f"{work.engine.cell}.approval_flow_version"]
    work.append(
        versions,
        [
            {
                "flow_id": flow["id"],
                "flow_version": flow["published_version"],
                "entity": flow["entity"],
                "definition": flow["definition"],
            }
        ],
    )
    return {"version": flow["published_version"]}


async def _validate(work: Any, flow: Row, _parameters: Row) -> dict[str, Any]:
    """What stands in the way of publishing, without publishing."""
    language = work.caller.language
    found = await problems_of(work, flow)
    return {"problems": [{**item, "message": item["message"].text(language)} for item in found]}


async def _switch(_work: Any, _flow: Row, _parameters: Row) -> None:
    return None


async def _keep_published(_work: Any, flow: Row) -> None:
    if flow["published_version"]:
        raise FlowInUse


def _ends_after_begin(row: Row) -> bool:
    begin: datetime | None = row["valid_from"]
    end: datetime | None = row["valid_to"]
    return begin is None or end is None or end > begin


def _other_user(row: Row) -> bool:
    return bool(row["user_id"] != row["delegate_id"])


async def _own_delegation(work: Any, row: Row, before: Row | None) -> None:
    """Everybody delegates for himself; for others only who administers flows."""
    administer = f"{work.engine.cell}.approval_flow.administer"
    if row["user_id"] is None:
        row["user_id"] = work.caller.user_id
    if row["user_id"] != work.caller.user_id and (before is None or row["user_id"] != before["user_id"]):
        work.role.require(administer)
    table = work.engine.tables.get(row["entity"]) if row["entity"] else None
    if row["entity"] and (table is None or table.kit):
        raise ValidationFailed([problem("entity", "unknown", "没有此单据类型", "There is no such document")])


@cache
def documents(cell: str) -> Sequence[type[Table]]:
    """The kit documents of a cell."""

    class ApprovalFlow(
        Document,
        key=f"{cell}.approval_flow",
        label=L("审批流程", "Approval flow"),
        title="name",
        scoped=False,
        kit=True,
        indexes=(("entity", "state", "priority"),),
    ):
        """``definition`` is the working copy; ``published`` is what new submissions use."""

        name = Text(L("名称", "Name"), required=True, list=True, search=True, max=100)
        entity = Text(L("单据类型", "Document"), required=True, list=True, index=True, max=100)
        verb = Text(L("操作（空为提交审批）", "Action (empty: the document's own flow)"), list=True, max=60)
        priority = Integer(L("优先级", "Priority"), min=0, max=100_000, default=100, list=True)
        definition = Json(L("流程定义", "Definition"), max_bytes=262_144)
        published = Json(L("已发布的定义", "Published definition"), readonly=True, max_bytes=262_144)
        published_version = Integer(L("发布版本", "Published version"), readonly=True, default=0, list=True)
        published_at = Moment(L("发布时间", "Published at"), readonly=True, list=True)
        note = Text(L("说明", "Note"), max=500)

        states = States(
            "draft:草稿:Draft",
            "active:启用:Active",
            "inactive:停用:Inactive",
            editable="draft active inactive",
            deletable="draft inactive",
        )
        prepare = staticmethod(_check_entity)
        before_delete = staticmethod(_keep_published)

        publish = action(L("发布", "Publish"), target="active", event="published", verb="publish")(_publish)
        validate = action(L("校验", "Check"), verb="validate")(_validate)
        deactivate = action(
            L("停用", "Deactivate"), source="active", target="inactive", event="deactivated", verb="deactivate"
        )(_switch)
        activate = action(
            L("启用", "Activate"), source="inactive", target="active", event="activated", verb="activate"
        )(_switch)

    class ApprovalFlowVersion(
        Ledger,
        key=f"{cell}.approval_flow_version",
        label=L("审批流程版本", "Approval flow version"),
        kit=True,
        unique_together=(("flow_id", "flow_version"),),
    ):
        """Every published definition, for ever."""

        flow_id = Ref(L("流程", "Flow"), to=f"{cell}.approval_flow", required=True, index=False)
        flow_version = Integer(L("版本", "Version"), required=True)
        entity = Text(L("单据类型", "Document"), required=True)
        definition = Json(L("流程定义", "Definition"), max_bytes=262_144)

    class ApprovalDelegation(
        Document,
        key=f"{cell}.approval_delegation",
        label=L("审批代理", "Approval delegation"),
        title="user_id",
        kit=True,
        indexes=(("user_id", "enabled"),),
    ):
        """While it lasts, tasks of the user go to his delegate."""

        user_id = UserRef(L("被代理人", "User"), list=True)
        delegate_id = UserRef(L("代理人", "Delegate"), required=True, list=True)
        valid_from = Moment(L("开始时间", "From"), list=True)
        valid_to = Moment(L("结束时间", "Until"), required=True, list=True)
        entity = Text(L("单据类型（空为全部）", "Document (empty: all)"), max=100, list=True)
        enabled = Flag(L("启用", "Enabled"), default=True, list=True)
        reason = Text(L("原因", "Reason"), max=500)

        prepare = staticmethod(_own_delegation)
        ends_after_begin = check("结束时间应晚于开始时间", "It must end after it begins", field="valid_to")(
            _ends_after_begin
        )
        other_user = check("不能代理给自己", "Nobody acts for himself", field="delegate_id")(_other_user)

    return (ApprovalFlow, ApprovalFlowVersion, ApprovalDelegation)
