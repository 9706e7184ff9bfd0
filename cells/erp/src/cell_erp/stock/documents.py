"""Stock receipts, the stock ledger and the balances."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cell_erp.fields import RowId
from cell_erp.stock import actions
from cellkit.declare import (
    Balance,
    Choice,
    Date,
    Document,
    Ledger,
    Line,
    Lines,
    LongText,
    Money,
    Price,
    Quantity,
    Ref,
    States,
    Text,
    action,
    check,
)
from cellkit.labels import L

ZERO = Decimal(0)


class StockReceiptLine(Line):
    """A quantity of an item at its unit cost."""

    item_id = Ref(L("物料", "Item"), to="erp.item", required=True, index=False)
    item_code = Text(L("物料编码", "Item code"), max=40, readonly=True)
    quantity = Quantity(L("数量", "Quantity"), required=True, above=0)
    unit_cost = Price(L("单位成本", "Unit cost"), required=True, min=0)
    amount = Money(L("金额", "Amount"), readonly=True, default=ZERO)


class StockReceipt(
    Document,
    key="erp.stock_receipt",
    label=L("入库单", "Stock receipt"),
    number="RK{yyyy}{mm}{dd}-{seq:4}",
    number_date="receipt_date",
):
    """Goods come in at a known cost: opening stock, purchases not invoiced yet, gains and others."""

    kind = Choice(
        L("入库类型", "Kind"),
        "opening:期初入库:Opening stock",
        "purchase:采购暂估入库:Purchase, not invoiced",
        "gain:盘盈入库:Stock gain",
        "other:其他入库:Other",
        default="opening",
        list=True,
    )
    receipt_date = Date(L("入库日期", "Date"), list=True, index=True)
    warehouse_id = Ref(L("仓库", "Warehouse"), to="erp.warehouse", required=True, list=True, index=False)
    partner_id = Ref(L("供应商", "Supplier"), to="erp.partner", list=True)
    reference = Text(L("外部单号", "Reference"), max=60, unique=True, search=True, list=True)
    note = LongText(L("备注", "Note"), max=2000)
    lines = Lines(L("明细", "Lines"), of=StockReceiptLine, min=1, max=500)
    amount = Money(L("金额", "Amount"), readonly=True, list=True, default=ZERO)
    reversed_on = Date(L("冲销日期", "Reversed on"), readonly=True)
    reverse_reason = Text(L("冲销原因", "Why reversed"), readonly=True)

    states = States("draft:草稿:Draft", "posted:已入库:Posted", "reversed:已冲销:Reversed")
    derive = staticmethod(actions.derive_receipt)
    prepare = staticmethod(actions.prepare_receipt)

    @check("金额超出范围", "The amounts are too large", field="lines")
    def amounts_fit(row: dict[str, Any]) -> bool:
        """The amounts fit their columns."""
        return actions.receipt_fits(row)

    @action(L("入库记账", "Post"), source="draft", target="posted", event="posted")
    async def post(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:  # noqa: ARG002 - a function
        """Raise stock and its value, and post the voucher."""
        await actions.post_receipt(work, row)

    @action(
        L("红字冲销", "Reverse"),
        source="posted",
        target="reversed",
        event="reversed",
        parameters={"date": Date(L("冲销日期", "Date")), "reason": Text(L("原因", "Reason"), required=True)},
    )
    async def reverse(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
        """Take the goods back out at the value they came in with."""
        await actions.reverse_receipt(work, row, parameters)


class StockLedger(
    Ledger,
    key="erp.stock_ledger",
    label=L("库存流水", "Stock ledger entry"),
    plural="stock-ledger",
    indexes=(("item_id", "warehouse_id", "position"), ("origin_id",)),
):
    """Every movement of stock in posting order, with the balance after it."""

    item_id = Ref(L("物料", "Item"), to="erp.item", required=True, index=False)
    warehouse_id = Ref(L("仓库", "Warehouse"), to="erp.warehouse", required=True, index=False)
    posting_date = Date(L("日期", "Date"), required=True)
    period = Text(L("期间", "Period"), max=7, required=True)
    kind = Choice(
        L("业务", "Kind"),
        "receipt:入库:Receipt",
        "receipt_reversal:入库冲销:Receipt reversed",
        "delivery:销售出库:Delivery",
        "delivery_reversal:出库冲销:Delivery reversed",
        "adjustment:负库存成本调整:Cost adjustment",
    )
    quantity = Quantity(L("数量", "Quantity"), default=ZERO)
    value = Money(L("金额", "Value"), default=ZERO)
    unit_cost = Price(L("单位成本", "Unit cost"), default=ZERO)
    balance_quantity = Quantity(L("结存数量", "Balance quantity"), default=ZERO)
    balance_value = Money(L("结存金额", "Balance value"), default=ZERO)
    origin = Text(L("来源单据", "Origin"), max=60)
    origin_id = RowId(L("来源单据编号", "Origin id"))
    origin_line_id = RowId(L("来源明细", "Origin line"))


class StockBalance(
    Balance,
    key="erp.stock_balance",
    label=L("库存余额", "Stock balance"),
    unique_together=(("item_id", "warehouse_id"),),
):
    """Quantity and value of an item in a warehouse."""

    item_id = Ref(L("物料", "Item"), to="erp.item", required=True, index=False)
    warehouse_id = Ref(L("仓库", "Warehouse"), to="erp.warehouse", required=True, index=False)
    quantity = Quantity(L("数量", "Quantity"), default=ZERO)
    value = Money(L("金额", "Value"), default=ZERO)
    average_cost = Price(L("平均成本", "Average cost"), default=ZERO)
