"""The gateway's signature over a request (wire contract §2)."""

from __future__ import annotations

import hashlib
import hmac
import time

SIGNATURE_HEADER = "x-gateway-signature"
TIME_HEADER = "x-gateway-time"
MAX_SKEW_MILLISECONDS = 60_000
# A tenant that never is: what a token for it may see is nothing, in every service.
NOBODYS_TENANT = "ffffffff-ffff-ffff-ffff-ffffffffffff"


def service_key(master: str, name: str) -> str:
    """The signing key of service ``name``, derived from the platform's master secret."""
    return hmac.new(master.encode(), f"service:{name}".encode(), hashlib.sha256).hexdigest()


def signature(key: str, method: str, target: str, tenant: str, user: str, request_id: str, time_ms: str) -> str:
    """``v1=`` and the hex HMAC-SHA256; ``target`` is the path with its query, exactly as on the wire."""
    text = f"v1\n{method}\n{target}\n{tenant}\n{user}\n{request_id}\n{time_ms}"
    return "v1=" + hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def signed_headers(key: str, method: str, target: str, user: str, request_id: str, tenant: str = "") -> dict[str, str]:
    """The headers with which a service signs a call of its own."""
    time_ms = str(int(time.time() * 1000))
    return {
        "X-User-Id": user,
        "X-Tenant-Id": tenant,
        "X-Request-ID": request_id,
        "X-Gateway-Time": time_ms,
        "X-Gateway-Signature": signature(key, method, target, tenant, user, request_id, time_ms),
    }


def verify(
    key: str, given: str, method: str, target: str, tenant: str, user: str, request_id: str, time_ms: str
) -> bool:
    """Whether ``given`` is the right signature and its time is at most 60 s off. An empty key verifies nothing."""
    if not key or not time_ms.isascii() or not time_ms.isdigit() or len(time_ms) > 16:
        return False
    if abs(time.time() * 1000 - int(time_ms)) > MAX_SKEW_MILLISECONDS:
        return False
    expected = signature(key, method, target, tenant, user, request_id, time_ms)
    return hmac.compare_digest(expected.encode(), given.encode())
