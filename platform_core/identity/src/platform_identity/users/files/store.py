"""What an import reads of the tenant and writes to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from cellkit.ids import uuid7
from platform_identity.common.actor import Actor
from platform_identity.roles import rules as role_rules
from platform_identity.roles import store as role_store
from platform_identity.users.files.rules import NewUser, Surroundings, department_key, plain

_DEPARTMENTS = "SELECT id, name, path FROM departments WHERE tenant_id = $1"
_TAKEN = "SELECT lower(username) AS username FROM users WHERE tenant_id = $1 AND lower(username) = ANY($2)"
_INSERT = """
INSERT INTO users (tenant_id, id, username, display_name, department_id, password_hash, must_change_password, language,
                   time_zone)
SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::boolean[], $8::text[],
                         $9::text[])
"""
_GIVE_ROLES = "INSERT INTO user_roles (tenant_id, user_id, role_id) SELECT $1, * FROM unnest($2::uuid[], $3::uuid[])"


async def surroundings(connection: Any, actor: Actor, usernames: Sequence[str]) -> Surroundings:
    """The tenant as an import's rows see it."""
    ids: dict[str, list[UUID]] = {}
    for path, department_id in department_paths(await connection.fetch(_DEPARTMENTS, actor.tenant_id)).items():
        ids.setdefault(department_key(path), []).append(department_id)
        # The name alone is enough where it is the only one; a path of one name is the same place again.
        last = department_key(path.rpartition("/")[2])
        if department_id not in ids.setdefault(last, []):
            ids[last].append(department_id)
    rows = await connection.fetch(
        f"SELECT {role_store.COLUMNS} FROM roles WHERE tenant_id = $1",  # noqa: S608 - declared names only
        actor.tenant_id,
    )
    lacking = {row["id"]: role_rules.grant_problem(role_store.rights_of(dict(row)), actor.document) for row in rows}
    taken = await connection.fetch(_TAKEN, actor.tenant_id, [name.lower() for name in usernames])
    return Surroundings(
        settings=actor.person.settings,
        language=actor.person.tenant_language,
        time_zone=actor.person.tenant_time_zone,
        departments=ids,
        roles={plain(row["name"]): row["id"] for row in rows} | {plain(row["code"]): row["id"] for row in rows},
        not_grantable={role_id: text for role_id, text in lacking.items() if text is not None},
        taken=frozenset(plain(row["username"]) for row in taken),
    )


def department_paths(rows: Sequence[Any]) -> dict[str, UUID]:
    """``总部/销售部`` to the id, for every department."""
    names = {row["id"].hex: row["name"].replace("/", "／") for row in rows}
    return {
        "/".join(names.get(UUID(part).hex, "?") for part in row["path"].strip("/").split("/")): row["id"]
        for row in rows
    }


async def insert(
    connection: Any,
    tenant_id: UUID,
    users: Sequence[NewUser],
    hashes: Sequence[str],
    *,
    must_change: Sequence[bool],
) -> Mapping[str, UUID]:
    """Add all users with their roles; returns their ids by username."""
    ids = [uuid7() for _ in users]
    await connection.execute(
        _INSERT,
        tenant_id,
        ids,
        [user.username for user in users],
        [user.display_name for user in users],
        [user.department_id for user in users],
        list(hashes),
        list(must_change),
        [user.language for user in users],
        [user.time_zone for user in users],
    )
    given = [(user_id, role_id) for user_id, user in zip(ids, users, strict=True) for role_id in user.role_ids]
    await connection.execute(_GIVE_ROLES, tenant_id, [item[0] for item in given], [item[1] for item in given])
    return dict(zip((user.username for user in users), ids, strict=True))
