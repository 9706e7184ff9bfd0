"""A cell whose tickets notify people."""

from __future__ import annotations

from typing import Any

from cellkit.cell import Cell
from cellkit.declare import Document, Money, Ref, Row, States, Text, UserRef, action
from cellkit.labels import L


class Client(Document, key="desk.client", label=L("客户", "Client"), title="name"):
    name = Text(L("名称", "Name"), required=True, list=True)


class Ticket(Document, key="desk.ticket", label=L("工单", "Ticket"), number="T{seq:5}"):
    subject = Text(L("主题", "Subject"), required=True, list=True, search=True)
    client_id = Ref(L("客户", "Client"), to="desk.client")
    price = Money(L("金额", "Price"))
    mobile = Text(L("手机", "Mobile"), mask="mobile")
    card = Text(L("卡号", "Card"), secret=True, mask="bank")
    assignee = UserRef(L("处理人", "Assignee"))
    states = States("open:待处理:Open", "done:已完成:Done")

    @action(
        L("转交", "Tell"),
        parameters={"user": Text(L("用户", "User"), required=True), "must": Text(L("必读", "Must"))},
    )
    async def tell(work: Any, ticket: Row, parameters: Row) -> None:
        work.notify(
            [parameters["user"], work.caller.user_id, parameters["user"]],
            "desk.ticket.told",
            L("工单 {number}", "Ticket {number}"),
            L(
                "{subject}：{price}，{mobile}，{card}，{client_id}，{state}，{by}，{nothing}",
                "{subject}: {price}, {mobile}, {card}, {client_id}, {state}, {by}, {nothing}",
            ),
            document=("desk.ticket", ticket["id"]),
            must_read=bool(parameters["must"]),
            values={"by": "张三"},
        )

    @action(L("完成", "Finish"), source="open", target="done", event="finished")
    async def finish(work: Any, ticket: Row, parameters: Row) -> None:
        ticket["price"] = None


cell = Cell(
    "desk",
    label=L("服务台", "Desk"),
    version="0.1.0",
    port=8191,
    package="cellkit.testing",
    documents=[Client, Ticket],
)
