"""Monitor as a service."""

from __future__ import annotations

from typing import Any

from cellkit.http.application import Application
from cellkit.http.messages import Reply, Request, to_json
from cellkit.labels import L
from cellkit.ops.access import HttpRoleSource, RoleDocuments, RoleSource
from cellkit.ops.client import ServiceClient
from cellkit.service import Service
from cellkit.settings import Settings
from platform_monitor.history import History
from platform_monitor.routes import MonitorRoutes
from platform_monitor.scraping import Scraper
from platform_monitor.targets import Targets

VERSION = "0.1.0"


def create_app(settings: Settings, *, roles: RoleSource | None = None) -> Application:
    """The ASGI application. ``roles`` replaces identity as the source of role documents (tests)."""
    settings = settings.as_platform()
    application = Application(settings, title="监控中心 · Monitor", version=VERSION)
    client = ServiceClient(settings)
    targets, history = Targets(settings, client), History()
    scraper = Scraper(targets, history)
    documents = RoleDocuments(roles or HttpRoleSource(client))
    application.open_paths |= {"/api/monitor/health"}
    application.api.include_router(MonitorRoutes(targets, history, documents).router())
    application.router.add("GET", "/openapi.json", _openapi(application))
    application.lifespan(client.lifespan)
    application.lifespan(scraper.lifespan)
    application.background("scraping", scraper.run)
    return application


def _openapi(application: Application) -> Any:
    async def document(_request: Request) -> Reply:
        return Reply(to_json(application.api.openapi()))

    return document


service = Service(
    name="monitor",
    kind="platform",
    port=9000,
    label=L("监控中心", "Monitor"),
    version=VERSION,
    create_app=create_app,
    needs_database=False,
)
