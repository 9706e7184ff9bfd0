"""The catalogue for the role editor: permissions by cell and entity, with words for people. Pure rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cellkit.labels import Label
from cellkit.permissions.decide import RULES, SCOPES

_VERBS = {
    "read": Label("查看", "Read"),
    "create": Label("新建", "Create"),
    "update": Label("修改", "Change"),
    "delete": Label("删除", "Delete"),
    "import": Label("导入", "Import"),
    "export": Label("导出", "Export"),
    "reveal": Label("查看敏感信息原文", "Reveal"),
    "submit": Label("提交", "Submit"),
    "approve": Label("审批", "Approve"),
    "cancel": Label("取消", "Cancel"),
    "manage": Label("管理", "Manage"),
    "explain": Label("解释权限", "Explain"),
    "upload": Label("上传", "Upload"),
    "replay": Label("重放", "Replay"),
    "use": Label("使用", "Use"),
    "print": Label("打印", "Print"),
    "search": Label("检索", "Search"),
    "keys": Label("管理密钥", "Manage keys"),
    "destroy": Label("销毁数据", "Destroy data"),
}
# The parts of a cell that are the kit's, not its own.
_KIT = {
    "audit": Label("审计", "Audit"),
    "outbox": Label("发件箱", "Outbox"),
    "inbox": Label("收件箱", "Inbox"),
    "report": Label("报表", "Reports"),
    "file": Label("附件", "Files"),
    "permission": Label("权限解释", "Permissions explained"),
    "approval": Label("审批", "Approval"),
    "view": Label("视图", "Views"),
    "print": Label("打印", "Print"),
    "job": Label("作业", "Jobs"),
    "field": Label("自定义字段", "Custom fields"),
    "dictionary": Label("字典", "Dictionaries"),
    "privacy": Label("隐私", "Privacy"),
    "notification_delivery": Label("通知投递", "Deliveries of notices"),
    "agents": Label("智能体接口", "Agents"),
}
# Services of the platform: no kit explains their rights.
_WITHOUT_MATRIX = frozenset({"identity", "platform"})


def grouped(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A cell's entry with ``groups``: ``[{"key", "label", "permissions": [{"name", "verb", "kind", "label"}]}]``.

    ``kind`` menu: without it the entity is not seen at all; button: an action on it. A manifest lists permissions as
    names, or as objects that bring their own labels.
    """
    entities = {str(item.get("key") or item.get("name")): item.get("label") for item in entry.get("entities", [])}
    groups: dict[str, dict[str, Any]] = {
        key: {"key": key, "label": label, "permissions": []} for key, label in entities.items()
    }
    for name, label in _named(entry.get("permissions", [])):
        entity, _, verb = name.rpartition(".")
        group = groups.setdefault(entity, {"key": entity, "label": _kit_label(entity), "permissions": []})
        group["permissions"].append(
            {
                "name": name,
                "verb": verb,
                "kind": "menu" if verb == "read" and entity in entities else "button",
                "label": label or _VERBS.get(verb, Label(verb, verb)).as_json(),
            }
        )
    cell = entry["cell"]
    matrix = None if cell in _WITHOUT_MATRIX else f"/api/v1/{cell}/_permissions/matrix"
    return {**entry, "groups": [group for group in groups.values() if group["permissions"]], "matrix": matrix}


def words() -> dict[str, Any]:
    """The data scopes and field rules that a role may have, in both languages."""
    return {
        "scopes": [{"value": value, "label": label.as_json()} for value, label in SCOPES.items()],
        "rules": [{"value": value, "label": label.as_json()} for value, label in RULES.items()],
    }


def _named(permissions: Iterable[Any]) -> Iterable[tuple[str, Any]]:
    for item in permissions:
        if isinstance(item, str):
            yield item, None
        elif isinstance(item, Mapping) and isinstance(item.get("name"), str):
            yield item["name"], item.get("label")


def _kit_label(entity: str) -> dict[str, str]:
    word = entity.partition(".")[2]
    return _KIT.get(word, Label(word or entity, word or entity)).as_json()
