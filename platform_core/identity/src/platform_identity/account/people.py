"""Colleagues and departments by name, for everybody of a tenant: what pickers offer and lists show in place of ids.

Only what a person's colleagues know of him anyway: name, login name, department. Of the departments the tree.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cellkit.errors import BadRequest
from platform_identity.common.actor import caller_now, load_actor
from platform_identity.common.parts import Parts
from platform_identity.common.writes import json_response

_BASE = "/api/v1/auth"
_MOST_IDS = 100
_MOST_DEPARTMENTS = 5_000
_COLUMNS = """
SELECT u.id, u.display_name AS name, u.username, d.name AS department, u.is_active AS active
FROM users u LEFT JOIN departments d ON d.tenant_id = u.tenant_id AND d.id = u.department_id
"""
# Names stay readable on old documents after somebody has left; only who is there can be chosen.
_BY_ID = _COLUMNS + "WHERE u.tenant_id = $1 AND u.id = ANY($2) ORDER BY u.display_name, u.id"
_BY_NAME = (
    _COLUMNS
    + """WHERE u.tenant_id = $1 AND u.is_active AND ($2 = '' OR u.display_name ILIKE $3 OR u.username ILIKE $3)
ORDER BY u.display_name, u.id LIMIT $4"""
)
_DEPARTMENTS = "SELECT id, name, parent_id FROM departments WHERE tenant_id = $1 ORDER BY path LIMIT $2"

Word = Annotated[str, Query(max_length=100)]
Ids = Annotated[str, Query(max_length=_MOST_IDS * 37)]
Limit = Annotated[int, Query(ge=1, le=_MOST_IDS)]


def routes(parts: Parts) -> APIRouter:
    """``GET /api/v1/auth/people`` and ``/departments``."""
    router = APIRouter(tags=["auth"])

    @router.get(_BASE + "/people")
    async def people(q: Word = "", ids: Ids = "", limit: Limit = 20) -> Response:
        """Those of ``ids``, or the active ones whose name has ``q``."""
        caller = caller_now()
        wanted = _ids(ids)
        if "\x00" in q:
            raise BadRequest(reason="q")
        async with parts.database.session(caller.tenant_id) as connection:
            actor = await load_actor(connection, caller)
            if ids:
                rows = await connection.fetch(_BY_ID, actor.tenant_id, wanted)
            else:
                escaped = q.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
                rows = await connection.fetch(_BY_NAME, actor.tenant_id, escaped, f"%{escaped}%", limit)
        return json_response({"items": [dict(row) for row in rows], "next": None, "total": None})

    @router.get(_BASE + "/departments")
    async def departments() -> Response:
        caller = caller_now()
        async with parts.database.session(caller.tenant_id) as connection:
            actor = await load_actor(connection, caller)
            rows = await connection.fetch(_DEPARTMENTS, actor.tenant_id, _MOST_DEPARTMENTS)
        return json_response({"items": [dict(row) for row in rows], "next": None, "total": len(rows)})

    return router


def _ids(text: str) -> list[UUID]:
    names = [part for part in text.split(",") if part]
    if len(names) > _MOST_IDS:
        raise BadRequest(reason=f"ids: at most {_MOST_IDS}")
    return [known for name in names if (known := _uuid(name)) is not None]


def _uuid(text: str) -> UUID | None:
    """What is no user's id names nobody: a cell that has acted (``cell:crm``) stands among users on every trail."""
    try:
        return UUID(text)
    except ValueError:
        return None
