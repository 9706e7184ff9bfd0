"""The audit trail as resources: entries, whether the chain holds, signed heads, archives, and the trail as a file."""

from __future__ import annotations

import base64
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from cellkit.audit.chain import Broken, Link, verify
from cellkit.audit.checking import heads_agree, sound_archives
from cellkit.audit.exporting import Range, range_of, trail_lines
from cellkit.audit.keeper import Keeper
from cellkit.audit.showing import Shown
from cellkit.audit.signing import fingerprint
from cellkit.audit.store import COLUMNS, SLICE, archived_link, heads_between, sealed_after
from cellkit.audit.trail_file import TrailWriter
from cellkit.errors import BadRequest, Forbidden
from cellkit.http.messages import Reply, Request, json_reply
from cellkit.labels import L
from cellkit.messaging import pages
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.flush import flush
from cellkit.pipeline.work import Work

MOST_SECONDS = 3.0
_FILTERS = ("entity", "entity_id", "user_id", "action", "request_id", "channel", "address")
_HASH_BYTES = 32
_ENDS = """
SELECT h.sequence, h.chain_hash,
    (SELECT count(*) FROM kit_audit u WHERE u.tenant_id = $1 AND u.sequence IS NULL) AS unsealed
FROM (VALUES (1)) AS always(one) LEFT JOIN kit_audit_head h ON h.tenant_id = $1
"""
_HEADS = """
SELECT sequence, day, head, signature, exported_at FROM kit_audit_day
WHERE tenant_id = $1 AND ($2::bigint IS NULL OR sequence < $2) ORDER BY sequence DESC LIMIT $3
"""
_ARCHIVES = """
SELECT first_sequence, last_sequence, chain_hash, file, archived_at FROM kit_audit_archive
WHERE tenant_id = $1 AND ($2::bigint IS NULL OR last_sequence < $2) ORDER BY last_sequence DESC LIMIT $3
"""


