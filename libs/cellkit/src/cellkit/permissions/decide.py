"""The pipeline's checks of a user, one by one and in its order, with the reason of each: pure rules.

It asks the same functions that the pipeline asks (``RoleDocument``, ``in_scope``, ``Projection``), so that what it says
is what happens; a property test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cellkit.declare.document import Document, Table
from cellkit.labels import L, Label
from cellkit.ops.access import RoleDocument
from cellkit.permissions.provenance import Provenance, named
from cellkit.read.projection import projection
from cellkit.read.scope import in_scope

SCOPES: dict[str, Label] = {
    "self": L("本人", "one's own"),
    "team": L("本团队", "the team's"),
    "department": L("本部门及下级", "the department's and below"),
    "custom": L("指定部门", "chosen departments'"),
    "all": L("全部", "all"),
}
RULES: dict[str, Label] = {
    "hide": L("隐藏", "hidden"),
    "mask": L("脱敏", "masked"),
    "read": L("只读", "read only"),
    "edit": L("可编辑", "editable"),
}
ROWLESS = frozenset({"create", "import", "export"})
"""Actions that are about no stored row."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name, whether it passed, why, and what it looked at."""

    check: str
    passed: bool
    reason: Label
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Verdict:
    """All checks and what comes of them; ``outcome`` is the pipeline's own code for it."""

    checks: list[Check] = field(default_factory=list)
    outcome: str = "ALLOWED"
    field: str | None = None
    editable: bool | None = None

    def add(self, check: Check, refusal: str = "") -> bool:
        """Note a check; the first one that fails decides."""
        self.checks.append(check)
        if not check.passed and refusal and self.outcome == "ALLOWED":
            self.outcome = refusal
        return check.passed


def decide(
    table: type[Table],
    role: RoleDocument,
    action: str,
    *,
    row: Mapping[str, Any] | None,
    row_asked: bool,
    field_name: str | None,
    provenance: Provenance | None,
) -> Verdict:
    """What the pipeline would say to this role; ``row`` is None for one that is not there."""
    verdict = Verdict()
    verdict.add(_permission(table, role, action, provenance), "FORBIDDEN")
    there = True
    if row_asked and action not in ROWLESS:
        there = verdict.add(_scope(table, role, row, provenance), "NOT_FOUND")
    elif action not in ROWLESS:
        verdict.add(_reach(table, role, provenance))
    if field_name is not None:
        _field(verdict, table, role, field_name, provenance)
    writes = field_name is not None and action in ("update", "create")
    if writes:
        verdict.add(_edit_right(table, role, action, field_name or ""), "VALIDATION_FAILED")
    state = _state(table, action, row, field_name) if there and row is not None and action not in ROWLESS else None
    if state is not None:
        verdict.add(state, "CONFLICT")
    if writes and not verdict.editable and (item := table.fields.get(field_name or "")) is not None and item.readonly:
        verdict.add(_bad("readonly", L("由系统维护的字段", "Set by the system")), "VALIDATION_FAILED")
    return verdict


def good(check: str, reason: Label, details: Mapping[str, Any] | None = None) -> Check:
    """A check that passed."""
    return Check(check, passed=True, reason=reason, details=details or {})


def _bad(check: str, reason: Label, details: Mapping[str, Any] | None = None) -> Check:
    return Check(check, passed=False, reason=reason, details=details or {})


def _permission(table: type[Table], role: RoleDocument, action: str, provenance: Provenance | None) -> Check:
    permission = f"{table.key}.{action}"
    passed = role.allows(permission)
    giving = [] if provenance is None else [item for item in provenance.roles if item.allows(permission)]
    details = {"permission": permission, "roles": [item.code for item in giving] if provenance is not None else None}
    if passed and giving:
        reason = L(f"角色{named(giving)}授予了权限 {permission}", f"Role {named(giving)} gives {permission}")
    elif passed:
        reason = L(f"拥有权限 {permission}", f"Has the permission {permission}")
    elif provenance is not None:
        held = named(provenance.roles) or L("（无）", "(none)").zh
        reason = L(f"所有角色（{held}）均未授予权限 {permission}", f"None of the roles ({held}) gives {permission}")
    else:
        reason = L(f"没有权限 {permission}", f"The permission {permission} is missing")
    return Check("permission", passed, reason, details)


def _reach(table: type[Table], role: RoleDocument, provenance: Provenance | None) -> Check:
    """The data scope as such, where no row is asked about."""
    if not (issubclass(table, Document) and table.scoped):
        return good("scope", L("此资料不受数据范围限制", "Data scopes do not narrow this"), {"scope": None})
    scope = role.scope(table.key)
    return good(
        "scope",
        L(f"数据范围：{SCOPES[scope].zh}", f"Data scope: {SCOPES[scope].en}"),
        _scope_details(table, role, provenance),
    )


