"""Settings of a service, read once from its environment (docs: runtime conventions)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from cellkit.signing import service_key


class SettingsError(Exception):
    """A setting is missing or cannot be read; the message names it and says what it should be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a service is told from outside. URLs carry no trailing slash."""

    service_name: str
    host: str = "127.0.0.1"
    port: int = 0
    service_url: str = ""
    database_url: str = ""
    migration_database_url: str = ""
    database_pool_size: int = 10
    gateway_url: str = "http://127.0.0.1:8000"
    governance_url: str = ""
    identity_url: str = ""
    monitor_url: str = ""
    signing_secret: str = field(default="", repr=False)
    require_tenant_id: bool = True
    verify_signature: bool = True
    field_encryption_keys: str = field(default="", repr=False)
    data_folder: Path = Path("var")
    log_level: str = "INFO"
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    holds_master: bool = False

    def as_platform(self) -> Settings:
        """The settings of a platform service: its ``signing_secret`` is the master all services' keys come from."""
        return replace(self, holds_master=True)

    @property
    def own_key(self) -> str:
        """The key with which the gateway signs requests to this service, and it signs its own calls."""
        return self.key_of(self.service_name) if self.holds_master and self.signing_secret else self.signing_secret

    def key_of(self, service: str) -> str:
        """Another service's signing key; only a platform service can know it."""
        if not self.holds_master:
            message = "only platform services hold the master secret; make the settings with as_platform()"
            raise SettingsError(message)
        if not self.signing_secret:
            message = "GATEWAY_SIGNING_SECRET is missing: a key derived from nothing would protect nothing"
            raise SettingsError(message)
        return service_key(self.signing_secret, service)

    @property
    def public_url(self) -> str:
        """The address under which this instance registers."""
        return self.service_url or f"http://{self.host}:{self.port}"

    def extra(self, name: str, default: str = "") -> str:
        """A setting that only one service knows."""
        return self.environment.get(name, default)


def _flag(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = environment.get(name)
    if value is None or value == "":
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    message = f"{name} must be 1 or 0, not {value!r}"
    raise SettingsError(message)


def _integer(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name, "")
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        message = f"{name} must be a whole number, not {value!r}"
        raise SettingsError(message) from None


def read_settings(
    service_name: str,
    *,
    default_port: int = 0,
    default_pool_size: int = 10,
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """Read a service's settings; raises :class:`SettingsError` with a message that names the setting."""
    env = os.environ if environment is None else environment
    database_url = env.get("DATABASE_URL", "")
    return Settings(
        service_name=service_name,
        host=env.get("SERVICE_HOST", "127.0.0.1"),
        port=_integer(env, "SERVICE_PORT", default_port),
        service_url=env.get("SERVICE_URL", "").rstrip("/"),
        database_url=database_url,
        migration_database_url=env.get("MIGRATION_DATABASE_URL", "") or database_url,
        database_pool_size=_integer(env, "DATABASE_POOL_SIZE", default_pool_size),
        gateway_url=env.get("GATEWAY_URL", "http://127.0.0.1:8000").rstrip("/"),
        governance_url=env.get("GOVERNANCE_URL", "").rstrip("/"),
        identity_url=env.get("IDENTITY_URL", "").rstrip("/"),
        monitor_url=env.get("MONITOR_URL", "").rstrip("/"),
        signing_secret=env.get("GATEWAY_SIGNING_SECRET", ""),
        require_tenant_id=_flag(env, "GATEWAY_REQUIRE_TENANT_ID", default=True),
        verify_signature=_flag(env, "CELL_VERIFY_SIGNATURE", default=True),
        field_encryption_keys=env.get("FIELD_ENCRYPTION_KEYS", ""),
        data_folder=Path(env.get("SUPERPAAS_DATA", "var")),
        log_level=env.get("LOG_LEVEL", "INFO").upper(),
        environment=dict(env),
    )
