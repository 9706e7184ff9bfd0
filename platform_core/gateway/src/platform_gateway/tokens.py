"""The token check: RS256 access tokens against the keys that identity publishes.

It is its own xDS resource, so that a new key replaces the filter without touching the listener or a connection.
"""

from __future__ import annotations

import json
from typing import Any

from platform_gateway.resources import EXTENSION, JWT, JWT_FILTER, any_of

ISSUER = "superpaas"
AUDIENCE = "superpaas"
LIMITS_HEADER = "x-gateway-limits"
_CLOCK_SKEW_SECONDS = 10


def usable_keys(jwks: dict[str, Any] | None) -> dict[str, Any]:
    """The RS256 signing keys of a JWKS, public parts only; anything else could be used to trick the check."""
    keys = (jwks or {}).get("keys", [])
    return {
        "keys": [
            {name: key[name] for name in ("kty", "kid", "n", "e")} | {"alg": "RS256", "use": "sig"}
            for key in keys
            if isinstance(key, dict)
            and key.get("kty") == "RSA"
            and key.get("alg", "RS256") == "RS256"
            and key.get("use", "sig") == "sig"
            and all(isinstance(key.get(name), str) for name in ("kid", "n", "e"))
        ]
    }


def token_filter(jwks: dict[str, Any] | None) -> dict[str, Any]:
    """The filter as an extension resource; a route says with ``requirement_name`` that it needs a token.

    Envoy refuses an empty key set. Without keys there is no requirement to be met, and a route that names one is
    refused by the filter.
    """
    keys = usable_keys(jwks)
    value = _requirement(json.dumps(keys, sort_keys=True)) if keys["keys"] else {}
    return any_of(EXTENSION, {"name": JWT_FILTER, "typed_config": any_of(JWT, value)})


def _requirement(keys: str) -> dict[str, Any]:
    provider = {
        "issuer": ISSUER,
        "audiences": [AUDIENCE],
        "local_jwks": {"inline_string": keys},
        "forward": False,
        "require_expiration": True,
        "clock_skew_seconds": _CLOCK_SKEW_SECONDS,
        "jwt_cache_config": {"jwt_cache_size": 10_000, "jwt_max_token_size": 8192},
        "from_headers": [{"name": "authorization", "value_prefix": "Bearer "}],
        "claim_to_headers": [
            {"header_name": "x-user-id", "claim_name": "sub"},
            {"header_name": "x-tenant-id", "claim_name": "tid"},
            {"header_name": "x-gateway-session", "claim_name": "sid"},
            # What the token is limited to; the policy filter enforces it.
            {"header_name": LIMITS_HEADER, "claim_name": "lim"},
        ],
    }
    return {"providers": {"identity": provider}, "requirement_map": {"token": {"provider_name": "identity"}}}
