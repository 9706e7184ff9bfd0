"""Route tables, their differences, and subscriptions."""

from __future__ import annotations

from platform_governance.rules.subscriptions import subscriptions
from platform_governance.rules.tables import CellEntry, RouteTable, difference, rolled_back, table_from_json


def test_a_table_survives_its_json() -> None:
    table = RouteTable({"crm": CellEntry(), "erp": CellEntry(enabled=False, timeout_seconds=60.0)})
    assert table_from_json(table.as_json()) == table


def test_differences_name_every_leaf() -> None:
    before = RouteTable({"crm": CellEntry()})
    after = before.with_cell("crm", CellEntry(enabled=False)).with_cell("erp", CellEntry())
    found = difference(before.as_json(), after.as_json())
    assert {"path": "cells.crm.enabled", "before": True, "after": False} in found
    assert {"path": "cells.erp.path", "before": None, "after": "/api/v1/erp"} in found
    assert {item["path"].split(".")[1] for item in found} == {"crm", "erp"}
    assert difference(after.as_json(), after.as_json()) == []
    gone = difference(after.as_json(), before.as_json())
    assert {"path": "cells.erp.timeout_seconds", "before": None, "after": None} in gone


def test_rolling_back_keeps_cells_that_came_later() -> None:
    old = RouteTable({"crm": CellEntry(timeout_seconds=5.0)})
    now = RouteTable({"crm": CellEntry(enabled=False), "erp": CellEntry(enabled=False)})
    assert rolled_back(now, old).cells == {"crm": CellEntry(timeout_seconds=5.0), "erp": CellEntry(enabled=False)}


def test_subscriptions_are_found_by_the_producers_name() -> None:
    manifests = {
        "erp": {"subscribes": [{"type": "crm.contract.effective.v1"}, {"type": "crmx.a.b.v1"}]},
        "wms": {"subscribes": [{"type": "crm.contract.effective.v1"}, {"type": "crm.contract.effective.v1"}]},
        "oa": {},
    }
    assert subscriptions(manifests, "crm") == [
        {"type": "crm.contract.effective.v1", "subscriber": "erp"},
        {"type": "crm.contract.effective.v1", "subscriber": "wms"},
    ]
    assert len(subscriptions(manifests)) == 3
