"""Refusals of items."""

from __future__ import annotations

from cellkit.errors import BusinessRuleViolation


class ItemInUse(BusinessRuleViolation):
    """Unit and kind of an item with stock movements cannot change."""

    code = "ITEM_IN_USE"
    zh, en = "物料已有库存流水，不能修改{field}", "The item has stock movements; {field} cannot change"


class UnknownTaxCode(BusinessRuleViolation):
    """No tax rate has this code."""

    code = "TAX_CODE_UNKNOWN"
    zh, en = "税码 {tax_code} 不存在", "Unknown tax code {tax_code}"
