"""A cell to import into: customers with secrets, a tree, items, orders with lines, gapless slips, a slow hook."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cellkit.cell import Cell
from cellkit.declare import (
    Balance,
    Choice,
    Date,
    Document,
    Flag,
    Integer,
    Json,
    Line,
    Lines,
    Moment,
    Money,
    Numbering,
    Percent,
    Price,
    Quantity,
    Ref,
    Row,
    States,
    Text,
    action,
    check,
)
from cellkit.errors import BusinessRuleViolation
from cellkit.labels import L


class Customer(Document, key="trade.customer", label=L("客户", "Customer"), title="name"):
    code = Text(L("编码", "Code"), required=True, unique=True, search=True, max=40)
    name = Text(L("名称", "Name"), required=True, search=True)
    short_name = Text(L("简称", "Short name"), search=True)
    level = Choice(L("级别", "Level"), "A:重点:Key", "B:普通:Normal", default="B")
    city = Text(L("城市", "City"), index=True)
    address = Text(L("地址", "Address"))
    phone = Text(L("电话", "Phone"), secret=True, find=True, mask="mobile", max=30)
    bank_account = Text(L("银行账号", "Bank account"), secret=True, find=True, mask="bank", max=40)
    credit_limit = Money(L("信用额度", "Credit limit"), min=0)
    since = Date(L("合作日期", "Customer since"), index=True)
    active = Flag(L("启用", "Active"), default=True)
    seen_at = Moment(L("最近联系", "Last contact"))
    tags = Json(L("标签", "Tags"))


class Category(
    Document, key="trade.category", label=L("类别", "Category"), plural="categories", title="name", scoped=False
):
    code = Text(L("编码", "Code"), required=True, unique=True)
    name = Text(L("名称", "Name"), required=True)
    above_id = Ref(L("上级", "Parent"), to="trade.category")


class Item(Document, key="trade.item", label=L("物料", "Item"), title="name", scoped=False):
    code = Text(L("编码", "Code"), required=True, unique=True)
    name = Text(L("名称", "Name"), required=True)


class OrderLine(Line):
    item_id = Ref(L("物料", "Item"), to="trade.item", required=True)
    quantity = Quantity(L("数量", "Quantity"), required=True, above=0)
    price = Price(L("单价", "Price"), required=True, min=0)
    discount = Percent(L("折扣", "Discount"), default=Decimal(0))
    amount = Money(L("金额", "Amount"), readonly=True)


def derive_order(row: Row) -> None:
    row["amount"] = Decimal(0)
    for line in row["lines"]:
        line["amount"] = OrderLine.amount.round(line["quantity"] * line["price"] * (1 - line["discount"]))
        row["amount"] += line["amount"]


class Order(
    Document, key="trade.order", label=L("订单", "Order"), number="SO{yyyy}{mm}-{seq:4}", number_date="order_date"
):
    customer_id = Ref(L("客户", "Customer"), to="trade.customer", required=True)
    order_date = Date(L("日期", "Date"), required=True, index=True)
    due_date = Date(L("交期", "Due"))
    amount = Money(L("金额", "Amount"), readonly=True)
    note = Text(L("备注", "Note"))
    lines = Lines(L("明细", "Lines"), of=OrderLine, min=1, max=200)
    states = States("draft:草稿:Draft", "confirmed:已确认:Confirmed")
    derive = staticmethod(derive_order)

    @check("交期不能早于日期", "Due before date", field="due_date")
    def due_after_date(row: Row) -> bool:
        return row["due_date"] is None or row["due_date"] >= row["order_date"]

    @action(L("确认", "Confirm"), source="draft", target="confirmed")
    async def confirm(work: Any, row: Row, parameters: Row) -> None:
        """It can be changed no longer."""


class Slip(Document, key="trade.slip", label=L("凭单", "Slip"), number=Numbering("P{yyyy}-{seq:5}", gapless=True)):
    text = Text(L("摘要", "Text"), required=True)


class Tally(Balance, key="trade.tally", label=L("计数", "Tally"), plural="tallies", unique_together=(("kind",),)):
    kind = Text(L("种类", "Kind"), required=True)
    count = Integer(L("数量", "Count"), default=0)


class NotToday(BusinessRuleViolation):
    code, zh, en = "NOT_TODAY", "“{word}”今天不行", "Not “{word}” today"


async def count_one(work: Any, row: Row, before: Row | None) -> None:
    balance = (await work.balances(Tally, [("notes",)]))["notes",]
    balance["count"] += 1
    if row["text"] == "bad":
        raise NotToday(word=row["text"])


class Note(Document, key="trade.note", label=L("便条", "Note")):
    """Its look-up changes a balance, so a refused row must take that back."""

    text = Text(L("内容", "Text"), required=True)
    prepare = staticmethod(count_one)


async def refuse_together(work: Any, rows: list[Row]) -> None:
    for row in rows:
        if row["text"] == "bad":
            raise NotToday(word=row["text"])


class Memo(Document, key="trade.memo", label=L("备忘", "Memo"), unique_together=(("shelf", "text"),)):
    """Its look-up refuses a whole batch without telling which row."""

    shelf = Text(L("架", "Shelf"))
    text = Text(L("内容", "Text"), required=True)
    prepare_many = staticmethod(refuse_together)


cell = Cell(
    "trade",
    label=L("贸易", "Trade"),
    version="0.1.0",
    port=8191,
    package="cellkit.testing",
    documents=[Customer, Category, Item, Order, Slip, Tally, Note, Memo],
)
