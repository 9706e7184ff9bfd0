"""Print, preview, and the log of prints."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from cellkit.declare.document import Document, Table
from cellkit.declare.fields import FieldError, parse_uuid
from cellkit.declare.prints import prints_of
from cellkit.errors import BadRequest, Forbidden, NotFound, ValidationFailed, problem
from cellkit.files.access import visible_documents
from cellkit.http.messages import Reply, Request, json_reply
from cellkit.messaging import pages
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.execute import Answer, Busy, execute, kept_reply
from cellkit.pipeline.flush import Kept, body_hash
from cellkit.pipeline.work import Work
from cellkit.printing.asking import MOST_DOCUMENTS, read_asked
from cellkit.printing.documents import documents, template_problems
from cellkit.printing.errors import NothingToPrint
from cellkit.printing.jobs import payload_of, print_batch
from cellkit.printing.loading import chosen_ids
from cellkit.printing.printer import Asked, CountChanged, Printer

DIRECT = 20
"""As many documents are printed within the request; more by a job."""
_PDF, _PNG = b"application/pdf", b"image/png"
_PREVIEW_KEYS = frozenset(
    {"entity", "print", "paper", "mode", "layout", "program", "logo", "code", "id", "format", "page"}
)
_LOG_FILTERS = {"entity": "entity", "user_id": "printed_by", "print": "print"}
Endpoint = Callable[[Request], Awaitable[Reply]]


class PrintRoutes:
    """The routes below ``/api/v1/<cell>/_prints``."""

    def __init__(self, printer: Printer) -> None:
        self._printer = printer
        self._engine: Engine = printer.engine
        self._by_plural = {table.plural: table for table in self._engine.tables.values() if issubclass(table, Document)}

    def add_to(self, router: Any) -> None:
        """Add the routes."""
        base = f"/api/v1/{self._engine.cell}/_prints"
        router.add("GET", f"{base}/log", self.log)
        router.add("POST", f"{base}/preview", self.preview_template)
        router.add("GET", f"{base}/{{plural}}", self.listed)
        router.add("POST", f"{base}/{{plural}}", self.print)
        router.add("GET", f"{base}/{{plural}}/{{id}}", self.preview)

    async def _of(self, request: Request) -> tuple[type[Table], RoleDocument]:
        role = await self._engine.role_of(request.caller)
        table = self._by_plural.get(request.parameters["plural"])
        if table is None:
            if not any(role.allows(f"{one.key}.print") for one in self._by_plural.values()):
                raise Forbidden(permission=f"{self._engine.cell}.print.read")
            raise NotFound(entity=request.parameters["plural"][:60])
        role.require(f"{table.key}.print")
        role.require(f"{table.key}.read")
        return table, role

    async def listed(self, request: Request) -> Reply:
        """What can be printed of a document, and the tenant's published templates of each print."""
        table, role = await self._of(request)
        pages.check_query(request.query, ())
        text = (
            "SELECT id, name, print, code, revision, paper FROM kit_print_template "
            "WHERE tenant_id = $1 AND entity = $2 AND state = 'published' ORDER BY print, code"
        )
        async with self._engine.database.session(role.tenant_id) as connection:
            records = await connection.fetch(text, UUID(role.tenant_id), table.key)
        items = [
            {
                "name": item.name,
                "label": item.label.text(request.caller.language),
                "paper": item.paper.name,
                "per": item.per,
                "formats": ["pdf", "zpl"] if item.paper.label else ["pdf"],
                "templates": [
                    {key: record[key] for key in ("id", "name", "code", "revision", "paper")}
                    for record in records
                    if record["print"] == item.name
                ],
            }
            for item in prints_of(table).values()
        ]
        return json_reply({"items": items, "next": None, "total": None})

    async def print(self, request: Request) -> Reply:
        """Print: counted and logged; the result is a file of the caller. Many documents are printed by a job."""
        table, role = await self._of(request)
        pages.check_query(request.query, ())
        body = await request.json_object()
        kept = Kept(request.method, request.path, body_hash(await request.body()))
        if (reply := await self._before(request, kept)) is not None:
            return reply
        asked, query = read_asked(body, table, self._printer, request.caller.language)
        if query is not None:
            found = await chosen_ids(self._engine, table, query, role, MOST_DOCUMENTS)
            if len(found) > MOST_DOCUMENTS:
                zh, en = (
                    f"最多 {MOST_DOCUMENTS} 张，请缩小范围",
                    f"At most {MOST_DOCUMENTS} documents; narrow the filter",
                )
                raise ValidationFailed([problem("filter", "most", zh, en)])
            asked = replace(asked, ids=tuple(found))
        if not asked.ids:
            raise NothingToPrint
        chosen = await self._printer.choose(table, asked.print, asked.code, role, asked.language)
        if len(asked.ids) > DIRECT:
            return await self._later(request, role, asked, kept)

        async def finish(stored: Any, earlier: dict[UUID, int]) -> Reply | None:
            async def operation(work: Work) -> Answer:
                made = await self._printer.record(work, asked, chosen, stored, earlier)
                return lambda _made: json_reply(made, status=201)

            return await execute(self._engine, request.caller, role, operation, kept)

        try:
            reply = await self._printer.attempt(asked, chosen, role, finish)
        except CountChanged:
            raise Busy(reason="concurrency", retry_after_seconds=1) from None
        self._printer.store.wake()
        return reply  # type: ignore[no-any-return]  # what `finish` made

    async def _before(self, request: Request, kept: Kept) -> Reply | None:
        """The answer that this request got before: typesetting again for it would be waste."""
        async with self._engine.database.session(request.caller.tenant_id) as connection:
            return await kept_reply(self._engine, connection, request.caller, kept)

    async def _later(self, request: Request, role: RoleDocument, asked: Asked, kept: Kept) -> Reply:
        async def operation(work: Work) -> Answer:
            identity = await work.enqueue(print_batch, payload_of(asked))
            made = {"job": str(identity), "documents": len(asked.ids)}
            return lambda _made: json_reply(made, status=202)

        reply = await execute(self._engine, request.caller, role, operation, kept)
        if reply is None:
            raise Busy(reason="concurrency", retry_after_seconds=1)
        return reply

    async def preview(self, request: Request) -> Reply:
        """How one document would be printed; not counted, with a watermark that says so."""
        table, role = await self._of(request)
        query = request.query
        pages.check_query(query, ("print", "code", "format", "page"))
        name = query.get("print") or next(iter(prints_of(table)))
        code = query.get("code") or "standard"
        chosen = await self._printer.choose(table, name, code, role, request.caller.language)
        try:
            key = parse_uuid(request.parameters["id"])
        except FieldError:
            raise NotFound(id=request.parameters["id"][:60]) from None
        asked = Asked(table, name, (key,), code=code, language=request.caller.language)
        return await self._shown(asked, chosen, role, query.get("format") or "pdf", query.get("page") or "1")

    async def preview_template(self, request: Request) -> Reply:
        """How a template that is being written would look, with a document (``id``) or a made-up one."""
        role = await self._engine.role_of(request.caller)
        pages.check_query(request.query, ())
        key = f"{self._engine.cell}.print_template"
        if not (role.allows(f"{key}.update") or role.allows(f"{key}.create")):
            raise Forbidden(permission=f"{key}.update")
        body = await request.json_object()
        asked, chosen = await self._of_template(request, body, role)
        return await self._shown(asked, chosen, role, body.get("format") or "pdf", str(body.get("page") or 1))

    async def _of_template(self, request: Request, body: dict[str, Any], role: RoleDocument) -> tuple[Asked, Any]:
        for name in body:
            if name not in _PREVIEW_KEYS:
                raise ValidationFailed([problem(name[:100], "unknown", "未知字段", "Unknown field")])
        entity = body.get("entity")
        table = self._engine.tables.get(entity) if isinstance(entity, str) else None
        if table is None or not issubclass(table, Document) or not role.allows(f"{table.key}.read"):
            raise ValidationFailed([problem("entity", "unknown", "没有此单据类型", "No such entity")])
        name = body.get("print") or next(iter(prints_of(table)))
        declared = self._printer.declared(table, name if isinstance(name, str) else "")
        language = request.caller.language
        row = {
            "entity": table.key, "print": declared.name, "paper": body.get("paper") or declared.paper.name,
            "mode": body.get("mode") or "layout", "layout": body.get("layout"), "program": body.get("program"),
            "logo": body.get("logo"),
        }  # fmt: skip
        [template] = documents(self._engine.cell)
        for field_name in ("paper", "mode", "layout", "program", "logo"):
            if row[field_name] is not None:
                try:
                    row[field_name] = template.fields[field_name].accept(row[field_name])
                except FieldError as error:
                    raise ValidationFailed([problem(field_name, error.rule, *error.message)]) from None
        problems = template_problems(table, row)
        if problems:
            raise ValidationFailed(problems)
        ids: tuple[UUID, ...] = ()
        if body.get("id") is not None:
            try:
                ids = (parse_uuid(body["id"]),)
            except FieldError as error:
                raise ValidationFailed([problem("id", error.rule, *error.message)]) from None
        return Asked(table, declared.name, ids, language=language), self._printer.from_template(declared, row)

    async def _shown(self, asked: Asked, chosen: Any, role: RoleDocument, kind: Any, page: str) -> Reply:
        if kind not in ("pdf", "png", "zpl") or (kind == "zpl" and not chosen.paper.label):
            raise BadRequest(reason="format: pdf, png" + (", zpl" if chosen.paper.label else ""))
        if not page.isascii() or not page.isdigit() or not 1 <= int(page[:5]) <= 1000:
            raise BadRequest(reason="page: 1–1000")
        asked = replace(asked, format="zpl" if kind == "zpl" else "pdf")
        made = await self._printer.preview(asked, chosen, role)
        if kind == "png":
            made = await self._printer.pictures(made, int(page))
        headers = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
        content_type = {"pdf": _PDF, "png": _PNG, "zpl": b"application/x-zpl"}[kind]
        return Reply(made, content_type=content_type, headers=headers)

    async def log(self, request: Request) -> Reply:
        """Who printed what, newest first; all of it, or that of one document."""
        role = await self._engine.role_of(request.caller)
        query = request.query
        pages.check_query(query, (*_LOG_FILTERS, "entity_id", "limit", "cursor", "total"))
        parameters: list[Any] = [UUID(request.caller.tenant_id)]
        where = "tenant_id = $1"
        for name, column in _LOG_FILTERS.items():
            if query.get(name):
                parameters.append(query[name])
                where += f" AND {column} = ${len(parameters)}"
        key = await self._log_of(request, role)
        if key is not None:
            parameters.append(key)
            where += f" AND entity_id = ${len(parameters)}"
        counting, counted = f"SELECT count(*) FROM kit_print_log WHERE {where}", len(parameters)
        after = pages.read_cursor(query, UUID)
        if after is not None:
            parameters.append(after[0])
            where += f" AND id < ${len(parameters)}"
        limit, total = pages.limit_of(query), None
        text = f"SELECT * FROM kit_print_log WHERE {where} ORDER BY id DESC LIMIT {limit + 1}"
        async with self._engine.database.session(request.caller.tenant_id) as connection:
            records = await connection.fetch(text, *parameters)
            if pages.wants_total(query):
                total = await connection.fetchval(counting, *parameters[:counted])
        following = None
        if len(records) > limit:
            records = records[:limit]
            following = pages.make_cursor(records[-1]["id"])
        items = [{name: value for name, value in record.items() if name != "tenant_id"} for record in records]
        return pages.page_reply(items, following, total)

    async def _log_of(self, request: Request, role: RoleDocument) -> UUID | None:
        """The document whose log is asked for; its readers may see that, all of it needs a permission of its own."""
        text = request.query.get("entity_id")
        try:
            key = parse_uuid(text) if text else None
        except FieldError as error:
            raise BadRequest(reason=error.message) from None
        if role.allows(f"{self._engine.cell}.print.read"):
            return key
        table = self._engine.tables.get(request.query.get("entity", ""))
        if key is None or table is None or not role.allows(f"{table.key}.print"):
            raise Forbidden(permission=f"{self._engine.cell}.print.read")
        async with self._engine.database.session(role.tenant_id) as connection:
            if key not in await visible_documents(connection, role, table, [key]):
                raise NotFound(entity=table.key, id=str(key))
        return key
