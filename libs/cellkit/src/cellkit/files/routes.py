"""Upload, download, preview and removal of files."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from cellkit.declare.fields import FieldError, parse_uuid
from cellkit.errors import BadRequest, Conflict, Forbidden, NotFound, PayloadTooLarge, ValidationFailed
from cellkit.files import incoming as incoming_files
from cellkit.files.access import may_upload, readable_file, readable_files, require_any_use
from cellkit.files.binding import refusal_of
from cellkit.files.documents import DocumentFiles
from cellkit.files.errors import FileTypeRefused
from cellkit.files.fields import FilePlace, field_named
from cellkit.files.incoming import readable_size
from cellkit.files.names import disposition
from cellkit.files.previews import SIZES, Previews
from cellkit.files.ranges import parse_range, unchanged
from cellkit.files.shown import shown_file
from cellkit.files.store import FileStore, Stored, refuse_unclean
from cellkit.files.types import INLINE, refused, sniff
from cellkit.http.messages import Reply, Request, empty_reply, json_reply
from cellkit.labels import L
from cellkit.messaging.pages import check_query
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.execute import Answer, execute
from cellkit.pipeline.flush import Kept
from cellkit.pipeline.work import Work

MOST_IDS = 200
_PDF = "application/pdf"
# A script in a file must find nothing to act on. PDF viewers, which browsers refuse in a sandbox, are one themselves.
_POLICY = b"default-src 'none'; style-src 'unsafe-inline'; sandbox"
_PDF_POLICY = b"default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; plugin-types application/pdf"


class FileRoutes:
    """The routes below ``/api/v1/<cell>/_files``."""

    def __init__(self, store: FileStore, previews: Previews) -> None:
        self._store = store
        self._engine = store.engine
        self._previews = previews

    def add_to(self, router: Any) -> None:
        """Add the routes."""
        base = f"/api/v1/{self._engine.cell}/_files"
        router.add("POST", base, self.upload)
        router.add("GET", base, self.listed)
        router.add("GET", f"{base}/_usage", self.usage)
        router.add("GET", f"{base}/{{id}}", self.download)
        router.add("DELETE", f"{base}/{{id}}", self.remove)
        router.add("GET", f"{base}/{{id}}/preview", self.preview)

    async def upload(self, request: Request) -> Reply:
        """Take a file in; it stays its uploader's own until a document names it, a day at most."""
        role = await self._engine.role_of(request.caller)
        if not may_upload(self._engine, role):
            raise Forbidden(permission=f"{self._engine.cell}.file.upload")
        check_query(request.query, ("name", "field"))
        place = self._place(request, role)
        most = self._most_bytes(request, place)
        tenant_id = UUID(request.caller.tenant_id)
        await self._store.check_quota(role)
        for _ in range(2):
            content, object_id, key = self._store.begin(tenant_id, most)
            try:
                await incoming_files.take(request, content)
                media_type = sniff(content.head, content.name)
                self._refuse(content, media_type, place)
                stored = await self._store.keep(tenant_id, content, object_id, key)
                try:
                    reply = await self._write(request, role, stored, media_type)
                finally:
                    await self._store.drop_unused(tenant_id, stored)
            finally:
                content.discard()
            if reply is not None:
                self._store.wake()
                return reply
            break
        raise Conflict(reason=L("请重试", "try again"), retry_after_seconds=1)

    def _place(self, request: Request, role: RoleDocument) -> FilePlace | None:
        text = request.query.get("field")
        if not text:
            return None
        table, place = field_named(self._engine.tables, text)
        if not (role.allows(f"{table.key}.create") or role.allows(f"{table.key}.update")):
            raise Forbidden(permission=f"{table.key}.update")
        return place

    def _most_bytes(self, request: Request, place: FilePlace | None) -> int:
        most = self._store.settings.most_bytes
        if place is not None and place.field.max_bytes is not None:
            most = min(most, place.field.max_bytes)
        length = request.header(b"content-length") or ""
        if length.isascii() and length.isdigit() and int(length[:18]) > most + 64 * 1024:
            raise PayloadTooLarge(limit=readable_size(most))
        return most

    def _refuse(self, content: incoming_files.Incoming, media_type: str, place: FilePlace | None) -> None:
        if refused(media_type, content.name):
            raise FileTypeRefused(name=content.name, found=media_type, expected="")
        if place is not None:
            refusal = refusal_of(place, content.name, media_type, content.size)
            if refusal is not None:
                raise ValidationFailed([refusal])

    async def _write(self, request: Request, role: RoleDocument, stored: Stored, media_type: str) -> Reply | None:
        content = stored.incoming

        async def operation(work: Work) -> Answer | None:
            identity = await self._store.add(work, stored, content.name, media_type)
            if identity is None:
                return None
            shown = {
                "id": str(identity),
                "name": content.name,
                "media_type": media_type,
                "size": content.size,
                "sha256": content.sha256.hex(),
                "state": "loose",
                "scan": "off" if self._store.scanner is None else "waiting",
            }
            work.record(f"{self._engine.cell}.file.upload", f"{self._engine.cell}.file", str(identity), shown)
            location = f"/api/v1/{self._engine.cell}/_files/{identity}".encode()
            return lambda _made: json_reply(shown, status=201, headers=[(b"location", location)])

        how = f"{content.name}|{request.query.get('field', '')}"
        kept = Kept(request.method, request.path, hashlib.sha256(content.sha256 + how.encode()).digest())
        return await execute(self._engine, request.caller, role, operation, kept)

    async def listed(self, request: Request) -> Reply:
        """What is known of the files ``ids`` that the caller may read, in that order."""
        role = await self._role(request)
        check_query(request.query, ("ids",))
        names = [one for one in request.query.get("ids", "").split(",") if one]
        if not 0 < len(names) <= MOST_IDS:
            raise BadRequest(reason=L(f"ids 应有 1 至 {MOST_IDS} 个编号", f"ids: 1 to {MOST_IDS}"))
        try:
            ids = [parse_uuid(one) for one in names]
        except FieldError as error:
            raise BadRequest(reason=error.message) from None
        async with self._engine.database.session(request.caller.tenant_id) as connection:
            found = await readable_files(self._engine, connection, role, ids)
        items = [shown_file(found[one]) for one in dict.fromkeys(ids) if one in found]
        return json_reply({"items": items, "next": None, "total": None})

    async def usage(self, request: Request) -> Reply:
        """How much the tenant stores, and how much it may."""
        role = await self._engine.role_of(request.caller)
        role.require(f"{self._engine.cell}.file.manage")
        check_query(request.query, ())
        tenant_id = UUID(request.caller.tenant_id)
        quota = self._store.quota(role)
        return json_reply({"bytes": await self._store.used(tenant_id), "quotaBytes": quota or None})

    async def download(self, request: Request) -> Reply:
        """The content: whole or a range, in place only where that is harmless."""
        role = await self._role(request)
        check_query(request.query, ("download",))
        record = await self._readable(request, role)
        refuse_unclean(record)
        tag = f'"{record["sha256"].hex()[:32]}"'
        headers = [(b"etag", tag.encode()), (b"cache-control", b"private, no-cache")]
        if unchanged(request.header(b"if-none-match"), tag):
            return Reply(b"", status=304, content_type=None, headers=headers)
        size = record["size"]
        condition = request.header(b"if-range")
        part = parse_range(request.header(b"range"), size) if condition in (None, tag) else None
        first, last = part if part is not None else (0, size - 1)
        await self._audit_download(request, role, record)
        headers += self._safety(record, asked=request.query.get("download") in ("true", "1"))
        headers += [(b"accept-ranges", b"bytes"), (b"content-length", str(last + 1 - first).encode())]
        if part is not None:
            headers.append((b"content-range", f"bytes {first}-{last}/{size}".encode()))
        body: AsyncIterator[bytes] = self._store.read(UUID(request.caller.tenant_id), record, first, last + 1)
        media_type = record["media_type"]
        shown = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
        return Reply(body, status=200 if part is None else 206, content_type=shown.encode(), headers=headers)

    @staticmethod
    def _safety(record: Any, *, asked: bool) -> list[tuple[bytes, bytes]]:
        media_type = record["media_type"]
        inline = media_type in INLINE and not asked
        return [
            (b"content-disposition", disposition(record["name"], inline=inline)),
            (b"content-security-policy", _PDF_POLICY if media_type == _PDF else _POLICY),
            (b"x-content-type-options", b"nosniff"),
            (b"cross-origin-resource-policy", b"same-origin"),
        ]

    async def _audit_download(self, request: Request, role: RoleDocument, record: Any) -> None:
        if not self._store.settings.audit_downloads:
            return

        async def operation(work: Work) -> None:
            entity = record["entity"] or f"{self._engine.cell}.file"
            identity = str(record["entity_id"] or record["id"])
            facts = {"file": str(record["id"]), "name": record["name"]}
            work.record(f"{self._engine.cell}.file.download", entity, identity, facts)

        await execute(self._engine, request.caller, role, operation)

    async def preview(self, request: Request) -> Reply:
        """A picture of the file (WebP)."""
        role = await self._role(request)
        check_query(request.query, ("size",))
        size = request.query.get("size") or "medium"
        if size not in SIZES:
            raise BadRequest(reason=f"size: {', '.join(SIZES)}")
        record = await self._readable(request, role)
        refuse_unclean(record)
        tag = f'"{record["sha256"].hex()[:24]}-{size}"'
        headers = [
            (b"etag", tag.encode()),
            (b"cache-control", b"private, no-cache"),
            (b"x-content-type-options", b"nosniff"),
        ]
        if unchanged(request.header(b"if-none-match"), tag):
            return Reply(b"", status=304, content_type=None, headers=headers)
        picture = await self._previews.get(UUID(request.caller.tenant_id), record, size)
        return Reply(picture, content_type=b"image/webp", headers=headers)

    async def remove(self, request: Request) -> Reply:
        """Take a loose file or an attachment away; one of a field goes by changing the document."""
        role = await self._role(request)
        check_query(request.query, ())
        record = await self._readable(request, role)
        documents = DocumentFiles(self._engine)

        async def operation(work: Work) -> Answer:
            await documents.remove(work, role, record)
            return lambda _made: empty_reply()

        kept = Kept(request.method, request.path, hashlib.sha256(b"").digest())
        reply = await execute(self._engine, request.caller, role, operation, kept)
        return reply if reply is not None else empty_reply()

    async def _role(self, request: Request) -> RoleDocument:
        role = await self._engine.role_of(request.caller)
        require_any_use(self._engine, role)
        return role

    async def _readable(self, request: Request, role: RoleDocument) -> Any:
        try:
            identity = parse_uuid(request.parameters["id"])
        except FieldError:
            raise NotFound(id=request.parameters["id"][:60]) from None
        async with self._engine.database.session(request.caller.tenant_id) as connection:
            return await readable_file(self._engine, connection, role, identity)