def _scope_details(table: type[Table], role: RoleDocument, provenance: Provenance | None) -> dict[str, Any]:
    names = provenance.departments if provenance is not None else {}
    giving = [] if provenance is None else [
        item.code for item in provenance.roles
        if item.touches(table.key) and item.scope(table.key) == role.scope(table.key)
    ]  # fmt: skip
    return {
        "scope": role.scope(table.key),
        "roles": giving if provenance is not None else None,
        "departments": [{"id": item, "name": names.get(item)} for item in role.scope_departments(table.key)],
    }


def _scope(
    table: type[Table], role: RoleDocument, row: Mapping[str, Any] | None, provenance: Provenance | None
) -> Check:
    if row is None:
        return _bad("scope", L("数据不存在，或不在数据范围内", "Not there, or outside the data scope"))
    if not (issubclass(table, Document) and table.scoped):
        return good("scope", L("此资料不受数据范围限制", "Data scopes do not narrow this"), {"scope": None})
    passed = in_scope(role, table, dict(row))
    scope = role.scope(table.key)
    details = _scope_details(table, role, provenance) | {
        "owner_id": row["owner_id"], "department_id": row["department_id"],
    }  # fmt: skip
    label, own = SCOPES[scope], row["owner_id"] == role.user_id
    if passed and own:
        reason = L("该用户是负责人", "The user is the owner")
    elif passed:
        reason = L(f"在数据范围内（{label.zh}）", f"Inside the data scope ({label.en})")
    elif scope in ("department", "custom"):
        names = provenance.departments if provenance is not None else {}
        department = names.get(row["department_id"] or "", row["department_id"] or "—")
        reason = L(
            f"数据范围为{label.zh}，而该数据属于部门“{department}”",
            f"The scope is {label.en}; the row is of “{department}”",
        )
    elif scope == "team":
        reason = L("数据范围为本团队，而负责人不在团队中", "The scope is the team's; the owner is not of it")
    else:
        reason = L("数据范围为本人，而负责人是他人", "The scope is one's own; somebody else is the owner")
    return Check("scope", passed, reason, details)


def _state(table: type[Table], action: str, row: Mapping[str, Any], field_name: str | None) -> Check | None:
    if not issubclass(table, Document) or table.states is None or action in ("read", "reveal"):
        return None
    state = row["state"]
    label = table.states.label(state)
    if action == "update":
        item = table.fields.get(field_name or "")
        passed = state in table.states.editable or (item is not None and item.always_editable)
        word = L("修改", "changes")
    elif action == "delete":
        passed = state in table.states.deletable
        word = L("删除", "deletion")
    else:
        declared = table.actions[action]
        passed = declared.source is None or state in declared.source
        word = declared.label
    verb = ("允许", "allows") if passed else ("不允许", "does not allow")
    reason = L(f"状态“{label.zh}”{verb[0]}{word.zh}", f"State “{label.en}” {verb[1]} “{word.en}”")
    return Check("state", passed, reason, {"state": state})


def _field(verdict: Verdict, table: type[Table], role: RoleDocument, name: str, provenance: Provenance | None) -> None:
    seen = projection(table, role)
    key = f"{table.key}.{name}"
    rule, item = role.field_rule(key), table.fields[name]
    shown = "hidden" if name in seen.hidden else "masked" if name in seen.masked else "clear"
    declared = item.write_only or (rule is None and item.mask is not None)
    roles = [] if provenance is None else provenance.roles
    restricting = [one.code for one in roles if rule is not None and one.field_rules.get(key) == rule]
    if item.write_only:
        reason = L("密码类字段，任何人都看不到", "A password: nobody sees it")
    elif declared:
        reason = L("声明为敏感字段，默认脱敏", "Declared as sensitive: masked by default")
    elif rule is None:
        reason = L("没有字段规则", "No field rule")
    else:
        reason = L(f"字段规则：{RULES[rule].zh}", f"Field rule: {RULES[rule].en}")
    source = "declaration" if declared else "role" if rule is not None else None
    verdict.field = shown
    verdict.editable = not item.readonly and name not in seen.locked
    details = {"rule": rule, "source": source, "roles": restricting if provenance is not None else None}
    verdict.add(Check("field", passed=shown != "hidden", reason=reason, details=details))
    if shown == "masked":
        kind = seen.masked[name]
        verdict.add(good("mask", L(f"以脱敏方式显示（{kind}）", f"Shown masked ({kind})"), {"mask": kind}))


def _edit_right(table: type[Table], role: RoleDocument, action: str, name: str) -> Check:
    seen = projection(table, role)
    # What he sees masked he may fill in when he creates: the value is his own.
    if name in seen.locked and not (action == "create" and name in seen.masked):
        return _bad("edit", L("没有修改此字段的权限", "No right to change this field"))
    return good("edit", L("没有规则禁止修改此字段", "No rule forbids to change this field"))
