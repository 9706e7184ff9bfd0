"""``/api/admin/requests`` and ``/api/admin/logs``."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from cellkit.errors import BadRequest, NotFound
from cellkit.labels import L
from platform_monitor.access import Access
from platform_monitor.logs import entries, requests
from platform_monitor.logs.files import ACCESS, LogFolder
from platform_monitor.logs.merging import now, page
from platform_monitor.logs.records import Record
from platform_monitor.logs.requests import RequestWish
from platform_monitor.logs.waterfall import waterfall
from platform_monitor.traffic.line import AccessLine

_DAY = 86_400.0
_BEFORE_SECONDS = 150.0
_AFTER_SECONDS = 3600.0
_MOST_SPANS = 300
_MOST_EVENTS = 300
# Reading and decoding is work of the processor: more side by side would only slow the monitor's own work.
_SEARCHES = 2
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:\-]{1,128}")
_STATUS = re.compile(r"([1-5])xx|(\d{3})(?:-(\d{3}))?")
Level = Literal["debug", "info", "warning", "error", "critical"]
Word = Annotated[str | None, Query(max_length=200)]
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=4000)]


@dataclass(frozen=True, slots=True)
class _Period:
    begin: float
    end: float


class LogRoutes:
    """Answers from the files; one search reads a bounded part of them and says where the next one goes on."""

    def __init__(self, folder: LogFolder, access: Access) -> None:
        self._folder = folder
        self._access = access
        self._turns = asyncio.Semaphore(_SEARCHES)

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(prefix="/api/admin")
        router.add_api_route("/requests", self.requests, methods=["GET"])
        router.add_api_route("/requests/{request_id}", self.request, methods=["GET"])
        router.add_api_route("/logs", self.logs, methods=["GET"])
        return router

    async def requests(  # noqa: PLR0913, PLR0917 - the query's parameters
        self,
        request_id: Word = None,
        tenant_id: Word = None,
        user_id: Word = None,
        service: Word = None,
        caller: Word = None,
        method: Word = None,
        path: Word = None,
        status: Word = None,
        min_duration_ms: Annotated[float | None, Query(ge=0)] = None,
        since: Annotated[datetime | None, Query(alias="from")] = None,
        to: datetime | None = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """Requests as the gateway answered them, the latest first; without ``from`` those of the last day."""
        own = await self._access.reach()
        if own is not None and tenant_id not in {None, own}:
            raise NotFound
        period = _period(since, to)
        wish = RequestWish(
            period.begin,
            period.end,
            tenant_id=own or tenant_id or "",
            user_id=user_id or "",
            request_id=request_id or "",
            service=service or "",
            caller=caller or "",
            method=(method or "").upper(),
            path=path or "",
            statuses=_statuses(status),
            least_ms=min_duration_ms,
        )
        async with self._turns:
            found = await asyncio.to_thread(page, self._folder, [requests.asked_of(wish)], limit, cursor)
        items = [_for_tenant(requests.shown(line), own) for line in found.entries]
        return {"items": items, "next": found.following, "total": None, "read_bytes": found.read_bytes}

    async def request(self, request_id: str) -> dict[str, Any]:
        """One request with everything that carries its trace: calls between cells, events, and what services wrote."""
        own = await self._access.reach()
        if not _REQUEST_ID.fullmatch(request_id):
            raise NotFound
        async with self._turns:
            return await asyncio.to_thread(self._whole, request_id, own)

    async def logs(  # noqa: PLR0917 - the query's parameters
        self,
        service: Annotated[list[str] | None, Query(max_length=30)] = None,
        level: Level | None = None,
        q: Word = None,
        tenant_id: Word = None,
        request_id: Word = None,
        since: Annotated[datetime | None, Query(alias="from")] = None,
        to: datetime | None = None,
        limit: Limit = 100,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """Entries of the logs of all processes or those named, the latest first; ``level`` and everything graver."""
        await self._access.require()
        known = [name for name in self._folder.services() if name != ACCESS]
        unknown = sorted(set(service or ()) - set(known))
        if unknown:
            raise BadRequest(
                reason=L(
                    f"没有 {', '.join(unknown)} 的日志；现有：{', '.join(known)}",
                    f"no log of {', '.join(unknown)}; there are: {', '.join(known)}",
                )
            )
        period = _period(since, to)
        wish = entries.Wish(
            period.begin,
            period.end,
            level=level or "",
            text=q or "",
            tenant_id=tenant_id or "",
            any_of=(request_id,) if request_id else (),
        )
        asked = [entries.asked_of(name, wish) for name in service or known]
        async with self._turns:
            found = await asyncio.to_thread(page, self._folder, asked, limit, cursor)
        items = [record.as_json() for record in found.entries]
        return {
            "items": items,
            "next": found.following,
            "total": None,
            "services": known,
            "read_bytes": found.read_bytes,
        }

    def _whole(self, request_id: str, own: str | None) -> dict[str, Any]:
        asked = self._lines(RequestWish(0, now(), tenant_id=own or "", request_id=request_id), 10)
        trace = next((line.trace_id for line in asked if line.trace_id), "")
        if not asked and own is not None:
            raise NotFound
        lines, records = asked, list[Record]()
        if asked:
            begin = min(line.began for line in asked) - _BEFORE_SECONDS
            end = max(line.began + line.seconds for line in asked) + _AFTER_SECONDS
        else:
            begin, end = time.time() - _DAY, now()
        if trace:
            wish = RequestWish(begin, end, tenant_id=own or "", trace_id=trace)
            lines = _once([*asked, *self._lines(wish, _MOST_SPANS)])
        if own is None:
            words = tuple({request_id, trace} - {""})
            wish_of = entries.Wish(begin, end, any_of=words)
            names = [name for name in self._folder.services() if name not in {ACCESS, "postgres", "gateway"}]
            records = page(
                self._folder, [entries.asked_of(name, wish_of) for name in names], _MOST_EVENTS, None
            ).entries
        if not lines and not records:
            raise NotFound
        spans = [_for_tenant(span, own) for span in waterfall(lines)]
        chosen = next((index for index, span in enumerate(spans) if span["request_id"] == request_id), None)
        return {
            "request_id": request_id,
            "trace_id": trace or None,
            "asked": chosen,
            "spans": spans,
            "truncated": len(lines) >= _MOST_SPANS,
            "logs": [record.as_json() for record in reversed(records)],
        }

    def _lines(self, wish: RequestWish, most: int) -> list[AccessLine]:
        return page(self._folder, [requests.asked_of(wish)], most, None).entries


def _once(lines: list[AccessLine]) -> list[AccessLine]:
    known = {(line.timestamp, line.request_id, line.path, line.duration_ms): line for line in lines}
    return list(known.values())


def _for_tenant(item: dict[str, Any], own: str | None) -> dict[str, Any]:
    """What a tenant may know of its requests: not where in the platform they ran."""
    return item if own is None else {**item, "instance": None}


def _period(since: datetime | None, to: datetime | None) -> _Period:
    end = to.replace(tzinfo=to.tzinfo or UTC).timestamp() if to else now()
    begin = since.replace(tzinfo=since.tzinfo or UTC).timestamp() if since else end - _DAY
    if begin > end:
        raise BadRequest(reason=L("from 晚于 to", "from is after to"))
    return _Period(begin, end)


def _statuses(text: str | None) -> tuple[int, int] | None:
    if not text:
        return None
    found = _STATUS.fullmatch(text)
    if found is None:
        raise BadRequest(reason=L("status 应为 404、5xx 或 400-499", "status should be 404, 5xx or 400-499"))
    family, first, last = found.groups()
    if family:
        return int(family) * 100, int(family) * 100 + 99
    return int(first), int(last or first)
