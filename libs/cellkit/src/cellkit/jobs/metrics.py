"""Figures of jobs for Prometheus."""

from __future__ import annotations

import time

from prometheus_client import Counter, Gauge, Histogram

from cellkit.ops.metrics import Metrics

_BUCKETS = (0.1, 0.5, 1.0, 5.0, 30.0, 120.0, 600.0, 3600.0)


class JobMetrics:
    """How many jobs wait, run and end, and how long they take."""

    def __init__(self, metrics: Metrics) -> None:
        registry = metrics.registry
        self.waiting = Gauge("jobs_waiting", "Jobs that are due and not begun", registry=registry)
        self.oldest = Gauge("jobs_oldest_waiting_seconds", "How long the first of them has waited", registry=registry)
        self.running = Gauge("jobs_running", "Jobs being run by any process", registry=registry)
        self._ended = Counter("jobs_ended_total", "Runs of jobs by their end", ["job", "outcome"], registry=registry)
        self._seconds = Histogram("jobs_seconds", "How long runs took", ["job"], buckets=_BUCKETS, registry=registry)

    def observe(self, job: str, outcome: str, began: float) -> None:
        """A run ended: ``succeeded``, ``failed``, ``retried``, ``cancelled`` or ``waiting`` (given back)."""
        self._ended.labels(job, outcome).inc()
        self._seconds.labels(job).observe(time.monotonic() - began)
