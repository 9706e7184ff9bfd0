"""Listeners: the connection rules and the filter chain. They come from settings alone and never change at run time."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from platform_gateway.doors import Door
from platform_gateway.errors import ALL
from platform_gateway.limits import unlimited
from platform_gateway.policies import Policies
from platform_gateway.replies import local_replies
from platform_gateway.resources import (
    BODY_FILTER,
    BODY_LIMIT,
    CELL_SCRIPT,
    COMPRESSION_FILTER,
    COMPRESSOR,
    CONNECTION_MANAGER,
    EARLY_MUTATION,
    FILE_LOG,
    GZIP,
    JWT,
    JWT_FILTER,
    LIMIT_FILTER,
    LISTENER,
    LUA,
    POLICY_FILTER,
    RATE_LIMIT,
    ROUTER,
    UPLOAD_FILTER,
    UUID_REQUEST_ID,
    any_of,
    extension,
    header,
    seconds,
)

_SHARED = ("refuse", "sha256", "signing")

# What a client must never be able to say about itself: removed before any filter or route sees it.
_SPOOFABLE = ("x-user-id", "x-tenant-id", "x-client-address", "x-real-ip", "forwarded")
_SPOOFABLE_PREFIXES = ("x-envoy-", "x-gateway-", "x-original-")
# What the tenant rule still needs to compare with is set aside under this name.
_ASKED_TENANT = "x-asked-tenant-id"


def listener(door: Door, host: str, port: int, folder: Path, access_log: str, policies: Policies) -> dict[str, Any]:
    """One listening address; ``folder`` is where the routes and the token check are read from."""
    return any_of(
        LISTENER,
        {
            "name": door.listener,
            "address": {"socket_address": {"address": host, "port_value": port}},
            "per_connection_buffer_limit_bytes": 1024 * 1024,
            "filter_chains": [
                {
                    "filters": [
                        extension(
                            "envoy.filters.network.http_connection_manager",
                            CONNECTION_MANAGER,
                            _connection_manager(door, folder, access_log, policies),
                        )
                    ]
                }
            ],
        },
    )


def watched(folder: Path, file: str) -> dict[str, Any]:
    """A file of the configuration folder, read again when a new one is renamed onto it."""
    return {
        "path_config_source": {"path": str(folder / file), "watched_directory": {"path": str(folder)}},
        "resource_api_version": "V3",
    }


def _connection_manager(door: Door, folder: Path, access_log: str, policies: Policies) -> dict[str, Any]:
    return {
        "stat_prefix": door.listener,
        "codec_type": "AUTO",
        "server_name": "superpaas",
        "use_remote_address": True,
        "xff_num_trusted_hops": policies.trusted_hops,
        # Nobody is trusted for being near: a private address may not set x-envoy headers either.
        "internal_address_config": {"cidr_ranges": [{"address_prefix": "255.255.255.255", "prefix_len": 32}]},
        "generate_request_id": True,
        "preserve_external_request_id": True,
        "request_id_extension": {"typed_config": any_of(UUID_REQUEST_ID, {"pack_trace_reason": False})},
        "early_header_mutation_extensions": [
            extension(
                "envoy.http.early_header_mutation.header_mutation", EARLY_MUTATION, {"mutations": _mutations(policies)}
            )
        ],
        "normalize_path": True,
        "merge_slashes": True,
        "path_with_escaped_slashes_action": "REJECT_REQUEST",
        "max_request_headers_kb": policies.max_headers_kibibytes,
        "request_headers_timeout": seconds(policies.request_headers_timeout_seconds),
        "request_timeout": seconds(policies.request_timeout_seconds),
        "stream_idle_timeout": seconds(policies.stream_idle_timeout_seconds),
        "drain_timeout": "10s",
        "delayed_close_timeout": "1s",
        "common_http_protocol_options": {
            "idle_timeout": "300s",
            "max_headers_count": 100,
            "headers_with_underscores_action": "DROP_HEADER",
        },
        "http_protocol_options": {"accept_http_10": True, "default_host_for_http_10": "superpaas"},
        "http2_protocol_options": {
            "max_concurrent_streams": 128,
            "initial_stream_window_size": 256 * 1024,
            "initial_connection_window_size": 1024 * 1024,
        },
        "upgrade_configs": [{"upgrade_type": "websocket"}],
        "rds": {"route_config_name": door.routes, "config_source": watched(folder, door.file)},
        "http_filters": _filters(folder, policies),
        "local_reply_config": local_replies(pages=bool(door.app)),
        "access_log": _access_logs(access_log),
    }


def _mutations(policies: Policies) -> list[dict[str, Any]]:
    # Behind a trusted proxy its word on the caller's address counts.
    prefixes = _SPOOFABLE_PREFIXES if policies.trusted_hops else (*_SPOOFABLE_PREFIXES, "x-forwarded-")
    return [
        {"remove": _ASKED_TENANT},
        {"append": header(_ASKED_TENANT, "%REQ(X-TENANT-ID)%")},
        *({"remove": name} for name in _SPOOFABLE),
        *({"remove_on_match": {"key_matcher": {"prefix": prefix}}} for prefix in prefixes),
        # The milliseconds that the policy filter signs: cheaper here than set from Lua.
        {"append": header("x-gateway-time", "%START_TIME(%s%3f)%")},
    ]


def _lua_source(*names: str) -> str:
    folder = files("platform_gateway") / "lua"
    return "".join((folder / f"{name}.lua").read_text(encoding="utf-8") for name in names)


def _lua_text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _preface(policies: Policies) -> str:
    """What the Lua filters know from Python: the texts of all errors and the tenant rule."""
    entries = "".join(
        f"  {code} = {{ status = '{item.status}', zh = {_lua_text(item.label.zh)}, en = {_lua_text(item.label.en)} }},"
        for code, item in ALL.items()
    )
    required = "true" if policies.require_tenant_id else "false"
    return f"local REQUIRE_TENANT_ID = {required}\nlocal MESSAGES = {{{entries}}}\n"


def _filters(folder: Path, policies: Policies) -> list[dict[str, Any]]:
    preface = _preface(policies)
    return [
        *([_compressor()] if policies.compression else []),
        {
            "name": JWT_FILTER,
            "config_discovery": {"config_source": watched(folder, "token.json"), "type_urls": [JWT.rpartition("/")[2]]},
        },
        # After the token check, which tells the tenant: one filter for both limits costs half as much as two.
        extension(LIMIT_FILTER, RATE_LIMIT, unlimited()),
        extension(
            POLICY_FILTER,
            LUA,
            {
                "default_source_code": {"inline_string": preface + _lua_source(*_SHARED, "policy")},
                "source_codes": {CELL_SCRIPT: {"inline_string": preface + _lua_source(*_SHARED, "cell")}},
            },
        ),
        # body_size_limit has no setting by route, so there are two: an upload's route switches to the larger one.
        extension(UPLOAD_FILTER, BODY_LIMIT, {"max_request_bytes": policies.max_upload_bytes}) | {"disabled": True},
        extension(BODY_FILTER, BODY_LIMIT, {"max_request_bytes": policies.max_body_bytes}),
        extension("envoy.filters.http.router", ROUTER, {"suppress_envoy_headers": True}),
    ]


def _compressor() -> dict[str, Any]:
    """At the fastest level: the gateway's time serves everybody, the size of an answer only its caller."""
    return extension(
        COMPRESSION_FILTER,
        COMPRESSOR,
        {
            "response_direction_config": {
                # Envoy's own list of content types: JSON, HTML, plain text, CSS, scripts, XML.
                "common_config": {"min_content_length": 1024},
                "weaken_etag_on_compress": True,
            },
            "compressor_library": extension(
                "gzip",
                GZIP,
                {"compression_level": "BEST_SPEED", "memory_level": {"value": 8}, "window_bits": {"value": 15}},
            ),
        },
    )


