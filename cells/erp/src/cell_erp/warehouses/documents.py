"""Warehouses."""

from __future__ import annotations

from typing import Any

from cellkit.declare import Document, Flag, States, Text, action
from cellkit.labels import L


class Warehouse(Document, key="erp.warehouse", label=L("仓库", "Warehouse"), title="name", scoped=False):
    """A place whose stock is valued by itself."""

    code = Text(L("编码", "Code"), required=True, max=40, unique=True, list=True, search=True)
    name = Text(L("名称", "Name"), required=True, max=100, list=True, search=True)
    address = Text(L("地址", "Address"), max=300)
    is_default = Flag(L("默认仓库", "Default"), list=True)

    states = States("active:启用:Active", "disabled:停用:Disabled", editable="active disabled")

    @action(L("停用", "Disable"), source="active", target="disabled", event="disabled")
    async def disable(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
        """Stock documents refuse the warehouse from now on."""

    @action(L("启用", "Enable"), source="disabled", target="active", event="enabled")
    async def enable(work: Any, row: dict[str, Any], parameters: dict[str, Any]) -> None:
        """Stock documents accept the warehouse again."""
