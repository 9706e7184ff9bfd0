"""Monitor as a service."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cellkit.http.application import Application
from cellkit.http.messages import Reply, Request, to_json
from cellkit.labels import L
from cellkit.ops.access import HttpRoleSource, RoleDocuments, RoleSource
from cellkit.ops.client import ServiceClient
from cellkit.service import Service
from cellkit.settings import Settings
from platform_monitor.access import Access
from platform_monitor.alerts.channels import Channels
from platform_monitor.alerts.engine import Alerting, Sources
from platform_monitor.alerts.routes import AlertRoutes
from platform_monitor.alerts.store import AlertStore
from platform_monitor.backups.reading import BackupFolder
from platform_monitor.backups.routes import BackupRoutes
from platform_monitor.database import MonitorDatabase
from platform_monitor.history import History
from platform_monitor.logs.files import ACCESS, LogFolder
from platform_monitor.logs.routes import LogRoutes
from platform_monitor.routes import MonitorRoutes
from platform_monitor.scraping import Scraper
from platform_monitor.series import Series
from platform_monitor.system.routes import SystemRoutes
from platform_monitor.targets import Targets
from platform_monitor.traffic.counting import Traffic
from platform_monitor.traffic.following import Follower
from platform_monitor.traffic.routes import TopologyRoutes

VERSION = "0.1.0"


def create_app(settings: Settings, *, roles: RoleSource | None = None) -> Application:
    """The ASGI application. ``roles`` replaces identity as the source of role documents (tests)."""
    settings = settings.as_platform()
    application = Application(settings, title="监控中心 · Monitor", version=VERSION)
    client = ServiceClient(settings)
    targets, history = Targets(settings, client), History()
    scraper = Scraper(targets, history)
    access, traffic = Access(RoleDocuments(roles or HttpRoleSource(client))), Traffic()
    backups = BackupFolder(settings)
    database = MonitorDatabase(settings.data_folder / "monitor" / "monitor.sqlite")
    series = Series(database, history)
    folder = LogFolder(log_folder(settings))
    application.open_paths |= {"/api/monitor/health"}
    application.api.include_router(MonitorRoutes(targets, history, series, access).router())
    application.api.include_router(TopologyRoutes(targets, traffic, access).router())
    application.api.include_router(LogRoutes(folder, access).router())
    store, channels = AlertStore(database), Channels(settings, database)
    alerting = Alerting(store, channels, Sources(targets, history, backups, settings.data_folder))
    application.api.include_router(AlertRoutes(store, channels, alerting, access).router())
    application.api.include_router(BackupRoutes(settings, backups, access).router())
    application.api.include_router(SystemRoutes(settings, backups.folder, access).router())
    application.router.add("GET", "/openapi.json", _openapi(application))
    application.lifespan(client.lifespan)
    application.lifespan(database.lifespan)
    application.lifespan(channels.lifespan)
    application.lifespan(scraper.lifespan)
    application.background("scraping", scraper.run)
    application.background("series", series.run)
    application.background("alerts", alerting.run)
    application.background("traffic", Follower(access_log(settings), traffic).run)
    return application


def log_folder(settings: Settings) -> Path:
    """Where the processes' logs lie: ``MONITOR_LOG_DIR``, by default ``logs`` in the data folder."""
    return Path(settings.extra("MONITOR_LOG_DIR") or settings.data_folder / "logs")  # noqa: S610 - not Django's method


def access_log(settings: Settings) -> Path:
    """The gateway's access log."""
    return log_folder(settings) / f"{ACCESS}.log"


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
)
