"""Rate limits: per client address (stricter for logins) and per tenant, as settings of the virtual host.

They stand in the routes, not in the listener, so that a change drains no connection.
"""

from __future__ import annotations

from typing import Any

from platform_gateway.policies import Policies
from platform_gateway.resources import RATE_LIMIT, any_of, header

# Least recently seen addresses or tenants are forgotten beyond this number.
_MOST_COUNTED = 10_000
_ALWAYS = {"default_value": {"numerator": 100, "denominator": "HUNDRED"}}
_ADDRESS = {"masked_remote_address": {"v4_prefix_mask_len": 32, "v6_prefix_mask_len": 64}}
_TENANT = {"request_headers": {"header_name": "x-tenant-id", "descriptor_key": "tenant", "skip_if_absent": True}}


def _bucket(per_second: int) -> dict[str, Any]:
    return {"max_tokens": per_second, "tokens_per_fill": per_second, "fill_interval": "1s"}


def _limit(name: str, action: dict[str, Any], key: str, per_second: int) -> dict[str, Any]:
    return any_of(
        RATE_LIMIT,
        {
            "stat_prefix": name,
            "token_bucket": _bucket(4_000_000_000),
            "filter_enabled": _ALWAYS,
            "filter_enforced": _ALWAYS,
            "max_dynamic_descriptors": _MOST_COUNTED,
            "rate_limits": [{"actions": [action]}],
            "descriptors": [{"entries": [{"key": key}], "token_bucket": _bucket(per_second)}],
            "response_headers_to_add": [header("retry-after", "1")],
        },
    )


def address_limit(policies: Policies) -> dict[str, Any]:
    """So many requests a second from one client address."""
    return _limit("address_limit", _ADDRESS, "masked_remote_address", policies.rate_limit_per_address)


def login_limit(policies: Policies) -> dict[str, Any]:
    """The stricter limit of the paths where passwords and refresh tokens could be guessed."""
    return _limit("login_limit", _ADDRESS, "masked_remote_address", policies.login_limit_per_address)


def tenant_limit(policies: Policies) -> dict[str, Any]:
    """So many requests a second of one tenant, by the tenant of the verified token."""
    return _limit("tenant_limit", _TENANT, "tenant", policies.rate_limit_per_tenant)


def unlimited(name: str) -> dict[str, Any]:
    """The filter's place in the listener; the virtual host says how much."""
    return {"stat_prefix": name}
