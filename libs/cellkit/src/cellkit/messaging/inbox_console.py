"""The inbox as a resource: which events were handled, when, and how often they came again."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from cellkit.errors import BadRequest
from cellkit.http.messages import Reply, Request
from cellkit.messaging import pages
from cellkit.pipeline.engine import Engine

_FILTERS = ("source", "type", "subject", "event_id")
_COLUMNS = "source, event_id, type, subject, handled_at, duplicates, last_duplicate_at"

COUNT_DUPLICATE = """
UPDATE kit_inbox SET duplicates = duplicates + 1, last_duplicate_at = now()
WHERE tenant_id = $1 AND source = $2 AND event_id = $3
"""


class InboxConsole:
    """``GET /api/v1/<cell>/_inbox``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def __call__(self, request: Request) -> Reply:
        """Handled events, newest first; equality filters, ``from``, ``to`` and ``duplicates=true``."""
        role = await self._engine.role_of(request.caller)
        role.require(f"{self._engine.cell}.inbox.read")
        query = request.query
        pages.check_query(query, (*_FILTERS, "duplicates", "from", "to", "limit", "cursor", "total"))
        parameters: list[Any] = [UUID(request.caller.tenant_id)]
        where = "tenant_id = $1"
        for name in _FILTERS:
            if query.get(name):
                parameters.append(query[name])
                where += f" AND {name} = ${len(parameters)}"
        for name, operator in (("from", ">="), ("to", "<")):
            moment = pages.moment_of(query, name)
            if moment is not None:
                parameters.append(moment)
                where += f" AND handled_at {operator} ${len(parameters)}"
        if query.get("duplicates", "") not in ("", "true", "false"):
            raise BadRequest(reason="duplicates: true, false")
        if query.get("duplicates") == "true":
            where += " AND duplicates > 0"
        counting, counted = f"SELECT count(*) FROM kit_inbox WHERE {where}", len(parameters)
        after = pages.read_cursor(query, str, str, str)
        if after is not None:
            parameters += [_moment(after[0]), *after[1:]]
            places = ", ".join(f"${place}" for place in range(len(parameters) - 2, len(parameters) + 1))
            where += f" AND (handled_at, source, event_id) < ({places})"
        limit = pages.limit_of(query)
        order = "handled_at DESC, source DESC, event_id DESC"
        text = f"SELECT {_COLUMNS} FROM kit_inbox WHERE {where} ORDER BY {order} LIMIT {limit + 1}"
        total = None
        async with self._engine.database.session(role.tenant_id) as connection:
            records = await connection.fetch(text, *parameters)
            if pages.wants_total(query):
                total = await connection.fetchval(counting, *parameters[:counted])
        following = None
        if len(records) > limit:
            records = records[:limit]
            last = records[-1]
            following = pages.make_cursor(last["handled_at"].isoformat(), last["source"], last["event_id"])
        return pages.page_reply([dict(record) for record in records], following, total)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadRequest(reason="cursor") from None
    if moment.tzinfo is None:
        raise BadRequest(reason="cursor")
    return moment
