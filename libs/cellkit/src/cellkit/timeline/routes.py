"""The resources: ``/<plural>/{id}/_history`` and ``/<plural>/{id}/_comments``."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cellkit.approval.rights import role_in_approval
from cellkit.audit.showing import Shown
from cellkit.audit.store import COLUMNS
from cellkit.declare.document import Document
from cellkit.declare.fields import FieldError, parse_uuid
from cellkit.errors import Forbidden, NotFound
from cellkit.http.messages import Reply, Request, empty_reply, json_reply
from cellkit.ids import uuid7
from cellkit.labels import L
from cellkit.messaging import pages
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.execute import Answer, execute
from cellkit.pipeline.flush import Kept, body_hash
from cellkit.pipeline.work import Work
from cellkit.read.scope import scope_condition
from cellkit.timeline.rules import checked_text, mentioned, plain

_HISTORY = f"""
SELECT {COLUMNS}, sequence FROM kit_audit
WHERE tenant_id = $1 AND entity = $2 AND entity_id = $3 AND NOT action = ANY($4) AND ($5::uuid IS NULL OR id < $5)
ORDER BY id DESC LIMIT $6
"""  # noqa: S608 - columns of a fixed table
_TOLD = ("id", "at", "user_id", "action", "before", "after", "channel", "erased")
_COMMENTS = """
SELECT id, text, mentions, created_at, created_by, deleted_at FROM kit_comment
WHERE tenant_id = $1 AND entity = $2 AND entity_id = $3 AND ($4::uuid IS NULL OR id < $4) ORDER BY id DESC LIMIT $5
"""
_INSERT = """
INSERT INTO kit_comment (tenant_id, id, entity, entity_id, text, mentions, created_at, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_DELETE = """
UPDATE kit_comment SET deleted_at = $5, text = '', mentions = '{}'
WHERE tenant_id = $1 AND entity = $2 AND entity_id = $3 AND id = $4 AND deleted_at IS NULL
"""
_AUTHOR = "SELECT created_by FROM kit_comment WHERE tenant_id = $1 AND entity = $2 AND entity_id = $3 AND id = $4"


class TimelineRoutes:
    """The routes of one document."""

    def __init__(self, engine: Engine, declared: type[Document]) -> None:
        self._engine = engine
        self._declared = declared

    def add_to(self, router: Any) -> None:
        """Add the routes."""
        base = f"/api/v1/{self._engine.cell}/{self._declared.plural}/{{id}}"
        router.add("GET", f"{base}/_history", self.history)
        router.add("GET", f"{base}/_comments", self.comments)
        router.add("POST", f"{base}/_comments", self.comment)
        router.add("DELETE", f"{base}/_comments/{{comment}}", self.remove)

    async def history(self, request: Request) -> Reply:
        """What the audit trail holds of the document, newest first, by the reader's field rights; no addresses."""
        query = request.query
        pages.check_query(query, ("limit", "cursor"))
        role, key = await self._asked(request)
        limit, after = pages.limit_of(query), pages.read_cursor(query, UUID)
        tenant, entity = UUID(role.tenant_id), self._declared.key
        hidden = [f"{entity}.comment", f"{entity}.comment_delete"]
        async with self._engine.database.session(role.tenant_id) as connection:
            seen = await self._reader(connection, role, key)
            records = await connection.fetch(
                _HISTORY, tenant, entity, str(key), hidden, after[0] if after else None, limit + 1
            )
            following = pages.make_cursor(records[limit - 1]["id"]) if len(records) > limit else None
            entries = await Shown(self._engine, seen).entries(connection, records[:limit])
        items = [{name: entry[name] for name in _TOLD if name in entry} for entry in entries]
        return pages.page_reply(items, following, None)

    async def comments(self, request: Request) -> Reply:
        """The comments, newest first; of a deleted one only that it was there."""
        query = request.query
        pages.check_query(query, ("limit", "cursor"))
        role, key = await self._asked(request)
        limit, after = pages.limit_of(query), pages.read_cursor(query, UUID)
        async with self._engine.database.session(role.tenant_id) as connection:
            await self._reader(connection, role, key)
            records = await connection.fetch(
                _COMMENTS, UUID(role.tenant_id), self._declared.key, key, after[0] if after else None, limit + 1
            )
        following = pages.make_cursor(records[limit - 1]["id"]) if len(records) > limit else None
        return pages.page_reply([_shown(dict(record), role) for record in records[:limit]], following, None)

    async def comment(self, request: Request) -> Reply:
        """Say something; who is mentioned gets a notice, which shows the document by his own rights."""
        role, key = await self._asked(request)
        body = await request.json_object()
        text = checked_text(body.get("text"))
        users = [user for user in mentioned(text) if user != role.user_id]

        async def operation(work: Work) -> Answer:
            await work.begin()
            await self._reader(work.connection, role, key)
            identity, entity = uuid7(), self._declared.key
            await work.connection.execute(
                _INSERT, work.tenant_id, identity, entity, key, text, users, work.now, role.user_id
            )
            work.record(f"{entity}.comment", entity, str(key), {"comment_id": str(identity)})
            known = [user for user in users if await work.user(user) is not None]
            if known:
                author = await work.user(role.user_id)
                work.notify(
                    known,
                    f"{self._engine.cell}.comment.mention",
                    L("{by} 在{what}的评论中提到了您", "{by} mentioned you in a comment on {what}"),
                    L("{comment}", "{comment}"),
                    document=(entity, key),
                    values={
                        "by": "" if author is None else author.display_name,
                        "what": self._declared.label.text(request.caller.language),
                        "comment": plain(text)[:300],
                    },
                )
            record = {
                "id": identity,
                "text": text,
                "mentions": users,
                "created_at": work.now,
                "created_by": role.user_id,
                "deleted_at": None,
            }
            return lambda _made: json_reply(_shown(record, role), status=201)

        return await self._run(request, role, operation)

    async def remove(self, request: Request) -> Reply:
        """Delete one's own comment: its words go, its place stays."""
        role, key = await self._asked(request)
        comment = _uuid(request.parameters["comment"])

        async def operation(work: Work) -> Answer:
            await work.begin()
            await self._reader(work.connection, role, key)
            entity = self._declared.key
            author = await work.connection.fetchval(_AUTHOR, work.tenant_id, entity, key, comment)
            if author is None:
                raise NotFound(id=str(comment))
            if author != role.user_id:
                raise Forbidden(permission=f"{entity}.comment_delete")
            await work.connection.execute(_DELETE, work.tenant_id, entity, key, comment, work.now)
            work.record(f"{entity}.comment_delete", entity, str(key), {"comment_id": str(comment)})
            return lambda _made: empty_reply()

        return await self._run(request, role, operation)

    async def _asked(self, request: Request) -> tuple[RoleDocument, UUID]:
        role = await self._engine.role_of(request.caller)
        role.require(f"{self._declared.key}.read")
        return role, _uuid(request.parameters["id"])

    async def _reader(self, connection: Any, role: RoleDocument, key: UUID) -> RoleDocument:
        """The role as it reads this document; :class:`NotFound` where it may not know of it."""
        table = self._engine.table_for(role.tenant_id, self._declared)
        state = ", t.state" if self._declared.states is not None else ""
        parameters: list[Any] = [UUID(role.tenant_id), key]
        scope = scope_condition(role, table, parameters)
        text = f'SELECT t.id{state} FROM "{table.table_name}" t WHERE t.tenant_id = $1 AND t.id = $2{scope}'  # noqa: S608
        record = await connection.fetchrow(text, *parameters)
        if record is None:
            raise NotFound(entity=self._declared.key, id=str(key))
        return await role_in_approval(connection, role, self._declared, record)

    async def _run(self, request: Request, role: RoleDocument, operation: Any) -> Reply:
        kept = Kept(request.method, request.path, body_hash(await request.body()))
        reply = await execute(self._engine, request.caller, role, operation, kept)
        return reply if reply is not None else empty_reply()


def _shown(record: dict[str, Any], role: RoleDocument) -> dict[str, Any]:
    deleted = record.pop("deleted_at") is not None
    return record | {"edited_at": None, "deleted": deleted, "mine": record["created_by"] == role.user_id}


def _uuid(text: str) -> UUID:
    try:
        return parse_uuid(text)
    except FieldError:
        raise NotFound(id=text[:60]) from None
