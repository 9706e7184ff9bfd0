"""The import wizard's resources: upload, map, check, write, follow, undo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cellkit.declare.document import Document
from cellkit.declare.fields import FieldError, parse_uuid
from cellkit.errors import BadRequest, Forbidden, NotFound, ValidationFailed, problem
from cellkit.exchange import annotated, store
from cellkit.exchange.columns import recognise
from cellkit.exchange.errors import FileGone, ImportBusy, ImportStateConflict
from cellkit.exchange.exporting import attachment
from cellkit.exchange.importing import MODES
from cellkit.exchange.limits import XLSX_TYPE
from cellkit.exchange.tables import open_rows
from cellkit.exchange.updating import EXISTING, Updates
from cellkit.exchange.uploading import take_upload
from cellkit.exchange.wizard_jobs import check_import, commit_import, undo_import
from cellkit.exchange.wizard_shown import LINES, STATE_LABELS, column_texts, fields_shown, line_shown
from cellkit.exchange.wizard_tables import STATES
from cellkit.http.messages import Reply, Request, json_reply
from cellkit.jobs.declare import Job
from cellkit.jobs.routes import no_body
from cellkit.labels import L, Label
from cellkit.messaging import pages
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.execute import Answer, execute
from cellkit.pipeline.flush import Kept, body_hash
from cellkit.pipeline.work import Work
from cellkit.read.projection import projection

ENTITY = "kit.import"
_WAYS = tuple(mode for mode in MODES if mode != "dry_run")
_OPEN_BEFORE = ("uploaded", "checked")
_ERRORS = """
SELECT position, row, "column", field, rule, zh, en FROM kit_import_problem
WHERE tenant_id = $1 AND import_id = $2 AND position > $3 ORDER BY position LIMIT $4
"""
_CHANGE = """
WITH outdated AS (DELETE FROM kit_import_problem WHERE tenant_id = $1 AND import_id = $2)
UPDATE kit_import SET mapping = $3, mode = $4, existing = $5, state = 'uploaded', documents = 0, created = 0,
    updated = 0, unchanged = 0, failed = 0, error_count = 0
