"""A cell: its declarations put together, and the service that is derived from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cellkit import meta, openapi
from cellkit.approval.telling import published as approval_events
from cellkit.cache.roles import SharedRoleSource
from cellkit.cache.shared import SharedCache
from cellkit.customizing.binding import bind
from cellkit.db.pool import Database
from cellkit.declare.dictionaries import Dictionary
from cellkit.declare.document import Document, Table
from cellkit.events import Handler
from cellkit.features import Context, features, kit_documents
from cellkit.http.application import Application
from cellkit.jobs.declare import Job
from cellkit.labels import Label
from cellkit.ops.access import HttpRoleSource, RoleDocuments, RoleSource
from cellkit.ops.client import ServiceClient
from cellkit.ops.registration import Registration
from cellkit.pipeline.database_errors import translate
from cellkit.pipeline.door import door
from cellkit.pipeline.engine import Engine, tables_by_key
from cellkit.pipeline.numbers import NumberBlocks
from cellkit.pipeline.report_routes import add_report_routes
from cellkit.pipeline.routes import add_table_routes
from cellkit.reports import Report
from cellkit.secrets import ring_of
from cellkit.service import Service
from cellkit.settings import Settings

Extension = Callable[[Application, Engine, "Cell"], None]


class Cell:
    """Everything a cell declares; ``documents`` afterwards has the kit's own as well.

    ``extend`` functions may add FastAPI routes of the cell's own (``app.api``) or background loops; ``publishes``
    lists event types that only the cell's code emits (``work.emit``); ``jobs`` what it does outside of requests;
    ``dictionaries`` what it ships for its :class:`DictionaryChoice` fields (tenants extend, relabel and retire their
    entries).
    """

    def __init__(  # noqa: PLR0913 - what a cell declares, all by keyword
        self,
        name: str,
        *,
        label: Label,
        version: str,
        port: int,
        package: str,
        documents: Sequence[type[Table]],
        handlers: Sequence[Handler] = (),
        reports: Sequence[Report] = (),
        publishes: Sequence[str] = (),
        jobs: Sequence[Job] = (),
        dictionaries: Sequence[Dictionary] = (),
        extend: Sequence[Extension] = (),
    ) -> None:
        self.name = name
        self.label = label
        self.version = version
        self.port = port
        self.package = package
        self.documents = (*documents, *kit_documents(name))
        self.reports = tuple(reports)
        self.publishes = tuple(publishes)
        self.jobs = tuple(jobs)
        self.extend = tuple(extend)
        self.tables = tables_by_key(self.documents)
        self.dictionaries, fresh_labels = bind(self.tables, dictionaries)
        self.handlers = (*handlers, *fresh_labels)
        for table in self.documents:
            if not table.key.startswith(f"{name}."):
                message = f"{table.key} does not belong to cell {name}"
                raise ValueError(message)

    @property
    def service(self) -> Service:
        """The service that the command line runs."""
        return Service(
            name=self.name,
            kind="cell",
            port=self.port,
            label=self.label,
            version=self.version,
            create_app=self.create_app,
            migrate=self.migrate,
        )

    def migrate(self, settings: Settings) -> list[str]:
        """Bring the database to this version."""
        from cellkit.db.migrate import upgrade  # noqa: PLC0415 - Alembic is 13 MB that serving needs nothing of

        return upgrade(
            settings.migration_database_url,
            f"{self.package}:migrations",
            app_role_is_owner=settings.migration_database_url == settings.database_url,
        )

    def published_types(self) -> list[str]:
        """Every event type that the cell may emit."""
        types = {*self.publishes, *approval_events(self.name)}
        for table in self.documents:
            if issubclass(table, Document):
                types.update(f"{table.key}.{past}.v1" for past in ("created", "updated", "deleted"))
                types.update(f"{table.key}.{item.event}.v1" for item in table.actions.values() if item.event)
        return sorted(types)

    def create_app(self, settings: Settings, *, role_source: RoleSource | None = None) -> Application:
        """The ASGI application of one instance; tests give a ``role_source`` of their own."""
        from cellkit.exchange.routes import add_exchange_routes  # noqa: PLC0415 - the spreadsheet libraries load late
        from cellkit.messaging.install import install_messaging  # noqa: PLC0415 - needs the application type above

        app = Application(settings, title=self.label.zh, version=self.version)
        database = Database(
            settings.database_url, size=settings.database_pool_size, metrics=app.metrics, name=self.name
        )
        client = ServiceClient(settings)
        cache = SharedCache.of(settings, app.metrics)
        source = role_source or HttpRoleSource(client)
        engine = Engine(
            cell=self.name,
            database=database,
            roles=RoleDocuments(SharedRoleSource(source, cache) if cache.on else source, cell=self.name),
            offline_roles=RoleDocuments(role_source or HttpRoleSource(client, offline=True), cell=self.name),
            keys=ring_of(settings),
            numbers=NumberBlocks(database),
            tables=self.tables,
            cache=cache,
        )
        app.lifespan(cache.lifespan)
        app.lifespan(database.lifespan)
        app.lifespan(client.lifespan)
        app.ready_checks["database"] = database.check
        app.translate_error.append(translate)
        app.engine = engine
        app.router.around = door(engine)
        for table in self.documents:
            add_table_routes(app.router, engine, table)
        for item in self.reports:
            add_report_routes(app.router, engine, item)
        add_exchange_routes(app, engine, self)
        install_messaging(app, engine, self, client)
        context = Context(app, engine, self, client)
        for feature in features():
            feature.install(context)
        self._add_self_description(app, engine)
        for function in self.extend:
            function(app, engine, self)
        app.lifespan(Registration(settings, client, self._registration(settings)).lifespan)
        return app

    def manifest(self) -> dict[str, Any]:
        """What the cell tells governance about itself."""
        return meta.manifest(self)

    def _registration(self, settings: Settings) -> dict[str, Any]:
        return {
            "name": self.name,
            "version": self.version,
            "label": self.label.as_json(),
            "url": settings.public_url,
            "manifest": self.manifest(),
        }

    def _add_self_description(self, app: Application, engine: Engine) -> None:
        base = f"/api/v1/{self.name}"
        for path in ("", base):
            app.router.add("GET", f"{path}/openapi.json", openapi.endpoint(self, app))
            app.router.add("GET", f"{path}/docs", openapi.docs_endpoint(self, app, f"{path}/openapi.json"))
        app.router.add("GET", "/_meta", meta.open_endpoint(self))
        app.router.add("GET", f"{base}/_meta", meta.caller_endpoint(self, engine))
