"""Routes: which path goes to which upstream, with which key it is signed, or why it is refused."""

from __future__ import annotations

import hashlib
from typing import Any

from cellkit.signing import service_key
from platform_gateway import errors
from platform_gateway.doors import PROGRAMS, Door
from platform_gateway.limits import rate_limit
from platform_gateway.policies import Policies
from platform_gateway.resources import (
    BODY_FILTER,
    CELL_SCRIPT,
    COMPRESSION_FILTER,
    COMPRESSOR_ROUTE,
    FILTER_SETTING,
    JWT_FILTER,
    JWT_ROUTE,
    LIMIT_FILTER,
    LUA_ROUTE,
    POLICY_FILTER,
    PREVIOUS_HOSTS,
    ROUTES,
    UPLOAD_FILTER,
    any_of,
    header,
    seconds,
)
from platform_gateway.routing import RESERVED_CELL_NAMES, CellRoute, PlatformRoute, Routing
from platform_gateway.tokens import LIMITS_HEADER

_UNUSABLE_REQUEST_ID = {
    "prefix": "/",
    "headers": [
        {
            "name": "x-request-id",
            "string_match": {"safe_regex": {"regex": "[A-Za-z0-9._:-]{1,128}"}},
            "invert_match": True,
        }
    ],
}
UPLOAD_FOLDERS = ("imports", "_imports", "files", "_files")
COOKIE_PATH = "/api/v1/auth"
_BLOCK_BYTES = 64

# Retried only where nothing can have happened yet, and only what changes nothing.
_RETRY: dict[str, Any] = {
    "retry_on": "connect-failure,refused-stream,reset-before-request",
    "num_retries": 2,
    "retry_back_off": {"base_interval": "0.025s", "max_interval": "0.25s"},
    "retriable_request_headers": [{"name": ":method", "string_match": {"safe_regex": {"regex": "GET|HEAD|OPTIONS"}}}],
}
_RETRY_ELSEWHERE: dict[str, Any] = {
    **_RETRY,
    "retry_host_predicate": [
        {
            "name": "envoy.retry_host_predicates.previous_hosts",
            "typed_config": any_of(PREVIOUS_HOSTS, {}),
        }
    ],
    "host_selection_retry_max_attempts": 3,
}


def key_bytes_hex(key: str) -> str:
    """A signing key as the Lua filter takes it: its bytes in hexadecimal, hashed first when longer than one block."""
    raw = key.encode()
    return (hashlib.sha256(raw).digest() if len(raw) > _BLOCK_BYTES else raw).hex()


def route_configuration(routing: Routing, policies: Policies, master: str, door: Door = PROGRAMS) -> dict[str, Any]:
    """The whole route table of one listener. ``master`` is the platform's ``GATEWAY_SIGNING_SECRET``."""
    return any_of(
        ROUTES,
        {
            "name": door.routes,
            "virtual_hosts": [
                {
                    "name": "superpaas",
                    "domains": ["*"],
                    "routes": [
                        _refusal(
                            "bad-request-id",
                            _UNUSABLE_REQUEST_ID,
                            errors.BAD_REQUEST,
                            token=False,
                            reason="X-Request-ID",
                        ),
                        _health(),
                        # Routes are tried one after the other, and nearly all requests are for cells. No cell may have
                        # a name that the platform's own paths begin with.
                        *(
                            route
                            for cell in routing.cells
                            if cell.name not in RESERVED_CELL_NAMES
                            for route in _cell(cell, routing, policies, master)
                        ),
                        *(
                            _platform(item, routing, policies, master)
                            for item in routing.platform
                            if not item.path.startswith(door.closed)
                        ),
                        _refusal("no-cell", {"path_separated_prefix": "/api/v1"}, errors.CELL_NOT_FOUND, token=True),
                        *_rest(door, policies),
                    ],
                    "request_headers_to_add": [
                        header("x-client-address", "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%"),
                        # Envoy's own would name the machine itself for a caller on loopback.
                        header("x-forwarded-for", "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%"),
                    ],
                    # Services set it themselves; what a foreign one forgets is added.
                    "response_headers_to_add": [
                        header("x-request-id", "%REQ(X-REQUEST-ID)%", action="ADD_IF_ABSENT"),
                    ],
                    "request_headers_to_remove": [
                        "authorization",
                        "x-asked-tenant-id",
                        LIMITS_HEADER,
                        "x-envoy-external-address",
                    ],
                    "typed_per_filter_config": {LIMIT_FILTER: rate_limit(policies)},
                }
            ],
            # A route may name an upstream that Envoy learns of a moment later.
            "validate_clusters": False,
        },
    )


def _rest(door: Door, policies: Policies) -> list[dict[str, Any]]:
    """What is no path of the interface: refused, or the app's pages and files."""
    if not door.app:
        return [_refusal("no-path", {"prefix": "/"}, errors.NOT_FOUND, token=False)]
    page = {
        "name": "web",
        "match": {"prefix": "/"},
        "route": {
            **_forward("web", policies.timeout_seconds),
            "prefix_rewrite": f"/{door.app}/",
            "upgrade_configs": [{"upgrade_type": "websocket", "enabled": False}],
        },
        "request_headers_to_remove": ["cookie"],
        "typed_per_filter_config": {
            **_filters("self", token=False),
            # The build has compressed the files already, and better than there is time for here.
            COMPRESSION_FILTER: any_of(COMPRESSOR_ROUTE, {"disabled": True}),
        },
    }
    return [_refusal("no-path", {"path_separated_prefix": "/api"}, errors.NOT_FOUND, token=False), page]


