"""A user's inbox as a resource: his notices, how many are unread, reading, confirming, archiving, preferences."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cellkit.declare.fields import FieldError, parse_uuid
from cellkit.errors import BadRequest, Conflict, Forbidden, NotFound, ValidationFailed, problem
from cellkit.http.messages import Reply, Request, json_reply
from cellkit.http.router import Router
from cellkit.labels import L
from cellkit.messaging import pages
from cellkit.notifications.rendering import Reader
from cellkit.notifications.rules import is_pattern, preference_problems
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.execute import Answer, execute
from cellkit.pipeline.flush import Kept, body_hash
from cellkit.pipeline.work import Work

NOTIFICATION = "kit.notification"
MOST_COUNTED = 1000
MOST_IDS = 200
_COLUMNS = (
    "id, kind, title_zh, title_en, text_zh, text_en, details, link, entity, entity_id, must_read, actor, created_at, "
    "read_at, confirmed_at, archived_at"
)
_STATES = {
    "inbox": " AND archived_at IS NULL",
    "unread": " AND archived_at IS NULL AND read_at IS NULL",
    "must-read": " AND archived_at IS NULL AND must_read AND confirmed_at IS NULL",
    "archived": " AND archived_at IS NOT NULL",
    "all": "",
}
_COUNT = f"""
SELECT count(*) AS unread, count(*) FILTER (WHERE must_read) AS must_read FROM (
    SELECT must_read FROM kit_notification
    WHERE tenant_id = $1 AND user_id = $2 AND archived_at IS NULL AND read_at IS NULL LIMIT {MOST_COUNTED}
) AS counted
"""
_READ = """
UPDATE kit_notification SET read_at = $3
WHERE tenant_id = $1 AND user_id = $2 AND read_at IS NULL AND archived_at IS NULL AND NOT must_read
"""
_ONE = f"SELECT {_COLUMNS} FROM kit_notification WHERE tenant_id = $1 AND user_id = $2 AND id = $3"
_CHANGES = {
    "read": "read_at = coalesce(read_at, $4)",
    "confirm": "read_at = coalesce(read_at, $4), confirmed_at = coalesce(confirmed_at, $4)",
    "archive": "read_at = coalesce(read_at, $4), archived_at = coalesce(archived_at, $4)",
    "restore": "archived_at = NULL",
}


class MustConfirm(Conflict):
    """A notice that must be read is confirmed, not just marked or put away."""

    zh, en = "必读通知需要先确认", "This notice must be confirmed first"


class Inbox:
    """The routes below ``/api/v1/<cell>/_notifications`` that serve the caller's own notices."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_to(self, router: Router) -> None:
        """Add the routes."""
        base = f"/api/v1/{self._engine.cell}/_notifications"
        router.add("GET", base, self.listed)
        router.add("GET", f"{base}/unread-count", self.count)
        router.add("POST", f"{base}/read", self.read_many)
        router.add("GET", f"{base}/preferences", self.preferences)
        router.add("PUT", f"{base}/preferences", self.prefer)
        router.add("GET", f"{base}/{{id}}", self.one)
        for verb in _CHANGES:
            router.add("POST", f"{base}/{{id}}/{verb}", self._changing(verb))

    async def listed(self, request: Request) -> Reply:
        """The caller's notices, newest first."""
        role = await self._caller(request)
        query = request.query
        pages.check_query(query, ("state", "kind", "limit", "cursor", "total"))
        limit = pages.limit_of(query)
        chosen = _STATES.get(query.get("state") or "inbox")
        if chosen is None:
            usable = ", ".join(_STATES)
            raise BadRequest(reason=L(f"state 应为 {usable} 之一", f"state: one of {usable}"))
        parameters: list[Any] = [UUID(role.tenant_id), role.user_id]
        where = f"tenant_id = $1 AND user_id = $2{chosen}{_kind(query, parameters)}"
        counting, counted = f"SELECT count(*) FROM kit_notification WHERE {where}", len(parameters)
        after = pages.read_cursor(query, UUID)
        if after is not None:
            parameters.append(after[0])
            where += f" AND id < ${len(parameters)}"
        total = None
        async with self._engine.database.session(role.tenant_id) as connection:
            records = await connection.fetch(
                f"SELECT {_COLUMNS} FROM kit_notification WHERE {where} ORDER BY id DESC LIMIT {limit + 1}", *parameters
            )
            if pages.wants_total(query):
                total = await connection.fetchval(counting, *parameters[:counted])
            following = pages.make_cursor(records[limit - 1]["id"]) if len(records) > limit else None
            items = await self._shown(connection, role, request.caller.language, records[:limit])
        return pages.page_reply(items, following, total)

    async def one(self, request: Request) -> Reply:
        """One notice of the caller."""
        role = await self._caller(request)
        pages.check_query(request.query, ())
        async with self._engine.database.session(role.tenant_id) as connection:
            record = await connection.fetchrow(_ONE, UUID(role.tenant_id), role.user_id, _id(request))
            if record is None:
                raise NotFound
            [item] = await self._shown(connection, role, request.caller.language, [record])
        return json_reply(item)

    async def count(self, request: Request) -> Reply:
        """How many are unread and how many of them must be read; counting ends at a thousand."""
        role = await self._caller(request)
        pages.check_query(request.query, ())
        async with self._engine.database.session(role.tenant_id) as connection:
            found: Any = await connection.fetchrow(_COUNT, UUID(role.tenant_id), role.user_id)
        return json_reply({**dict(found), "capped": found["unread"] >= MOST_COUNTED})

    async def read_many(self, request: Request) -> Reply:
        """Mark notices read: ``{"ids": […]}``, or ``{"all": true, "kind": …}``; must-read ones wait to be confirmed."""
        role = await self._caller(request)
        body = await request.json_object()
        sql, arguments = _which(body)

        async def operation(work: Work) -> Answer:
            await work.begin()
            done: str = await work.connection.execute(
                _READ + sql, work.tenant_id, work.caller.user_id, work.now, *arguments
            )
            return lambda _made: json_reply({"read": int(done.rpartition(" ")[2])})

        return await self._run(request, role, operation)

    def _changing(self, verb: str) -> Any:
        async def handle(request: Request) -> Reply:
            role = await self._caller(request)
            await _no_body(request)
            key = _id(request)

            async def operation(work: Work) -> Answer:
                await work.begin()
                found = await work.row(_ONE + " FOR UPDATE", work.caller.user_id, key)
                if found is None:
                    raise NotFound
                if verb in ("read", "archive") and found["must_read"] and found["confirmed_at"] is None:
                    raise MustConfirm(reason="must_read")
                record = await work.connection.fetchrow(
                    f"UPDATE kit_notification SET {_CHANGES[verb]} WHERE tenant_id = $1 AND user_id = $2 AND id = $3 "
                    f"AND ($4::timestamptz IS NOT NULL) RETURNING {_COLUMNS}",
                    work.tenant_id,
                    work.caller.user_id,
                    key,
                    work.now,
                )
                if verb == "confirm" and found["confirmed_at"] is None:
                    work.record(
                        f"{self._engine.cell}.notification.confirm", NOTIFICATION, str(key), {"kind": found["kind"]}
                    )
                [item] = await self._shown(work.connection, role, work.caller.language, [record])
                return lambda _made: json_reply(item)

            return await self._run(request, role, operation)

        return handle

    async def preferences(self, request: Request) -> Reply:
        """What the caller wants by which channel, his quiet hours and digest."""
        role = await self._caller(request)
        pages.check_query(request.query, ())
        async with self._engine.database.session(role.tenant_id) as connection:
            settings = await connection.fetchval(
                "SELECT settings FROM kit_notification_preference WHERE tenant_id = $1 AND user_id = $2",
                UUID(role.tenant_id),
                role.user_id,
            )
        return json_reply(_with_defaults(settings or {}))

    async def prefer(self, request: Request) -> Reply:
        """Replace the caller's preferences."""
        role = await self._caller(request)
        body = await request.json_object()
        problems = [problem(name, "invalid", zh, en) for name, zh, en in preference_problems(body)]
        if problems:
            raise ValidationFailed(problems)

        async def operation(work: Work) -> Answer:
            await work.begin()
            await work.connection.execute(
                "INSERT INTO kit_notification_preference (tenant_id, user_id, settings, updated_at) "
                "VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, user_id) "
                "DO UPDATE SET settings = excluded.settings, updated_at = excluded.updated_at",
                work.tenant_id,
                work.caller.user_id,
                body,
                work.now,
            )
            return lambda _made: json_reply(_with_defaults(body))

        return await self._run(request, role, operation)

    async def _caller(self, request: Request) -> RoleDocument:
        role = await self._engine.role_of(request.caller)
        if request.caller.is_service:
            raise Forbidden(permission="a person's own inbox")
        return role

    async def _run(self, request: Request, role: RoleDocument, operation: Any) -> Reply:
        kept = Kept(request.method, request.path, body_hash(await request.body()))
        reply = await execute(self._engine, request.caller, role, operation, kept)
        assert reply is not None  # noqa: S101 - the operation always makes one
        return reply

    async def _shown(
        self, connection: Any, role: RoleDocument, language: str, records: list[Any]
    ) -> list[dict[str, Any]]:
        shown = await Reader(self._engine, connection, role, language).show(records)
        names = (
            "id",
            "kind",
            "entity",
            "entity_id",
            "must_read",
            "created_at",
            "read_at",
            "confirmed_at",
            "archived_at",
        )
        return [{**{name: record[name] for name in names}, **seen} for record, seen in zip(records, shown, strict=True)]


