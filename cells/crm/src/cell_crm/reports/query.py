"""SQL of reports, narrowed to what the caller may see: what the lists hide must not show up in their sums."""

from __future__ import annotations

from typing import Any

from cellkit.pipeline.work import Work

SCOPE = "/* scope */"
"""Stands in a report's WHERE where the caller's data scope on table ``t`` goes."""


async def scoped_rows(work: Work, key: str, sql: str, *arguments: Any) -> list[dict[str, Any]]:
    """Rows of ``sql`` under the caller's data scope on document ``key``; arguments are ``$2`` and so on."""
    condition, values = work.scope(key, first=len(arguments) + 2)
    return await work.rows(sql.replace(SCOPE, condition), *arguments, *values)
