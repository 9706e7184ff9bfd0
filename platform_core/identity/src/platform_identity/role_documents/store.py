"""A user's rights from the database, in one query."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from cellkit.http.messages import to_json
from cellkit.ops.access import RoleDocument
from platform_identity.roles import rules
from platform_identity.roles.rules import RoleRights
from platform_identity.tenant_settings.rules import TenantSettings, settings_of

# Own department with those below; the team is oneself, the colleagues of the same department, and everybody in the
# departments one leads and below them. It is built only for users whose roles have the scope "team".
_QUERY = """
WITH person AS (
    SELECT u.id, u.username, u.display_name, u.department_id, u.language, u.time_zone, t.settings,
           password_is_due(u.must_change_password, u.password_changed_at, t.settings) AS must_change_password,
           t.is_operator, t.code AS tenant_code, t.name AS tenant_name, t.language AS tenant_language,
           t.time_zone AS tenant_time_zone, d.path, p.cells, p.features, p.storage_bytes
    FROM users u
    JOIN tenants t ON t.id = u.tenant_id
    LEFT JOIN packages p ON p.id = t.package_id
    LEFT JOIN departments d ON d.tenant_id = u.tenant_id AND d.id = u.department_id
    WHERE u.tenant_id = $1 AND u.id = $2 AND u.is_active AND t.is_active
      AND ($3 OR EXISTS (
          SELECT FROM sessions s WHERE s.tenant_id = u.tenant_id AND s.user_id = u.id
             AND s.ended_at IS NULL AND s.expires_at > now()))
), held AS (
    SELECT r.code, r.permissions, r.default_scope, r.scopes, r.custom_department_ids, r.field_rules
    FROM person p
    JOIN user_roles ur ON ur.tenant_id = $1 AND ur.user_id = p.id
    JOIN roles r ON r.tenant_id = $1 AND r.id = ur.role_id
    ORDER BY r.code
), chosen AS (
    SELECT DISTINCT root.id AS root_id, below.id
    FROM held, jsonb_each(held.custom_department_ids) AS entry, jsonb_array_elements_text(entry.value) AS wanted
    JOIN departments root ON root.tenant_id = $1 AND root.id = wanted::uuid
    JOIN departments below ON below.tenant_id = $1 AND starts_with(below.path, root.path)
)
SELECT person.*,
    ARRAY(SELECT d.id FROM departments d WHERE d.tenant_id = $1 AND starts_with(d.path, person.path)
          ORDER BY d.path) AS department_ids,
    CASE WHEN EXISTS (SELECT FROM held WHERE default_scope = 'team' OR scopes::text LIKE '%"team"%') THEN ARRAY(
        SELECT u.id FROM users u
        LEFT JOIN departments d ON d.tenant_id = u.tenant_id AND d.id = u.department_id
        WHERE u.tenant_id = $1 AND (u.id = $2 OR u.department_id = person.department_id OR EXISTS (
            SELECT FROM departments led WHERE led.tenant_id = $1 AND led.leader_id = $2
                AND starts_with(d.path, led.path)))
        ORDER BY u.id)
    ELSE ARRAY[person.id] END AS team_user_ids,
    ARRAY(SELECT s.id FROM sessions s WHERE s.tenant_id = $1 AND s.user_id = $2 AND s.ended_at IS NOT NULL
          AND s.tokens_until > now() ORDER BY s.ended_at DESC, s.id LIMIT 200) AS ended_sessions,
    coalesce((SELECT jsonb_agg(to_jsonb(held)) FROM held), '[]') AS roles,
    coalesce((SELECT jsonb_object_agg(root_id, ids) FROM (
        SELECT root_id, jsonb_agg(id ORDER BY id) AS ids FROM chosen GROUP BY root_id) expanded), '{}') AS below
FROM person
"""


@dataclass(frozen=True, slots=True)
class Person:
    """An active user with his rights."""

    document: RoleDocument
    is_operator: bool
    tenant_code: str
    tenant_name: str
    tenant_language: str
    tenant_time_zone: str
    must_change_password: bool
    settings: TenantSettings
    features: tuple[str, ...] | None
    roles: tuple[RoleRights, ...]

    def document_json(self) -> bytes:
        """The document in the contract's shape."""
        return to_json(self.document)


async def load_person(
    connection: Any, tenant_id: UUID, user_id: UUID, *, without_session: bool = False
) -> Person | None:
    """The user when he, his tenant and (unless ``without_session``) at least one of his sessions are active."""
    row = await connection.fetchrow(_QUERY, tenant_id, user_id, without_session)
    if row is None:
        return None
    below: dict[str, list[str]] = row["below"]
    roles = tuple(_rights(item, below) for item in row["roles"])
    departments = [str(item) for item in row["department_ids"]]
    scopes = rules.joined_scopes(roles)
    document = RoleDocument(
        user_id=str(user_id),
        tenant_id=str(tenant_id),
        username=row["username"],
        display_name=row["display_name"],
        department_id=None if row["department_id"] is None else str(row["department_id"]),
        department_ids=tuple(departments),
        team_user_ids=tuple(str(item) for item in row["team_user_ids"]),
        roles=tuple(role.code for role in roles),
        permissions=tuple(rules.joined_permissions(roles, operator=row["is_operator"])),
        scopes=scopes,
        custom_department_ids={
            key: tuple(value) for key, value in rules.joined_departments(roles, scopes, departments).items()
        },
        field_rules=rules.joined_field_rules(roles),
        language=row["language"],
        time_zone=row["time_zone"],
        cells=None if row["cells"] is None else tuple(row["cells"]),
        storage_bytes=row["storage_bytes"],
        ended_sessions=tuple(str(item) for item in row["ended_sessions"]),
    )
    # The version is the content itself: whatever changes it, a move of a department far above included, is seen.
    version = hashlib.sha256(to_json(document)).hexdigest()[:20]
    return Person(
        document=replace(document, version=version),
        is_operator=row["is_operator"],
        tenant_code=row["tenant_code"],
        tenant_name=row["tenant_name"],
        tenant_language=row["tenant_language"],
        tenant_time_zone=row["tenant_time_zone"],
        must_change_password=row["must_change_password"],
        settings=settings_of(row["settings"]),
        features=None if row["features"] is None else tuple(row["features"]),
        roles=roles,
    )


def _rights(item: dict[str, Any], below: dict[str, list[str]]) -> RoleRights:
    return RoleRights(
        code=item["code"],
        permissions=tuple(item["permissions"]),
        default_scope=item["default_scope"],
        scopes=item["scopes"],
        custom_department_ids={
            key: [department for root in roots for department in below.get(root, ())]
            for key, roots in item["custom_department_ids"].items()
        },
        field_rules=item["field_rules"],
    )
