"""A cell whose rights are tested: a customer, orders that refer to it, with states, actions, fields of every kind."""

from __future__ import annotations

from typing import Any

from cellkit.cell import Cell
from cellkit.declare import Document, Line, Lines, Money, Ref, Row, States, Text, action
from cellkit.labels import L


class Customer(Document, key="guard.customer", label=L("客户", "Customer"), title="name"):
    name = Text(L("名称", "Name"), required=True, list=True, search=True)
    mobile = Text(L("手机", "Mobile"), mask="mobile")


class OrderLine(Line):
    customer_id = Ref(L("收货客户", "Receiver"), to="guard.customer")
    price = Money(L("单价", "Price"))
    phone = Text(L("电话", "Phone"), mask="mobile")


class Order(Document, key="guard.order", label=L("订单", "Order"), number="O{seq:5}"):
    subject = Text(L("主题", "Subject"), required=True, list=True, search=True, index=True)
    customer_id = Ref(L("客户", "Customer"), to="guard.customer", list=True)
    price = Money(L("金额", "Price"), index=True)
    mobile = Text(L("手机", "Mobile"), mask="mobile")
    note = Text(L("备注", "Note"), always_editable=True)
    total = Money(L("合计", "Total"), readonly=True)
    lines = Lines(L("明细", "Lines"), of=OrderLine, max=50)
    states = States("draft:草稿:Draft", "open:已提交:Open", "closed:已关闭:Closed")

    @action(L("提交", "Submit"), source="draft", target="open", event="submitted")
    async def submit(work: Any, order: Row, parameters: Row) -> None:
        pass

    @action(L("关闭", "Close"), source="open", target="closed")
    async def close(work: Any, order: Row, parameters: Row) -> None:
        pass

    @action(L("登记", "Note"))
    async def mark(work: Any, order: Row, parameters: Row) -> None:
        order["note"] = "已登记"


cell = Cell(
    "guard",
    label=L("权限样例", "Guard"),
    version="0.1.0",
    port=8192,
    package="cellkit.testing",
    documents=[Customer, Order],
)
