"""Dated tax rates, kept by the tenant."""

from __future__ import annotations

from typing import Any

from cellkit.declare import Date, Document, Percent, Text, check
from cellkit.labels import L


class TaxRate(
    Document,
    key="erp.tax_rate",
    label=L("税率", "Tax rate"),
    title="name",
    scoped=False,
    unique_together=(("code", "valid_from"),),
):
    """A rate with the days it holds on and the law it rests on."""

    code = Text(L("税码", "Tax code"), required=True, max=40, list=True, search=True)
    name = Text(L("名称", "Name"), required=True, max=100, list=True, search=True)
    name_en = Text(L("英文名称", "English name"), max=100)
    rate = Percent(L("税率", "Rate"), required=True, list=True)
    valid_from = Date(L("生效日期", "Valid from"), required=True, list=True)
    valid_to = Date(L("失效日期", "Valid to"), list=True)
    legal_source = Text(L("依据", "Legal source"), required=True, max=300, list=True)

    @check("失效日期不能早于生效日期", "Valid to is before valid from", field="valid_to")
    def ends_after_start(row: dict[str, Any]) -> bool:
        """A rate holds on at least one day."""
        return row["valid_to"] is None or row["valid_from"] is None or row["valid_to"] >= row["valid_from"]
