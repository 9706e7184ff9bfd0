"""What one role gives and another does not: pure rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from platform_identity.roles.rules import RoleRights


def difference(here: RoleRights, there: RoleRights) -> dict[str, Any]:
    """``{"same", "permissions", "default_scope", "scopes", "custom_department_ids", "field_rules"}``.

    Permissions are compared as they are written: ``crm.*`` here and ``crm.lead.read`` there are two different lines.
    """
    mine, other = set(here.permissions), set(there.permissions)
    found = {
        "permissions": {"only_here": sorted(mine - other), "only_there": sorted(other - mine)},
        "default_scope": _changed({"*": here.default_scope}, {"*": there.default_scope}),
        "scopes": _changed(here.scopes, there.scopes),
        "custom_department_ids": _changed(_sorted(here), _sorted(there)),
        "field_rules": _changed(here.field_rules, there.field_rules),
    }
    same = mine == other and not any(value for name, value in found.items() if name != "permissions")
    return {"same": same, **found}


def _changed(here: Mapping[str, Any], there: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is said differently; null: nothing is said."""
    return [
        {"key": key, "here": here.get(key), "there": there.get(key)}
        for key in sorted(here.keys() | there.keys())
        if here.get(key) != there.get(key)
    ]


def _sorted(role: RoleRights) -> dict[str, list[str]]:
    return {key: sorted(ids) for key, ids in role.custom_department_ids.items()}