def _with_defaults(settings: dict[str, Any]) -> dict[str, Any]:
    return {
        "channels": {}, "kinds": {}, "quiet": None, "digest": "immediate", "digest_at": "09:00", "email": None,
        **settings,
    }  # fmt: skip


def _id(request: Request) -> UUID:
    try:
        return parse_uuid(request.parameters["id"])
    except FieldError:
        raise NotFound from None


def _kind(query: dict[str, str], parameters: list[Any]) -> str:
    kind = query.get("kind")
    if not kind:
        return ""
    if not is_pattern(kind):
        raise BadRequest(reason=L("kind 应为类别，如 crm.contract.expiring 或 crm.*", "kind: a kind or crm.*"))
    if kind == "*":
        return ""
    if kind.endswith(".*"):
        parameters.append(kind[:-1])
        return f" AND starts_with(kind, ${len(parameters)})"
    parameters.append(kind)
    return f" AND kind = ${len(parameters)}"


def _which(body: dict[str, Any]) -> tuple[str, list[Any]]:
    unknown = sorted(body.keys() - {"ids", "all", "kind"})
    if unknown:
        raise ValidationFailed([problem(unknown[0][:60], "unknown", "未知字段", "Unknown field")])
    if body.get("all") is True and "ids" not in body:
        parameters: list[Any] = [None, None, None]
        kind = body.get("kind")
        if kind is not None and not is_pattern(kind):
            raise ValidationFailed([problem("kind", "pattern", "不是类别", "Not a kind")])
        return _kind({"kind": kind or ""}, parameters), parameters[3:]
    ids = body.get("ids")
    if not isinstance(ids, list) or not 0 < len(ids) <= MOST_IDS or "all" in body or "kind" in body:
        zh, en = (
            f'应为 {{"ids": […]}}（最多 {MOST_IDS} 个）或 {{"all": true}}',
            f'{{"ids": […]}} (at most {MOST_IDS}) or {{"all": true}}',
        )
        raise ValidationFailed([problem("ids", "required", zh, en)])
    try:
        return " AND id = ANY($4)", [[parse_uuid(item) for item in ids]]
    except FieldError as error:
        raise ValidationFailed([problem("ids", error.rule, error.message.zh, error.message.en)]) from None


async def _no_body(request: Request) -> None:
    body = await request.json_object()
    if body:
        raise ValidationFailed([problem(min(body)[:60], "unknown", "未知字段", "Unknown field")])
