"""The directory's queries: active users only, one query an answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

MOST_PEOPLE = 1000
_PEOPLE = """
SELECT u.id, u.display_name AS "displayName", u.department_id AS "departmentId"
FROM users u WHERE u.tenant_id = $1 AND u.is_active AND u.id = ANY($2) ORDER BY u.id
"""
_OF_ROLE = """
SELECT u.id, u.display_name AS "displayName", u.department_id AS "departmentId"
FROM roles r
JOIN user_roles ur ON ur.tenant_id = r.tenant_id AND ur.role_id = r.id
JOIN users u ON u.tenant_id = ur.tenant_id AND u.id = ur.user_id AND u.is_active
WHERE r.tenant_id = $1 AND lower(r.code) = lower($2) ORDER BY u.username LIMIT $3
"""
# A path is /<id>/<id>/, so its parts are the department and all above it; the deepest comes first.
_LEADERS = """
SELECT above.id, above.name, part.place::integer AS level, u.id AS "leaderId", u.display_name AS "leaderName"
FROM departments own
CROSS JOIN LATERAL unnest(string_to_array(trim(both '/' from own.path), '/')) WITH ORDINALITY AS part(id, place)
JOIN departments above ON above.tenant_id = own.tenant_id AND above.id = part.id::uuid
LEFT JOIN users u ON u.tenant_id = above.tenant_id AND u.id = above.leader_id AND u.is_active
WHERE own.tenant_id = $1 AND own.id = $2 ORDER BY part.place DESC
"""


async def people(connection: Any, tenant_id: UUID, ids: list[UUID]) -> list[dict[str, Any]]:
    """The active users among ``ids``."""
    return [dict(row) for row in await connection.fetch(_PEOPLE, tenant_id, ids)]


async def people_of_role(connection: Any, tenant_id: UUID, code: str) -> list[dict[str, Any]]:
    """The active users who have a role, by its code; none when there is no such role."""
    return [dict(row) for row in await connection.fetch(_OF_ROLE, tenant_id, code, MOST_PEOPLE)]


async def chain(connection: Any, tenant_id: UUID, department_id: UUID) -> list[dict[str, Any]]:
    """A department and those above it up to the root, with their active leaders; none when there is no such one."""
    return [dict(row) for row in await connection.fetch(_LEADERS, tenant_id, department_id)]
