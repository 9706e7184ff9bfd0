"""Bodies of the actions on an approval: read, and described for OpenAPI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cellkit.approval.definition import is_user_id
from cellkit.errors import FieldProblem, ValidationFailed, problem
from cellkit.labels import L, Label

LONGEST_COMMENT = 2000
MOST_USERS = 20
_USER = {"type": "string", "format": "uuid"}
_FIELDS: dict[str, dict[str, Any]] = {
    "comment": {"type": ["string", "null"], "maxLength": LONGEST_COMMENT},
    "task": {"type": ["integer", "null"], "minimum": 1, "maximum": 100_000},
    "version": {"type": ["integer", "null"], "minimum": 1, "maximum": 2**53},
    "changes": {"type": ["object", "null"]},
    "to": {"type": "string", "maxLength": 40},
    "back": {"type": "string", "enum": ["here", "through"]},
    "where": {"type": "string", "enum": ["before", "after", "parallel"]},
    "users": {"type": "array", "items": _USER, "minItems": 1, "maxItems": MOST_USERS},
    "user": _USER,
    "approvers": {"type": ["object", "null"]},
}
_COMMON = ("comment", "version")
ACTIONS: dict[str, tuple[Label, tuple[str, ...], tuple[str, ...]]] = {
    "approve": (L("同意", "Approve"), ("task", "changes"), ()),
    "reject": (L("不同意", "Reject"), ("task",), ("comment",)),
    "return": (L("退回", "Return"), ("task", "to", "back"), ("comment",)),
    "resubmit": (L("重新提交", "Submit again"), ("approvers",), ()),
    "withdraw": (L("撤回", "Withdraw"), (), ()),
    "add-sign": (L("加签", "Ask others too"), ("task", "where", "users"), ("where", "users")),
    "transfer": (L("转交", "Transfer"), ("task", "user"), ("user",)),
    "delegate": (L("委派", "Delegate"), ("task", "user"), ("user",)),
    "hand": (L("管理员转交", "Hand over"), ("task", "user"), ("task", "user")),
    "cc": (L("抄送", "Send a copy"), ("users",), ("users",)),
    "urge": (L("催办", "Urge"), (), ()),
    "comment": (L("评论", "Comment"), (), ("comment",)),
    "recall": (L("收回", "Recall"), (), ()),
    "seen": (L("标记已阅", "Mark as read"), (), ()),
}
"""Action → its name, the fields beside comment and version, those that must be given."""


def schema(action: str) -> dict[str, Any]:
    """The JSON schema of an action's body."""
    _, names, required = ACTIONS[action]
    made: dict[str, Any] = {
        "type": "object",
        "properties": {name: _FIELDS[name] for name in (*_COMMON, *names)},
        "additionalProperties": False,
    }
    return made | ({"required": list(required)} if required else {})


def read(action: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a body; raises :class:`ValidationFailed` with every problem."""
    _, names, required = ACTIONS[action]
    known = (*_COMMON, *names)
    problems: list[FieldProblem] = [
        problem(name[:60], "unknown", "未知字段", "Unknown field") for name in body if name not in known
    ]
    values: dict[str, Any] = {}
    for name in known:
        value = body.get(name)
        if value is None or value == "":
            if name in required:
                problems.append(problem(name, "required", "必填", "Required"))
            continue
        wrong = _wrong(name, value)
        if wrong is not None:
            problems.append(problem(name, "type", wrong.zh, wrong.en))
        values[name] = value.strip() if isinstance(value, str) else value
    if problems:
        raise ValidationFailed(problems)
    if action == "return":
        values.setdefault("to", "start")
        values.setdefault("back", "through")
    return values


def _wrong(name: str, value: Any) -> Label | None:
    if name == "comment":
        good = isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_COMMENT
        return None if good else L(f"应为文本，最多 {LONGEST_COMMENT} 字", f"A text, at most {LONGEST_COMMENT} long")
    if name in ("task", "version"):
        good = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _FIELDS[name]["maximum"]
        return None if good else L("应为正整数", "A positive whole number")
    if name in ("changes", "approvers"):
        return None if isinstance(value, dict) else L("应为对象", "An object")
    if name == "users":
        good = isinstance(value, list) and len(value) <= MOST_USERS and all(is_user_id(item) for item in value)
        return None if good and value else L(f"应为 1–{MOST_USERS} 个用户编号", f"1–{MOST_USERS} user ids")
    if name == "user":
        return None if is_user_id(value) else L("应为用户编号", "A user's id")
    if "enum" in _FIELDS[name]:
        listed = ", ".join(_FIELDS[name]["enum"])
        return None if value in _FIELDS[name]["enum"] else L(f"应为以下之一：{listed}", f"One of: {listed}")
    return None if isinstance(value, str) and len(value) <= _FIELDS[name]["maxLength"] else L("应为文本", "A text")
