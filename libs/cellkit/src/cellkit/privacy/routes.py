"""The routes below ``/api/v1/<cell>/_privacy``: find a person, hand out his data, look after the tenant's keys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from cellkit.declare.document import Document
from cellkit.declare.fields import FieldError, parse_uuid
from cellkit.errors import Conflict, FieldProblem, NotFound, ValidationFailed, problem
from cellkit.http.messages import Reply, Request, json_reply
from cellkit.http.router import Router
from cellkit.labels import L
from cellkit.masks import mask
from cellkit.messaging import pages
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.execute import Answer, execute
from cellkit.pipeline.flush import Kept, body_hash
from cellkit.pipeline.work import Work
from cellkit.privacy.bodies import check_names, reason_of
from cellkit.privacy.rotation import columns_of, rotate_keys, stale_count
from cellkit.privacy.subjects import CRITERIA, MOST_EACH, Search, copy_of, describe

ENTITY = "kit.privacy"
MOST_DOCUMENTS = 200
_SHORTEST_VALUE = 2
_KEYS = """
SELECT purpose, generation, wrapped, created_at, destroyed_at FROM kit_tenant_key
WHERE tenant_id = $1 ORDER BY purpose, generation
"""
Operation = Callable[[Work, RoleDocument], Awaitable[Answer]]


class PrivacyRoutes:
    """The routes of one cell."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_to(self, router: Router) -> None:
        """Add the routes."""
        base = f"/api/v1/{self._engine.cell}/_privacy"
        router.add("POST", f"{base}/search", self.search)
        router.add("POST", f"{base}/copies", self.copies)
        router.add("GET", f"{base}/keys", self.keys)
        router.add("POST", f"{base}/keys/rotate", self.rotate)
        router.add("POST", f"{base}/keys/destroy", self.destroy)

    async def search(self, request: Request) -> Reply:
        """Documents that hold a person's mobile, id card, e-mail, name, bank account or plate."""
        body = await request.json_object()
        wanted = read_criteria(body)

        async def operation(work: Work, role: RoleDocument) -> Answer:
            search = Search(self._engine, work.caller.tenant_id)
            statement = search.statement(wanted)
            records = await work.connection.fetch(statement, *search.parameters) if statement else []
            found: dict[tuple[str, UUID], list[str]] = {}
            for record in records:
                found.setdefault((record["entity"], record["id"]), []).extend(record["matched"])
            items = await describe(work, role, found)
            told = {"criteria": {kind: mask(kind, value) for kind, value in wanted.items()}, "found": len(items)}
            work.record(f"{self._engine.cell}.privacy.search", ENTITY, work.caller.request_id, told)
            complete = len(records) < MOST_EACH
            return lambda _made: json_reply({"items": items, "complete": complete}, headers=[_NO_STORE])

        return await self._run(request, "search", operation)

    async def copies(self, request: Request) -> Reply:
        """The copy of his data that a person may ask for: these documents, his values in clear."""
        body = await request.json_object()
        problems = check_names(body, ("documents", "reason")) + reason_of(body)
        wanted, wrong = read_documents(self._engine, body.get("documents"))
        if problems or wrong:
            raise ValidationFailed(problems + wrong)

        async def operation(work: Work, role: RoleDocument) -> Answer:
            copies = await copy_of(work, role, wanted)
            if len(copies) < len(set(wanted)):
                raise NotFound
            named = [{"entity": entity, "id": identity} for entity, identity in wanted]
            told = {"documents": named, "reason": body["reason"].strip()}
            work.record(f"{self._engine.cell}.privacy.export", ENTITY, work.caller.request_id, told)
            pack = {"cell": self._engine.cell, "madeAt": work.now, "documents": copies}
            return lambda _made: json_reply(pack, headers=[_NO_STORE, _ATTACHMENT])

        return await self._run(request, "export", operation)

    async def keys(self, request: Request) -> Reply:
        """The tenant's keys (never their contents), and how many values hang on older ones."""
        role = await self._engine.role_of(request.caller)
        role.require(f"{self._engine.cell}.privacy.keys")
        pages.check_query(request.query, ())
        ring = self._engine.keys
        if ring is None or not ring.enveloped:
            return json_reply({"cipher": None, "masterKey": None, "items": [], "stale": 0})
        async with self._engine.database.session(role.tenant_id) as connection:
            records = await connection.fetch(_KEYS, UUID(role.tenant_id))
            alive = any(record["wrapped"] for record in records)
            stale = await stale_count(connection, self._engine, role.tenant_id) if alive else 0
        items = [
            {
                "purpose": record["purpose"],
                "generation": record["generation"],
                "wrappedWith": record["wrapped"].split(":")[2] if record["wrapped"] else None,
                "created_at": record["created_at"],
                "destroyed_at": record["destroyed_at"],
            }
            for record in records
        ]
        cipher = {"a": "aes-256-gcm", "s": "sm4-gcm"}[ring.letter]
        return json_reply({"cipher": cipher, "masterKey": ring.current, "items": items, "stale": stale})

    async def rotate(self, request: Request) -> Reply:
        """Start the job that wraps the keys anew and encrypts older values again; ``fresh`` makes a new key first."""
        body = await request.json_object()
        problems = check_names(body, ("fresh", "reason")) + reason_of(body)
        if not isinstance(body.get("fresh", False), bool):
            problems.append(problem("fresh", "type", "应为是/否", "true or false expected"))
        if problems:
            raise ValidationFailed(problems)
        self._must_hold_keys()

        async def operation(work: Work, _role: RoleDocument) -> Answer:
            payload = {"fresh": body.get("fresh", False)}
            identity = await work.enqueue(rotate_keys, payload, key="rotate-keys")
            told = {**payload, "reason": body["reason"].strip(), "job_id": identity}
            work.record(f"{self._engine.cell}.privacy.rotate", ENTITY, "keys", told)
            return lambda _made: json_reply({"jobId": identity}, status=202)

        return await self._run(request, "keys", operation)

    async def destroy(self, request: Request) -> Reply:
        """Destroy the tenant's keys: everything encrypted of this tenant in this cell is lost for ever."""
        body = await request.json_object()
        problems = check_names(body, ("confirm", "reason")) + reason_of(body)
        if body.get("confirm") != request.caller.tenant_id:
            zh, en = "请填写租户编号以确认销毁", "The tenant's id must be given to confirm"
            problems.append(problem("confirm", "confirm", zh, en))
        if problems:
            raise ValidationFailed(problems)
        self._must_hold_keys()

        async def operation(work: Work, _role: RoleDocument) -> Answer:
            await work.begin()
            for column in columns_of(self._engine, work.caller.tenant_id):
                if await column.holds_master_encrypted(work.connection, work.tenant_id):
                    zh, en = (
                        "仍有数据直接由主密钥加密，请先轮换密钥",
                        "some values still hang on the master key: rotate first",
                    )
                    raise Conflict(reason=L(zh, en))
            await work.connection.execute(
                "UPDATE kit_tenant_key SET wrapped = NULL, destroyed_at = now() "
                "WHERE tenant_id = $1 AND wrapped IS NOT NULL",
                work.tenant_id,
            )
            work.record(f"{self._engine.cell}.privacy.destroy", ENTITY, "keys", {"reason": body["reason"].strip()})
            work.committing.append(lambda: self._forget(work.caller.tenant_id))
            return lambda _made: json_reply({"destroyed": True})

        return await self._run(request, "destroy", operation)

    def _forget(self, tenant_id: str) -> None:
        if self._engine.keys is not None:
            self._engine.keys.forget(tenant_id)

    def _must_hold_keys(self) -> None:
        if self._engine.keys is None or not self._engine.keys.enveloped:
            raise Conflict(reason=L("本系统没有加密数据", "this cell encrypts nothing"))

    async def _run(self, request: Request, permission: str, operation: Operation) -> Reply:
        pages.check_query(request.query, ())
        role = await self._engine.role_of(request.caller)
        role.require(f"{self._engine.cell}.privacy.{permission}")
        kept = Kept(request.method, request.path, body_hash(await request.body()))
        reply = await execute(self._engine, request.caller, role, lambda work: operation(work, role), kept)
        assert reply is not None  # noqa: S101 - every operation makes one
        return reply


