"""A cell of one file: a fleet's vehicles and trips. Everything else follows from these declarations."""

from __future__ import annotations

from typing import Any

from cellkit.cell import Cell
from cellkit.declare import (
    Approval,
    Date,
    Dictionary,
    DictionaryChoice,
    Document,
    DocumentReport,
    Files,
    Integer,
    Line,
    Lines,
    Money,
    Print,
    Quantity,
    Ref,
    States,
    Step,
    Text,
    UserRef,
    View,
    action,
    by_leader,
    by_role,
    check,
)
from cellkit.labels import L

KINDS = ["car:轿车:Car", "van:商务车:Van", "truck:货车:Truck"]


class Vehicle(Document, key="fleet.vehicle", label=L("车辆", "Vehicle"), title="plate", scoped=False):
    """A vehicle of the fleet."""

    plate = Text(L("车牌", "Plate"), required=True, unique=True, list=True, search=True, max=10)
    kind = DictionaryChoice(L("车型", "Type"), dictionary="fleet.kind", list=True)
    seats = Integer(L("座位", "Seats"), min=1, max=60, list=True)


class Leg(Line):
    """One day's way."""

    day = Date(L("日期", "Day"), required=True)
    route = Text(L("行程", "Route"), required=True, max=100)
    distance = Quantity(L("里程", "Distance"), unit="km", min=0)
    fee = Money(L("费用", "Fee"), required=True, min=0)


def add_up(row: dict[str, Any]) -> None:
    """The fees of all legs, in yuan."""
    row["amount"] = sum(leg["fee"] for leg in row["legs"])


class Trip(
    Document,
    key="fleet.trip",
    label=L("用车申请", "Vehicle trip"),
    title="purpose",
    number="YC{yyyy}{mm}-{seq:5}",
    number_date="start",
):
    """A request for a vehicle: approved by the leader, above 5,000 yuan by the fleet's administrators too."""

    purpose = Text(L("事由", "Purpose"), required=True, list=True, search=True, max=120)
    vehicle_id = Ref(L("车辆", "Vehicle"), to="fleet.vehicle", required=True, list=True)
    driver = UserRef(L("司机", "Driver"), list=True)
    mobile = Text(L("联系手机", "Mobile"), secret=True, mask="mobile", max=20)
    start = Date(L("出发", "Start"), required=True, list=True, index=True)
    finish = Date(L("返回", "Finish"), required=True, list=True)
    legs = Lines(L("行程明细", "Legs"), of=Leg, min=1, max=50)
    amount = Money(L("总费用", "Total"), readonly=True, list=True)
    proof = Files(L("附件", "Files"))

    states = States("draft:草稿:Draft", "review:审批中:In review", "ready:待出车:Ready", "done:已完成:Done")
    derive = staticmethod(add_up)
    flow = Approval(
        steps=[
            Step("leader", L("部门审批", "Leader"), by_leader()),
            Step("fleet", L("行政会签", "Fleet"), by_role("fleet-admin"), mode="all", when="amount >= 5000"),
        ],
    )
    views = [
        View("list", columns="number purpose vehicle_id start amount", presets={L("我的", "Mine"): "created_by == me"}),
        View("kanban", by="state", card="purpose vehicle_id start"),
        View("calendar", start="start", end="finish", card="purpose"),
    ]
    reports = [DocumentReport("cost", L("月度费用", "Costs"), by="vehicle_id month(start)", measures="sum(amount)")]
    prints = [Print("dispatch", L("派车单", "Dispatch order"), paper="A5")]

    @check("返回日期不能早于出发日期", "The return is before the start", field="finish")
    def returns_after_it_starts(row: dict[str, Any]) -> bool:
        """Nobody is back before he left."""
        return bool(row["finish"] >= row["start"])

    @action(L("提交", "Submit"), source="draft", target="review", event="submitted")
    async def submit(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
        """Ask for approval."""

    @action(L("批准", "Approve"), source="review", target="ready", event="approved")
    async def approve(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
        """The last approver's word."""

    @action(L("还车", "Return"), source="ready", target="done", event="completed")
    async def complete(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
        """The vehicle is back."""


cell = Cell(
    "fleet", label=L("车队管理", "Fleet"), version="0.1.0", port=8114, package="cell_fleet", documents=[Vehicle, Trip],
    dictionaries=[Dictionary("fleet.kind", L("车型", "Vehicle type"), items=KINDS)],
)  # fmt: skip
service = cell.service
