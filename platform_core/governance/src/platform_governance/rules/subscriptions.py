"""Who wants which events, from the cells' manifests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def subscriptions(manifests: Mapping[str, Mapping[str, Any]], producer: str | None = None) -> list[dict[str, str]]:
    """``[{"type", "subscriber"}]`` in a fixed order; with ``producer`` only the events of that cell."""
    found = {
        (entry["type"], subscriber)
        for subscriber, manifest in manifests.items()
        for entry in manifest.get("subscribes", [])
        if producer is None or entry["type"].partition(".")[0] == producer
    }
    return [{"type": kind, "subscriber": subscriber} for kind, subscriber in sorted(found)]