WHERE tenant_id = $1 AND id = $2
"""


class Wizard:
    """The routes below ``/api/v1/<cell>/_imports``. Who may import a document sees all of its imports."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_to(self, router: Any) -> None:
        """Add the routes."""
        base = f"/api/v1/{self._engine.cell}/_imports"
        router.add("GET", base, self.listing)
        router.add("POST", base, self.upload)
        router.add("GET", f"{base}/{{id}}", self.read)
        router.add("PATCH", f"{base}/{{id}}", self.change)
        router.add("GET", f"{base}/{{id}}/errors", self.errors)
        router.add("GET", f"{base}/{{id}}/file", self.file)
        for verb in ("check", "commit", "undo", "cancel"):
            router.add("POST", f"{base}/{{id}}/{verb}", getattr(self, verb))

    async def listing(self, request: Request) -> Reply:
        """Imports, newest first; ``document``, ``state`` and ``mine=true`` narrow."""
        role = await self._engine.role_of(request.caller)
        query = request.query
        pages.check_query(query, ("document", "state", "mine", "limit", "cursor", "total"))
        allowed = self._allowed(role)
        limit = pages.limit_of(query)
        after = pages.read_cursor(query, UUID)
        wanted = [query["document"]] if query.get("document") else allowed
        if not set(wanted) <= set(allowed):
            raise Forbidden(permission=f"{wanted[0][:60]}.import")
        parameters: list[Any] = [UUID(request.caller.tenant_id), wanted]
        where = "i.tenant_id = $1 AND i.document = ANY($2::text[])"
        if query.get("state"):
            if query["state"] not in STATES:
                raise BadRequest(reason=pages.one_of("state", STATES))
            parameters.append(query["state"])
            where += f" AND i.state = ${len(parameters)}"
        if query.get("mine") in ("true", "1"):
            parameters.append(request.caller.user_id)
            where += f" AND i.created_by = ${len(parameters)}"
        counting, counted = f"SELECT count(*) FROM kit_import i WHERE {where}", len(parameters)
        if after is not None:
            parameters.append(after[0])
            where += f" AND i.id < ${len(parameters)}"
        total = None
        async with self._engine.database.session(request.caller.tenant_id) as connection:
            records = await connection.fetch(f"{LINES} WHERE {where} ORDER BY i.id DESC LIMIT {limit + 1}", *parameters)
            if pages.wants_total(query):
                total = await connection.fetchval(counting, *parameters[:counted])
        following = None
        if len(records) > limit:
            records = records[:limit]
            following = pages.make_cursor(records[-1]["id"])
        shown = [line_shown(self._engine, record, request.caller.language) for record in records]
        return pages.page_reply(shown, following, total)

    async def upload(self, request: Request) -> Reply:
        """Take a file for ``document`` and suggest what its columns mean."""
        role = await self._engine.role_of(request.caller)
        allowed = self._allowed(role)
        pages.check_query(request.query, ("document", "name", "encoding"))
        key = request.query.get("document", "")
        if key not in allowed:
            known = self._engine.tables.get(key)
            if known is not None:
                raise Forbidden(permission=f"{key}.import")
            raise BadRequest(reason=L("document 应为可导入的单据的键", "document: the key of one that can be imported"))
        identity = await take_upload(self._engine, self._document(role, key), request, role)
        return json_reply(
            await self._shown(request, role, identity),
            status=201,
            headers=[(b"location", f"/api/v1/{self._engine.cell}/_imports/{identity}".encode())],
        )

    async def read(self, request: Request) -> Reply:
        """One import: its columns and what they fill, its counts, what goes on."""
        role = await self._engine.role_of(request.caller)
        pages.check_query(request.query, ())
        return json_reply(await self._shown(request, role, await self._visible(request, role)))

    async def change(self, request: Request) -> Reply:
        """Choose the ``mapping``, the ``mode`` and what happens to ``existing`` documents."""
        role = await self._engine.role_of(request.caller)
        identity = await self._visible(request, role)
        body = await request.json_object()

        async def operation(work: Work) -> Answer:
            line = await self._idle(work, identity, _OPEN_BEFORE)
            mapping = _checked(body, line)
            document = self._document(role, line["document"])
            mode, existing = body.get("mode", line["mode"]), body.get("existing", line["existing"])
            columns, _ = recognise(document, list(line["headings"]), mapping, projection(document, role))
            Updates.of(document, columns, existing)
            await work.connection.execute(_CHANGE, work.tenant_id, identity, mapping, mode, existing)
            return lambda _made: json_reply({})

        await execute(self._engine, request.caller, role, operation)
        return json_reply(await self._shown(request, role, identity))

    async def check(self, request: Request) -> Reply:
        """Rehearse the import as a job: every problem by row and column, nothing written."""
        return await self._start(request, check_import, _OPEN_BEFORE)

    async def commit(self, request: Request) -> Reply:
        """Write the rows as a job; one in batches that was cut off goes on."""
        return await self._start(request, commit_import, (*_OPEN_BEFORE, "committing"))

    async def undo(self, request: Request) -> Reply:
        """Remove, as a job, the documents that the import made and nobody has touched."""
        return await self._start(request, undo_import, ("committing", "committed"))

    async def cancel(self, request: Request) -> Reply:
        """End the import's job; what it has not committed is undone."""
        role = await self._engine.role_of(request.caller)
        identity = await self._visible(request, role)
        await no_body(request)
        cancelled: list[UUID] = []

        async def operation(work: Work) -> Answer:
            await work.begin()
            line = await store.line_of(work.connection, work.tenant_id, identity, lock=True)
            changed = await work.connection.fetchval(
                "UPDATE kit_job SET cancel_asked_at = $3, cancel_asked_by = $4, "
                "state = CASE state WHEN 'waiting' THEN 'cancelled' ELSE state END, "
                "finished_at = CASE state WHEN 'waiting' THEN $3::timestamptz END "
                "WHERE tenant_id = $1 AND id = $2 AND state IN ('waiting', 'running') RETURNING id",
                work.tenant_id,
                (line or {}).get("job_id"),
                work.now,
                work.caller.user_id,
            )
            if changed is None:
                raise ImportStateConflict(state=L("没有进行中的任务", "nothing goes on"))
            cancelled[:] = [changed]
            work.record(f"{self._engine.cell}.import.cancel", ENTITY, str(identity))
            return lambda _made: json_reply({})

        await execute(self._engine, request.caller, role, operation)
        for job_id in cancelled:
            self._engine.cancel_job(job_id)
        return json_reply(await self._shown(request, role, identity))

    async def errors(self, request: Request) -> Reply:
        """The problems of the last check or commit, or what an undo left and why; in the order of the file."""
        role = await self._engine.role_of(request.caller)
        pages.check_query(request.query, ("limit", "cursor"))
        limit = pages.limit_of(request.query)
        after = pages.read_cursor(request.query, int)
        identity = await self._visible(request, role)
        async with self._engine.database.session(request.caller.tenant_id) as connection:
            records = await connection.fetch(
                _ERRORS, UUID(request.caller.tenant_id), identity, after[0] if after else -1, limit + 1
            )
        following = None
        if len(records) > limit:
            records = records[:limit]
            following = pages.make_cursor(records[-1]["position"])
        language = request.caller.language
        shown = [
            {name: record[name] for name in ("row", "column", "field", "rule")}
            | {"message": Label(record["zh"], record["en"]).text(language)}
            for record in records
        ]
        return pages.page_reply(shown, following, None)

    async def file(self, request: Request) -> Reply:
        """The file back as a workbook, wrong cells coloured and explained; ``only=errors`` leaves out right rows."""
        role = await self._engine.role_of(request.caller)
        pages.check_query(request.query, ("only",))
        only = request.query.get("only", "all")
        if only not in ("all", "errors"):
            raise BadRequest(reason=pages.one_of("only", ("all", "errors")))
        identity = await self._visible(request, role)
        tenant_id, language = request.caller.tenant_id, request.caller.language
        problems: dict[int, list[tuple[str, Label]]] = {}
        async with self._engine.database.session(tenant_id) as connection:
            line = await store.line_of(connection, UUID(tenant_id), identity)
            records = await connection.fetch(_ERRORS, UUID(tenant_id), identity, -1, store.MOST_PROBLEMS)
        if line is None or not line["has_file"]:
            raise FileGone
        for record in records:
            problems.setdefault(record["row"], []).append((record["column"], Label(record["zh"], record["en"])))
        document = self._document(role, line["document"])
        # His own file he knows; another's is shown as the documents would be.
        seen = None if line["created_by"] == request.caller.user_id else projection(document, role)
        columns, _ = recognise(document, list(line["headings"]), line["mapping"], projection(document, role))
        upload = await store.load(self._engine, tenant_id, line)
        try:
            source = await open_rows(upload, line["encoding"])
            try:
                made = await annotated.annotate(
                    source, problems, annotated.Hider(columns, seen), document.label.text(language), language,
                    only_wrong=only == "errors",
                )  # fmt: skip
            finally:
                source.close()
        finally:
            upload.close()
        name = f"{line['file_name'].rpartition('.')[0] or line['file_name']}-{column_texts(language)}.xlsx"
        headers = [
            (b"content-disposition", attachment(name, f"{document.plural}-errors.xlsx")),
            (b"cache-control", b"no-store"),
        ]
        return Reply(annotated.pieces(made), content_type=XLSX_TYPE.encode(), headers=headers)

    async def _start(self, request: Request, job: Job, states: tuple[str, ...]) -> Reply:
        role = await self._engine.role_of(request.caller)
        identity = await self._visible(request, role)
        await no_body(request)

        async def operation(work: Work) -> Answer:
            line = await self._idle(work, identity, states)
            if job is undo_import:
                role.require(f"{line['document']}.delete")
            elif not line["has_file"]:
                raise FileGone
            job_id = await work.enqueue(job, {"import": str(identity)})
            await work.connection.execute(
                "UPDATE kit_import SET job_id = $3 WHERE tenant_id = $1 AND id = $2", work.tenant_id, identity, job_id
            )
            verb = job.name.removeprefix("import-")
            work.record(f"{self._engine.cell}.import.{verb}", ENTITY, str(identity), {"document": line["document"]})
            return lambda _made: json_reply({"id": identity, "job_id": job_id}, status=202)

        kept = Kept(request.method, request.path, body_hash(await request.body()))
        reply = await execute(self._engine, request.caller, role, operation, kept)
        assert reply is not None  # noqa: S101 - the operation always makes one
        return reply

    async def _idle(self, work: Work, identity: UUID, states: tuple[str, ...]) -> dict[str, Any]:
        """The import's line, locked, in one of these states and with nothing under way."""
        await work.begin()
        line = await store.line_of(work.connection, work.tenant_id, identity, lock=True)
        if line is None:
            raise NotFound
        busy = await work.value(
            "SELECT 1 FROM kit_job WHERE tenant_id = $1 AND id = $2 AND state IN ('waiting', 'running')", line["job_id"]
        )
        if busy is not None:
            raise ImportBusy(reason="")
        if line["state"] not in states:
            raise ImportStateConflict(state=STATE_LABELS[line["state"]])
        return line

    async def _visible(self, request: Request, role: RoleDocument) -> UUID:
        """The import in the path, if the caller may import its document."""
        allowed = self._allowed(role)
        try:
            identity = parse_uuid(request.parameters["id"])
        except FieldError:
            raise NotFound from None
        async with self._engine.database.session(request.caller.tenant_id) as connection:
            line = await store.line_of(connection, UUID(request.caller.tenant_id), identity)
        if line is None or line["document"] not in allowed:
            raise NotFound
        return identity

    async def _shown(self, request: Request, role: RoleDocument, identity: UUID) -> dict[str, Any]:
        tenant_id, language = UUID(request.caller.tenant_id), request.caller.language
        async with self._engine.database.session(request.caller.tenant_id) as connection:
            record = await connection.fetchrow(f"{LINES} WHERE i.tenant_id = $1 AND i.id = $2", tenant_id, identity)
        if record is None:
            raise NotFound
        document = self._document(role, record["document"])
        shown = line_shown(self._engine, record, language)
        return shown | fields_shown(self._engine, document, role, record, language)

    def _allowed(self, role: RoleDocument) -> list[str]:
        """The documents that the caller may import; raises when there are none."""
        found = [
            table.key
            for table in self._engine.tables.values()
            if issubclass(table, Document) and table.creatable and role.allows(f"{table.key}.import")
        ]
        if not found:
            raise Forbidden(permission=f"{self._engine.cell}.*.import")
        return found

    def _document(self, role: RoleDocument, key: str) -> type[Document]:
        table = self._engine.table_for(role.tenant_id, self._engine.tables[key])
        assert issubclass(table, Document)  # noqa: S101 - only such are taken
        return table


def _checked(body: Mapping[str, Any], line: Mapping[str, Any]) -> dict[str, str | None]:
    """The mapping after a change; raises with everything that is wrong with the body."""
    found = [
        problem(name[:60], "unknown", "未知字段", "Unknown field")
        for name in sorted(body.keys() - {"mapping", "mode", "existing"})
    ]
    for name, values in (("mode", _WAYS), ("existing", EXISTING)):
        if name in body and body[name] not in values:
            found.append(problem(name, "choice", f"应为：{'、'.join(values)}", f"One of {', '.join(values)}"))
    mapping = dict(line["mapping"])
    given = body.get("mapping")
    if given is not None:
        if not isinstance(given, dict) or not all(item is None or isinstance(item, str) for item in given.values()):
            found.append(problem("mapping", "type", '应为 {"列名": "字段"}', '{"column": "field" | null} expected'))
        else:
            mapping |= given
    taken = [field for field in mapping.values() if field is not None]
    found += [
        problem(f"mapping.{field}", "duplicate", "同一字段对应了两列", "Two columns for one field")
        for field in sorted({field for field in taken if taken.count(field) > 1})
    ]
    if found:
        raise ValidationFailed(found)
    return mapping
