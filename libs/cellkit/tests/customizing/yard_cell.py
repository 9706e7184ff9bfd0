"""A cell with every kind of field: vehicles, their categories as a tree, trips with lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cellkit.cell import Cell
from cellkit.declare import (
    Choice,
    Currency,
    Date,
    Dictionary,
    DictionaryChoice,
    Document,
    Entry,
    ExternalRef,
    Flag,
    Integer,
    Json,
    Line,
    Lines,
    LongText,
    Moment,
    Money,
    MultiChoice,
    Number,
    Percent,
    Quantity,
    Ref,
    Row,
    States,
    Tags,
    Text,
    Time,
    TreeParent,
    UserRef,
    action,
)
from cellkit.labels import L


class Category(Document, key="yard.category", label=L("车型", "Category"), title="name", plural="categories"):
    code = Text(L("编码", "Code"), required=True, unique=True, list=True)
    name = Text(L("名称", "Name"), required=True, search=True, list=True)
    parent_id = TreeParent(L("上级", "Parent"), to="yard.category")


class Vehicle(Document, key="yard.vehicle", label=L("车辆", "Vehicle"), title="plate", scoped=False):
    plate = Text(L("车牌", "Plate"), required=True, unique=True, search=True, list=True)
    category_id = Ref(L("车型", "Category"), to="yard.category")
    driver_mobile = Text(L("司机手机", "Driver's mobile"), format="mobile")
    driver_card = Text(L("身份证", "Identity number"), format="id_card", mask="id_card")
    equipment = MultiChoice(L("设备", "Equipment"), "crane:吊机:Crane", "gps:定位:GPS", "cool:冷机:Cooling")
    labels = Tags(L("标签", "Tags"))
    starts_at = Time(L("出车时间", "Starts at"), index=True)
    owner_code = Text(L("车主代码", "Owner's code"), format="credit_code")
    seats = Integer(L("座位", "Seats"), min=1, max=60)
    length = Number(L("车长", "Length"), digits=8, scale=3)
    notes = LongText(L("备注", "Notes"))
    extra = Json(L("附加", "Extra"))
    title_text = Text(
        L("显示名", "Shown as"), computed=lambda row: f"{row['plate']}/{row['seats'] or '-'}", stored=False, list=True
    )


class TripLine(Line):
    name = Text(L("货物", "Goods"), required=True)
    weight = Quantity(L("重量", "Weight"), unit_field="unit")
    unit = Text(L("单位", "Unit"), max=10)
    price = Money(L("运价", "Price"), required=True, min=0)
    count = Integer(L("件数", "Count"), required=True, min=1)
    amount = Money(L("金额", "Amount"), computed=lambda line: line["price"] * line["count"])
    kind = DictionaryChoice(L("货类", "Goods kind"), dictionary="yard.goods")


class Trip(Document, key="yard.trip", label=L("行程", "Trip"), number="T{yyyy}-{seq:4}"):
    kind = DictionaryChoice(L("类型", "Kind"), dictionary="yard.trip_kind", required=True, index=True, list=True)
    region = DictionaryChoice(L("地区", "Region"), dictionary="yard.region")
    district = DictionaryChoice(L("区县", "District"), dictionary="yard.region", parent="region")
    day = Date(L("日期", "Day"), required=True, index=True)
    left_at = Moment(L("发车", "Left at"))
    vehicle_id = Ref(L("车辆", "Vehicle"), to="yard.vehicle")
    customer_id = ExternalRef(L("客户", "Customer"), to="crm.customer", label_field="customer_name")
    customer_name = Text(L("客户名称", "Customer's name"), search=True, list=True)
    currency = Currency(L("币种", "Currency"), default="CNY")
    fee = Money(L("费用", "Fee"), currency_field="currency")
    toll = Money(L("路桥费", "Toll"), currency="JPY")
    discount = Percent(L("折扣", "Discount"), default=Decimal(0))
    driver_id = UserRef(L("司机", "Driver"))
    urgent = Flag(L("加急", "Urgent"))
    priority = Choice(L("级别", "Priority"), "low:低:Low", "high:高:High")
    lines = Lines(L("明细", "Lines"), of=TripLine, max=500)
    total = Money(
        L("合计", "Total"),
        computed=lambda row: sum((line["amount"] for line in row["lines"]), Decimal(0)),
        list=True,
        index=True,
    )
    net = Money(
        L("净额", "Net"),
        computed=lambda row: (row["total"] or Decimal(0)) * (1 - (row["discount"] or 0)),
        stored=False,
    )
    states = States("draft:草稿:Draft", "done:完成:Done", editable="draft")

    @action(
        L("完成", "Finish"),
        source="draft",
        target="done",
        event="finished",
        parameters={"kind": DictionaryChoice(L("类型", "Kind"), dictionary="yard.trip_kind")},
    )
    async def finish(work: Any, trip: Row, parameters: Row) -> None:
        if parameters["kind"]:
            trip["kind"] = parameters["kind"]


class Stop(Document, key="yard.stop", label=L("停靠", "Stop")):
    """Without a text search."""

    place = Text(L("地点", "Place"), required=True, list=True)


cell = Cell(
    "yard",
    label=L("车场", "Yard"),
    version="0.1.0",
    port=8191,
    package="cellkit.testing",
    documents=[Category, Vehicle, Trip, Stop],
    dictionaries=[
        Dictionary(
            "yard.trip_kind",
            L("行程类型", "Trip kind"),
            items=["long:长途:Long", "short:短途:Short", Entry("old", L("旧类型", "Old"), active=False, position=90)],
        ),
        Dictionary("yard.goods", L("货类", "Goods kind"), items=["dry:普货:Dry", "cold:冷链:Cold"]),
        Dictionary(
            "yard.region",
            L("地区", "Region"),
            items=[
                Entry("31", L("上海", "Shanghai"), position=1),
                Entry("33", L("浙江", "Zhejiang"), position=2),
                Entry("3101", L("黄浦", "Huangpu"), parent="31", position=3),
                Entry("3301", L("杭州", "Hangzhou"), parent="33", position=4),
                Entry("31x", L("其他", "Other"), parent="31", position=5),
                Entry("33x", L("其他", "Other"), parent="33", position=6),
            ],
        ),
    ],
)
