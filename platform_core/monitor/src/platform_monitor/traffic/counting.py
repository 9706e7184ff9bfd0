"""Counts of the calls between two services in rings of time: pure, bounded in memory."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from platform_monitor.signals import percentile

Edge = tuple[str, str]
BOUNDS_MS = (2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, math.inf)
# Names come from tokens and routes, so there are few; this is the wall behind which they cannot fill the memory.
MOST_EDGES = 1000


@dataclass(slots=True)
class Count:
    """Calls on one edge; ``buckets`` are not cumulative, their bounds are ``BOUNDS_MS``."""

    requests: int = 0
    refused: int = 0
    errors: int = 0
    buckets: list[int] = field(default_factory=lambda: [0] * len(BOUNDS_MS))

    def add(self, status: int, milliseconds: float) -> None:
        """Count one call."""
        self.requests += 1
        self.refused += 400 <= status < 500
        # A caller who went away before the answer leaves status 0.
        self.errors += status >= 500
        self.buckets[bisect_left(BOUNDS_MS, milliseconds)] += 1

    def join(self, other: Count) -> None:
        """Add another's calls."""
        self.requests += other.requests
        self.refused += other.refused
        self.errors += other.errors
        self.buckets = [mine + theirs for mine, theirs in zip(self.buckets, other.buckets, strict=True)]

    def percentile(self, share: float) -> float | None:
        """The latency in milliseconds below which ``share`` of the calls stayed."""
        total, cumulative = 0, dict[float, float]()
        for bound, count in zip(BOUNDS_MS, self.buckets, strict=True):
            total += count
            cumulative[bound / 1000] = total
        return percentile(cumulative, share)


class Ring:
    """Counts in cells of ``step`` seconds, as many as cover ``kept`` seconds."""

    def __init__(self, step: int, kept: int) -> None:
        self.step = step
        self._cells: deque[tuple[int, dict[Edge, Count]]] = deque(maxlen=kept // step + 1)

    def add(self, edge: Edge, at: float, status: int, milliseconds: float) -> None:
        """Count one call that ended at ``at``; one that is too late for its own cell goes into the oldest it may."""
        start = int(at) // self.step * self.step
        if not self._cells or self._cells[-1][0] < start:
            self._cells.append((start, {}))
        counts = next((counts for begins, counts in reversed(self._cells) if begins <= start), self._cells[0][1])
        count = counts.get(edge)
        if count is None:
            if len(counts) >= MOST_EDGES:
                return
            count = counts[edge] = Count()
        count.add(status, milliseconds)

    def since(self, at: float) -> dict[Edge, Count]:
        """All calls in the cells that end after ``at``."""
        joined: dict[Edge, Count] = {}
        for begins, counts in self._cells:
            if begins + self.step > at:
                for edge, count in counts.items():
                    joined.setdefault(edge, Count()).join(count)
        return joined


class Traffic:
    """The last hour by ten seconds, the last day by ten minutes."""

    FINE_SECONDS = 3600
    WHOLE_SECONDS = 86_400

    def __init__(self) -> None:
        self._fine = Ring(10, self.FINE_SECONDS)
        self._coarse = Ring(600, self.WHOLE_SECONDS)

    def add(self, edge: Edge, at: float, status: int, milliseconds: float) -> None:
        """Count one call."""
        for ring in (self._fine, self._coarse):
            ring.add(edge, at, status, milliseconds)

    def window(self, seconds: float, now: float) -> dict[Edge, Count]:
        """All calls of the last ``seconds``."""
        ring = self._fine if seconds <= self.FINE_SECONDS else self._coarse
        return ring.since(now - seconds)


def names(edges: Iterable[Edge]) -> list[str]:
    """Everybody who calls or is called."""
    return sorted({name for edge in edges for name in edge})
