"""From exposition text to golden signals."""

from __future__ import annotations

import math

import pytest
from platform_monitor.exposition import GATEWAY, Reading, read
from platform_monitor.history import History
from platform_monitor.signals import Sample, percentile, signals

from cellkit.ops.metrics import Metrics

ENVOY = """# TYPE envoy_http_downstream_rq_xx counter
envoy_http_downstream_rq_xx{envoy_response_code_class="2",envoy_http_conn_manager_prefix="gateway"} 90
envoy_http_downstream_rq_xx{envoy_response_code_class="5",envoy_http_conn_manager_prefix="gateway"} 10
envoy_http_downstream_rq_xx{envoy_response_code_class="2",envoy_http_conn_manager_prefix="admin"} 7777
envoy_http_downstream_rq_active{envoy_http_conn_manager_prefix="gateway"} 3
envoy_http_downstream_rq_time_bucket{envoy_http_conn_manager_prefix="gateway",le="5"} 50
envoy_http_downstream_rq_time_bucket{envoy_http_conn_manager_prefix="gateway",le="10"} 100
envoy_http_downstream_rq_time_bucket{envoy_http_conn_manager_prefix="gateway",le="+Inf"} 100
"""


def test_the_kits_own_metrics_are_read() -> None:
    metrics = Metrics()
    for status, seconds in ((200, 0.001), (200, 0.004), (500, 0.02), (404, 0.3)):
        metrics.observe("GET", '/api/v1/"x"/{id}', status, seconds)
    metrics.in_flight.set(2)
    metrics.pool_in_use.set(3)
    metrics.pool_size.set(8)
    reading = read(metrics.text().decode())
    assert (reading.requests, reading.errors) == (4, 1)
    assert (reading.in_flight, reading.connections_in_use, reading.connections_limit) == (2, 3, 8)
    assert reading.buckets[0.002] == 1
    assert reading.buckets[0.025] == 3
    assert reading.buckets[math.inf] == 4
    assert reading.memory_bytes is not None
    assert reading.cpu_seconds is not None


def test_the_gateways_metrics_are_read() -> None:
    reading = read(ENVOY, GATEWAY)
    assert (reading.requests, reading.errors, reading.in_flight) == (100, 10, 3)
    assert reading.buckets == {0.005: 50, 0.01: 100, math.inf: 100}
    assert reading.connections_in_use is None


@pytest.mark.parametrize(
    "text", ["", "http_requests_total", "http_requests_total{", "http_requests_total NaN\nx{y} z", "\x00"]
)
def test_broken_text_is_passed_over(text: str) -> None:
    assert read(text).requests == 0


def test_percentiles_are_interpolated() -> None:
    buckets = {0.01: 50.0, 0.1: 100.0, math.inf: 100.0}
    assert percentile(buckets, 0.5) == pytest.approx(10)
    assert percentile(buckets, 0.75) == pytest.approx(55)
    assert percentile(buckets, 0.25) == pytest.approx(5)
    assert percentile({0.01: 0.0, math.inf: 10.0}, 0.5) == pytest.approx(10)
    assert percentile({0.01: 0.0, math.inf: 0.0}, 0.5) is None
    assert percentile({}, 0.5) is None


def reading(requests: float, errors: float = 0, cpu: float = 0) -> Reading:
    return Reading(
        requests, errors, {0.01: requests, math.inf: requests}, in_flight=1, cpu_seconds=cpu, memory_bytes=10
    )


def test_rates_over_a_window_of_two_instances() -> None:
    found = signals(
        [
            Sample(0, {"a": reading(100), "b": reading(0)}),
            Sample(10, {"a": reading(200, 10, cpu=5), "b": reading(100, cpu=1)}),
        ]
    )
    assert found is not None
    assert found.request_rate == 20
    assert found.error_rate == 1
    assert found.error_ratio == pytest.approx(0.05)
    assert found.cpu_cores == pytest.approx(0.6)
    assert (found.in_flight, found.memory_bytes) == (2, 20)
    assert (found.instances, found.instances_up) == (2, 2)


def test_a_restart_neither_loses_nor_invents_requests() -> None:
    found = signals([Sample(0, {"a": reading(1000)}), Sample(10, {"a": reading(30)}), Sample(20, {"a": reading(50)})])
    assert found is not None
    assert found.requests == 50
    gap = signals([Sample(0, {"a": reading(10)}), Sample(10, {"a": None}), Sample(20, {"a": reading(90)})])
    assert gap is not None
    assert gap.requests == 0
    assert gap.instances_up == 1


def test_one_sample_is_a_state_without_a_rate() -> None:
    found = signals([Sample(5, {"a": reading(100)})])
    assert found is not None
    assert (found.request_rate, found.in_flight) == (0, 1)
    assert signals([]) is None


def test_the_history_keeps_an_hour() -> None:
    history = History(kept_seconds=100)
    for at in range(0, 300, 10):
        history.add("crm", Sample(at, {}))
    assert [item.at for item in history.window("crm", 20, 290)] == [260, 270, 280, 290]
    assert history.window("crm", 1000, 290)[0].at == 190
    history.add("erp", Sample(1000, {}))
    assert history.services() == ["erp"]
