"""Who wants which events, and since when, from the cells' manifests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def first_wanted(manifest: Mapping[str, Any], before: Mapping[str, datetime], now: datetime) -> dict[str, datetime]:
    """Each event type a cell has ever wanted, with the moment when it first did.

    A type that the manifest no longer names keeps its moment: after a roll-back and another upgrade the cell still
    gets what was said in between.
    """
    return dict.fromkeys(_types(manifest), now) | dict(before)


def subscriptions(
    cells: Mapping[str, tuple[Mapping[str, Any], Mapping[str, datetime]]], producer: str | None = None
) -> list[dict[str, Any]]:
    """``[{"type", "subscriber", "since"}]`` in a fixed order, of each cell's manifest and first moments.

    ``given`` is added where the cell is not concerned by events that lack these fields. With ``producer`` only the
    events of that cell.
    """
    found = [
        (kind, subscriber, since[kind], given)
        for subscriber, (manifest, since) in cells.items()
        for kind, given in _wanted(manifest)
        if producer is None or kind.partition(".")[0] == producer
    ]
    return [
        {"type": kind, "subscriber": subscriber, "since": _text(since)} | ({"given": list(given)} if given else {})
        for kind, subscriber, since, given in sorted(found)
    ]


def _types(manifest: Mapping[str, Any]) -> set[str]:
    return {entry["type"] for entry in manifest.get("subscribes", [])}


def _wanted(manifest: Mapping[str, Any]) -> set[tuple[str, tuple[str, ...]]]:
    return {(entry["type"], tuple(entry.get("given", ()))) for entry in manifest.get("subscribes", [])}


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
