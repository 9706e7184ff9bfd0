"""Examples for the kit's sample cell: what its declarations cannot tell."""

from __future__ import annotations

from typing import Any


async def _stocked(api: Any, samples: Any) -> None:
    item = await samples.reference("sample.item")
    receipt = await api.must("POST", "/receipts", {"item_id": item, "quantity": "10"})
    await api.must("POST", f"/receipts/{receipt['id']}/post", {})


async def ready(key: str, verb: str, api: Any, samples: Any) -> dict[str, Any] | None:
    """A row on which the action may run."""
    if (key, verb) != ("sample.order", "ship"):
        return None
    await _stocked(api, samples)
    order = await samples.make(samples.table(key))
    return dict(await api.must("POST", f"/orders/{order['id']}/confirm", {}))


async def make(key: str, api: Any, samples: Any) -> dict[str, Any] | None:
    """A row of a document that a POST alone cannot make."""
    if key != "sample.slip":
        return None
    _, answer = await samples.done(samples.table("sample.order"), "ship")
    return dict(await api.must("GET", f"/slips/{answer['result']['slip_id']}"))
