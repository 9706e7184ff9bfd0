"""Role documents shared by the processes of a cell: one of them asks identity, the others read its answer."""

from __future__ import annotations

import time
from typing import Any

import msgspec

from cellkit.cache.shared import SharedCache
from cellkit.errors import Unauthorized, Unavailable
from cellkit.ops.access import FRESH_SECONDS, STALE_SECONDS, Fetched, RoleDocument, RoleSource

_NAME = "roles"


class SharedRoleSource:
    """A source in front of another.

    A document counts for 5 s after identity gave or confirmed it, in all processes together; while identity does not
    answer the last one counts for 10 minutes.
    """

    def __init__(self, source: RoleSource, cache: SharedCache, *, fresh_seconds: float = FRESH_SECONDS) -> None:
        self._source = source
        self._cache = cache
        self._fresh_seconds = fresh_seconds

    async def fetch(self, tenant_id: str, user_id: str, etag: str | None) -> Fetched | None:
        """See :class:`~cellkit.ops.access.RoleSource`."""
        if not self._cache.on:
            return await self._source.fetch(tenant_id, user_id, etag)
        kept = _read(await self._cache.get(tenant_id, _NAME, user_id), tenant_id, user_id)
        if kept is not None and kept.age_seconds < self._fresh_seconds:
            return kept
        asked = kept.etag if kept is not None and kept.etag else etag
        try:
            fetched = await self._source.fetch(tenant_id, user_id, asked)
        except Unauthorized:
            await self._cache.drop(tenant_id, _NAME, user_id)
            raise
        except Unavailable:
            if kept is not None and kept.age_seconds < STALE_SECONDS:
                return kept
            raise
        if fetched is None and kept is not None and asked == kept.etag:
            fetched = Fetched(kept.document, kept.etag)
        if fetched is not None:
            content = {
                "document": msgspec.json.encode(fetched.document).decode(),
                "etag": fetched.etag,
                "at": int(time.time() * 1000),
            }
            await self._cache.put(tenant_id, _NAME, user_id, content, seconds=STALE_SECONDS)
        return fetched


def _read(value: Any, tenant_id: str, user_id: str) -> Fetched | None:
    if not isinstance(value, dict):
        return None
    try:
        document = RoleDocument.parse(value["document"].encode())
        age = time.time() - int(value["at"]) / 1000
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    # Another process's clock may be a little ahead; one far ahead says nothing.
    if (document.tenant_id, document.user_id) != (tenant_id, user_id) or age < -FRESH_SECONDS:
        return None
    return Fetched(document, str(value["etag"]), max(0.0, age))
