"""The routes of views: ``/api/v1/<cell>/_views`` and ``/api/v1/<cell>/<plural>/_groups``."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import msgspec

from cellkit.customizing import table_of
from cellkit.declare.document import Table
from cellkit.errors import BadRequest, NotFound, ValidationFailed, problem
from cellkit.expression import from_json as read_expression
from cellkit.expression import to_json as expression_json
from cellkit.http.messages import Reply, Request, empty_reply, from_json, json_reply, to_json
from cellkit.labels import L
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.execute import Answer
from cellkit.pipeline.work import Work
from cellkit.reporting.definition import read_definition
from cellkit.reporting.result import figures_of
from cellkit.reporting.run import Reports
from cellkit.views.documents import VIEW
from cellkit.views.personal import Personal, row_id
from cellkit.views.settings import in_language, read_settings
from cellkit.views.sharing import VISIBLE, may_change
from cellkit.views.system import SystemView, system_views

MOST_LISTED = 500
MOST_GROUPS = 1_000
_OWN_DEFAULT = "SELECT view FROM kit_view_default WHERE tenant_id = $1 AND user_id = $2 AND entity = $3"
_KEPT = f"""
SELECT t.* FROM kit_{VIEW} t WHERE t.tenant_id = $1 AND t.entity = $4 AND {VISIBLE}
ORDER BY t.name, t.id LIMIT {MOST_LISTED}
"""
_MAKE_DEFAULT = """
INSERT INTO kit_view_default (tenant_id, user_id, entity, view) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant_id, user_id, entity) DO UPDATE SET view = excluded.view
"""
_FORGET_DEFAULT = "DELETE FROM kit_view_default WHERE tenant_id = $1 AND user_id = $2 AND entity = $3"
_COPIED = ("entity", "kind", "settings")


class ViewRoutes:
    """Lists and keeps views."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._share = f"{engine.cell}.{VIEW}.share"
        self._personal = Personal(engine, f"{engine.cell}.{VIEW}", self._share, self._row)

    def add_to(self, router: Any) -> None:
        """Add the routes."""
        base = f"/api/v1/{self._engine.cell}/_views"
        router.add("GET", base, self.listed)
        router.add("POST", base, self._personal.create)
        router.add("POST", f"{base}/reset-default", self.reset_default)
        router.add("PATCH", f"{base}/{{id}}", self._personal.change)
        router.add("DELETE", f"{base}/{{id}}", self._personal.delete)
        router.add("POST", f"{base}/{{id}}/copy", self.copy)
        router.add("POST", f"{base}/{{id}}/make-default", self.make_default)

    async def listed(self, request: Request) -> Reply:
        """The views of one ``entity`` that the caller may use, and which of them he starts with; with an ETag."""
        role = await self._engine.role_of(request.caller)
        unknown = request.query.keys() - {"entity"}
        if unknown:
            name = min(unknown)[:60]
            raise BadRequest(reason=L(f"未知的查询参数 {name}", f"unknown query parameter {name}"))
        table = await self._table(request.query.get("entity", ""), role)
        tenant = UUID(role.tenant_id)
        async with self._engine.database.session(role.tenant_id) as connection:
            rows = await connection.fetch(_KEPT, tenant, role.user_id, list(role.roles), table.key)
            own_default = await connection.fetchval(_OWN_DEFAULT, tenant, role.user_id, table.key)
        language = request.caller.language
        items = [self._system(item, table, role, language) for item in system_views(table)]
        items += [self._shown(dict(row), table, role, language) for row in rows]
        usable = [item for item in items if item is not None]
        default = _default(usable, own_default, role)
        for item in usable:
            item["default"] = item["id"] == default
        body = to_json({"entity": table.key, "default": default, "items": usable})
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = [(b"etag", tag.encode()), (b"cache-control", b"private, no-cache")]
        if request.header(b"if-none-match") == tag:
            return Reply(b"", status=304, content_type=None, headers=headers)
        return Reply(body, headers=headers)

    async def copy(self, request: Request) -> Reply:
        """A copy of a view, also of a shipped one, as the caller's own; ``{"name"}`` may be given."""
        role = await self._engine.role_of(request.caller)
        body = await request.json_object()
        for name in sorted(body.keys() - {"name"}):
            raise ValidationFailed([problem(name[:60], "unknown", "未知字段", "Unknown field")])
        source = await self._find(request.parameters["id"], role, request)
        table = await self._table(source["entity"], role)
        # What the caller does not see has no place in a view of his own.
        settings = read_settings(source["kind"], source["settings"], table, role).settings
        language = request.caller.language
        old = in_language(source["name"], language)
        name = body.get("name") or (f"{old} copy" if language.startswith("en") else f"{old} 副本")
        return await self._personal.create(
            request, {**{key: source[key] for key in _COPIED}, "settings": settings, "name": name}
        )

    async def make_default(self, request: Request) -> Reply:
        """The caller starts with this view from now on."""
        role = await self._engine.role_of(request.caller)
        source = await self._find(request.parameters["id"], role, request)

        async def operation(work: Work) -> Answer:
            await work.begin()
            await work.connection.execute(
                _MAKE_DEFAULT, work.tenant_id, role.user_id, source["entity"], str(source["id"])
            )
            return lambda _made: json_reply({"entity": source["entity"], "default": str(source["id"])})

        return await self._personal.run(request, role, operation)

    async def reset_default(self, request: Request) -> Reply:
        """Back to the default of the caller's roles, or the shipped one: ``{"entity"}``."""
        role = await self._engine.role_of(request.caller)
        body = await request.json_object()
        entity = body.get("entity")
        if body.keys() != {"entity"} or not isinstance(entity, str):
            raise ValidationFailed([problem("entity", "required", "请指明单据", "Name the entity")])
        await self._table(entity, role)

        async def operation(work: Work) -> Answer:
            await work.begin()
            await work.connection.execute(_FORGET_DEFAULT, work.tenant_id, role.user_id, entity)
            return lambda _made: empty_reply()

        return await self._personal.run(request, role, operation)

    async def _table(self, entity: str, role: RoleDocument) -> type[Table]:
        if entity not in self._engine.tables:
            raise BadRequest(reason=L("entity：没有这种单据", "entity: no such entity"))
        role.require(f"{entity}.read")
        return await table_of(self._engine, role.tenant_id, entity)

    async def _find(self, identity: str, role: RoleDocument, request: Request) -> dict[str, Any]:
        """A view by id: a shipped one or a kept one that the caller sees."""
        entity = identity.rpartition(".")[0]
        if entity in self._engine.tables:
            role.require(f"{entity}.read")
            for item in system_views(self._engine.tables[entity]):
                if item.id == identity:
                    return {
                        "id": item.id,
                        "entity": entity,
                        "name": item.name,
                        "kind": item.kind,
                        "settings": item.settings,
                    }
            raise NotFound(view=identity[:100])
        key = row_id(request)
        async with self._engine.database.session(role.tenant_id) as connection:
            work = Work(self._engine, connection, request.caller, role)
            found = await self._personal.visible(work, key, role)
        role.require(f"{found['entity']}.read")
        return found

    def _system(self, item: SystemView, table: type[Table], role: RoleDocument, language: str) -> dict[str, Any] | None:
        reading = read_settings(item.kind, item.settings, table, role)
        if not reading.usable:
            return None
        settings = _told(reading.settings, language)
        return {
            "id": item.id, "origin": "system", "entity": table.key, "kind": item.kind, "name": item.name.text(language),
            "settings": settings, "reduced": not reading.whole, "editable": False, "sharing": None, "roles": None,
            "role_default": item.default, "version": None,
        }  # fmt: skip

    def _shown(
        self, row: dict[str, Any], table: type[Table], role: RoleDocument, language: str
    ) -> dict[str, Any] | None:
        reading = read_settings(row["kind"], row["settings"], table, role)
        if not reading.usable:
            return None
        settings = _told(reading.settings, language)
        return {**self._row(row, role), "settings": settings, "reduced": not reading.whole}

    def _row(self, row: dict[str, Any], role: RoleDocument) -> dict[str, Any]:
        return {
            "id": str(row["id"]),
            "origin": "own" if row["owner_id"] == role.user_id else "shared",
            "editable": may_change(row, role, self._share),
            **{
                name: row[name]
                for name in ("entity", "kind", "name", "settings", "sharing", "roles", "role_default", "version")
            },
        }


