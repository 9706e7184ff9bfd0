"""Chosen lines of other documents, as actions take them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from cell_erp.fields import RowId
from cellkit.declare import Line, Money, Quantity, Ref, Text
from cellkit.labels import L


class ChosenOrderLine(Line):
    """How much of an order's line is delivered."""

    order_line_id = RowId(L("订单明细", "Order line"), required=True)
    item_code = Text(L("物料编码", "Item code"), readonly=True)
    item_id = Ref(L("物料", "Item"), to="erp.item", readonly=True)
    open_quantity = Quantity(L("未发数量", "Open"), readonly=True)
    quantity = Quantity(L("本次发货", "Deliver"), required=True, above=0)


class ChosenDeliveryLine(Line):
    """How much of a delivery's line is invoiced."""

    delivery_line_id = RowId(L("发货明细", "Delivery line"), required=True)
    item_code = Text(L("物料编码", "Item code"), readonly=True)
    item_id = Ref(L("物料", "Item"), to="erp.item", readonly=True)
    open_quantity = Quantity(L("未开票数量", "Open"), readonly=True)
    quantity = Quantity(L("本次开票", "Invoice"), required=True, above=0)


class ChosenInvoice(Line):
    """What an invoice gets of a receipt."""

    invoice_id = Ref(L("发票", "Invoice"), to="erp.invoice", required=True)
    open_amount = Money(L("未核销金额", "Open"), readonly=True)
    amount = Money(L("本次核销", "Allocate"), required=True, above=0)


def chosen_amounts(
    rows: Iterable[Mapping[str, Any]] | None, key: str, amount: str = "quantity"
) -> dict[UUID, Decimal] | None:
    """What is chosen of each line; None when nothing was chosen."""
    return None if rows is None else {row[key]: row[amount] for row in rows}
