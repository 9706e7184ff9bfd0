"""A tenant's settings in the database."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cellkit.errors import NotFound
from platform_identity.tenant_settings.rules import TenantSettings, settings_of

# What was promised to nobody yet ends at once; what lasts longer anyway is not touched.
_SHORTEN = """
UPDATE sessions SET expires_at = last_used_at + make_interval(mins => $2)
WHERE tenant_id = $1 AND ended_at IS NULL AND expires_at > last_used_at + make_interval(mins => $2)
"""


async def load(connection: Any, tenant_id: UUID) -> TenantSettings:
    """The settings of a tenant; the defaults for one that does not exist."""
    stored = await connection.fetchval("SELECT settings FROM tenants WHERE id = $1", tenant_id)
    return settings_of(stored or {})


async def read(connection: Any, tenant_id: UUID, *, lock: bool = False) -> dict[str, Any]:
    """The settings with their version; raises :class:`NotFound`."""
    row = await connection.fetchrow(
        f"SELECT settings, settings_version FROM tenants WHERE id = $1{' FOR UPDATE' if lock else ''}",  # noqa: S608 - no value in it
        tenant_id,
    )
    if row is None:
        raise NotFound
    return {**settings_of(row["settings"]).model_dump(), "version": row["settings_version"]}


async def save(connection: Any, tenant_id: UUID, settings: TenantSettings) -> None:
    """Replace the settings; sessions idle for longer than is now allowed are over."""
    await connection.execute(
        "UPDATE tenants SET settings = $2, settings_version = settings_version + 1, updated_at = now() WHERE id = $1",
        tenant_id,
        settings.changes(),
    )
    if settings.session_idle_minutes:
        await connection.execute(_SHORTEN, tenant_id, settings.session_idle_minutes)
