"""Where a user's rights come from: each of his roles by itself, and the names of the departments they speak of."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from platform_identity.roles.rules import OPERATOR_ROOT

_ROLES = """
SELECT r.code, r.name, r.permissions, r.default_scope, r.scopes, r.custom_department_ids, r.field_rules, t.is_operator
FROM users u
JOIN tenants t ON t.id = u.tenant_id
LEFT JOIN user_roles ur ON ur.tenant_id = u.tenant_id AND ur.user_id = u.id
LEFT JOIN roles r ON r.tenant_id = ur.tenant_id AND r.id = ur.role_id
WHERE u.tenant_id = $1 AND u.id = $2 AND u.is_active AND t.is_active
ORDER BY r.code
"""
# The user's own department and those a role names, with all below them.
_DEPARTMENTS = """
SELECT DISTINCT below.id, below.name FROM departments root
JOIN departments below ON below.tenant_id = $1 AND starts_with(below.path, root.path)
WHERE root.tenant_id = $1 AND (root.id = ANY($3)
    OR root.id = (SELECT department_id FROM users WHERE tenant_id = $1 AND id = $2))
"""


async def load_provenance(connection: Any, tenant_id: UUID, user_id: UUID) -> dict[str, Any] | None:
    """``{"roles", "departments"}`` of an active user, or None when there is none."""
    records = await connection.fetch(_ROLES, tenant_id, user_id)
    if not records:
        return None
    roles = [_role(record) for record in records if record["code"] is not None]
    named = {item for role in roles for ids in role["customDepartmentIds"].values() for item in ids}
    departments = await connection.fetch(_DEPARTMENTS, tenant_id, user_id, [UUID(item) for item in named])
    return {"roles": roles, "departments": {str(item["id"]): item["name"] for item in departments}}


def _role(record: Any) -> dict[str, Any]:
    held = [item for item in record["permissions"] if record["is_operator"] or item.partition(".")[0] != OPERATOR_ROOT]
    return {
        "code": record["code"],
        "name": record["name"],
        "permissions": held,
        "defaultScope": record["default_scope"],
        "scopes": record["scopes"],
        "customDepartmentIds": record["custom_department_ids"],
        "fieldRules": record["field_rules"],
    }
