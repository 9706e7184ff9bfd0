"""A cell whose documents are approved: a purchase with lines and a default flow, and a note with nothing but a flow."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cellkit.approval.service import decided_by
from cellkit.cell import Cell
from cellkit.declare import (
    Approval,
    DepartmentRef,
    Document,
    Line,
    Lines,
    Money,
    Row,
    States,
    Step,
    Text,
    UserRef,
    action,
    by_leader,
    by_permission,
)
from cellkit.labels import L


class PurchaseLine(Line):
    what = Text(L("物品", "What"), required=True)
    amount = Money(L("金额", "Amount"), required=True)


def derive(row: Row) -> None:
    row["amount"] = sum((line["amount"] for line in row["lines"]), Decimal(0))


class Purchase(Document, key="fleet.purchase", label=L("采购申请", "Purchase"), number="CG{yyyy}-{seq:5}"):
    title = Text(L("主题", "Subject"), required=True, list=True, search=True)
    lines = Lines(L("明细", "Lines"), of=PurchaseLine, min=1)
    amount = Money(L("金额", "Amount"), readonly=True, list=True)
    budget = Money(L("预算", "Budget"))
    cost = Money(L("成本", "Cost"))
    buyer_id = UserRef(L("采购员", "Buyer"))
    place_id = DepartmentRef(L("部门", "Department"))
    approved_by = UserRef(L("审批人", "Approved by"), readonly=True)
    opinion = Text(L("意见", "Opinion"), readonly=True, max=500)
    states = States(
        "draft:草稿:Draft",
        "approving:审批中:In approval",
        "approved:已批准:Approved",
        "rejected:已驳回:Rejected",
        "closed:已关闭:Closed",
    )
    derive = staticmethod(derive)
    flow = Approval(
        approved="approve",
        rejected="rejected",
        steps=[Step("leader", L("部门审批", "Department"), by_leader(), due_hours=24)],
    )

    @action(L("批准", "Approve"), source="approving", target="approved", event="approved")
    async def approve(work: Any, row: Row, parameters: Row) -> None:
        row["approved_by"] = decided_by(work, row)
        row["opinion"] = parameters.get("comment")

    @action(L("关闭", "Close"), source="approving approved", target="closed", event="closed")
    async def close(work: Any, row: Row, parameters: Row) -> None:
        pass

    @action(L("改名", "Rename"), parameters={"title": Text(L("主题", "Subject"), required=True)})
    async def rename(work: Any, row: Row, parameters: Row) -> None:
        row["title"] = parameters["title"]


class Note(Document, key="fleet.note", label=L("说明", "Note"), title="text"):
    text = Text(L("内容", "Text"), required=True)
    flow = Approval(steps=[Step("any", L("审批", "Approval"), by_permission("fleet.note.approve"), starter="refuse")])


class Plain(Document, key="fleet.plain", label=L("普通单据", "Plain"), title="text"):
    text = Text(L("内容", "Text"), required=True)
    amount = Money(L("金额", "Amount"))
    states = States("open:未结:Open", "done:已结:Done", editable="open done")

    @action(
        L("结清", "Settle"),
        source="open",
        target="done",
        event="settled",
        parameters={"note": Text(L("备注", "Note"), required=True)},
    )
    async def settle(work: Any, row: Row, parameters: Row) -> None:
        row["text"] = f"{row['text']}: {parameters['note']}"


cell = Cell(
    "fleet",
    label=L("车队", "Fleet"),
    version="0.1.0",
    port=8191,
    package="cellkit.testing",
    documents=[Purchase, Note, Plain],
)
