"""Items."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cell_erp.items.errors import ItemInUse, UnknownTaxCode
from cell_erp.setup.books import ensure_books
from cell_erp.taxes.rates import dated_rates
from cellkit.declare import Choice, Document, Flag, LongText, Percent, Price, Quantity, States, Text, action
from cellkit.labels import L

_FIXED = {"unit": L("计量单位", "the unit"), "kind": L("类型", "the kind")}


class Item(Document, key="erp.item", label=L("物料", "Item"), title="name", scoped=False):
    """What is bought, kept in stock and sold. All quantities are in its stock unit."""

    code = Text(L("编码", "Code"), required=True, max=40, unique=True, list=True, search=True)
    name = Text(L("名称", "Name"), required=True, max=200, list=True, search=True)
    specification = Text(L("规格型号", "Specification"), list=True, search=True)
    kind = Choice(L("类型", "Kind"), "goods:存货:Goods", "service:服务:Service", default="goods", list=True)
    unit = Text(L("计量单位", "Unit"), max=20, default="件", list=True)
    category = Text(L("分类", "Category"), max=100, index=True, list=True)
    barcode = Text(L("条码", "Barcode"), max=50, index=True)
    sales_price = Price(L("参考售价", "Sales price"), min=0, list=True)
    tax_code = Text(L("税码", "Tax code"), max=40)
    over_delivery_tolerance = Percent(L("超发容差", "Over-delivery tolerance"), default=Decimal(0))
    allow_negative = Flag(L("允许负库存", "Negative stock allowed"))
    safety_stock = Quantity(L("安全库存", "Safety stock"), min=0)
    reorder_point = Quantity(L("再订货点", "Reorder point"), min=0)
    note = LongText(L("备注", "Note"), max=2000)

    states = States("active:启用:Active", "disabled:停用:Disabled", editable="active disabled")

    @staticmethod
    async def prepare(work: Any, row: dict[str, Any], before: dict[str, Any] | None) -> None:
        """Refuse unknown tax codes, and a new unit or kind once there are stock movements."""
        if row["tax_code"] and (before is None or before["tax_code"] != row["tax_code"]):
            await _require_tax_code(work, row["tax_code"])
        changed = [name for name in _FIXED if before is not None and before[name] != row[name]]
        if changed:
            moved = "SELECT EXISTS (SELECT 1 FROM erp_stock_ledger WHERE tenant_id = $1 AND item_id = $2)"
            if await work.value(moved, row["id"]):
                raise ItemInUse(field=_FIXED[changed[0]].text(work.caller.language))

    @action(L("停用", "Disable"), source="active", target="disabled", event="disabled")
    async def disable(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
        """New orders refuse the item from now on."""

    @action(L("启用", "Enable"), source="disabled", target="active", event="enabled")
    async def enable(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
        """New orders accept the item again."""


async def _require_tax_code(work: Any, tax_code: str) -> None:
    sql = "SELECT EXISTS (SELECT 1 FROM erp_tax_rate WHERE tenant_id = $1 AND code = $2)"
    if await work.value(sql, tax_code):
        return
    if await ensure_books(work) and any(rate["code"] == tax_code for rate in dated_rates()):
        return
    if not await work.value(sql, tax_code):
        raise UnknownTaxCode(tax_code=tax_code)