class AuditRoutes:
    """The routes below ``/api/v1/<cell>/_audit``."""

    def __init__(self, engine: Engine, keeper: Keeper) -> None:
        self._engine = engine
        self._keeper = keeper

    def add_to(self, router: Any) -> None:
        """Add the routes."""
        base = f"/api/v1/{self._engine.cell}/_audit"
        router.add("GET", base, self.entries)
        router.add("GET", f"{base}/verify", self.verify)
        router.add("GET", f"{base}/heads", self.heads)
        router.add("GET", f"{base}/archives", self.archives)
        router.add("GET", f"{base}/key", self.key)
        router.add("GET", f"{base}/export", self.export)

    async def entries(self, request: Request) -> Reply:
        """Entries, newest first; filters by equality, ``from``, ``to``. Shown by the reader's field rights."""
        role = await self._allow(request)
        query = request.query
        pages.check_query(query, (*_FILTERS, "from", "to", "limit", "cursor", "total"))
        limit = pages.limit_of(query)
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
                where += f" AND at {operator} ${len(parameters)}"
        counting = f"SELECT count(*) FROM kit_audit WHERE {where}"  # noqa: S608 - columns of a fixed table
        counted = len(parameters)
        after = pages.read_cursor(query, UUID)
        if after is not None:
            parameters.append(after[0])
            where += f" AND id < ${len(parameters)}"
        text = f"SELECT {COLUMNS}, sequence FROM kit_audit WHERE {where} ORDER BY id DESC LIMIT {limit + 1}"  # noqa: S608
        total = None
        async with self._engine.database.session(request.caller.tenant_id) as connection:
            records = await connection.fetch(text, *parameters)
            if pages.wants_total(query):
                total = await connection.fetchval(counting, *parameters[:counted])
            following = None
            if len(records) > limit:
                records = records[:limit]
                following = pages.make_cursor(records[-1]["id"])
            items = await Shown(self._engine, role).entries(connection, records)
        return pages.page_reply(items, following, total)

    async def verify(self, request: Request) -> Reply:
        """Check the tenant's chain and its signed heads, from the last archive or from ``cursor``, in several calls.

        Answers ``{"holds", "checked", "complete", "next", "broken", "head", "unsealed", "archivedThrough"}``: ``next``
        goes on where this call stopped, ``broken`` is the first damage, ``head`` is worth noting outside the database.
        """
        await self._allow(request)
        pages.check_query(request.query, ("cursor",))
        tenant = UUID(request.caller.tenant_id)
        began = time.monotonic()
        given = _from_cursor(request.query)
        broken: Broken | None = None
        checked, complete = 0, False
        async with self._engine.database.session(request.caller.tenant_id) as connection:
            # The head first: entries sealed meanwhile are then at most too many, never too few.
            ends: Any = await connection.fetchrow(_ENDS, tenant)
            start = await archived_link(connection, tenant)
            link = start if given is None or given.sequence < start.sequence else given
            if given is None and start.sequence:
                broken = await sound_archives(connection, tenant, self._keeper)
            while broken is None and not complete and time.monotonic() - began < MOST_SECONDS:
                rows = await sealed_after(connection, tenant, link.sequence)
                before = link.sequence
                link, broken = verify(tenant, rows, link)
                if broken is None and rows:
                    heads = await heads_between(connection, tenant, before, link.sequence)
                    broken = heads_agree(rows, heads, self._keeper)
                checked += len(rows)
                complete = len(rows) < SLICE
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
                "archivedThrough": start.sequence,
            }
        )

    async def heads(self, request: Request) -> Reply:
        """Signed heads, newest first."""
        records, following = await self._page(request, _HEADS, "sequence")
        items = [
            {
                "sequence": record["sequence"],
                "day": record["day"],
                "head": record["head"],
                "signature": base64.b64encode(record["signature"]).decode(),
                "exported_at": record["exported_at"],
            }
            for record in records
        ]
        return pages.page_reply(items, following, None)

    async def archives(self, request: Request) -> Reply:
        """What has been moved to files, newest first."""
        records, following = await self._page(request, _ARCHIVES, "last_sequence")
        items = [{**dict(record), "chain_hash": record["chain_hash"].hex()} for record in records]
        return pages.page_reply(items, following, None)

    async def key(self, request: Request) -> Reply:
        """The public key that signs this cell's heads and files; an auditor notes it elsewhere."""
        await self._allow(request)
        pages.check_query(request.query, ())
        public = self._keeper.key.public
        return json_reply({"algorithm": "Ed25519", "publicKey": public, "fingerprint": fingerprint(public)})

    async def export(self, request: Request) -> Reply:
        """The tenant's trail as a file for ``superpaas audit verify``; ``from`` and ``to`` narrow it."""
        role = await self._allow(request, "export")
        if any(
            name.startswith(f"{self._engine.cell}.") and rule in ("hide", "mask")
            for name, rule in role.field_rules.items()
        ):
            # The chain can only be checked over whole entries: the file is complete or not at all.
            raise Forbidden(permission=f"{self._engine.cell}.audit.export")
        pages.check_query(request.query, ("from", "to"))
        since, until = (pages.moment_of(request.query, name) for name in ("from", "to"))
        if since is not None and until is not None and since >= until:
            raise BadRequest(reason=L("from 应早于 to", "from must be before to"))
        tenant = UUID(request.caller.tenant_id)
        wanted = await range_of(self._engine.database, tenant, since, until)
        writer = TrailWriter(self._keeper.key, self._engine.cell, tenant, wanted.start, self._engine.clock())
        name = f"audit-{self._engine.cell}-{self._engine.clock():%Y%m%d}.jsonl"
        headers = [
            (b"content-disposition", f'attachment; filename="{name}"'.encode()),
            (b"cache-control", b"no-store"),
        ]
        body = self._lines(request, role, writer, wanted)
        return Reply(body, content_type=b"application/x-ndjson", headers=headers)

    async def _lines(
        self, request: Request, role: RoleDocument, writer: TrailWriter, wanted: Range
    ) -> AsyncIterator[bytes]:
        tenant = UUID(request.caller.tenant_id)
        try:
            async for piece in trail_lines(self._engine.database, writer, tenant, wanted.last):
                yield piece
        finally:
            # Also when the client went away in the middle: what was sent has left the house.
            told = {"after": wanted.start.sequence, "through": writer.link.sequence, "entries": writer.count}
            async with self._engine.database.session(request.caller.tenant_id) as connection:
                work = Work(self._engine, connection, request.caller, role)
                work.record(f"{self._engine.cell}.audit.export", "kit.audit", request.caller.request_id, told)
                await flush(work, None, None)

    async def _page(self, request: Request, statement: str, column: str) -> tuple[list[Any], str | None]:
        await self._allow(request)
        pages.check_query(request.query, ("limit", "cursor"))
        limit = pages.limit_of(request.query)
        after = pages.read_cursor(request.query, int) or [None]
        async with self._engine.database.session(request.caller.tenant_id) as connection:
            records = await connection.fetch(statement, UUID(request.caller.tenant_id), after[0], limit + 1)
        if len(records) <= limit:
            return records, None
        return records[:limit], pages.make_cursor(records[limit - 1][column])

    async def _allow(self, request: Request, verb: str = "read") -> RoleDocument:
        role = await self._engine.role_of(request.caller)
        role.require(f"{self._engine.cell}.audit.{verb}")
        return role


def _told(broken: Broken) -> dict[str, Any]:
    return {"sequence": broken.sequence, "entry_id": broken.entry_id, "damage": broken.damage}


def _from_cursor(query: dict[str, str]) -> Link | None:
    values = pages.read_cursor(query, int, str)
    if values is None:
        return None
    try:
        chain = bytes.fromhex(values[1])
    except ValueError:
        raise BadRequest(reason="cursor") from None
    if values[0] < 0 or len(chain) != _HASH_BYTES:
        raise BadRequest(reason="cursor")
    return Link(values[0], chain)
