"""Long work in slices, so that other requests of the process are answered in between."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from typing import TypeVar

Item = TypeVar("Item")

SLICE_SECONDS = 0.008


class Pace:
    """Lets others run whenever a slice is used up: ``await pace.breathe()`` in every round of a loop."""

    __slots__ = ("_until",)

    def __init__(self) -> None:
        self._until = time.perf_counter() + SLICE_SECONDS

    @property
    def due(self) -> bool:
        """Whether the slice is used up; asking is cheaper than awaiting."""
        return time.perf_counter() >= self._until

    async def breathe(self) -> None:
        """Let others run if the slice is used up."""
        if self.due:
            await asyncio.sleep(0)
            self._until = time.perf_counter() + SLICE_SECONDS


async def ahead(items: AsyncGenerator[Item, None]) -> AsyncGenerator[Item, None]:
    """The same items, each made while the one before it is still in use."""
    following = asyncio.ensure_future(anext(items, None))
    try:
        while (item := await following) is not None:
            following = asyncio.ensure_future(anext(items, None))
            yield item
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        await items.aclose()
