"""The last hour of every service, in memory: one sample every ten seconds."""

from __future__ import annotations

from collections import deque

from platform_monitor.signals import Sample

KEPT_SECONDS = 3600.0


class History:
    """A ring of samples for each service. A service that has not been seen for an hour is forgotten."""

    def __init__(self, kept_seconds: float = KEPT_SECONDS) -> None:
        self._kept_seconds = kept_seconds
        self._samples: dict[str, deque[Sample]] = {}

    def add(self, service: str, sample: Sample) -> None:
        """Append a sample and drop those that are too old."""
        ring = self._samples.setdefault(service, deque())
        ring.append(sample)
        self._drop(sample.at)

    def window(self, service: str, seconds: float, now: float) -> list[Sample]:
        """The samples of the last ``seconds``, the oldest first, and one before them, so that the whole is covered."""
        ring = self._samples.get(service, ())
        chosen = [item for item in ring if item.at >= now - seconds]
        older = [item for item in ring if item.at < now - seconds]
        return [*older[-1:], *chosen]

    def services(self) -> list[str]:
        """All services of which something is known."""
        return sorted(self._samples)

    def _drop(self, now: float) -> None:
        for service in list(self._samples):
            ring = self._samples[service]
            while ring and ring[0].at < now - self._kept_seconds:
                ring.popleft()
            if not ring:
                del self._samples[service]
