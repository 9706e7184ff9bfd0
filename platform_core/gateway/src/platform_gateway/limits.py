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


def rate_limit(policies: Policies, *, login: bool = False) -> dict[str, Any]:
    """So many requests a second of one client address, and of one tenant (that of the verified token).

    ``login`` is the stricter limit of the paths where passwords and refresh tokens could be guessed.
    """
    per_address = policies.login_limit_per_address if login else policies.rate_limit_per_address
    return any_of(
        RATE_LIMIT,
        {
            "stat_prefix": "login_limit" if login else "rate_limit",
            "token_bucket": _bucket(4_000_000_000),
            "filter_enabled": _ALWAYS,
            "filter_enforced": _ALWAYS,
            "max_dynamic_descriptors": _MOST_COUNTED,
            "rate_limits": [{"actions": [_ADDRESS]}, {"actions": [_TENANT]}],
            "descriptors": [
                {"entries": [{"key": "masked_remote_address"}], "token_bucket": _bucket(per_address)},
                {"entries": [{"key": "tenant"}], "token_bucket": _bucket(policies.rate_limit_per_tenant)},
            ],
            "response_headers_to_add": [header("retry-after", "1")],
        },
    )


def unlimited() -> dict[str, Any]:
    """The filter's place in the listener; the virtual host says how much."""
    return {"stat_prefix": "rate_limit"}
