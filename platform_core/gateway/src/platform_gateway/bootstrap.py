"""What Envoy is started with: where to find the rest, and what must hold before any configuration arrives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from platform_gateway.listener import watched
from platform_gateway.policies import Policies
from platform_gateway.resources import CONNECTION_LIMIT, extension

# The admin port may tell figures and start a drain; /config_dump would tell the signing keys.
_ADMIN_PATHS = ("/stats", "/ready", "/clusters", "/server_info", "/drain_listeners", "/reopen_logs")


def bootstrap(folder: Path, admin_host: str, admin_port: int, policies: Policies) -> dict[str, Any]:
    """The bootstrap document."""
    return {
        "node": {"id": "gateway", "cluster": "superpaas"},
        "admin": {
            "address": {"socket_address": {"address": admin_host, "port_value": admin_port}},
            "allow_paths": [{"prefix": path} for path in _ADMIN_PATHS],
        },
        "dynamic_resources": {"lds_config": watched(folder, "lds.json"), "cds_config": watched(folder, "cds.json")},
        "layered_runtime": {
            "layers": [
                # The pattern of a request id counts to 128, which Envoy takes for a large program.
                {"name": "superpaas", "static_layer": {"re2": {"max_program_size": {"error_level": 1000}}}}
            ]
        },
        "overload_manager": {
            "resource_monitors": [
                extension(
                    "envoy.resource_monitors.global_downstream_max_connections",
                    CONNECTION_LIMIT,
                    {"max_active_downstream_connections": policies.max_connections},
                )
            ]
        },
    }
