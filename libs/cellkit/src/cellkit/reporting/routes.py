"""The routes of reports below ``/api/v1/<cell>/_reports``."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from cellkit.errors import BadRequest, ValidationFailed, problem
from cellkit.exchange.exporting import attachment
from cellkit.http.messages import Reply, Request, json_reply
from cellkit.labels import L
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.flush import flush
from cellkit.pipeline.work import Work
from cellkit.reporting.catalogue import Catalogue, Known
from cellkit.reporting.definition import read_definition
from cellkit.reporting.documents import DEFINITION
from cellkit.reporting.files import FORMATS, file_of
from cellkit.reporting.run import Reports, Result
from cellkit.views.personal import Personal

if TYPE_CHECKING:
    from cellkit.cell import Cell

_BODY = frozenset({"definition", "parameters"})
MOST_PARAMETER_CHARACTERS = 1_000


class ReportRoutes:
    """Lists, keeps and runs reports."""

    def __init__(self, engine: Engine, cell: Cell, reports: Reports, catalogue: Catalogue) -> None:
        self._engine = engine
        self._cell = cell
        self._reports = reports
        self._catalogue = catalogue
        self._personal = Personal(
            engine, f"{cell.name}.{DEFINITION}", f"{cell.name}.{DEFINITION}.share", _definition_row
        )

    def add_to(self, router: Any) -> None:
        """Add the routes."""
        base = f"/api/v1/{self._cell.name}/_reports"
        router.add("GET", base, self.listed)
        router.add("POST", base, self._personal.create)
        router.add("POST", f"{base}/run", self.run_given)
        router.add("GET", f"{base}/{{id}}", self.read)
        router.add("PATCH", f"{base}/{{id}}", self._personal.change)
        router.add("DELETE", f"{base}/{{id}}", self._personal.delete)
        router.add("GET", f"{base}/{{id}}/run", self.run_kept)
        router.add("POST", f"{base}/{{id}}/copy", self.copy)

    async def listed(self, request: Request) -> Reply:
        """All reports that the caller may know of; ``entity`` narrows."""
        role = await self._engine.role_of(request.caller)
        refuse_unknown(request.query, {"entity"})
        items = await self._catalogue.listed(
            role, request.caller.language, request.query.get("entity") or None, self._cell.reports
        )
        return json_reply({"items": items})

    async def read(self, request: Request) -> Reply:
        """A report with its definition; refused where it shows what the caller may not see."""
        role = await self._engine.role_of(request.caller)
        refuse_unknown(request.query, set())
        known = await self._catalogue.find(request.parameters["id"], role)
        role.require(f"{known.definition.entity}.read")
        await self._reports.bound(known.definition, role, role.tenant_id)
        shown = await self._catalogue.shown(known, role, request.caller.language)
        row = known.row or {}
        return json_reply(
            {
                **shown,
                "definition": {**known.source, "entity": known.definition.entity},
                "description": row.get("description"),
                "roles": row.get("roles"),
            }
        )

    async def run_given(self, request: Request) -> Reply:
        """Run the definition in the body (``{"definition", "parameters"}``); nothing is kept."""
        role = await self._engine.role_of(request.caller)
        kind = _format(request.query, {"format"})
        body = await request.json_object()
        for name in sorted(body.keys() - _BODY):
            raise ValidationFailed([problem(name[:60], "unknown", "未知字段", "Unknown field")])
        given = body.get("parameters") or {}
        if not isinstance(given, dict):
            raise ValidationFailed([problem("parameters", "type", "应为对象", "Must be an object")])
        definition = read_definition(body.get("definition"))
        if kind != "json":
            role.require(f"{definition.entity}.export")
        result = await self._reports.run(definition, role, request.caller.language, given)
        return await self._answer(request, role, result, kind, None)

    async def run_kept(self, request: Request) -> Reply:
        """Run a report by id; the query holds its parameters and ``format``."""
        role = await self._engine.role_of(request.caller)
        known = await self._catalogue.find(request.parameters["id"], role)
        kind = _format(request.query, None)
        if kind != "json":
            role.require(f"{known.definition.entity}.export")
        given = {name: text for name, text in request.query.items() if name != "format"}
        if any(len(text) > MOST_PARAMETER_CHARACTERS for text in given.values()):
            raise BadRequest(reason=L("参数过长", "a parameter is too long"))
        result = await self._reports.run(known.definition, role, request.caller.language, given)
        return await self._answer(request, role, result, kind, known)

    async def copy(self, request: Request) -> Reply:
        """A copy of a report (also a declared one) as the caller's own, to be changed; ``{"name"}`` may be given."""
        role = await self._engine.role_of(request.caller)
        body = await request.json_object()
        for name in sorted(body.keys() - {"name"}):
            raise ValidationFailed([problem(name[:60], "unknown", "未知字段", "Unknown field")])
        known = await self._catalogue.find(request.parameters["id"], role)
        name = body.get("name") or L(f"{known.name('zh-CN')} 副本", f"{known.name('en-US')} copy").text(
            request.caller.language
        )
        values = {"name": name, "entity": known.definition.entity, "definition": known.source}
        return await self._personal.create(request, values)

    async def _answer(
        self, request: Request, role: RoleDocument, result: Result, kind: str, known: Known | None
    ) -> Reply:
        if kind == "json":
            # A large result is put together off the loop, so that other requests are answered meanwhile.
            made = await asyncio.to_thread(result.as_json)
            return json_reply(made, headers=[(b"cache-control", b"no-store")])
        language = request.caller.language
        entity = result.bound.table
        title = known.name(language) if known is not None else entity.label.text(language)
        content = await asyncio.to_thread(file_of, result, kind, title)
        async with self._engine.database.session(role.tenant_id) as connection:
            work = Work(self._engine, connection, request.caller, role)
            told = {
                "format": kind,
                "report": known.id if known is not None else None,
                "groups": len(result.groups.found),
            }
            work.record(f"{self._cell.name}.report.export", entity.key, request.caller.request_id, told)
            await flush(work, None, None)
        headers = [
            (b"content-disposition", attachment(f"{title}.{kind}", f"report.{kind}")),
            (b"cache-control", b"no-store"),
        ]
        return Reply(content, content_type=content_type(kind), headers=headers)


