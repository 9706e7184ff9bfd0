"""Create, change and delete what users keep for themselves, without the permissions of the kit document behind it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cellkit.declare.document import Document, Row
from cellkit.declare.fields import FieldError, parse_uuid
from cellkit.errors import Forbidden, NotFound, ValidationFailed, VersionConflict, problem
from cellkit.http.messages import Reply, Request, empty_reply, json_reply
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.execute import Answer, execute
from cellkit.pipeline.flush import Kept, body_hash
from cellkit.pipeline.validate import changed_row, new_row
from cellkit.pipeline.work import Work
from cellkit.views.sharing import may_change, may_see

Operation = Callable[[Work], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Personal:
    """One such document: ``share`` is the permission to share it, ``shown`` makes the answer of a row."""

    engine: Engine
    key: str
    share: str
    shown: Callable[[Row, RoleDocument], dict[str, Any]]

    async def create(self, request: Request, values: dict[str, Any] | None = None) -> Reply:
        """POST: the body (or ``values``) becomes a row of the caller's own."""
        role = await self.engine.role_of(request.caller)
        body = await request.json_object() if values is None else values

        async def operation(work: Work) -> Answer:
            document = work.document(self.key)
            row = await work.add(document, new_row(document, body))
            return lambda _made: json_reply(self.shown(row, role), status=201)

        return await self.run(request, role, operation)

    async def change(self, request: Request) -> Reply:
        """PATCH with ``version``."""
        role = await self.engine.role_of(request.caller)
        key, body = row_id(request), await request.json_object()

        async def operation(work: Work) -> Answer:
            document = work.document(self.key)
            row = await self.changeable(work, key, role)
            self._check_version(row, body.get("version"), required=True)
            before = dict(row)
            row.update(changed_row(document, row, body, editable=True))
            await document.prepare(work, row, before)
            work.change(row)
            work.event(f"{document.key}.updated.v1", row)
            return lambda _made: json_reply(self.shown(row, role))

        return await self.run(request, role, operation)

    async def delete(self, request: Request) -> Reply:
        """DELETE, perhaps with ``version``."""
        role = await self.engine.role_of(request.caller)
        key = row_id(request)
        text = request.query.get("version")
        version = int(text) if text is not None and text.isascii() and text.isdigit() else text

        async def operation(work: Work) -> Answer:
            row = await self.changeable(work, key, role)
            self._check_version(row, version, required=False)
            await work.remove(row)
            return lambda _made: empty_reply()

        return await self.run(request, role, operation)

    async def visible(self, work: Work, key: UUID, role: RoleDocument) -> Row:
        """A row that the caller sees; :class:`NotFound` otherwise."""
        row = await work.get(self.key, key)
        if not may_see(row, role) and not may_change(row, role, self.share):
            raise NotFound(entity=self.key, id=str(key))
        return row

    async def changeable(self, work: Work, key: UUID, role: RoleDocument) -> Row:
        """A row that the caller may change."""
        row = await self.visible(work, key, role)
        if not may_change(row, role, self.share):
            raise Forbidden(permission=self.share)
        return row

    async def run(self, request: Request, role: RoleDocument, operation: Operation) -> Reply:
        """Through the pipeline: one transaction, answered once a request id."""
        kept = Kept(request.method, request.path, body_hash(await request.body()))
        reply = await execute(self.engine, request.caller, role, operation, kept)
        return reply if reply is not None else empty_reply()

    def document(self, tenant_id: str) -> type[Document]:
        """The kit document as the tenant has it."""
        found = self.engine.table_for(tenant_id, self.engine.tables[self.key])
        assert issubclass(found, Document)  # noqa: S101 - only documents are kept so
        return found

    @staticmethod
    def _check_version(row: Row, version: Any, *, required: bool) -> None:
        if version is None and not required:
            return
        if isinstance(version, bool) or not isinstance(version, int):
            raise ValidationFailed([problem("version", "required", "缺少版本号 version", "version is required")])
        if version != row["version"]:
            raise VersionConflict(current=row["version"])


def row_id(request: Request) -> UUID:
    """The id in the path; :class:`NotFound` when it is none."""
    try:
        return parse_uuid(request.parameters["id"])
    except FieldError:
        raise NotFound(id=request.parameters["id"][:60]) from None
