"""The identity service."""

from __future__ import annotations

import asyncio

import asyncpg

from cellkit.db.pool import Database
from cellkit.errors import Conflict, ServiceError
from cellkit.http.application import Application
from cellkit.labels import Label
from cellkit.ops.client import ServiceClient
from cellkit.service import Service
from cellkit.settings import Settings, SettingsError
from platform_identity.account import me as me_routes
from platform_identity.account import people as people_routes
from platform_identity.account import preferences as preference_routes
from platform_identity.account import sessions as own_session_routes
from platform_identity.audit import routes as audit_routes
from platform_identity.audit.trail import seal
from platform_identity.common.parts import Lifetimes, Parts, Secrets
from platform_identity.described import document
from platform_identity.directory import routes as directory_routes
from platform_identity.housekeeping import sweep
from platform_identity.migrate import migrate
from platform_identity.organisation import routes as organisation_routes
from platform_identity.packages import routes as package_routes
from platform_identity.passwords.hashing import Hasher
from platform_identity.permissions import routes as permission_routes
from platform_identity.permissions.catalogue import Catalogue
from platform_identity.role_documents import routes as role_document_routes
from platform_identity.roles import routes as role_routes
from platform_identity.service_tokens import routes as service_token_routes
from platform_identity.sessions import admin_routes as session_admin_routes
from platform_identity.sessions import routes as session_routes
from platform_identity.tenant_settings import routes as tenant_settings_routes
from platform_identity.tenants import routes as tenant_routes
from platform_identity.tokens import routes as token_routes
from platform_identity.tokens.keys import KeyStore, ring_of
from platform_identity.users import routes as user_routes
from platform_identity.users.files import routes as user_file_routes

NAME, PORT, VERSION = "identity", 8006, "0.1.0"
_DAY_SECONDS = 86_400
_LONGEST_SESSION_DAYS = 30
_SEAL_SECONDS = 1.0
_HOUSEKEEPING_SECONDS = 300.0


class AlreadyThere(Conflict):
    """A value that must be unique is taken; ``field`` is its name for people."""

    zh = "{field}已存在"
    en = "{field} is already taken"


_UNIQUE = {
    "tenants_code": Label("租户编码", "Tenant code"),
    "packages_code": Label("套餐编码", "Package code"),
    "users_username": Label("用户名", "Username"),
    "roles_code": Label("角色编码", "Role code"),
    "departments_name": Label("同级部门名称", "Name among the departments of one level"),
}
_UNKNOWN = Label("名称或编码", "Name or code")
"""What the unique indexes of the database are about; their own names are no business of a client."""


class StillReferenced(Conflict):
    """Another change at the same time made use of it, or took it away."""

    zh = "数据正被引用，请刷新后重试"
    en = "It is in use; reload and try again"


def create_app(settings: Settings) -> Application:
    """The ASGI application."""
    settings = settings.as_platform()
    application = Application(settings, title="Identity", version=VERSION)
    application.translate_error.append(_translate)
    parts = _parts(settings, application)
    catalogue = Catalogue(settings, parts.client)
    for router in (
        session_routes.routes(parts),
        me_routes.routes(parts),
        people_routes.routes(parts),
        own_session_routes.routes(parts),
        preference_routes.routes(parts),
        service_token_routes.routes(parts),
        tenant_routes.routes(parts),
        package_routes.routes(parts),
        tenant_settings_routes.routes(parts),
        organisation_routes.routes(parts),
        user_routes.routes(parts),
        role_routes.routes(parts),
        permission_routes.routes(parts, catalogue),
        session_admin_routes.routes(parts),
        token_routes.routes(parts),
        audit_routes.routes(parts),
    ):
        application.api.include_router(router, responses=document.RESPONSES)
    token_routes.add_key_set(parts)
    role_document_routes.add_routes(parts)
    directory_routes.add_routes(parts)
    user_file_routes.add_routes(parts)
    document.add_document(application)
    application.lifespan(parts.database.lifespan)
    application.lifespan(parts.client.lifespan)
    application.ready_checks["database"] = parts.database.check
    application.ready_checks["signing_keys"] = parts.keys.check
    _add_background(application, parts)
    return application


def _parts(settings: Settings, application: Application) -> Parts:
    lifetimes = Lifetimes(
        access=_positive(settings, "ACCESS_TOKEN_EXPIRE_MINUTES", 30) * 60,
        refresh=_positive(settings, "REFRESH_TOKEN_EXPIRE_DAYS", 7) * _DAY_SECONDS,
        session=max(_LONGEST_SESSION_DAYS, _positive(settings, "REFRESH_TOKEN_EXPIRE_DAYS", 7)) * _DAY_SECONDS,
    )
    database = Database(settings.database_url, size=settings.database_pool_size, metrics=application.metrics, name=NAME)
    return Parts(
        settings=settings,
        application=application,
        database=database,
        client=ServiceClient(settings),
        hasher=Hasher(),
        keys=KeyStore(
            database,
            ring_of(settings),
            token_seconds=max(lifetimes.access, lifetimes.service),
            oldest_days=_positive(settings, "SIGNING_KEY_MAX_AGE_DAYS", 90),
        ),
        secrets=Secrets(settings.own_key),
        lifetimes=lifetimes,
    )


def _add_background(application: Application, parts: Parts) -> None:
    async def seal_audit() -> None:
        while True:
            await seal(parts.database)
            await asyncio.sleep(_SEAL_SECONDS)

    async def keep_house() -> None:
        while True:
            await parts.keys.keep_fresh()
            await sweep(parts.database)
            await asyncio.sleep(_HOUSEKEEPING_SECONDS)

    application.background("seal-audit", seal_audit)
    application.background("housekeeping", keep_house)


def _translate(error: BaseException) -> ServiceError | None:
    if isinstance(error, asyncpg.UniqueViolationError):
        return AlreadyThere(field=_UNIQUE.get(error.constraint_name or "", _UNKNOWN))
    if isinstance(error, asyncpg.ForeignKeyViolationError):
        return StillReferenced()
    return None


def _positive(settings: Settings, name: str, default: int) -> int:
    text = settings.environment.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        message = f"{name} must be a positive whole number, not {text!r}"
        raise SettingsError(message)
    return int(text)


service: Service = Service(
    name=NAME,
    kind="platform",
    port=PORT,
    label=Label("身份与组织", "Identity and organisation"),
    version=VERSION,
    create_app=create_app,
    migrate=migrate,
)
__all__ = ["create_app", "service"]
