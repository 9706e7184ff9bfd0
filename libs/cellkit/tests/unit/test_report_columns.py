"""How a coded report tells pages what its values are."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from cellkit.cell import Cell
from cellkit.declare import Money, Text
from cellkit.labels import L
from cellkit.meta import for_caller
from cellkit.ops.access import RoleDocument
from cellkit.reports import Report, report


def _declared(**options: Any) -> Report:
    columns = {"partner_name": Text(L("客户", "Customer")), "open": Money(L("未收", "Open"))}

    @report("ageing", L("账龄", "Ageing"), columns=columns, **options)
    async def ageing(_work: Any, _parameters: Any) -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"items": []}

    return ageing


def test_the_metadata_tell_columns_links_and_chart_in_the_callers_language() -> None:
    made = _declared(
        figures={"difference": Money(L("差额", "Difference"))},
        links={"partner_name": ("erp.partner", "partner_id")},
        chart=("bar", "partner_name", "open"),
    )
    cell = Cell("erp", label=L("企业", "ERP"), version="1.0.0", port=1, package="erp", documents=[], reports=[made])
    role = RoleDocument(user_id="u", tenant_id="t", permissions=("erp.report.*",))
    shown = for_caller(cell, role, "en-US")["reports"][0]
    assert [(item["name"], item["kind"], item["label"]) for item in shown["columns"]] == [
        ("partner_name", "text", "Customer"),
        ("open", "money", "Open"),
    ]
    assert [item["label"] for item in shown["figures"]] == ["Difference"]
    assert shown["links"] == {"partner_name": {"to": "erp.partner", "id": "partner_id"}}
    assert shown["chart"] == {"kind": "bar", "by": "partner_name", "measures": ["open"]}


def test_a_link_or_chart_of_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="no column closed"):
        _declared(chart=("bar", "partner_name", "open closed"))
    with pytest.raises(ValueError, match="no column owner"):
        _declared(links={"owner": ("identity.user", "owner_id")})
