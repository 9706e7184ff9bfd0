"""A small cell that the kit's own tests run: a trade document with lines, an item, stock with a ledger and balances."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cellkit.cell import Cell
from cellkit.declare import (
    Balance,
    Choice,
    Date,
    Document,
    Ledger,
    Line,
    Lines,
    Money,
    Numbering,
    Percent,
    Price,
    Quantity,
    Ref,
    Row,
    Rows,
    States,
    Text,
    action,
    check,
)
from cellkit.errors import BusinessRuleViolation
from cellkit.events import Event, handles
from cellkit.labels import L
from cellkit.reports import report


class OutOfStock(BusinessRuleViolation):
    code = "OUT_OF_STOCK"
    zh = "物料 {item} 库存不足"
    en = "Item {item} is out of stock"


class Item(Document, key="sample.item", label=L("物料", "Item"), title="name", scoped=False):
    code = Text(L("编码", "Code"), required=True, unique=True, search=True, list=True, max=50)
    name = Text(L("名称", "Name"), required=True, search=True, list=True)
    kind = Choice(L("类型", "Kind"), "goods:商品:Goods", "service:服务:Service", default="goods")
    phone = Text(L("电话", "Phone"), secret=True, find=True, mask="mobile", max=30)


class OrderLine(Line):
    item_id = Ref(L("物料", "Item"), to="sample.item", required=True)
    quantity = Quantity(L("数量", "Quantity"), required=True, above=0)
    price = Price(L("单价", "Price"), required=True, min=0)
    discount = Percent(L("折扣", "Discount"), default=Decimal(0))
    amount = Money(L("金额", "Amount"), readonly=True)


class PickedLine(Line):
    line_id = Text(L("明细", "Line"), required=True)
    item_id = Ref(L("物料", "Item"), to="sample.item", readonly=True)
    quantity = Quantity(L("数量", "Quantity"), required=True, above=0)


async def open_lines(work: Any, order: Row) -> Row:
    return {
        "lines": [
            {"line_id": str(line["id"]), "item_id": line["item_id"], "quantity": line["quantity"]}
            for line in order["lines"]
        ]
    }


def derive_order(row: Row) -> None:
    total = Decimal(0)
    for line in row["lines"]:
        line["amount"] = OrderLine.amount.round(line["quantity"] * line["price"] * (1 - line["discount"]))
        total += line["amount"]
    row["amount"] = total


class Order(
    Document, key="sample.order", label=L("订单", "Order"), number="SO{yyyy}{mm}-{seq:4}", number_date="order_date"
):
    partner = Text(L("客户", "Customer"), required=True, search=True, list=True)
    order_date = Date(L("日期", "Date"), required=True, index=True, list=True)
    due_date = Date(L("交期", "Due"))
    lines = Lines(L("明细", "Lines"), of=OrderLine, min=1, max=200)
    amount = Money(L("金额", "Amount"), readonly=True, list=True)
    note = Text(L("备注", "Note"), always_editable=True)
    states = States("draft:草稿:Draft", "confirmed:已确认:Confirmed", "shipped:已发货:Shipped")
    derive = staticmethod(derive_order)

    @check("交期不能早于日期", "Due before date", field="due_date")
    def due_after_date(row: Row) -> bool:
        return row["due_date"] is None or row["due_date"] >= row["order_date"]

    @action(L("确认", "Confirm"), source="draft", target="confirmed", event="confirmed")
    async def confirm(work: Any, order: Row, parameters: Row) -> None:
        pass

    @action(
        L("拣货", "Pick"),
        source="draft confirmed",
        parameters={"lines": Rows(L("明细", "Lines"), of=PickedLine, key="line_id", grid="lines", min=1, max=3)},
        preset=open_lines,
    )
    async def pick(work: Any, order: Row, parameters: Row) -> Any:
        return (
            None if parameters["lines"] is None else {line["line_id"]: line["quantity"] for line in parameters["lines"]}
        )

    @action(L("发货", "Ship"), source="confirmed", target="shipped", event="shipped")
    async def ship(work: Any, order: Row, parameters: Row) -> dict[str, str]:
        needed: dict[Any, Decimal] = {}
        for line in order["lines"]:
            needed[line["item_id"]] = needed.get(line["item_id"], Decimal(0)) + line["quantity"]
        balances = await work.balances(Stock, [(item,) for item in needed])
        for item, quantity in needed.items():
            balance = balances[item,]
            if balance["quantity"] < quantity:
                raise OutOfStock(item=item)
            balance["quantity"] -= quantity
        work.append(StockMove, [{"item_id": item, "quantity": -quantity} for item, quantity in needed.items()])
        slip = await work.create(Slip, {"order_id": order["id"]}, source=f"sample/order/{order['id']}")
        return {"slip_id": str(slip["id"]), "slip_number": slip["number"]}


class Slip(
    Document,
    key="sample.slip",
    label=L("出库单", "Slip"),
    number=Numbering("CK{yyyy}-{seq:5}", gapless=True),
    creatable=False,
):
    order_id = Ref(L("订单", "Order"), to="sample.order")


class Stock(Balance, key="sample.stock", label=L("库存", "Stock"), plural="stock", unique_together=(("item_id",),)):
    item_id = Ref(L("物料", "Item"), to="sample.item", required=True)
    quantity = Quantity(L("数量", "Quantity"), default=Decimal(0))


class StockMove(Ledger, key="sample.stock_move", label=L("库存流水", "Stock move")):
    item_id = Ref(L("物料", "Item"), to="sample.item", required=True)
    quantity = Quantity(L("数量", "Quantity"), required=True)


class Receipt(Document, key="sample.receipt", label=L("入库单", "Receipt")):
    item_id = Ref(L("物料", "Item"), to="sample.item", required=True)
    quantity = Quantity(L("数量", "Quantity"), required=True, above=0)
    states = States("draft:草稿:Draft", "posted:已过账:Posted")

    @action(L("过账", "Post"), source="draft", target="posted")
    async def post(work: Any, receipt: Row, parameters: Row) -> None:
        balances = await work.balances(Stock, [(receipt["item_id"],)])
        balances[receipt["item_id"],]["quantity"] += receipt["quantity"]
        work.append(StockMove, [{"item_id": receipt["item_id"], "quantity": receipt["quantity"]}])


@handles("other.thing.done.v1")
async def on_thing_done(work: Any, event: Event) -> None:
    await work.create(
        Item, {"code": event.data["code"], "name": event.data["name"]}, source=f"other/thing/{event.subject}"
    )


@report("stock-total", L("库存合计", "Stock total"))
async def stock_total(work: Any, parameters: Row) -> dict[str, Any]:
    total = await work.value("SELECT coalesce(sum(quantity), 0) FROM sample_stock WHERE tenant_id = $1")
    return {"items": [], "totals": {"quantity": total}}


cell = Cell(
    "sample",
    label=L("样例", "Sample"),
    version="0.1.0",
    port=8190,
    package="cellkit.testing",
    documents=[Item, Order, Slip, Stock, StockMove, Receipt],
    handlers=[on_thing_done],
    reports=[stock_total],
)
