"""Why can (or can't) a user see or do something: the checks of the pipeline as a resource."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cellkit.db.shape import shape_of
from cellkit.declare.document import Table
from cellkit.declare.fields import FieldError, parse_uuid
from cellkit.errors import BadRequest, Forbidden, NotFound, Unauthorized
from cellkit.http.messages import Reply, Request, json_reply
from cellkit.http.router import Router
from cellkit.labels import L
from cellkit.messaging import pages
from cellkit.meta import permissions_of
from cellkit.ops.access import RoleDocument
from cellkit.permissions.decide import Check, Verdict, decide, good
from cellkit.permissions.matrix import matrix
from cellkit.permissions.provenance import ProvenanceSource
from cellkit.pipeline.engine import Engine
from cellkit.read.scope import in_scope

_STATUS = {"ALLOWED": 200, "FORBIDDEN": 403, "NOT_FOUND": 404, "CONFLICT": 409, "VALIDATION_FAILED": 422,
           "UNAUTHORIZED": 401}  # fmt: skip


class PermissionRoutes:
    """The routes below ``/api/v1/<cell>/_permissions``."""

    def __init__(self, engine: Engine, cell: Any, source: ProvenanceSource) -> None:
        self._engine = engine
        self._cell = cell
        self.source = source

    def add_to(self, router: Router) -> None:
        """Add the routes."""
        base = f"/api/v1/{self._engine.cell}/_permissions"
        router.add("GET", f"{base}/explain", self.explain)
        router.add("GET", f"{base}/matrix", self.matrix)

    async def explain(self, request: Request) -> Reply:
        """The ordered checks for ``user_id`` (default: the caller), ``entity``, ``action``, ``id``, ``field``."""
        caller = await self._engine.role_of(request.caller)
        if request.caller.is_service:
            raise Forbidden(permission=f"{self._engine.cell}.permission.explain")
        query = request.query
        pages.check_query(query, ("user_id", "entity", "id", "action", "field"))
        explains = caller.allows(f"{self._engine.cell}.permission.explain")
        user_id = query.get("user_id") or caller.user_id
        if user_id != caller.user_id and not explains:
            raise Forbidden(permission=f"{self._engine.cell}.permission.explain")
        table = self._table(request)
        action = query.get("action") or "read"
        if f"{table.key}.{action}" not in permissions_of(table):
            usable = ", ".join(name.rsplit(".", 1)[1] for name in permissions_of(table))
            raise BadRequest(reason=L(f"action 应为以下之一：{usable}", f"action: one of {usable}"))
        name = query.get("field") or None
        if name is not None and name not in table.fields:
            raise BadRequest(reason=L(f"没有字段 {name[:60]}", f"no field {name[:60]}"))
        row = await self._row(request, table, caller, explains=explains)
        language = request.caller.language
        try:
            role = caller if user_id == caller.user_id else await self._other(caller.tenant_id, user_id)
        except Unauthorized:
            gone = Verdict(outcome="UNAUTHORIZED")
            gone.add(
                Check(
                    "user", passed=False, reason=L("用户不存在、已停用或不属于本租户", "No active user of this tenant")
                )
            )
            return json_reply(_told(gone, language))
        provenance = await self.source.fetch(caller.tenant_id, user_id)
        verdict = Verdict()
        verdict.add(good("tenant", L("属于本租户", "Of this tenant"), {"tenant_id": caller.tenant_id}))
        verdict.add(good("user", L("用户有效", "An active user"), {"user_id": user_id, "roles": list(role.roles)}))
        if row is not None and not explains and not in_scope(role, table, row):
            # Whoever asks for himself must not learn whether there is such a row.
            row = None
        found = decide(table, role, action, row=row, row_asked="id" in query, field_name=name, provenance=provenance)
        found.checks[:0] = verdict.checks
        return json_reply(_told(found, language))

    async def matrix(self, request: Request) -> Reply:
        """Everything there is to give on an entity (or on all): permissions, fields with their rules, scopes."""
        caller = await self._engine.role_of(request.caller)
        caller.require(f"{self._engine.cell}.permission.explain")
        pages.check_query(request.query, ("entity",))
        if request.query.get("entity"):
            tables: list[type[Table]] = [self._table(request)]
        else:
            tables = [self._engine.table_for(caller.tenant_id, item) for item in self._cell.documents]
        return json_reply(matrix(self._cell, tables, request.caller.language))

    def _table(self, request: Request) -> type[Table]:
        table = self._engine.tables.get(request.query.get("entity", ""))
        if table is None:
            raise BadRequest(reason=L("entity 不是本细胞的单据类型", "entity: no document type of this cell"))
        return self._engine.table_for(request.caller.tenant_id, table)

    async def _other(self, tenant_id: str, user_id: str) -> RoleDocument:
        try:
            UUID(user_id)
        except ValueError:
            raise BadRequest(reason=L("user_id 应为编号（UUID）", "user_id: a UUID expected")) from None
        return await (self._engine.offline_roles or self._engine.roles).get(tenant_id, user_id)

    async def _row(
        self, request: Request, table: type[Table], caller: RoleDocument, *, explains: bool
    ) -> dict[str, Any] | None:
        """The columns that decide; who explains others' rights must see the row himself."""
        if "id" not in request.query:
            return None
        try:
            key = parse_uuid(request.query["id"])
        except FieldError:
            raise BadRequest(reason=L("id 应为编号（UUID）", "id: a UUID expected")) from None
        wanted = ("id", "owner_id", "department_id", "state")
        columns = ", ".join(f'"{name}"' for name in wanted if name in shape_of(table).by_name)
        async with self._engine.database.session(caller.tenant_id) as connection:
            record = await connection.fetchrow(
                f'SELECT {columns} FROM "{table.table_name}" WHERE tenant_id = $1 AND id = $2',
                UUID(caller.tenant_id),
                key,
            )
        row = None if record is None else dict(record)
        other = request.query.get("user_id") not in (None, "", caller.user_id)
        if explains and other and (
            row is None or not caller.allows(f"{table.key}.read") or not in_scope(caller, table, row)
        ):  # fmt: skip
            raise NotFound(entity=table.key, id=str(key))
        return row


def _told(verdict: Verdict, language: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "allowed": verdict.outcome == "ALLOWED",
        "outcome": verdict.outcome,
        "status": _STATUS[verdict.outcome],
        "checks": [
            {
                "check": item.check,
                "passed": item.passed,
                "reason": item.reason.text(language),
                "details": dict(item.details),
            }
            for item in verdict.checks
        ],
    }
    if verdict.field is not None:
        told["field"] = {"shown": verdict.field, "editable": verdict.editable}
    return told
