"""The inbox: takes events from other cells and runs their handlers, once per event and in one transaction with it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cellkit.context import Caller
from cellkit.errors import FieldProblem, Forbidden, ServiceError, ValidationFailed, problem
from cellkit.events import Event, Handler
from cellkit.http.messages import Reply, Request, json_reply
from cellkit.messaging.inbox_console import COUNT_DUPLICATE
from cellkit.ops.access import INBOX_PERMISSION, RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.execute import Answer, execute
from cellkit.pipeline.work import Work

_TYPE = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_]*)+\.v\d{1,4}")
_LONGEST = 200
_REQUIRED = ("specversion", "id", "source", "type", "subject", "time", "tenantid", "data")


class ForeignEvent(Forbidden):
    """A cell delivered an event that is not its own, or of another tenant."""

    zh, en = "事件的 {field} 与调用方不一致", "The event's {field} is not the caller's"


class UnknownEventType(ServiceError):
    """This version of the cell has no handler for the type.

    Not a 2xx, because while a cell is upgraded an older instance may get what only the newer one subscribed to: the
    relay comes again until one of them knows it.
    """

    code, status = "EVENT_TYPE_UNKNOWN", 422
    zh, en = "本系统不处理事件类型 {type}", "This cell does not handle events of type {type}"


class Inbox:
    """The endpoint of one cell."""

    def __init__(self, engine: Engine, handlers: Sequence[Handler]) -> None:
        self._engine = engine
        self._handlers: dict[str, list[Handler]] = defaultdict(list)
        for handler in handlers:
            self._handlers[handler.type].append(handler)

    async def __call__(self, request: Request) -> Reply:
        """``POST /api/v1/<cell>/_inbox``: 200 when handled now or before; a handler's refusal is the answer."""
        caller = request.caller
        role = await self._engine.role_of(caller)
        role.require(INBOX_PERMISSION)
        if not caller.is_service:
            raise Forbidden(permission=INBOX_PERMISSION)
        event = read_event(await request.json_object())
        _check_sender(event, caller)
        handlers = self._handlers.get(event.type)
        if not handlers:
            raise UnknownEventType(type=event.type)
        try:
            handled = await self._handle(event, handlers, caller, role)
        except Exception:
            # The same event may have arrived twice at once: whatever the second ran into, the first has done it.
            async with self._engine.database.session(caller.tenant_id) as connection:
                if not await _was_handled(connection, caller, event):
                    raise
            handled = False
        if not handled:
            async with self._engine.database.session(caller.tenant_id) as connection:
                await connection.execute(COUNT_DUPLICATE, UUID(caller.tenant_id), event.source, event.id)
        return json_reply({"status": "handled" if handled else "duplicate"})

    async def _handle(self, event: Event, handlers: list[Handler], caller: Caller, role: RoleDocument) -> bool:
        handled = True

        async def operation(work: Work) -> Answer | None:
            nonlocal handled
            handled = not await _was_handled(work.connection, caller, event)
            if handled:
                work.handled.append((event.id, event.type, event.source, event.subject))
                for handler in handlers:
                    await handler.function(work, event)
            return None

        await execute(self._engine, caller, role, operation)
        return handled


async def _was_handled(connection: Any, caller: Caller, event: Event) -> bool:
    found = await connection.fetchval(
        "SELECT 1 FROM kit_inbox WHERE tenant_id = $1 AND source = $2 AND event_id = $3",
        UUID(caller.tenant_id),
        event.source,
        event.id,
    )
    return found is not None


def _check_sender(event: Event, caller: Caller) -> None:
    sender = caller.user_id.removeprefix("cell:")
    if event.tenant_id != caller.tenant_id.lower():
        raise ForeignEvent(field="tenantid")
    if event.source != f"/cells/{sender}":
        raise ForeignEvent(field="source")
    if event.type.partition(".")[0] != sender:
        raise ForeignEvent(field="type")


def read_event(body: dict[str, Any]) -> Event:
    """The event in a CloudEvents JSON object; raises :class:`ValidationFailed` with every problem."""
    found: list[FieldProblem] = [
        problem(name, "required", f"缺少 {name}", f"{name} is required") for name in _REQUIRED if body.get(name) is None
    ]
    for name in ("id", "source", "type", "subject", "tenantid", "partitionkey", "actor"):
        value = body.get(name)
        if value is None or (name == "actor" and value == ""):
            continue
        if not (isinstance(value, str) and 0 < len(value) <= _LONGEST):
            found.append(problem(name, "type", f"{name} 应为 1–{_LONGEST} 个字符", f"{name}: text of 1–{_LONGEST}"))
    if body.get("specversion") not in (None, "1.0"):
        found.append(problem("specversion", "type", "specversion 应为 1.0", "specversion must be 1.0"))
    if isinstance(body.get("type"), str) and not _TYPE.fullmatch(body["type"]):
        found.append(problem("type", "format", "type 格式不正确", "type looks like crm.contract.effective.v1"))
    time = _moment(body.get("time"))
    if time is None and body.get("time") is not None:
        found.append(problem("time", "type", "time 应为带时区的时间", "time: RFC 3339 with its zone"))
    tenant = _uuid(body.get("tenantid"))
    if tenant is None and isinstance(body.get("tenantid"), str):
        found.append(problem("tenantid", "type", "tenantid 应为 UUID", "tenantid must be a UUID"))
    if body.get("data") is not None and not isinstance(body["data"], dict):
        found.append(problem("data", "type", "data 应为对象", "data must be an object"))
    if body.get("datacontenttype") not in (None, "application/json"):
        found.append(problem("datacontenttype", "type", "仅支持 application/json", "only application/json"))
    if found or time is None or tenant is None:
        raise ValidationFailed(found)
    return Event(
        id=body["id"],
        type=body["type"],
        source=body["source"],
        subject=body["subject"],
        time=time,
        tenant_id=tenant,
        actor=body.get("actor") or "",
        data=body["data"],
    )


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return None if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _uuid(value: Any) -> str | None:
    try:
        return str(UUID(value)) if isinstance(value, str) else None
    except ValueError:
        return None