_LOGGED = {
    "timestamp": "%START_TIME%",
    "method": "%REQ(:METHOD)%",
    "path": "%PATH(NQ)%",
    "status": "%RESPONSE_CODE%",
    "duration_ms": "%DURATION%",
    "service": "%ROUTE_NAME%",
    "tenant_id": "%REQ(X-TENANT-ID)%",
    "user_id": "%REQ(X-USER-ID)%",
    "request_id": "%REQ(X-REQUEST-ID)%",
    "client_address": "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
    # What one request caused elsewhere is found by it.
    "traceparent": "%REQ(TRACEPARENT)%",
    "service_ms": "%RESP(X-RESPONSE-TIME)%",
}
_LOGGED_OF_FAILURES = {
    **_LOGGED,
    "instance": "%UPSTREAM_HOST%",
    "bytes_sent": "%BYTES_SENT%",
    "flags": "%RESPONSE_FLAGS%",
    "details": "%RESPONSE_CODE_DETAILS%",
}


def _access_logs(path: str) -> list[dict[str, Any]]:
    """One JSON line a request, with more to go by where it failed: the log is the dearest part of a plain request.

    The query is left out: it may hold what a log must not.
    """
    return [
        extension("envoy.access_loggers.file", FILE_LOG, {"path": path, "log_format": {"json_format": fields}})
        | {"filter": _log_filter(operator, status)}
        for fields, operator, status in ((_LOGGED, "LE", 399), (_LOGGED_OF_FAILURES, "GE", 400))
    ]


def _log_filter(operator: str, status: int) -> dict[str, Any]:
    value = {"default_value": status, "runtime_key": f"superpaas.log.{operator.lower()}{status}"}
    return {"status_code_filter": {"comparison": {"op": operator, "value": value}}}
