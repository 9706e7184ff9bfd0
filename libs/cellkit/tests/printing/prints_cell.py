"""A small cell whose documents are printed."""

from __future__ import annotations

from decimal import Decimal

from cellkit.cell import Cell
from cellkit.declare import (
    Choice,
    Date,
    Document,
    Flag,
    Line,
    Lines,
    LongText,
    Money,
    Percent,
    Price,
    Print,
    Quantity,
    Ref,
    Row,
    States,
    Text,
)
from cellkit.labels import L


class Item(Document, key="shop.item", label=L("物料", "Item"), title="name", scoped=False):
    code = Text(L("编码", "Code"), required=True, unique=True)
    name = Text(L("名称", "Name"), required=True)
    barcode = Text(L("条码", "Bar code"), max=50)
    prints = (Print("label", L("物料标签", "Item label"), paper="60x40", codes={"ean13": "{barcode}"}),)


class OrderLine(Line):
    item_id = Ref(L("物料", "Item"), to="shop.item", required=True)
    spec = Text(L("规格型号", "Spec"), max=100)
    unit = Text(L("单位", "Unit"), max=10)
    quantity = Quantity(L("数量", "Quantity"), required=True, above=0)
    price = Price(L("单价", "Price"), required=True, min=0)
    discount = Percent(L("折扣", "Discount"), default=Decimal(0))
    amount = Money(L("金额", "Amount"), readonly=True)
    note = Text(L("备注", "Note"), max=500)


def derive(row: Row) -> None:
    for line in row["lines"]:
        line["amount"] = OrderLine.amount.round(line["quantity"] * line["price"] * (1 - line["discount"]))
    row["amount"] = sum((line["amount"] for line in row["lines"]), Decimal(0))


class Order(
    Document, key="shop.order", label=L("销售订单", "Sales order"), number="SO{yyyy}-{seq:4}", number_date="order_date"
):
    partner = Text(L("客户", "Customer"), required=True)
    order_date = Date(L("日期", "Date"), required=True)
    mobile = Text(L("手机", "Mobile"), mask="mobile")
    margin = Text(L("毛利", "Margin"))
    kind = Choice(L("类型", "Kind"), "local:市内:Local", "far:长途:Long distance", default="local")
    urgent = Flag(L("加急", "Urgent"))
    address = LongText(L("地址", "Address"))
    lines = Lines(L("明细", "Lines"), of=OrderLine, min=1)
    amount = Money(L("金额合计", "Total"), readonly=True)
    states = States("draft:草稿:Draft", "confirmed:已确认:Confirmed")
    derive = staticmethod(derive)
    prints = (
        Print("order", L("销售订单", "Sales order"), paper="A4", codes={"qr": "{number}"}),
        Print("slip", L("送货单", "Delivery slip"), paper="241x140"),
        Print("label", L("行标签", "Line label"), paper="60x40", per="line"),
    )


class Plain(Document, key="shop.plain", label=L("便笺", "Note")):
    text = LongText(L("内容", "Text"))


cell = Cell(
    "shop",
    label=L("商店", "Shop"),
    version="0.1.0",
    port=8192,
    package="cellkit.testing",
    documents=[Item, Order, Plain],
)
