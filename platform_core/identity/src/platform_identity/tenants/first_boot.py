"""The first boot: an empty database gets the operator's tenant and its administrator, once."""

from __future__ import annotations

from pathlib import Path

import asyncpg

from cellkit.ids import uuid7
from cellkit.settings import Settings, SettingsError
from platform_identity.passwords import policy
from platform_identity.passwords.hashing import hash_now
from platform_identity.tenant_settings.rules import TenantSettings

OPERATOR_PERMISSIONS = ["*", "platform.*"]


async def create_first_tenant(connection: asyncpg.Connection, settings: Settings) -> list[str]:
    """Make tenant, role and administrator when there is no tenant; the caller holds the migration's lock."""
    if await connection.fetchval("SELECT EXISTS (SELECT FROM tenants)"):
        return []
    password_file = settings.environment.get("FIRST_ADMIN_PASSWORD_FILE")
    if not password_file:
        return ["no tenant made: FIRST_ADMIN_PASSWORD_FILE is not set"]
    code = settings.environment.get("FIRST_ADMIN_TENANT") or "default"
    username = settings.environment.get("FIRST_ADMIN_USERNAME") or "admin"
    password = _password(password_file)
    # Told without the password itself, which must not reach a log.
    if policy.problems("", password, username, TenantSettings()):
        message = f"FIRST_ADMIN_PASSWORD_FILE: the password in {password_file} breaks the password policy"
        raise SettingsError(message)
    tenant_id, user_id, role_id = uuid7(), uuid7(), uuid7()
    async with connection.transaction():
        await connection.execute("SELECT set_config('cellkit.tenant', $1, true)", str(tenant_id))
        await connection.execute(
            "INSERT INTO tenants (id, code, name, is_operator) VALUES ($1, $2, $3, true)", tenant_id, code, "运营方"
        )
        await connection.execute(
            "INSERT INTO roles (tenant_id, id, code, name, permissions, default_scope)"
            " VALUES ($1, $2, 'administrator', '系统管理员', $3, 'all')",
            tenant_id,
            role_id,
            OPERATOR_PERMISSIONS,
        )
        await connection.execute(
            "INSERT INTO users (tenant_id, id, username, display_name, password_hash)"
            " VALUES ($1, $2, $3, '管理员', $4)",
            tenant_id,
            user_id,
            username,
            hash_now(password),
        )
        await connection.execute(
            "INSERT INTO user_roles (tenant_id, user_id, role_id) VALUES ($1, $2, $3)", tenant_id, user_id, role_id
        )
    return [f"tenant {code} with administrator {username}"]


def _password(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip("\r\n")
    except OSError as error:
        message = f"FIRST_ADMIN_PASSWORD_FILE: {file} cannot be read ({error.strerror})"
        raise SettingsError(message) from None
