"""Dictionaries as forms read them: the cell's own overlaid with the tenant's, with an ETag.

Every user of the cell may read them; field rules on the document ``<cell>.dictionary`` hold here as well.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from cellkit.customizing.definitions import Effective
from cellkit.declare.dictionaries import Entry
from cellkit.errors import BadRequest, NotFound
from cellkit.http.messages import Reply, Request, to_json
from cellkit.http.router import Router
from cellkit.labels import L, Label
from cellkit.pipeline.engine import Engine
from cellkit.read.projection import Projection, projection

_FLAGS = {"true": True, "1": True, "false": False, "0": False}


class DictionaryRoutes:
    """``GET /api/v1/<cell>/_dictionaries`` and ``…/{code}``; every user of the cell may read them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_to(self, router: Router) -> None:
        """Add the routes."""
        base = f"/api/v1/{self._engine.cell}/_dictionaries"
        router.add("GET", base, self.every)
        router.add("GET", base + "/{code}", self.one)

    async def every(self, request: Request) -> Reply:
        """The dictionaries without their entries."""
        _refuse_unknown(request, frozenset())
        found, seen = await self._known(request)
        language = request.caller.language
        return _tagged(request, {"items": [_summary(found[code], seen, language) for code in sorted(found)]})

    async def one(self, request: Request) -> Reply:
        """A dictionary with its entries; ``parent``: those below a code, ``open=true``: those that may be chosen."""
        _refuse_unknown(request, frozenset({"parent", "open"}))
        known, seen = await self._known(request)
        found = known.get(request.parameters["code"])
        if found is None:
            raise NotFound(dictionary=request.parameters["code"][:60])
        only_open = _FLAGS.get(request.query.get("open", "false"))
        if only_open is None:
            raise BadRequest(reason=L("open 应为 true 或 false", "open must be true or false"))
        parent = request.query.get("parent")
        language = request.caller.language
        items = [
            {**_entry(entry, seen, language), "open": found.entries.open(entry.code)}
            for entry in found.entries.values()
            if (parent is None or entry.parent == parent) and (not only_open or found.entries.open(entry.code))
        ]
        return _tagged(request, {**_summary(found, seen, language), "items": items})

    async def _known(self, request: Request) -> tuple[dict[str, Effective], Projection]:
        """The dictionaries that the caller may know of, and how he sees them."""
        role = await self._engine.role_of(request.caller)
        seen = projection(self._engine.tables[f"{self._engine.cell}.dictionary"], role)
        definitions = self._engine.definitions
        if definitions is None or not seen.readable("code") or "items" in seen.hidden:
            return {}, seen
        return dict(definitions.of(request.caller.tenant_id).dictionaries), seen


def _entry(entry: Entry, seen: Projection, language: str) -> dict[str, Any]:
    if not all(seen.lines["items"].readable(name) for name in ("label_zh", "label_en")):
        entry = replace(entry, label=Label(entry.code, entry.code))
    return entry.as_json(language)


def _summary(found: Effective, seen: Projection, language: str) -> dict[str, Any]:
    named = seen.readable("label_zh") and seen.readable("label_en")
    return {
        "code": found.code,
        "label": found.label.text(language) if named else found.code,
        "shipped": found.shipped,
        "changed": found.changed,
        "count": len(found.entries),
    }


def _tagged(request: Request, content: Any) -> Reply:
    body = to_json(content)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = [(b"etag", tag.encode()), (b"cache-control", b"private, no-cache")]
    if request.has_seen(tag):
        return Reply(b"", status=304, content_type=None, headers=headers)
    return Reply(body, headers=headers)


def _refuse_unknown(request: Request, known: frozenset[str]) -> None:
    unknown = request.query.keys() - known
    if unknown:
        name = min(unknown)[:60]
        raise BadRequest(reason=L(f"未知的查询参数 {name}", f"unknown query parameter {name}"))
