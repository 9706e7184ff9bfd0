"""A small cell with figures to report on: orders with lines, customers, a field that not everybody may see."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cellkit.cell import Cell
from cellkit.declare import (
    Choice,
    Date,
    Document,
    DocumentReport,
    Flag,
    Integer,
    Json,
    Line,
    Lines,
    Moment,
    Money,
    Quantity,
    Ref,
    Row,
    States,
    Text,
    UserRef,
    View,
    action,
)
from cellkit.labels import L
from cellkit.reports import report


class Partner(Document, key="desk.partner", label=L("客户", "Customer"), title="name", scoped=False):
    code = Text(L("编码", "Code"), required=True, unique=True, list=True)
    name = Text(L("名称", "Name"), required=True, search=True, list=True)
    mobile = Text(L("手机", "Mobile"), mask="mobile")


class OrderLine(Line):
    item = Text(L("物料", "Item"), required=True)
    quantity = Quantity(L("数量", "Quantity"), default=Decimal(0))
    cost = Money(L("成本", "Cost"))


class Order(Document, key="desk.order", label=L("订单", "Order"), number="DO-{seq:6}"):
    partner_id = Ref(L("客户", "Customer"), to="desk.partner", list=True)
    order_date = Date(L("日期", "Date"), index=True, list=True)
    placed_at = Moment(L("下单时间", "Placed at"))
    kind = Choice(L("类型", "Kind"), "retail:零售:Retail", "project:项目:Project", list=True)
    city = Text(L("城市", "City"), search=True)
    urgent = Flag(L("加急", "Urgent"))
    pieces = Integer(L("件数", "Pieces"))
    amount = Money(L("金额", "Amount"), list=True, index=True)
    margin = Money(L("毛利", "Margin"))
    salesman = UserRef(L("业务员", "Salesman"))
    phone = Text(L("电话", "Phone"), mask="mobile")
    passport = Text(L("护照", "Passport"), secret=True)
    notes = Json(L("备注", "Notes"))
    lines = Lines(L("明细", "Lines"), of=OrderLine, max=100)
    states = States("draft:草稿:Draft", "open:执行中:Open", "done:完成:Done", editable="draft open")
    views = [
        View(
            "list",
            columns="number partner_id order_date amount margin state",
            sort="-order_date",
            presets={L("我的", "Mine"): "created_by == me", L("本周", "This week"): "order_date in this_week"},
            colours={"amount >= 1000": "red"},
            sums="amount margin",
        ),
        View("kanban", by="state", card="number partner_id amount"),
        View("calendar", start="order_date", card="number"),
        View("pivot", rows="partner_id", columns="state", measures="sum(amount) count()"),
        View("scan", codes="number city", action="open", filters="state == 'draft'", card="partner_id"),
    ]
    reports = [
        DocumentReport(
            "by-month",
            L("按月销售", "Sales by month"),
            by="partner_id month(order_date)",
            measures="sum(amount) count()",
            chart="bar",
            where="state != 'draft'",
        ),
        DocumentReport(
            "since",
            L("某日以来", "Since a day"),
            by="state",
            where="order_date >= :from",
            parameters=[
                {
                    "name": "from",
                    "kind": "date",
                    "label": {"zh": "起始日", "en": "From"},
                    "default": "year_start(today)",
                }
            ],
        ),
        DocumentReport("margins", L("毛利", "Margins"), by="state", measures="sum(margin)"),
        DocumentReport("items", L("物料", "Items"), by="lines.item", measures="sum(lines.quantity)", lines="lines"),
    ]

    @action(L("开始", "Open"), source="draft", target="open")
    async def open(work: Any, order: Row, parameters: Row) -> None:
        pass

    @action(L("完成", "Finish"), source="open", target="done")
    async def finish(work: Any, order: Row, parameters: Row) -> None:
        pass


class Note(Document, key="desk.note", label=L("便签", "Note"), title="subject"):
    subject = Text(L("主题", "Subject"), required=True, list=True)
    body = Text(L("内容", "Body"))
    views = Text(L("浏览", "Views"))


@report("coded", L("编写的报表", "A coded report"))
async def coded(work: Any, parameters: Row) -> dict[str, Any]:
    return {"items": []}


cell = Cell(
    "desk",
    label=L("销售台", "Desk"),
    version="0.1.0",
    port=8191,
    package="cellkit.testing",
    documents=[Partner, Order, Note],
    reports=[coded],
)