def _filters(context: str, *, token: bool, login: dict[str, Any] | None = None, upload: bool = False) -> Any:
    script = {"name": CELL_SCRIPT} if context.startswith("cell|") else {}
    settings: dict[str, Any] = {
        JWT_FILTER: any_of(JWT_ROUTE, {"requirement_name": "token"} if token else {"disabled": True}),
        POLICY_FILTER: any_of(LUA_ROUTE, {**script, "filter_context": {"context": context}}),
    }
    if login is not None:
        settings[LIMIT_FILTER] = login
    if upload:
        settings[BODY_FILTER] = any_of(FILTER_SETTING, {"disabled": True})
        settings[UPLOAD_FILTER] = any_of(FILTER_SETTING, {"config": {}})
    return settings


def _health() -> dict[str, Any]:
    return {
        "name": "gateway",
        "match": {"path": "/health"},
        "direct_response": {"status": 200, "body": {"inline_string": '{"status":"up"}'}},
        "response_headers_to_add": [header("content-type", "application/json")],
        "typed_per_filter_config": _filters("self", token=False),
    }


def _refusal(
    name: str, match: dict[str, Any], error: errors.GatewayError, *, token: bool, reason: str = ""
) -> dict[str, Any]:
    """A route that only refuses. The policy filter writes the answer; without it the bare status would be left."""
    pause = str(error.retry_after_seconds) if error.retry_after_seconds else ""
    context = "|".join(("refuse", error.code, reason.replace("|", "/"), pause))
    return {
        "name": name,
        "match": match,
        "direct_response": {"status": error.status},
        "typed_per_filter_config": _filters(context, token=token),
    }


def _platform(item: PlatformRoute, routing: Routing, policies: Policies, master: str) -> dict[str, Any]:
    match = {"path": item.path} if item.match == "path" else {"path_separated_prefix": item.path}
    token = item.access == "token"
    if not routing.platform_urls.get(item.service) or (token and routing.jwks is None):
        return _refusal(item.service, match, errors.UNAVAILABLE, token=False, reason=f"{item.service}")
    key = key_bytes_hex(service_key(master, item.service))
    kind = "public" if not token else "account" if item.account else "platform"
    context = f"{kind}|{key}"
    login = rate_limit(policies, login=True) if item.login else None
    # The cookie holds a refresh token: nobody but the login itself may see it.
    cookies = {} if item.path.startswith(COOKIE_PATH) else {"request_headers_to_remove": ["cookie"]}
    return {
        "name": item.service,
        "match": match,
        "route": _forward(item.service, policies.timeout_seconds),
        **cookies,
        "typed_per_filter_config": _filters(context, token=token, login=login),
    }


def _forward(cluster: str, timeout: float, instances: int = 1) -> dict[str, Any]:
    retry = _RETRY_ELSEWHERE if instances > 1 else _RETRY
    return {"cluster": cluster, "timeout": seconds(timeout), "retry_policy": retry}


def _cell(cell: CellRoute, routing: Routing, policies: Policies, master: str) -> list[dict[str, Any]]:
    prefix = f"/api/v1/{cell.name}"
    everything = {"path_separated_prefix": prefix}
    if routing.jwks is None:
        return [_refusal(cell.name, everything, errors.UNAVAILABLE, token=False, reason="identity")]
    refusal = _refusal(cell.name, everything, errors.ALL[cell.code], token=True, reason=cell.reason)
    if cell.traffic == "closed" or not cell.urls:
        return [refusal]
    context = f"cell|{key_bytes_hex(service_key(master, cell.name))}|{cell.name}"
    timeout = cell.timeout_seconds or policies.timeout_seconds
    places = [
        *((f"{prefix}/{folder}", max(policies.upload_timeout_seconds, timeout), True) for folder in UPLOAD_FOLDERS),
        (prefix, timeout, False),
    ]
    forwards = [
        {
            "name": cell.name,
            "match": {"path_separated_prefix": path, **_share(cell)},
            "route": {
                **_forward(cell.name, seconds_allowed, len(cell.urls)),
                "upgrade_configs": [{"upgrade_type": "websocket"}],
            },
            # Cookies belong to the platform's own login; a cell learns who calls from the gateway.
            "request_headers_to_remove": ["cookie"],
            # Nor may it set one: of the login's name, say.
            "response_headers_to_remove": ["set-cookie"],
            "typed_per_filter_config": _filters(context, token=True, upload=upload),
        }
        for path, seconds_allowed, upload in places
    ]
    return [*forwards, refusal] if cell.traffic == "probe" else forwards


def _share(cell: CellRoute) -> dict[str, Any]:
    if cell.traffic != "probe":
        return {}
    return {"runtime_fraction": {"default_value": {"numerator": 10, "denominator": "HUNDRED"}}}
