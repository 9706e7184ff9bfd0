"""The limits and time-outs that the gateway enforces, read from its settings."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from typing import Any

from cellkit.settings import Settings, SettingsError

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Policies:
    """Rates are requests a second, times are seconds, sizes are bytes."""

    require_tenant_id: bool = True
    rate_limit_per_tenant: int = 10_000
    rate_limit_per_address: int = 20_000
    login_limit_per_address: int = 20
    timeout_seconds: float = 30
    upload_timeout_seconds: float = 120
    request_headers_timeout_seconds: float = 10
    request_timeout_seconds: float = 120
    stream_idle_timeout_seconds: float = 60
    max_body_bytes: int = 10 * MEBIBYTE
    max_upload_bytes: int = 64 * MEBIBYTE
    max_headers_kibibytes: int = 60
    max_connections: int = 10_000
    trusted_hops: int = 0
    workers: int = 1
    compression: bool = True

    def as_json(self) -> dict[str, Any]:
        """The policies as a JSON object, in the order in which they are declared."""
        return asdict(self)


def policies_from_json(value: dict[str, Any]) -> Policies:
    """Read what :meth:`Policies.as_json` wrote; names of another version are passed over."""
    known = Policies.__dataclass_fields__
    return Policies(**{name: item for name, item in value.items() if name in known})


def policies_from_settings(settings: Settings) -> Policies:
    """The policies of this installation; raises :class:`SettingsError` that names a setting it cannot read."""
    default = Policies()
    return Policies(
        require_tenant_id=settings.require_tenant_id,
        rate_limit_per_tenant=_number(settings, "GATEWAY_RATE_LIMIT_PER_TENANT", default.rate_limit_per_tenant),
        rate_limit_per_address=_number(settings, "GATEWAY_RATE_LIMIT_PER_ADDRESS", default.rate_limit_per_address),
        login_limit_per_address=_number(settings, "GATEWAY_LOGIN_LIMIT_PER_ADDRESS", default.login_limit_per_address),
        timeout_seconds=_number(settings, "GATEWAY_TIMEOUT", int(default.timeout_seconds)),
        upload_timeout_seconds=_number(settings, "GATEWAY_UPLOAD_TIMEOUT", int(default.upload_timeout_seconds)),
        request_headers_timeout_seconds=_number(
            settings, "GATEWAY_REQUEST_HEADERS_TIMEOUT", int(default.request_headers_timeout_seconds)
        ),
        request_timeout_seconds=_number(settings, "GATEWAY_REQUEST_TIMEOUT", int(default.request_timeout_seconds)),
        stream_idle_timeout_seconds=_number(
            settings, "GATEWAY_STREAM_IDLE_TIMEOUT", int(default.stream_idle_timeout_seconds)
        ),
        max_body_bytes=_number(settings, "GATEWAY_MAX_BODY_BYTES", default.max_body_bytes),
        max_upload_bytes=_number(settings, "GATEWAY_MAX_UPLOAD_BYTES", default.max_upload_bytes),
        max_headers_kibibytes=_number(settings, "GATEWAY_MAX_HEADERS_KIB", default.max_headers_kibibytes),
        max_connections=_number(settings, "GATEWAY_MAX_CONNECTIONS", default.max_connections),
        trusted_hops=_number(settings, "GATEWAY_TRUSTED_HOPS", default.trusted_hops, least=0),
        workers=_number(settings, "GATEWAY_WORKERS", _default_workers()),
        compression=_number(settings, "GATEWAY_COMPRESSION", int(default.compression), least=0) == 1,
    )


def setting(settings: Settings, name: str) -> str:
    """A setting of the gateway's own, "" when it is not set."""
    return settings.extra(name)  # noqa: S610 - not Django's query method of that name


def _default_workers() -> int:
    """One thread serves what two cores can compute behind it; larger machines give a quarter of their cores."""
    return max(1, (os.cpu_count() or 1) // 4)


def _number(settings: Settings, name: str, default: int, *, least: int = 1) -> int:
    text = setting(settings, name)
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or int(text) < least:
        message = f"{name} must be a whole number of at least {least}, not {text!r}"
        raise SettingsError(message)
    return int(text)
