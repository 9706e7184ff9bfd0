"""Routes of import and export."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

from cellkit.declare.document import Document, Table
from cellkit.errors import BadRequest
from cellkit.exchange.columns import read_mapping
from cellkit.exchange.described import exchange_paths
from cellkit.exchange.exporting import export_rows
from cellkit.exchange.importing import MODES, ImportRequest, run_import
from cellkit.exchange.limits import SIMULTANEOUS_IMPORTS
from cellkit.exchange.tables import open_rows
from cellkit.exchange.template import template_reply
from cellkit.exchange.upload import Upload, receive
from cellkit.http.messages import Reply, Request
from cellkit.messaging.pages import check_query, one_of
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.flush import Kept

_IMPORT_PARAMETERS = frozenset({"mode", "mapping", "encoding"})
_TEMPLATE_PARAMETERS = frozenset({"format", "example"})


def add_exchange_routes(app: Any, engine: Engine, cell: Any) -> None:
    """Add the routes of import and export for every table of a cell."""
    base = f"/api/v1/{engine.cell}"
    # An import keeps a connection and a core busy; a crowd of them must not keep everybody else out.
    turns = asyncio.Semaphore(SIMULTANEOUS_IMPORTS)
    for table in cell.documents:
        app.extra_paths |= exchange_paths(engine.cell, table)
        app.router.add("GET", f"{base}/exports/{table.plural}", _exporter(engine, table))
        if issubclass(table, Document) and table.creatable:
            place = f"{base}/imports/{table.plural}"
            app.router.add("POST", place, _importer(engine, table, turns))
            app.router.add("GET", f"{place}/template", _template(engine, table))


def _importer(
    engine: Engine, document: type[Document], turns: asyncio.Semaphore
) -> Callable[[Request], Awaitable[Reply]]:
    async def handle(request: Request) -> Reply:
        role = await engine.role_of(request.caller)
        role.require(f"{document.key}.import")
        _refuse_unknown(request, _IMPORT_PARAMETERS)
        mode = request.query.get("mode", "all")
        if mode not in MODES:
            raise BadRequest(reason=one_of("mode", MODES))
        mapping = read_mapping(request.query.get("mapping", ""))
        upload = await receive(request)
        try:
            async with turns:
                extended: Any = engine.table_for(role.tenant_id, document)
                asked = ImportRequest(engine, request.caller, role, extended, mode, mapping, _kept(request, upload))
                source = await open_rows(upload, request.query.get("encoding", "auto"))
                try:
                    return await run_import(asked, source)
                finally:
                    source.close()
        finally:
            upload.close()

    return handle


def _kept(request: Request, upload: Upload) -> Kept:
    """What makes a request a repeat: the file's content, however it was wrapped, and how it is to be read."""
    how = "&".join(f"{name}={value}" for name, value in sorted(request.query.items()))
    return Kept(request.method, request.path, hashlib.sha256(upload.digest + how.encode()).digest())


def _template(engine: Engine, document: type[Document]) -> Callable[[Request], Awaitable[Reply]]:
    async def handle(request: Request) -> Reply:
        role = await engine.role_of(request.caller)
        role.require(f"{document.key}.import")
        _refuse_unknown(request, _TEMPLATE_PARAMETERS)
        extended: Any = engine.table_for(role.tenant_id, document)
        return await template_reply(engine, extended, role, request)

    return handle


def _exporter(engine: Engine, table: type[Table]) -> Callable[[Request], Awaitable[Reply]]:
    async def handle(request: Request) -> Reply:
        role: RoleDocument = await engine.role_of(request.caller)
        role.require(f"{table.key}.export")
        return await export_rows(engine, engine.table_for(role.tenant_id, table), request, role)

    return handle


def _refuse_unknown(request: Request, known: frozenset[str]) -> None:
    check_query(request.query, known)
