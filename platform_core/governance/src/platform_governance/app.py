"""Governance as a service."""

from __future__ import annotations

import asyncio
from typing import Any

from platform_gateway import process
from platform_gateway.files import ConfigurationFolder

from cellkit.db.pool import Database
from cellkit.errors import Unavailable
from cellkit.http.application import Application
from cellkit.http.messages import Reply, Request, to_json
from cellkit.labels import L
from cellkit.log import get_logger
from cellkit.ops.access import HttpRoleSource, RoleDocuments, RoleSource
from cellkit.ops.client import ServiceClient
from cellkit.service import Service
from cellkit.settings import Settings
from platform_governance.access import Access
from platform_governance.configuration.keeping import Configuration
from platform_governance.configuration.routes import ConfigurationRoutes
from platform_governance.envoy import BreakerWatch, Envoy
from platform_governance.http.admin import Administration
from platform_governance.http.directory import directory_routes
from platform_governance.http.registration import PREFIX, registration_routes
from platform_governance.http.signed import SenderCheck
from platform_governance.keys import KeyWatch
from platform_governance.migrate import migrate
from platform_governance.outbound import Outbound
from platform_governance.probing import Prober
from platform_governance.publishing import Publisher
from platform_governance.registry import Registry
from platform_governance.store import Store

VERSION = "0.1.0"
_LOAD_RETRY_SECONDS = 0.5
log = get_logger("governance")


def create_app(settings: Settings, *, roles: RoleSource | None = None) -> Application:
    """The ASGI application. ``roles`` replaces identity as the source of role documents (tests)."""
    settings = settings.as_platform()
    application = Application(settings, title="治理中心 · Governance", version=VERSION)
    database = Database(
        settings.database_url, size=settings.database_pool_size, metrics=application.metrics, name="governance"
    )
    store, outbound, client = Store(database), Outbound(), ServiceClient(settings)
    registry = Registry(store)
    platform_urls = process.platform_urls(settings)
    folder = ConfigurationFolder(process.configuration_folder(settings), settings.signing_secret)
    envoy = Envoy(process.admin_url(settings), outbound)
    last = folder.read_routing()
    keys = KeyWatch(settings, outbound, last.jwks if last else None, registry.changed.set)
    configuration = Configuration(database, settings.data_folder, settings.environment, registry.changed.set)
    publisher = Publisher(registry, folder, envoy, platform_urls, lambda: keys.jwks, configuration.policies)
    prober = Prober(registry, outbound, platform_urls)
    access = Access(RoleDocuments(roles or HttpRoleSource(client)))

    application.open_prefixes = (f"{PREFIX}/",)
    application.ready_checks["database"] = database.check
    application.ready_checks["registry"] = _loaded(registry)
    application.api.include_router(registration_routes(registry, SenderCheck(settings)))
    administration = Administration(
        registry=registry,
        store=store,
        access=access,
        prober=prober,
        envoy=envoy,
        publisher=publisher,
        outbound=outbound,
        data_folder=settings.data_folder,
    )
    application.api.include_router(administration.routes())
    application.api.include_router(directory_routes(registry))
    application.api.include_router(ConfigurationRoutes(configuration, access, settings.data_folder).routes())
    application.router.add("GET", "/openapi.json", _openapi(application))
    application.lifespan(database.lifespan)
    application.lifespan(outbound.lifespan)
    application.lifespan(client.lifespan)
    application.background("load", lambda: _load(registry, configuration))
    application.background("keys", keys.run)
    application.background("probes", prober.run)
    application.background("breakers", BreakerWatch(registry, envoy).run)
    application.background("publishing", publisher.run)
    return application


def _loaded(registry: Registry) -> Any:
    async def check() -> None:
        if not registry.loaded:
            raise Unavailable(retry_after_seconds=1)

    return check


async def _load(registry: Registry, configuration: Configuration) -> None:
    """Read the registry back as soon as the database answers; nothing is published from memory before."""
    failing = False
    while not registry.loaded:
        try:
            if not configuration.loaded:
                await configuration.load()
            await registry.load()
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the database, it may come back
            if not failing:
                log.warning("registry_not_loaded", error=f"{type(error).__name__}: {error}"[:300])
            failing = True
            await asyncio.sleep(_LOAD_RETRY_SECONDS)
    await asyncio.Event().wait()


def _openapi(application: Application) -> Any:
    async def document(_request: Request) -> Reply:
        return Reply(to_json(application.api.openapi()))

    return document


service = Service(
    name="governance",
    kind="platform",
    port=8005,
    label=L("治理中心", "Governance"),
    version=VERSION,
    create_app=create_app,
    migrate=migrate,
)