def content_type(kind: str) -> bytes:
    """The media type of a file."""
    return (FORMATS[kind] + ("; charset=utf-8" if kind == "csv" else "")).encode()


def run_link(cell: str, identity: str, parameters: dict[str, Any], kind: str) -> str:
    """The path at which a kept report is run."""
    pairs = {**parameters, "format": kind}
    text = "&".join(f"{quote(name)}={quote(str(value))}" for name, value in pairs.items() if value is not None)
    return f"/api/v1/{cell}/_reports/{quote(identity)}/run?{text}"


def refuse_unknown(query: dict[str, str], known: set[str]) -> None:
    """Raise :class:`BadRequest` for a query parameter that the route does not have."""
    unknown = query.keys() - known
    if unknown:
        name = min(unknown)[:60]
        raise BadRequest(reason=L(f"未知的查询参数 {name}", f"unknown query parameter {name}"))


def _format(query: dict[str, str], known: set[str] | None) -> str:
    if known is not None:
        refuse_unknown(query, known)
    kind = query.get("format") or "json"
    if kind not in ("json", *FORMATS):
        raise BadRequest(reason=L("format：json、csv 或 xlsx", "format: json, csv or xlsx"))
    return kind


def _definition_row(row: dict[str, Any], _role: RoleDocument) -> dict[str, Any]:
    names = ("id", "version", "name", "entity", "definition", "description", "sharing", "roles", "owner_id")
    return {name: row.get(name) for name in names}
