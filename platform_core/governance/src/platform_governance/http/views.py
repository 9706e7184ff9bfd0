"""How cells and lights look from outside."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from platform_governance.model import Cell, Instance
from platform_governance.registry import Registry
from platform_governance.rules.lights import Light, Reason


def moment(value: datetime | None) -> str | None:
    """RFC 3339 in UTC."""
    return None if value is None else value.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def overall(registry: Registry) -> str:
    """The worst light that nobody intended: a cell switched off by the operator or not running makes it yellow."""
    if not registry.loaded:
        return Light.RED.value
    lights = [
        Light.YELLOW
        if cell.light is Light.RED and cell.reason in {Reason.DISABLED_BY_OPERATOR, Reason.NOT_REGISTERED}
        else cell.light
        for cell in registry.cells.values()
    ]
    return next((light.value for light in (Light.RED, Light.YELLOW) if light in lights), Light.GREEN.value)


def summary_of(registry: Registry, cell: Cell) -> dict[str, Any]:
    """A cell in the health summary."""
    return {
        "name": cell.name,
        "label": cell.label,
        "version": cell.version,
        "light": cell.light.value,
        "reason": cell.reason,
        "since": moment(cell.since),
        "enabled": registry.entry(cell.name).enabled,
        "instances": len(cell.instances),
    }


def detail_of(registry: Registry, cell: Cell) -> dict[str, Any]:
    """A cell with its instances, its route and its manifest."""
    entry = registry.entry(cell.name)
    requests, failures = cell.breaker.counted
    return {
        **summary_of(registry, cell),
        "path": f"/api/v1/{cell.name}",
        "timeout_seconds": entry.timeout_seconds,
        "instances": [instance_view(item) for item in sorted(cell.instances.values(), key=lambda item: item.url)],
        "breaker": {"phase": cell.breaker.phase.value, "requests": requests, "failures": failures},
        "manifest": cell.manifest,
    }


def instance_view(instance: Instance) -> dict[str, Any]:
    """One instance."""
    return {
        "instance_id": instance.instance_id,
        "url": instance.url,
        "version": instance.version,
        "ready": bool(instance.probe.ready),
        "problem": instance.probe.reason or None,
        "checked_at": moment(instance.checked_at),
        "registered_at": moment(instance.registered_at),
    }
