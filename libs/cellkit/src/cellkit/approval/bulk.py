"""Several approvals decided at once: each by the rules, the transaction and the audit of one alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from cellkit.approval import bodies
from cellkit.declare.fields import FieldError, parse_uuid
from cellkit.errors import FieldProblem, ServiceError, ValidationFailed, problem
from cellkit.http.messages import Reply, Request, from_json, json_reply, to_json
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.execute import Answer, execute, kept_reply
from cellkit.pipeline.flush import Kept, body_hash
from cellkit.pipeline.work import Work

ACTIONS = ("approve", "reject")
"""What may be said to several documents with the same words; everything else needs a look at each."""
MOST = 100
One = Callable[[Request, RoleDocument, UUID, str, Mapping[str, Any], Kept], Awaitable[Reply]]


def schema(action: str) -> dict[str, Any]:
    """The JSON schema of the body."""
    ids = {"type": "array", "items": {"type": "string", "format": "uuid"}, "minItems": 1, "maxItems": MOST}
    comment = bodies.schema(action)["properties"]["comment"]
    required = ["ids", *bodies.ACTIONS[action][2]]
    return {
        "type": "object",
        "properties": {"ids": ids, "comment": comment},
        "required": required,
        "additionalProperties": False,
    }


def endpoint(engine: Engine, action: str, one: One) -> Callable[[Request], Awaitable[Reply]]:
    """``POST …/_approvals/<action>``; ``one`` takes the action on one approval.

    Cut off and sent again, it goes on: what was decided answers as it did, the rest is tried.
    """

    async def decide(request: Request) -> Reply:
        role = await engine.role_of(request.caller)
        raw = await request.body()
        ids, body = _read(action, await request.json_object())
        whole = Kept(request.method, request.path, body_hash(raw))
        if request.caller.dry_run is None:
            async with engine.database.session(request.caller.tenant_id) as connection:
                before = await kept_reply(engine, connection, request.caller, whole)
            if before is not None:
                return before
        items = [await _decided(request, role, key, action, body, one) for key in ids]
        done = sum(1 for item in items if item["done"])
        reply = json_reply({"items": items, "done": done, "refused": len(items) - done})

        async def keep(work: Work) -> Answer:
            await work.begin()
            return lambda _made: reply

        return await execute(engine, request.caller, role, keep, whole) or reply

    return decide


async def _decided(
    request: Request, role: RoleDocument, key: UUID, action: str, body: Mapping[str, Any], one: One
) -> dict[str, Any]:
    """What became of one; a refusal is its own and stops no other."""
    path = request.path.removesuffix(f"/{action}") + f"/{key}/{action}"
    kept = Kept(request.method, path, body_hash(to_json(body)))
    try:
        reply = await one(request, role, key, action, body, kept)
    except ServiceError as error:
        if error.status >= 500:
            raise
        return {"id": str(key), "done": False, "code": error.code, "message": error.message(request.caller.language)}
    assert isinstance(reply.body, bytes)  # noqa: S101 - an action answers with a small object
    return {**from_json(reply.body), "done": True}


def _read(action: str, given: Mapping[str, Any]) -> tuple[list[UUID], dict[str, Any]]:
    problems: list[FieldProblem] = [
        problem(name[:60], "unknown", "未知字段", "Unknown field") for name in given if name not in ("ids", "comment")
    ]
    ids: list[UUID] = []
    found = given.get("ids")
    try:
        ids = list(dict.fromkeys(parse_uuid(text) for text in found)) if isinstance(found, list) else []
    except FieldError:
        ids = []
    if not 1 <= len(ids) <= MOST:
        zh, en = f"应为 1–{MOST} 个审批编号", f"1–{MOST} ids of approvals"
        problems.append(problem("ids", "type", zh, en))
    body: dict[str, Any] = {}
    try:
        body = bodies.read(action, {"comment": given.get("comment")})
    except ValidationFailed as error:
        problems += error.problems
    if problems:
        raise ValidationFailed(problems)
    return ids, body
