"""Counters per user that hold across processes and restarts."""

from __future__ import annotations

from typing import Any

from cellkit.errors import RateLimited

_COUNT = """
INSERT INTO kit_rate AS r (tenant_id, user_id, purpose, began_at, count) VALUES ($1, $2, $3, now(), 1)
ON CONFLICT (tenant_id, user_id, purpose) DO UPDATE SET
    began_at = CASE WHEN r.began_at < now() - $4 * interval '1 second' THEN now() ELSE r.began_at END,
    count = CASE WHEN r.began_at < now() - $4 * interval '1 second' THEN 1 ELSE r.count + 1 END
RETURNING count, ceil(extract(epoch FROM began_at + $4 * interval '1 second' - now()))::int AS wait
"""


async def count_once(work: Any, purpose: str, most: int, seconds: int) -> None:
    """Count one use by the work's caller, in its transaction; raises :class:`RateLimited` after ``most``."""
    await work.begin()
    found = await work.connection.fetchrow(_COUNT, work.tenant_id, work.caller.user_id, purpose, seconds)
    if found["count"] > most:
        raise RateLimited(retry_after_seconds=max(1, found["wait"]))
