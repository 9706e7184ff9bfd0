"""What governance holds in memory about cells and their instances."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from platform_governance.rules.breaker import Breaker
from platform_governance.rules.lights import Decision, InstanceView, Light, ProbeState, Reason, decide
from platform_governance.rules.tables import CellEntry


@dataclass(slots=True)
class Instance:
    """One running process of a cell. ``lease_until`` is in seconds of the monotonic clock."""

    instance_id: str
    url: str
    version: str
    registered_at: datetime
    lease_until: float
    probe: ProbeState = field(default_factory=ProbeState)
    checked_at: datetime | None = None

    def view(self, now: float) -> InstanceView:
        """What the light's rule needs to know."""
        return InstanceView(self.url, self.probe, lease_expired=now > self.lease_until)


@dataclass(slots=True)
class Cell:
    """A cell with its instances and its light.

    ``decision`` is None until the light has been decided once;
    ``first_wanted`` has each event type it ever wanted, with the moment when it first did.
    """

    name: str
    label: dict[str, str]
    version: str
    manifest: dict[str, Any]
    light: Light
    reason: str
    since: datetime
    instances: dict[str, Instance] = field(default_factory=dict)
    breaker: Breaker = field(default_factory=Breaker)
    decision: Decision | None = None
    first_wanted: dict[str, datetime] = field(default_factory=dict)

    def decide(self, entry: CellEntry, now: float) -> Decision:
        """The light at this moment."""
        views = [item.view(now) for item in self.instances.values()]
        return decide(enabled=entry.enabled, instances=views, phase=self.breaker.phase)


def new_cell(name: str, label: dict[str, str], version: str, manifest: dict[str, Any], now: datetime) -> Cell:
    """A cell that has just been heard of."""
    return Cell(name, label, version, manifest, Light.RED, Reason.STARTING, now)
