"""Stock on hand with its value, checked against the stock ledger and the general ledger."""

from __future__ import annotations

from typing import Any

from cell_erp.figures import ZERO
from cell_erp.reports import columns
from cell_erp.reports.parameters import figure
from cellkit.declare import Flag, Text
from cellkit.labels import L
from cellkit.reports import report

_ROWS = """
SELECT i.code AS item, i.name AS item_name, i.unit, w.code AS warehouse, w.name AS warehouse_name,
       b.item_id, b.warehouse_id,
       b.quantity, b.value, b.average_cost, i.reorder_point,
       coalesce(l.quantity, 0) AS ledger_quantity, coalesce(l.value, 0) AS ledger_value
FROM erp_stock_balance b
JOIN erp_item i ON i.tenant_id = b.tenant_id AND i.id = b.item_id
JOIN erp_warehouse w ON w.tenant_id = b.tenant_id AND w.id = b.warehouse_id
LEFT JOIN (
    SELECT item_id, warehouse_id, sum(quantity) AS quantity, sum(value) AS value
    FROM erp_stock_ledger WHERE tenant_id = $1 GROUP BY 1, 2
) l ON l.item_id = b.item_id AND l.warehouse_id = b.warehouse_id
WHERE b.tenant_id = $1 AND ($2::text IS NULL OR i.code = $2) AND ($3::text IS NULL OR w.code = $3)
  AND ($4 OR b.quantity <> 0 OR b.value <> 0 OR l.quantity <> 0 OR l.value <> 0)
ORDER BY i.code, w.code
"""

_GENERAL_LEDGER = """
SELECT coalesce(sum(debit - credit), 0) FROM erp_general_ledger
WHERE tenant_id = $1 AND account_id IN (
    SELECT account_id FROM erp_account_mapping WHERE tenant_id = $1 AND purpose = 'inventory'
)
"""


@report(
    "stock-balance",
    L("库存余额表", "Stock balance"),
    parameters={
        "item": Text(L("物料编码", "Item code"), max=40),
        "warehouse": Text(L("仓库编码", "Warehouse code"), max=40),
        "include_zero": Flag(L("含零库存", "Include empty")),
    },
    reads=(
        "erp.item.code",
        "erp.item.name",
        "erp.item.unit",
        "erp.warehouse.code",
        "erp.warehouse.name",
        "erp.stock_balance.quantity",
        "erp.stock_balance.value",
    ),
    columns=columns.stock(),
    figures=columns.stock_figures(),
    links={
        "item": ("erp.item", "item_id"),
        "item_name": ("erp.item", "item_id"),
        "warehouse_name": ("erp.warehouse", "warehouse_id"),
    },
    chart=("bar", "item_name", "value"),
)
async def stock_balance(work: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    """Quantity and value by item and warehouse; every difference has to be zero.

    ``general_ledger_difference`` is told only when nothing is filtered, because the account knows no items.
    """
    item, warehouse = parameters["item"] or None, parameters["warehouse"] or None
    rows = await work.rows(_ROWS, item, warehouse, parameters["include_zero"])
    for row in rows:
        row["difference_quantity"] = row["quantity"] - row["ledger_quantity"]
        row["difference_value"] = figure(row["value"] - row["ledger_value"])
    value = sum((row["value"] for row in rows), ZERO)
    totals = {
        "quantity": sum((row["quantity"] for row in rows), ZERO),
        "value": figure(value),
        "difference_quantity": sum((abs(row["difference_quantity"]) for row in rows), ZERO),
        "difference_value": figure(sum((abs(row["difference_value"]) for row in rows), ZERO)),
    }
    ledger = None if item or warehouse else await work.value(_GENERAL_LEDGER)
    return {
        "items": rows,
        "totals": totals,
        "general_ledger_value": None if ledger is None else figure(ledger),
        "general_ledger_difference": None if ledger is None else figure(value - ledger),
    }