_NO_STORE = (b"cache-control", b"no-store")
_ATTACHMENT = (b"content-disposition", b'attachment; filename="personal-data.json"')


def read_criteria(body: dict[str, Any]) -> dict[str, str]:
    """What to look for; raises :class:`ValidationFailed`."""
    problems = check_names(body, CRITERIA)
    wanted: dict[str, str] = {}
    for kind in CRITERIA:
        value = body.get(kind)
        if value is None:
            continue
        if not isinstance(value, str) or not _SHORTEST_VALUE <= len(value.strip()) <= 200:
            problems.append(problem(kind, "type", "应为 2–200 个字符的文本", "Text of 2–200 characters expected"))
        else:
            wanted[kind] = value.strip()
    if not wanted and not problems:
        problems.append(problem("", "required", "请至少填写一个条件", "At least one of the criteria is required"))
    if problems:
        raise ValidationFailed(problems)
    return wanted


def read_documents(engine: Engine, value: Any) -> tuple[list[tuple[str, UUID]], list[FieldProblem]]:
    """``[{"entity", "id"}]`` as pairs, and what is wrong with it."""
    if not isinstance(value, list) or not 0 < len(value) <= MOST_DOCUMENTS:
        span = f"1–{MOST_DOCUMENTS}"
        return [], [problem("documents", "required", f"请列出单据（{span} 个）", f"A list of {span} documents")]
    found: list[tuple[str, UUID]] = []
    problems: list[FieldProblem] = []
    for place, item in enumerate(value):
        table = engine.tables.get(str(item.get("entity"))) if isinstance(item, dict) else None
        try:
            if table is None or not issubclass(table, Document) or set(item) != {"entity", "id"}:
                raise FieldError("unknown", "", "")
            found.append((table.key, parse_uuid(item["id"])))
        except FieldError:
            zh, en = "应为 {entity, id}，且为本系统的单据", "{entity, id} of a document of this cell expected"
            problems.append(problem(f"documents[{place}]", "unknown", zh, en))
    return found, problems
