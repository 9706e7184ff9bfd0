"""Route tables, their differences, and subscriptions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from platform_governance.rules.subscriptions import first_wanted, subscriptions
from platform_governance.rules.tables import CellEntry, RouteTable, difference, rolled_back, table_from_json

MORNING = datetime(2026, 11, 2, 8, tzinfo=UTC)


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
    manifests: dict[str, dict[str, Any]] = {
        "erp": {"subscribes": [{"type": "crm.contract.effective.v1"}, {"type": "crmx.a.b.v1"}]},
        "wms": {"subscribes": [{"type": "crm.contract.effective.v1"}, {"type": "crm.contract.effective.v1"}]},
        "oa": {},
    }
    cells = {name: (manifest, first_wanted(manifest, {}, MORNING)) for name, manifest in manifests.items()}
    since = "2026-11-02T08:00:00Z"
    assert subscriptions(cells, "crm") == [
        {"type": "crm.contract.effective.v1", "subscriber": "erp", "since": since},
        {"type": "crm.contract.effective.v1", "subscriber": "wms", "since": since},
    ]
    assert len(subscriptions(cells)) == 3


def test_what_an_event_must_give_travels_with_the_subscription() -> None:
    since = datetime(2026, 11, 1, tzinfo=UTC)
    manifest = {"subscribes": [{"type": "erp.a.b.v1", "given": ["contract_id"]}, {"type": "erp.c.d.v1", "given": []}]}
    found = subscriptions({"crm": (manifest, first_wanted(manifest, {}, since))})
    assert [item.get("given") for item in found] == [["contract_id"], None]


def test_a_subscription_keeps_its_first_moment_through_a_roll_back() -> None:
    new, old = {"subscribes": [{"type": "crm.a.b.v1"}]}, {"subscribes": [{"type": "crm.c.d.v1"}]}
    noon, evening = MORNING + timedelta(hours=4), MORNING + timedelta(hours=9)
    first = first_wanted(new, {}, MORNING)
    rolled_back = first_wanted(old, first, noon)
    again = first_wanted(new, rolled_back, evening)
    assert again == {"crm.a.b.v1": MORNING, "crm.c.d.v1": noon}
    assert [item["type"] for item in subscriptions({"erp": (old, rolled_back)})] == ["crm.c.d.v1"]
    assert subscriptions({"erp": (new, again)})[0]["since"] == "2026-11-02T08:00:00Z"
