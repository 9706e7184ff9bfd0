"""What the gateway's policies cost: the real gateway against a plain Envoy, before the same upstream."""

from __future__ import annotations

import asyncio
import json
import subprocess
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
from platform_gateway.process import envoy_binary

from cellkit.settings import read_settings
from cellkit.signing import service_key, signed_headers
from tests.running import Platform

NAME = "benchcell"
_HTTP = "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
_ROUTER = {
    "name": "envoy.filters.http.router",
    "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"},
}


def _address(port: int) -> dict[str, Any]:
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}


def _listener(name: str, port: int, routes: list[dict[str, Any]]) -> dict[str, Any]:
    manager = {
        "@type": _HTTP,
        "stat_prefix": name,
        "route_config": {"virtual_hosts": [{"name": name, "domains": ["*"], "routes": routes}]},
        "http_filters": [_ROUTER],
    }
    filters = [{"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]
    return {"name": name, "address": _address(port), "filter_chains": [{"filters": filters}]}


def upstream(port: int) -> dict[str, Any]:
    """An Envoy that answers by itself: as fast an upstream as there is."""
    body = {"status": 200, "body": {"inline_string": json.dumps({"items": [], "next": None, "total": None})}}
    return {
        "static_resources": {
            "listeners": [_listener("upstream", port, [{"match": {"prefix": "/"}, "direct_response": body}])]
        }
    }


def plain(port: int, upstream_port: int) -> dict[str, Any]:
    """An Envoy that only forwards."""
    endpoint = {"endpoint": {"address": _address(upstream_port)}}
    cluster = {
        "name": "upstream",
        "type": "STATIC",
        "load_assignment": {"cluster_name": "upstream", "endpoints": [{"lb_endpoints": [endpoint]}]},
    }
    routes = [{"match": {"prefix": "/"}, "route": {"cluster": "upstream"}}]
    return {"static_resources": {"listeners": [_listener("plain", port, routes)], "clusters": [cluster]}}


@asynccontextmanager
async def measured(platform: Platform, folder: Path) -> AsyncIterator[tuple[int, str]]:
    """A plain Envoy and a registered cell before the same upstream: (plain port, path at both)."""
    upstream_port, plain_port = platform.port_base + 901, platform.port_base + 902
    processes = [
        _start(folder, "upstream", upstream(upstream_port)),
        _start(folder, "plain", plain(plain_port, upstream_port)),
    ]
    renewing = asyncio.create_task(_stay_registered(platform, upstream_port))
    try:
        await asyncio.sleep(4)
        yield plain_port, f"/api/v1/{NAME}/things"
    finally:
        renewing.cancel()
        await asyncio.gather(renewing, return_exceptions=True)
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(10)


def _start(folder: Path, name: str, configuration: dict[str, Any]) -> subprocess.Popen[bytes]:
    path = folder / f"{name}.json"
    path.write_text(json.dumps(configuration), encoding="utf-8")
    command = [
        str(envoy_binary(read_settings("gateway"))),
        "-c",
        str(path),
        "--concurrency",
        "1",
        "-l",
        "error",
        "--use-dynamic-base-id",
    ]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


async def _stay_registered(platform: Platform, port: int) -> None:
    base = f"http://127.0.0.1:{platform.port_base + 5}"
    key = service_key(platform.secret("gateway-signing-secret"), NAME)
    manifest: dict[str, list[str]] = {
        "entities": [],
        "permissions": [],
        "menus": [],
        "publishes": [],
        "subscribes": [],
        "reports": [],
    }
    body = {
        "name": NAME,
        "version": "1.0.0",
        "label": {"zh": "测量", "en": "Bench"},
        "url": f"http://127.0.0.1:{port}",
        "manifest": manifest,
    }
    instance, cells = "", "/api/governance/cells"
    async with aiohttp.ClientSession() as session:

        async def call(method: str, path: str, sent: Any = None) -> dict[str, Any]:
            headers = signed_headers(key, method, path, f"cell:{NAME}", str(uuid.uuid4()))
            async with session.request(method, base + path, json=sent, headers=headers) as answer:
                return dict(await answer.json()) if answer.status < 300 and method != "DELETE" else {}

        try:
            while True:
                with suppress(aiohttp.ClientError):
                    if instance:
                        instance = instance if await call("PUT", f"{cells}/{NAME}/instances/{instance}") else ""
                    else:
                        instance = (await call("POST", cells, body)).get("instanceId", "")
                await asyncio.sleep(4 if instance else 0.5)
        finally:
            await call("DELETE", f"{cells}/{NAME}/instances/{instance}")
