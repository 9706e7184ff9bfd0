"""Upstreams: one Envoy cluster for each service, with every instance in it."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from platform_gateway.resources import CLUSTER, HTTP_PROTOCOL_OPTIONS, any_of
from platform_gateway.routing import PLATFORM_SERVICES, Routing

# Shorter than the 75 s for which a service keeps an idle connection, so that Envoy never sends on one being closed.
_IDLE_TIMEOUT = "60s"


def address_of(url: str) -> tuple[str, int]:
    """Host and port of an instance's URL; raises ``ValueError`` for anything but ``http://host[:port]``."""
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname or parts.path not in {"", "/"} or parts.query or parts.username:
        message = f"not an http://host:port address: {url!r}"
        raise ValueError(message)
    return parts.hostname, parts.port or 80


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def cluster(name: str, urls: tuple[str, ...]) -> dict[str, Any]:
    """One upstream. Instances that answer ``/health`` share the load, the least busy first."""
    places = [address_of(url) for url in urls]
    by_name = any(not _is_address(host) for host, _port in places)
    return any_of(
        CLUSTER,
        {
            "name": name,
            "type": "STRICT_DNS" if by_name else "STATIC",
            **({"dns_lookup_family": "V4_PREFERRED", "respect_dns_ttl": True} if by_name else {}),
            "connect_timeout": "1s",
            "lb_policy": "LEAST_REQUEST",
            # Without this Envoy would send to hosts known to be dead once half of them are.
            "common_lb_config": {"healthy_panic_threshold": {"value": 0}},
            "circuit_breakers": {
                "thresholds": [
                    {"max_connections": 1024, "max_pending_requests": 2048, "max_requests": 4096, "max_retries": 16}
                ]
            },
            # Only to leave out one bad instance of several; a whole cell is cut off by governance (ADR 0012).
            "outlier_detection": {
                "interval": "5s",
                "base_ejection_time": "5s",
                "max_ejection_time": "30s",
                "max_ejection_percent": 50,
                "consecutive_gateway_failure": 5,
                "enforcing_consecutive_gateway_failure": 100 if len(urls) > 1 else 0,
                "enforcing_consecutive_5xx": 0,
                "enforcing_success_rate": 0,
                "enforcing_failure_percentage": 0,
            },
            "health_checks": [
                {
                    "timeout": "3s",
                    "interval": "2s",
                    # Counts instead of unhealthy_interval until the first request: services start beside the gateway.
                    "no_traffic_interval": "0.5s",
                    "unhealthy_interval": "0.5s",
                    "no_traffic_healthy_interval": "2s",
                    "unhealthy_threshold": 2,
                    "healthy_threshold": 1,
                    "http_health_check": {"path": "/health"},
                }
            ],
            "typed_extension_protocol_options": {
                "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": any_of(
                    HTTP_PROTOCOL_OPTIONS,
                    {
                        "common_http_protocol_options": {"idle_timeout": _IDLE_TIMEOUT},
                        "explicit_http_config": {"http_protocol_options": {}},
                    },
                )
            },
            "load_assignment": {
                "cluster_name": name,
                "endpoints": [
                    {
                        "lb_endpoints": [
                            {"endpoint": {"address": {"socket_address": {"address": host, "port_value": port}}}}
                            for host, port in places
                        ]
                    }
                ],
            },
        },
    )


def clusters(routing: Routing) -> list[dict[str, Any]]:
    """All upstreams of a routing; a cell without instances has none."""
    platform = [
        cluster(name, (routing.platform_urls[name],)) for name in PLATFORM_SERVICES if routing.platform_urls.get(name)
    ]
    return platform + [cluster(cell.name, cell.urls) for cell in routing.cells if cell.urls]
