"""How roles add up, and who may grant what: pure rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from cellkit.errors import FieldProblem, problem
from cellkit.ops.access import RESERVED_ROOTS, FieldRule, Grants, RoleDocument, Scope

SCOPES: tuple[Scope, ...] = get_args(Scope)
FIELD_RULES: tuple[FieldRule, ...] = get_args(FieldRule)
GENERAL = "*"
ALL = "*"
OPERATOR_ROOT = "platform"

_WORD = r"[a-z][a-z0-9_-]{0,62}"
_PERMISSION = re.compile(rf"(?:\*|{_WORD})(?:\.(?:\*|{_WORD})){{0,4}}")
_ENTITY = re.compile(rf"{_WORD}\.{_WORD}")
_FIELD = re.compile(rf"{_WORD}\.{_WORD}(?:\.{_WORD}){{1,2}}")


@dataclass(frozen=True, slots=True)
class RoleRights:
    """What one role gives: the part of it that counts for rights."""

    code: str
    permissions: tuple[str, ...] = ()
    default_scope: Scope = "self"
    scopes: Mapping[str, Scope] = field(default_factory=dict)
    custom_department_ids: Mapping[str, Sequence[str]] = field(default_factory=dict)
    field_rules: Mapping[str, FieldRule] = field(default_factory=dict)

    def scope(self, entity: str) -> Scope:
        """The role's scope for an entity, or for ``crm.*`` or ``*``."""
        return self.scopes.get(entity, self.default_scope)

    def departments(self, entity: str) -> Sequence[str]:
        """The departments of a custom scope."""
        return self.custom_department_ids.get(entity, self.custom_department_ids.get(GENERAL, ()))


def wider(one: Scope, other: Scope) -> Scope:
    """The wider of two scopes."""
    return max(one, other, key=SCOPES.index)


def joined_scopes(roles: Sequence[RoleRights]) -> dict[str, Scope]:
    """The widest scope for every entity, cell (``crm.*``) and in general (``*``).

    A role counts for an entity only when it gives a permission on it: who sees all of one cell's documents by one
    role and his own of another cell by a second does not see all of both.
    """
    scopes: dict[str, Scope] = {GENERAL: _widest(roles, GENERAL)}
    for cell in sorted({key for role in roles for key in _mentioned(role) if key.endswith(".*")}):
        scopes[cell] = _widest(roles, cell)
    for entity in sorted({key for role in roles for key in _mentioned(role) if "*" not in key}):
        scopes[entity] = _widest(roles, entity)
    return scopes


def joined_departments(
    roles: Sequence[RoleRights], scopes: Mapping[str, Scope], own: Sequence[str]
) -> dict[str, list[str]]:
    """The departments of every custom scope; a role with scope ``department`` adds the user's own and those below."""
    found: dict[str, list[str]] = {}
    for key, scope in scopes.items():
        if scope != "custom":
            continue
        chosen: dict[str, None] = {}
        for role in roles:
            if not _touches(role, key):
                continue
            if role.scope(key) == "custom":
                chosen.update(dict.fromkeys(role.departments(key)))
            elif role.scope(key) == "department":
                chosen.update(dict.fromkeys(own))
        found[key] = list(chosen)
    return found


def joined_field_rules(roles: Sequence[RoleRights]) -> dict[str, FieldRule]:
    """The most generous rule of every field.

    A role that gives any permission on the entity and says nothing of the field does not restrict it.
    """
    found: dict[str, FieldRule] = {}
    for name in sorted({name for role in roles for name in role.field_rules}):
        entity = ".".join(name.split(".")[:2])
        counting = [role for role in roles if _touches(role, entity)] or [
            role for role in roles if name in role.field_rules
        ]
        rules = [role.field_rules.get(name) for role in counting]
        if all(rule is not None for rule in rules):
            found[name] = max((rule for rule in rules if rule is not None), key=FIELD_RULES.index)
    return found


def joined_permissions(roles: Iterable[RoleRights], *, operator: bool) -> list[str]:
    """All permissions; the operator's own only for users of the operator's tenant."""
    return sorted(
        {
            permission
            for role in roles
            for permission in role.permissions
            if operator or permission.partition(".")[0] != OPERATOR_ROOT
        }
    )


def grant_problem(role: RoleRights, holder: RoleDocument) -> str | None:
    """The first right of a role that its giver does not hold himself; None when he may give it."""
    grants = Grants(holder.permissions)
    for permission in role.permissions:
        if not grants.match(permission):
            return permission
    mine = dict(holder.scopes)
    for key in (GENERAL, *_mentioned(role), *role.scopes):
        entity = key.removesuffix(".*") + ".x" if key.endswith(".*") else key
        held = mine.get(key) or holder.scope(entity)
        if _touches(role, key) and SCOPES.index(role.scope(key)) > SCOPES.index(held):
            return f"{key}:{role.scope(key)}"
        if role.scope(key) == "custom" and held == "custom":
            extra = set(role.departments(key)) - set(holder.scope_departments(entity))
            if extra and _touches(role, key):
                return f"{key}:custom"
    for name, rule in holder.field_rules.items():
        entity = ".".join(name.split(".")[:2])
        given = role.field_rules.get(name, "edit")
        if _touches(role, entity) and FIELD_RULES.index(given) > FIELD_RULES.index(rule):
            return f"{name}:{given}"
    return None


def is_administrator(permissions: Iterable[str]) -> bool:
    """Whether a role makes its holder an administrator of the tenant."""
    return ALL in permissions


def permission_problems(permissions: Sequence[str], *, operator: bool) -> list[FieldProblem]:
    """What is wrong with a list of permissions."""
    found: list[FieldProblem] = []
    for index, permission in enumerate(permissions):
        root = permission.partition(".")[0]
        if not _PERMISSION.fullmatch(permission):
            found.append(problem(f"permissions[{index}]", "pattern", "权限格式不正确", "Not a permission"))
        elif root in RESERVED_ROOTS and not (operator and root == OPERATOR_ROOT):
            found.append(
                problem(f"permissions[{index}]", "reserved", "该权限不能授予本租户", "Not to be granted in this tenant")
            )
    return found


def key_problems(field_name: str, keys: Iterable[str], *, fields: bool) -> list[FieldProblem]:
    """What is wrong with the entity or field names that scopes and field rules hang on."""
    pattern, general = (_FIELD, False) if fields else (_ENTITY, True)
    return [
        problem(f"{field_name}.{key}", "pattern", "名称格式不正确", "Not a name of this kind")
        for key in keys
        if not pattern.fullmatch(key) and not (general and key == GENERAL)
    ]


def _widest(roles: Sequence[RoleRights], key: str) -> Scope:
    widest: Scope = "self"
    for role in roles:
        if _touches(role, key):
            widest = wider(widest, role.scope(key))
    return widest


def _mentioned(role: RoleRights) -> set[str]:
    """The entities and cells that a role names in its permissions or scopes."""
    keys = {key for key in role.scopes if key != GENERAL}
    for permission in role.permissions:
        words = permission.split(".")
        if words[0] == "*" or len(words) == 1:
            continue
        keys.add(f"{words[0]}.*" if words[1] == "*" else f"{words[0]}.{words[1]}")
    return keys


def _touches(role: RoleRights, key: str) -> bool:
    """Whether a role gives a permission on the entity, on the cell as a whole, or on everything."""
    for permission in role.permissions:
        words = permission.split(".")
        if words[0] == "*":
            return True
        if key == GENERAL:
            continue
        cell, _, entity = key.partition(".")
        if words[0] == cell and (len(words) == 1 or words[1] in {"*", entity}):
            return True
    return False
