"""Products as quotes and contracts name them; the code is what other cells know them by."""

from __future__ import annotations

from decimal import Decimal

from cellkit.declare import Document, Flag, Percent, Price, Text
from cellkit.labels import L


class Product(Document, key="crm.product", label=L("产品", "Product"), title="name", scoped=False):
    """A product with its list price, tax included."""

    code = Text(L("编码", "Code"), required=True, unique=True, list=True, search=True, max=64)
    name = Text(L("名称", "Name"), required=True, list=True, search=True)
    specification = Text(L("规格", "Specification"), search=True)
    category = Text(L("分类", "Category"), list=True, index=True, max=100)
    unit = Text(L("单位", "Unit"), default="个", list=True, max=20)
    price = Price(L("标准价", "List price"), required=True, min=0, list=True)
    tax_rate = Percent(L("税率", "Tax rate"), default=Decimal("0.13"))
    enabled = Flag(L("启用", "Enabled"), default=True, list=True, index=True)
