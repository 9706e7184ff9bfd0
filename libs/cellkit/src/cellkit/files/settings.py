"""Settings of files, from the service's environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from cellkit.settings import Settings, SettingsError

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileSettings:
    """How files are taken and kept. Sizes in bytes, 0 for a quota: none."""

    folder: Path
    storage: str = ""
    access_key: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    most_bytes: int = 64 * MEBIBYTE
    quota_bytes: int = 0
    quotas: dict[UUID, int] = field(default_factory=dict)
    encrypt: bool = False
    scan: str = ""
    audit_downloads: bool = False
    loose_hours: int = 24
    removed_days: int = 30

    @classmethod
    def of(cls, settings: Settings) -> FileSettings:
        """Read ``FILES_…``; raises :class:`SettingsError` naming the setting that cannot be read."""
        quotas: dict[UUID, int] = {}
        for part in filter(None, (one.strip() for one in settings.environment.get("FILES_QUOTAS", "").split(","))):
            tenant, _, mebibytes = part.partition("=")
            try:
                quotas[UUID(tenant.strip())] = int(mebibytes) * MEBIBYTE
            except ValueError:
                message = f"FILES_QUOTAS: {part[:60]!r} is not <tenant id>=<MiB>"
                raise SettingsError(message) from None
        scan = settings.environment.get("FILES_SCAN", "")
        if scan and not scan.startswith(("clamd://", "command:")):
            message = "FILES_SCAN must be clamd://host:port, clamd:///socket or command:<program>"
            raise SettingsError(message)
        storage = settings.environment.get("FILES_STORAGE", "")
        if storage and not storage.startswith("s3://"):
            message = "FILES_STORAGE must be empty (local folder) or s3://bucket/prefix?endpoint=…&region=…"
            raise SettingsError(message)
        return cls(
            folder=settings.data_folder / "files" / settings.service_name,
            storage=storage,
            access_key=settings.environment.get("FILES_S3_ACCESS_KEY", ""),
            secret_key=settings.environment.get("FILES_S3_SECRET_KEY", ""),
            most_bytes=_number(settings, "FILES_MOST_MIB", 64) * MEBIBYTE,
            quota_bytes=_number(settings, "FILES_QUOTA_MIB", 0) * MEBIBYTE,
            quotas=quotas,
            encrypt=_flag(settings, "FILES_ENCRYPT"),
            scan=scan,
            audit_downloads=_flag(settings, "FILES_AUDIT_DOWNLOADS"),
            loose_hours=_number(settings, "FILES_LOOSE_HOURS", 24),
            removed_days=_number(settings, "FILES_REMOVED_DAYS", 30),
        )

    def quota_of(self, tenant_id: UUID) -> int:
        """What a tenant may store."""
        return self.quotas.get(tenant_id, self.quota_bytes)


def _number(settings: Settings, name: str, usual: int) -> int:
    text = settings.environment.get(name, "")
    if not text:
        return usual
    if not text.isascii() or not text.isdigit():
        message = f"{name} must be a whole number, not {text!r}"
        raise SettingsError(message)
    return int(text)


def _flag(settings: Settings, name: str) -> bool:
    text = settings.environment.get(name, "")
    if text not in {"", "0", "1"}:
        message = f"{name} must be 1 or 0, not {text!r}"
        raise SettingsError(message)
    return text == "1"
