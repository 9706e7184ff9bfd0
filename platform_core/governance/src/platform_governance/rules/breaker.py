"""The breaker of a cell: opens at half of at least 20 requests failing within 10 s, tries again with a tenth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

WINDOW_SECONDS = 10.0
LEAST_REQUESTS = 20
OPEN_SECONDS = 10.0
LEAST_PROBES = 3
ENOUGH_PROBES = 5
QUIET_PROBE_SECONDS = 10.0


class Phase(StrEnum):
    """Closed lets everything through, open nothing, half-open a tenth."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True)
class Sample:
    """The upstream's counters at one moment: requests answered, and those of them answered with 5xx."""

    at: float
    total: int
    failed: int


@dataclass(frozen=True, slots=True)
class Breaker:
    """State of one breaker; ``since`` and the samples' times are seconds of one monotonic clock."""

    phase: Phase = Phase.CLOSED
    since: float = 0.0
    samples: tuple[Sample, ...] = ()

    @property
    def counted(self) -> tuple[int, int]:
        """Requests and failures within the window."""
        if not self.samples:
            return 0, 0
        first, last = self.samples[0], self.samples[-1]
        return last.total - first.total, last.failed - first.failed


def observe(breaker: Breaker, sample: Sample) -> Breaker:
    """The breaker after one more look at the counters."""
    samples = breaker.samples
    if samples and sample.total < samples[-1].total:
        # The gateway was restarted and counts from zero.
        samples = (Sample(samples[-1].at, 0, 0),)
    # One sample older than the window stays: the difference to it covers the whole window.
    while len(samples) > 1 and samples[1].at <= sample.at - WINDOW_SECONDS:
        samples = samples[1:]
    current = replace(breaker, samples=(*samples, sample))
    total, failed = current.counted
    half_failed = failed * 2 >= total
    waited = sample.at - current.since
    if current.phase is Phase.CLOSED:
        return _enter(Phase.OPEN, sample) if total >= LEAST_REQUESTS and half_failed else current
    if current.phase is Phase.OPEN:
        return _enter(Phase.HALF_OPEN, sample) if waited >= OPEN_SECONDS else current
    if total >= LEAST_PROBES and half_failed:
        return _enter(Phase.OPEN, sample)
    # A cell that nobody asks for proves nothing, but neither may it stay half open for ever.
    if total >= ENOUGH_PROBES or (waited >= QUIET_PROBE_SECONDS and failed == 0):
        return _enter(Phase.CLOSED, sample)
    return current


def _enter(phase: Phase, sample: Sample) -> Breaker:
    return Breaker(phase, sample.at, (sample,))
