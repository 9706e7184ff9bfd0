"""The audit trail as resources: a tenant's entries, and whether its chain holds."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

import msgspec

from cellkit.audit.chain import START, Broken, Link, Sealed, verify
from cellkit.audit.entry import AuditEntry
from cellkit.errors import BadRequest
from cellkit.http.messages import Reply, Request, json_reply
from cellkit.messaging import pages
from cellkit.pipeline.engine import Engine

SLICE = 500
MOST_SECONDS = 3.0
_FILTERS = {"entity": "entity", "entity_id": "entity_id", "user_id": "user_id", "action": "action"}
_HASH_BYTES = 32

_COLUMNS = "id, at, user_id, action, entity, entity_id, before, after, request_id, address, algorithm, agent, channel"
_PARTS = len(_COLUMNS.split())
_SEALED_AFTER = f"""
SELECT {_COLUMNS}, row_hash, sequence, chain_hash FROM kit_audit
WHERE tenant_id = $1 AND sequence > $2 ORDER BY sequence LIMIT {SLICE}
"""  # noqa: S608 - constants
_ENDS = """
SELECT h.sequence, h.chain_hash,
    (SELECT count(*) FROM kit_audit u WHERE u.tenant_id = $1 AND u.sequence IS NULL) AS unsealed
FROM (VALUES (1)) AS always(one) LEFT JOIN kit_audit_head h ON h.tenant_id = $1
"""


class AuditRoutes:
    """The routes below ``/api/v1/<cell>/_audit``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_to(self, router: Any) -> None:
        """Add the routes."""
        base = f"/api/v1/{self._engine.cell}/_audit"
        router.add("GET", base, self.entries)
        router.add("GET", f"{base}/verify", self.verify)

    async def entries(self, request: Request) -> Reply:
        """Entries, newest first; filters ``entity``, ``entity_id``, ``user_id``, ``action``, ``from``, ``to``."""
        await self._allow(request)
        query = request.query
        pages.check_query(query, (*_FILTERS, "from", "to", "limit", "cursor", "total"))
        limit = pages.limit_of(query)
        parameters: list[Any] = [UUID(request.caller.tenant_id)]
        where = "tenant_id = $1"
        for name, column in _FILTERS.items():
            if query.get(name):
                parameters.append(query[name])
                where += f" AND {column} = ${len(parameters)}"
        for name, operator in (("from", ">="), ("to", "<")):
            moment = pages.moment_of(query, name)
            if moment is not None:
                parameters.append(moment)
                where += f" AND at {operator} ${len(parameters)}"
        counting = f"SELECT count(*) FROM kit_audit WHERE {where}"  # noqa: S608 - columns of a fixed table
        counted = len(parameters)
        after = pages.read_cursor(query, UUID)
        if after is not None:
            parameters.append(after[0])
            where += f" AND id < ${len(parameters)}"
        text = f"SELECT {_COLUMNS}, sequence FROM kit_audit WHERE {where} ORDER BY id DESC LIMIT {limit + 1}"  # noqa: S608
        total = None
        async with self._engine.database.session(request.caller.tenant_id) as connection:
            records = await connection.fetch(text, *parameters)
            if pages.wants_total(query):
                total = await connection.fetchval(counting, *parameters[:counted])
        following = None
        if len(records) > limit:
            records = records[:limit]
            following = pages.make_cursor(records[-1]["id"])
        return pages.page_reply([_shown(record) for record in records], following, total)

    async def verify(self, request: Request) -> Reply:
        """Check the tenant's chain from its beginning or from ``cursor``; a long chain takes several calls.

        Answers ``{"holds", "checked", "complete", "next", "broken", "head", "unsealed"}``: ``next`` goes on where this
        call stopped, ``broken`` is the first damage, ``head`` is worth noting outside the database.
        """
        await self._allow(request)
        pages.check_query(request.query, ("cursor",))
        tenant = UUID(request.caller.tenant_id)
        began = time.monotonic()
        link, broken, checked, complete = _from_cursor(request.query), None, 0, False
        async with self._engine.database.session(request.caller.tenant_id) as connection:
            # The head first: entries sealed meanwhile are then at most too many, never too few.
            ends: Any = await connection.fetchrow(_ENDS, tenant)
            while broken is None and not complete and time.monotonic() - began < MOST_SECONDS:
                records = await connection.fetch(_SEALED_AFTER, tenant, link.sequence)
                link, broken = verify(tenant, map(_sealed, records), link)
                checked += len(records)
                complete = len(records) < SLICE
        if complete and broken is None and ends["sequence"] is not None and ends["sequence"] > link.sequence:
            broken = Broken(link.sequence + 1, None, "missing")
        done = complete or broken is not None
        head = Link() if ends["sequence"] is None else Link(ends["sequence"], ends["chain_hash"])
        return json_reply(
            {
                "holds": broken is None,
                "checked": checked,
                "complete": done,
                "next": None if done else pages.make_cursor(link.sequence, link.chain_hash.hex()),
                "broken": None if broken is None else _told(broken),
                "head": {"sequence": head.sequence, "chain_hash": head.chain_hash.hex()},
                "unsealed": ends["unsealed"],
            }
        )

    async def _allow(self, request: Request) -> None:
        role = await self._engine.role_of(request.caller)
        role.require(f"{self._engine.cell}.audit.read")


def _shown(record: Any) -> dict[str, Any]:
    shown = dict(record)
    for name in ("before", "after"):
        if shown[name] is not None:
            shown[name] = msgspec.Raw(shown[name].encode())
    return shown


def _sealed(record: Any) -> Sealed:
    row_hash, sequence, chain = record["row_hash"], record["sequence"], record["chain_hash"]
    return Sealed(AuditEntry(*tuple(record)[:_PARTS]), row_hash, sequence, chain or b"")


def _told(broken: Broken) -> dict[str, Any]:
    return {"sequence": broken.sequence, "entry_id": broken.entry_id, "damage": broken.damage}


def _from_cursor(query: dict[str, str]) -> Link:
    values = pages.read_cursor(query, int, str)
    if values is None:
        return START
    try:
        chain = bytes.fromhex(values[1])
    except ValueError:
        raise BadRequest(reason="cursor") from None
    if values[0] < 0 or len(chain) != _HASH_BYTES:
        raise BadRequest(reason="cursor")
    return Link(values[0], chain)
