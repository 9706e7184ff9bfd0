"""Golden signals from readings: rate, errors, latency percentiles, saturation. Pure functions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from platform_monitor.exposition import Reading


@dataclass(frozen=True, slots=True)
class Sample:
    """All instances of a service at one moment; ``at`` in seconds. None: the instance did not answer."""

    at: float
    readings: Mapping[str, Reading | None]


@dataclass(frozen=True, slots=True)
class Signals:
    """Golden signals over a window. Rates are per second, latencies in milliseconds; None: not known."""

    seconds: float
    requests: float
    request_rate: float
    error_rate: float
    error_ratio: float
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    in_flight: float | None
    connections_in_use: float | None
    connections_limit: float | None
    cpu_cores: float | None
    memory_bytes: float | None
    instances: int
    instances_up: int


@dataclass(slots=True)
class _Sum:
    requests: float = 0.0
    errors: float = 0.0
    cpu_seconds: float | None = None


def signals(samples: Sequence[Sample]) -> Signals | None:
    """The signals from the first to the last sample; None when there are none."""
    if not samples:
        return None
    seconds = samples[-1].at - samples[0].at
    total, buckets = _Sum(), dict[float, float]()
    for before, after in pairwise(samples):
        for instance, reading in after.readings.items():
            earlier = before.readings.get(instance)
            if reading is not None and earlier is not None:
                _add(total, buckets, earlier, reading)
    last = [reading for reading in samples[-1].readings.values() if reading is not None]
    rate = total.requests / seconds if seconds > 0 else 0.0
    return Signals(
        seconds=seconds,
        requests=total.requests,
        request_rate=rate,
        error_rate=total.errors / seconds if seconds > 0 else 0.0,
        error_ratio=total.errors / total.requests if total.requests else 0.0,
        p50_ms=percentile(buckets, 0.50),
        p95_ms=percentile(buckets, 0.95),
        p99_ms=percentile(buckets, 0.99),
        in_flight=_sum(item.in_flight for item in last),
        connections_in_use=_sum(item.connections_in_use for item in last),
        connections_limit=_sum(item.connections_limit for item in last),
        cpu_cores=None if total.cpu_seconds is None or seconds <= 0 else total.cpu_seconds / seconds,
        memory_bytes=_sum(item.memory_bytes for item in last),
        instances=len(samples[-1].readings),
        instances_up=len(last),
    )


def _add(total: _Sum, buckets: dict[float, float], before: Reading, after: Reading) -> None:
    # A counter that went back was set to zero by a restart: all it shows now is new.
    restarted = after.requests < before.requests
    total.requests += after.requests - (0.0 if restarted else before.requests)
    total.errors += max(after.errors - (0.0 if restarted else before.errors), 0.0)
    for bound, count in after.buckets.items():
        grown = count - (0.0 if restarted else before.buckets.get(bound, 0.0))
        buckets[bound] = buckets.get(bound, 0.0) + max(grown, 0.0)
    if after.cpu_seconds is not None and before.cpu_seconds is not None:
        grown = after.cpu_seconds - before.cpu_seconds
        total.cpu_seconds = (total.cpu_seconds or 0.0) + (grown if grown >= 0 else after.cpu_seconds)


def percentile(buckets: Mapping[float, float], share: float) -> float | None:
    """The latency in milliseconds below which ``share`` of the requests stayed, interpolated within its bucket.

    Beyond the last finite bound nothing is known but the bound itself.
    """
    bounds = sorted(buckets)
    if not bounds or buckets[bounds[-1]] <= 0:
        return None
    wanted = buckets[bounds[-1]] * share
    lower, below = 0.0, 0.0
    for bound in bounds:
        count = buckets[bound]
        if count >= wanted:
            if math.isinf(bound):
                return lower * 1000
            inside = (wanted - below) / (count - below) if count > below else 1.0
            return (lower + (bound - lower) * inside) * 1000
        lower, below = bound, count
    return lower * 1000


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
