"""Reads the few metrics that golden signals need out of Prometheus exposition text.

A whole parser would cost ten times as much on every service every few seconds; lines of other metrics are not even
looked at.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_LABEL = re.compile(r'([A-Za-z_][A-Za-z0-9_]*)="((?:[^"\\]|\\.)*)"')
_SERVER_ERROR = "5"


@dataclass(frozen=True, slots=True)
class Reading:
    """Counters and gauges of one service at one moment.

    ``buckets`` are cumulative counts by upper bound in seconds. A gauge is None where the service has no such thing.
    """

    requests: float = 0.0
    errors: float = 0.0
    buckets: Mapping[float, float] = field(default_factory=dict)
    in_flight: float | None = None
    connections_in_use: float | None = None
    connections_limit: float | None = None
    cpu_seconds: float | None = None
    memory_bytes: float | None = None
    dead_letters: float | None = None
    oldest_event_seconds: float | None = None
    audit_broken: float | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """What the metrics are called. ``scale`` turns the buckets' unit into seconds."""

    requests: str = "http_requests_total"
    status_label: str = "status"
    buckets: str = "http_request_duration_seconds_bucket"
    scale: float = 1.0
    in_flight: str = "http_requests_in_flight"
    only: tuple[str, frozenset[str]] | None = None


SERVICE = Names()
GATEWAY = Names(
    requests="envoy_http_downstream_rq_xx",
    status_label="envoy_response_code_class",
    buckets="envoy_http_downstream_rq_time_bucket",
    scale=0.001,
    in_flight="envoy_http_downstream_rq_active",
    # Programs come in by one door, the web apps by two more.
    only=("envoy_http_conn_manager_prefix", frozenset({"gateway", "web_client", "web_admin"})),
)


def read(text: str, names: Names = SERVICE) -> Reading:
    """The reading in an exposition text; unknown lines are passed over."""
    gauges = {
        names.in_flight: 0.0,
        "database_connections_in_use": 0.0,
        "database_connections_limit": 0.0,
        "process_cpu_seconds_total": 0.0,
        "process_resident_memory_bytes": 0.0,
        "outbox_dead_letters": 0.0,
        "outbox_oldest_pending_seconds": 0.0,
        "audit_broken": 0.0,
    }
    found: set[str] = set()
    requests = errors = 0.0
    buckets: dict[float, float] = {}
    wanted = (names.requests, names.buckets, *gauges)
    for line in text.splitlines():
        if not line.startswith(wanted):
            continue
        name, labels, value = _parts(line)
        if value is None or (names.only is not None and labels.get(names.only[0]) not in names.only[1]):
            continue
        if name == names.requests:
            requests += value
            if labels.get(names.status_label, "").startswith(_SERVER_ERROR):
                errors += value
        elif name == names.buckets:
            bound = _number(labels.get("le", "")) or 0.0
            buckets[bound * names.scale] = buckets.get(bound * names.scale, 0.0) + value
        elif name in gauges:
            gauges[name] += value
            found.add(name)
    known = {name: value if name in found else None for name, value in gauges.items()}
    return Reading(
        requests,
        errors,
        buckets,
        known[names.in_flight],
        known["database_connections_in_use"],
        known["database_connections_limit"],
        known["process_cpu_seconds_total"],
        known["process_resident_memory_bytes"],
        known["outbox_dead_letters"],
        known["outbox_oldest_pending_seconds"],
        known["audit_broken"],
    )


def _parts(line: str) -> tuple[str, dict[str, str], float | None]:
    head, _, tail = line.rpartition("}") if "}" in line else line.partition(" ")
    if "{" not in head:
        return head.strip(), {}, _number(tail.split()[0] if tail.split() else "")
    name, _, labels = head.partition("{")
    return name, dict(_LABEL.findall(labels)), _number(tail.split()[0] if tail.split() else "")


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return None if math.isnan(value) else value
