"""The resources of approvals: ``/api/v1/<cell>/_approvals``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cellkit.approval import bodies, bulk, inbox, store
from cellkit.approval.planning import choice_of
from cellkit.approval.service import Approvals
from cellkit.approval.store import Stored
from cellkit.approval.viewing import seen_plan, view
from cellkit.declare.document import Document, Row
from cellkit.declare.fields import FieldError, parse_uuid
from cellkit.errors import BadRequest, NotFound, ValidationFailed, VersionConflict, problem
from cellkit.http.messages import Reply, Request, from_json, json_reply
from cellkit.labels import L
from cellkit.messaging.pages import check_query
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.changing import change_row
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.execute import Answer, execute
from cellkit.pipeline.flush import Kept, body_hash
from cellkit.pipeline.work import Work
from cellkit.read.scope import in_scope


class ApprovalRoutes:
    """Inbox, instances, their actions, and who will be asked."""

    def __init__(self, engine: Engine, service: Approvals, documents: list[type[Document]]) -> None:
        self._engine = engine
        self._service = service
        self._documents = documents

    def add_to(self, router: Any) -> None:
        """Add the routes."""
        base = f"/api/v1/{self._engine.cell}/_approvals"
        router.add("GET", base, self.boxes)
        router.add("GET", f"{base}/counts", self.counts)
        router.add("GET", f"{base}/preview", self.preview)
        router.add("GET", f"{base}/{{instance}}", self.read)
        for action in bodies.ACTIONS:
            router.add("POST", f"{base}/{{instance}}/{action}", self._endpoint(action))
        for action in bulk.ACTIONS:
            router.add("POST", f"{base}/{action}", bulk.endpoint(self._engine, action, self._one))

    async def boxes(self, request: Request) -> Reply:
        """One box of the caller's."""
        role = await self._engine.role_of(request.caller)
        language = request.caller.language
        reply: Reply = await inbox.list_box(self._engine, role, self._documents, request.query, language)
        return reply

    async def counts(self, request: Request) -> Reply:
        """How much waits for the caller."""
        check_query(request.query, ())
        role = await self._engine.role_of(request.caller)
        return json_reply(await inbox.count(self._engine, role, self._documents))

    async def preview(self, request: Request) -> Reply:
        """Who will be asked when the caller submits a document now."""
        query = request.query
        check_query(query, ("entity", "id", "approvers"))
        role = await self._engine.role_of(request.caller)
        bound = (item for item in self._documents if item.bound_flow is not None)
        declared = next((item for item in bound if item.key == query.get("entity")), None)
        if declared is None:
            raise BadRequest(reason=L("entity 不是可审批的单据类型", "entity: not a document that is approved"))
        role.require(f"{declared.key}.read")
        key, choice = _uuid(query.get("id", "")), _choice(query.get("approvers"))
        found: list[Any] = []

        async def operation(work: Work) -> None:
            document = work.document(declared)
            row = await work.get(document, key)
            if not in_scope(role, document, row):
                raise NotFound(entity=document.key, id=str(key))
            flow, plans = await self._service.preview(work, document, row, choice)
            found[:] = [flow, plans]
            # Nothing is kept of a look ahead, not even what hooks may have changed.
            work.tracked.clear()

        await execute(self._engine, request.caller, role, operation)
        flow, plans = found
        return json_reply(await seen_plan(self._service, role, flow, plans, request.caller.language))

    async def read(self, request: Request) -> Reply:
        """An approval: its steps, log, document, and what the caller may do."""
        check_query(request.query, ())
        role = await self._engine.role_of(request.caller)
        key = _uuid(request.parameters["instance"])
        found: list[Any] = []

        async def operation(work: Work) -> None:
            stored = await self._visible(work, role, key, lock=False)
            found[:] = [await view(work, self._service, stored)]
            work.tracked.clear()

        await execute(self._engine, request.caller, role, operation)
        return json_reply(found[0])

    def _endpoint(self, action: str) -> Any:
        async def endpoint(request: Request) -> Reply:
            role = await self._engine.role_of(request.caller)
            key = _uuid(request.parameters["instance"])
            body = await request.json_object()
            kept = Kept(request.method, request.path, body_hash(await request.body()))
            return await self._one(request, role, key, action, bodies.read(action, body), kept)

        return endpoint

    async def _one(
        self, request: Request, role: RoleDocument, key: UUID, action: str, read: Mapping[str, Any], kept: Kept
    ) -> Reply:
        """One action on one approval, in a transaction of its own."""

        async def operation(work: Work) -> Answer:
            await work.begin()
            stored = await self._visible(work, role, key, lock=True)
            if read.get("version") is not None and read["version"] != stored.version:
                raise VersionConflict(current=stored.version)
            await self._act(work, role, stored, action, read)
            shown = {
                "id": stored.id,
                "status": stored.status,
                "version": stored.version,
                "entity": stored.entity,
                "document_id": stored.document_id,
            }
            return lambda _made: json_reply(shown)

        reply = await execute(self._engine, request.caller, role, operation, kept)
        assert reply is not None  # noqa: S101 - the operation always makes one
        return reply

    async def _act(self, work: Work, role: RoleDocument, stored: Stored, action: str, body: Mapping[str, Any]) -> None:
        if action == "seen":
            await work.connection.execute(
                "UPDATE kit_approval_part SET seen_at = coalesce(seen_at, $4) "
                "WHERE tenant_id = $1 AND instance_id = $2 AND user_id = $3 AND box = 'cc'",
                work.tenant_id,
                stored.id,
                role.user_id,
                work.now,
            )
            return
        if action == "resubmit":
            if stored.verb is not None:
                await self._service.resubmit_held(work, stored, body.get("approvers"))
                return
            document = work.document(stored.entity)
            waiting = await work.get(document, stored.document_id)
            verb = document.bound_flow.on
            await self._service.act(work, document, waiting, verb, {"approvers": body.get("approvers")})
            again = await store.one(work.connection, work.tenant_id, stored.id)
            stored.status, stored.version = (again or stored).status, (again or stored).version
            return
        data: dict[str, Any] = {
            name: value for name, value in body.items() if name not in ("version", "changes") and value is not None
        }
        users = [*data.get("users", ()), *([data["user"]] if "user" in data else [])]
        if users:
            await self._service.check_users(work, users, "users" if "users" in data else "user")
        row: Row | None = None
        if body.get("changes"):
            document = work.document(stored.entity)
            row = await work.get(document, stored.document_id)
            allowed = await self._service.open_fields(work, document, stored)
            await change_row(work, document, row, body["changes"], role, only=allowed)
            data["changes"] = sorted(body["changes"])
        await self._service.take(work, stored, action.replace("-", "_"), data, row=row)

    async def _visible(self, work: Work, role: RoleDocument, key: UUID, *, lock: bool) -> Stored:
        """The approval, where the caller may see the document or has a part in it."""
        stored = await store.one(work.connection, work.tenant_id, key, lock=lock)
        if stored is None or stored.entity not in work.engine.tables:
            raise NotFound(id=str(key))
        place = {"owner_id": stored.owner_id, "department_id": stored.department_id}
        if role.allows(f"{stored.entity}.read") and in_scope(role, work.engine.tables[stored.entity], place):
            return stored
        user = role.user_id
        part = user == stored.starter_id or any(
            user in (task.user, task.instead_of) and task.state != "waiting" for task in stored.instance.tasks
        )
        if not part and self._service.pools(work, stored) == []:
            part = bool(
                await work.value(
                    "SELECT 1 FROM kit_approval_part WHERE tenant_id = $1 AND user_id = $2 AND instance_id = $3",
                    user,
                    key,
                )
            )
            if not part:
                raise NotFound(id=str(key))
        return stored


def _uuid(text: str) -> UUID:
    try:
        return parse_uuid(text)
    except FieldError:
        raise NotFound(id=text[:60]) from None


def _choice(text: str | None) -> dict[str, list[str]]:
    if not text:
        return {}
    try:
        return choice_of(from_json(text))
    except ValueError:
        raise ValidationFailed([problem("approvers", "type", "应为 JSON", "JSON expected")]) from None