def _told(kept: dict[str, Any], language: str) -> dict[str, Any]:
    """Settings for a reader: labels in his language, his condition as a tree that can be told in words."""
    settings = dict(kept)
    if "where" in settings:
        settings["where"] = expression_json(read_expression(settings["where"]))
    if "presets" in settings:
        settings["presets"] = [{**one, "label": in_language(one["label"], language)} for one in settings["presets"]]
    return settings


def _default(items: list[dict[str, Any]], own: str | None, role: RoleDocument) -> str | None:
    """The caller's own choice, else that of his roles, else that of all, else the shipped one."""
    known = {item["id"] for item in items}
    if own in known:
        return own
    mine = set(role.roles)
    shared = [item for item in items if item["origin"] != "system" and item["role_default"]]
    of_roles = [item for item in shared if item["sharing"] == "roles" and mine & set(item["roles"] or ())]
    shipped = [item for item in items if item["origin"] == "system" and item["role_default"]]
    for chosen in (of_roles, [item for item in shared if item["sharing"] == "all"], shipped, items):
        if chosen:
            return str(chosen[0]["id"])
    return None


def groups_endpoint(engine: Engine, reports: Reports, declared: type[Table]) -> Callable[[Request], Awaitable[Reply]]:
    """``GET …/<plural>/_groups?by=state&sum=amount&filter=…&q=…``: a list's groups with counts and subtotals."""

    async def handle(request: Request) -> Reply:
        role = await engine.role_of(request.caller)
        role.require(f"{declared.key}.read")
        query = request.query
        unknown = query.keys() - {"by", "sum", "filter", "q"}
        if unknown:
            name = min(unknown)[:60]
            raise BadRequest(reason=L(f"未知的查询参数 {name}", f"unknown query parameter {name}"))
        search = query.get("q", "").strip()
        if len(search) > 100:
            raise BadRequest(reason=L("检索内容最多 100 个字符", "q: at most 100 characters"))
        sums = _names(query.get("sum", ""))
        definition = read_definition(
            {
                "rows": _names(query.get("by", "")),
                "measures": ["count()", *(f"sum({name})" for name in sums)],
                "filter": _filter(query.get("filter", "")),
            },
            entity=declared.key,
        )
        result = await reports.run(
            definition, role, request.caller.language, {}, search=search, most=MOST_GROUPS, cut=True
        )
        made = result.as_json()

        def shown(item: dict[str, Any]) -> dict[str, Any]:
            figures = item["values"]
            return {
                "key": item["row"],
                "labels": item["row_labels"],
                "count": figures["count"],
                "sums": {name: figures[f"sum_{name}"] for name in sums},
                "filter": item["filter"],
            }

        empty = {"row": [], "row_labels": [], "values": figures_of(result.bound, None), "filter": {}}
        total = shown(made["totals"][0] if made["totals"] else empty)
        return json_reply(
            {
                "by": made["rows"],
                "items": [shown(item) for item in made["items"]],
                "total": {"count": total["count"], "sums": total["sums"]},
                "truncated": made["truncated"],
            }
        )

    return handle


def _names(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _filter(text: str) -> dict[str, Any]:
    if not text:
        return {}
    try:
        found = from_json(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadRequest(reason=L("filter 不是合法的 JSON", "filter is not JSON")) from None
    if not isinstance(found, dict):
        raise BadRequest(reason=L("filter 应为 JSON 对象", "filter must be a JSON object"))
    return found
