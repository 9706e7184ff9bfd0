"""Files of one document: those of its fields and its attachments."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from cellkit.declare.document import Document, Table
from cellkit.declare.fields import FieldError, parse_uuid
from cellkit.errors import NotFound, ValidationFailed, problem
from cellkit.files.access import COLUMNS, FROM, visible_documents
from cellkit.files.errors import FileInUse
from cellkit.files.fields import place_readable
from cellkit.files.shown import shown_file
from cellkit.http.messages import Reply, Request, json_reply
from cellkit.messaging.pages import check_query
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.execute import Answer, execute
from cellkit.pipeline.flush import Kept, body_hash
from cellkit.pipeline.work import Work
from cellkit.read.projection import projection

MOST_FILES = 200
MOST_ATTACHED = 50
_OF_DOCUMENT = f"""
SELECT {COLUMNS} {FROM} WHERE f.tenant_id = $1 AND f.entity = $2 AND f.entity_id = $3 AND f.state = ANY($4)
ORDER BY f.field, f.name, f.version DESC, f.id LIMIT {MOST_FILES}
"""
_ATTACH = """
UPDATE kit_file f SET state = 'current', entity = $3, entity_id = $4, field = '', bound_at = $5,
    version = 1 + coalesce((SELECT max(o.version) FROM kit_file o WHERE o.tenant_id = $1 AND o.entity = $3
        AND o.entity_id = $4 AND o.field = '' AND o.name = f.name), 0)
FROM kit_file_blob b WHERE f.tenant_id = $1 AND f.id = $2 AND f.state = 'loose' AND f.created_by = $6
    AND b.tenant_id = $1 AND b.id = f.blob_id AND b.scan <> 'infected'
RETURNING f.name
"""
_SUPERSEDE = """
UPDATE kit_file SET state = 'superseded' WHERE tenant_id = $1 AND entity = $2 AND entity_id = $3 AND field = ''
    AND state = 'current' AND name = $4 AND id <> $5
"""


class DocumentFiles:
    """The routes ``/api/v1/<cell>/<plural>/{id}/_files``, and the removal of attachments."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_to(self, router: Any, table: type[Table]) -> None:
        """Add a document's routes."""
        place = f"/api/v1/{self._engine.cell}/{table.plural}/{{id}}/_files"
        router.add("GET", place, self._lister(table))
        if issubclass(table, Document):
            router.add("POST", place, self._attacher(table))

    def _lister(self, table: type[Table]) -> Callable[[Request], Awaitable[Reply]]:
        async def handle(request: Request) -> Reply:
            role = await self._engine.role_of(request.caller)
            role.require(f"{table.key}.read")
            check_query(request.query, ("versions",))
            key = _document_id(request)
            states = ["current", "superseded"] if request.query.get("versions") in ("true", "1") else ["current"]
            async with self._engine.database.session(request.caller.tenant_id) as connection:
                await self._visible(connection, role, table, key)
                records = await connection.fetch(_OF_DOCUMENT, UUID(role.tenant_id), table.key, key, states)
            seen = projection(table, role)
            items = [shown_file(record) for record in records if place_readable(seen, record["field"])]
            return json_reply({"items": items, "next": None, "total": None})

        return handle

    def _attacher(self, table: type[Document]) -> Callable[[Request], Awaitable[Reply]]:
        async def handle(request: Request) -> Reply:
            role = await self._engine.role_of(request.caller)
            role.require(f"{table.key}.update")
            check_query(request.query, ())
            key = _document_id(request)
            ids = _wanted(await request.json_object())

            async def operation(work: Work) -> Answer:
                await self._visible(work.connection, role, table, key)
                names = await self._attach(work, table, key, ids)
                records = await work.connection.fetch(_OF_DOCUMENT, work.tenant_id, table.key, key, ["current"])
                items = [shown_file(record) for record in records if record["id"] in names]
                work.record(f"{table.key}.attach", table.key, str(key), {"files": [names[one] for one in ids]})
                return lambda _made: json_reply({"items": items, "next": None, "total": None})

            kept = Kept(request.method, request.path, body_hash(await request.body()))
            reply = await execute(self._engine, request.caller, role, operation, kept)
            return reply if reply is not None else json_reply({"items": [], "next": None, "total": None})

        return handle

    async def _attach(self, work: Work, table: type[Table], key: UUID, ids: list[UUID]) -> dict[UUID, str]:
        await work.begin()
        # Two that attach the same name to one document take turns, so that versions are counted one after another.
        text = f'SELECT 1 FROM "{table.table_name}" WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE'
        await work.connection.execute(text, work.tenant_id, key)
        names: dict[UUID, str] = {}
        for index, one in enumerate(ids):
            name = await work.connection.fetchval(
                _ATTACH, work.tenant_id, one, table.key, key, work.now, work.caller.user_id
            )
            if name is None:
                place = f"files[{index}]"
                zh, en = "文件不存在、属于别处或未通过安全检查", "No such file, or it belongs elsewhere or is infected"
                raise ValidationFailed([problem(place, "reference", zh, en)])
            await work.connection.execute(_SUPERSEDE, work.tenant_id, table.key, key, name, one)
            names[one] = name
        return names

    async def remove(self, work: Work, role: RoleDocument, record: Any) -> None:
        """Take a loose file or an attachment away; raises :class:`FileInUse` for one of a field."""
        identity, entity = str(record["id"]), record["entity"]
        if record["field"]:
            table = self._engine.tables[entity]
            raise FileInUse(field=f"{table.label.text(work.caller.language)} {record['field']}")
        if entity is not None:
            role.require(f"{entity}.update")
        text = "UPDATE kit_file SET state = 'removed', removed_at = $3 WHERE tenant_id = $1 AND id = $2"
        await work.begin()
        await work.connection.execute(text, work.tenant_id, record["id"], work.now)
        about = entity or f"{self._engine.cell}.file"
        key = str(record["entity_id"]) if entity else identity
        work.record(f"{self._engine.cell}.file.delete", about, key, {"file": identity, "name": record["name"]})

    async def _visible(self, connection: Any, role: RoleDocument, table: type[Table], key: UUID) -> None:
        if key not in await visible_documents(connection, role, table, [key]):
            raise NotFound(entity=table.key, id=str(key))


def _document_id(request: Request) -> UUID:
    try:
        return parse_uuid(request.parameters["id"])
    except FieldError:
        raise NotFound(id=request.parameters["id"][:60]) from None


def _wanted(body: dict[str, Any]) -> list[UUID]:
    for name in body:
        if name != "files":
            raise ValidationFailed([problem(name[:100], "unknown", "未知字段", "Unknown field")])
    given = body.get("files")
    if not isinstance(given, list) or not 0 < len(given) <= MOST_ATTACHED:
        zh, en = f"应为 1 至 {MOST_ATTACHED} 个文件编号的列表", f"A list of 1 to {MOST_ATTACHED} file ids"
        raise ValidationFailed([problem("files", "type", zh, en)])
    try:
        return list(dict.fromkeys(parse_uuid(one) for one in given))
    except FieldError as error:
        raise ValidationFailed([problem("files", error.rule, *error.message)]) from None
