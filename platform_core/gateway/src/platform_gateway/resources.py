"""Names of Envoy's types, and the two shapes that every part of a configuration uses."""

from __future__ import annotations

from typing import Any

_TYPE = "type.googleapis.com/"
_HTTP = _TYPE + "envoy.extensions.filters.http."

LISTENER = _TYPE + "envoy.config.listener.v3.Listener"
ROUTES = _TYPE + "envoy.config.route.v3.RouteConfiguration"
CLUSTER = _TYPE + "envoy.config.cluster.v3.Cluster"
EXTENSION = _TYPE + "envoy.config.core.v3.TypedExtensionConfig"
FILTER_SETTING = _TYPE + "envoy.config.route.v3.FilterConfig"
CONNECTION_MANAGER = _TYPE + "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
HTTP_PROTOCOL_OPTIONS = _TYPE + "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
UUID_REQUEST_ID = _TYPE + "envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig"
EARLY_MUTATION = _TYPE + "envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation"
JWT = _HTTP + "jwt_authn.v3.JwtAuthentication"
JWT_ROUTE = _HTTP + "jwt_authn.v3.PerRouteConfig"
LUA = _HTTP + "lua.v3.Lua"
LUA_ROUTE = _HTTP + "lua.v3.LuaPerRoute"
RATE_LIMIT = _HTTP + "local_ratelimit.v3.LocalRateLimit"
BODY_LIMIT = _HTTP + "body_size_limit.v3.BodySizeLimit"
COMPRESSOR = _HTTP + "compressor.v3.Compressor"
COMPRESSOR_ROUTE = _HTTP + "compressor.v3.CompressorPerRoute"
GZIP = _TYPE + "envoy.extensions.compression.gzip.compressor.v3.Gzip"
ROUTER = _HTTP + "router.v3.Router"
FILE_LOG = _TYPE + "envoy.extensions.access_loggers.file.v3.FileAccessLog"
CEL_FILTER = _TYPE + "envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter"
PREVIOUS_HOSTS = _TYPE + "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate"
CONNECTION_LIMIT = _TYPE + "envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig"

# The filters' names in the chain; per-route settings are found by them.
JWT_FILTER = "superpaas.token"
POLICY_FILTER = "superpaas.policy"
# The script of the policy filter that the routes of cells name.
CELL_SCRIPT = "cell"
LIMIT_FILTER = "superpaas.rate_limit"
BODY_FILTER = "superpaas.body_limit"
COMPRESSION_FILTER = "envoy.filters.http.compressor"
UPLOAD_FILTER = "superpaas.upload_limit"


def any_of(kind: str, value: dict[str, Any]) -> dict[str, Any]:
    """A message that carries its own type."""
    return {"@type": kind, **value}


def extension(name: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    """A named extension with its configuration."""
    return {"name": name, "typed_config": any_of(kind, value)}


def seconds(value: float) -> str:
    """A duration as protobuf's JSON writes it."""
    return f"{value:g}s"


def header(name: str, value: str, *, action: str = "OVERWRITE_IF_EXISTS_OR_ADD") -> dict[str, Any]:
    """A header to set; ``value`` may hold Envoy's substitutions."""
    return {"header": {"key": name, "value": value}, "append_action": action}
