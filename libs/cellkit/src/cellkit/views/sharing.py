"""Who sees and changes what users keep for themselves and share: views and reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cellkit.declare import Choice, Field, Json
from cellkit.errors import FieldProblem, problem
from cellkit.labels import L
from cellkit.ops.access import RoleDocument

MOST_ROLES = 50

VISIBLE = "(t.owner_id = $2 OR t.sharing = 'all' OR (t.sharing = 'roles' AND t.roles ?| $3::text[]))"
"""Rows that a user (``$2``) with roles (``$3``) sees."""


def sharing_field() -> Field:
    """With whom it is shared."""
    return Choice(
        L("共享", "Sharing"),
        "private:仅自己:Only me",
        "roles:指定角色:Roles",
        "all:所有人:Everybody",
        default="private",
        required=True,
        list=True,
    )


def roles_field() -> Field:
    """The roles (by code) it is shared with."""
    return Json(L("角色", "Roles"), max_bytes=4_096)


def may_see(row: Mapping[str, Any], role: RoleDocument) -> bool:
    """Whether a user sees a row."""
    if row["owner_id"] == role.user_id or row["sharing"] == "all":
        return True
    return row["sharing"] == "roles" and bool(set(row["roles"] or ()) & set(role.roles))


def may_change(row: Mapping[str, Any], role: RoleDocument, share: str) -> bool:
    """Whether a user may change a row: his own, or a shared one with the permission to share."""
    return row["owner_id"] == role.user_id or (row["sharing"] != "private" and role.allows(share))


def check_sharing(
    row: Mapping[str, Any], before: Mapping[str, Any] | None, role: RoleDocument, share: str
) -> list[FieldProblem]:
    """Problems of a row's sharing; raises :class:`Forbidden` when it is shared without the permission."""
    problems: list[FieldProblem] = []
    if row["sharing"] != "private" or (before is not None and before["sharing"] != "private"):
        role.require(share)
    roles = row["roles"]
    listed = isinstance(roles, list) and len(roles) <= MOST_ROLES and all(_is_code(one) for one in roles)
    if roles is not None and not listed:
        zh, en = f"应为角色编码的列表，最多 {MOST_ROLES} 个", f"A list of at most {MOST_ROLES} role codes"
        problems.append(problem("roles", "type", zh, en))
    elif row["sharing"] == "roles" and not roles:
        problems.append(problem("roles", "required", "请选择角色", "Choose roles"))
    return problems


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 100
