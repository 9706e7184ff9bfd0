"""What a role can be given, for the role editor: from the declarations alone, no data in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cellkit.declare.document import Document, Table
from cellkit.declare.fields import Field
from cellkit.labels import L, Label
from cellkit.meta import permissions_of
from cellkit.permissions.decide import RULES, SCOPES

_VERBS: dict[str, Label] = {
    "read": L("查看", "Read"),
    "create": L("新建", "Create"),
    "update": L("修改", "Change"),
    "delete": L("删除", "Delete"),
    "import": L("导入", "Import"),
    "export": L("导出", "Export"),
    "reveal": L("查看敏感信息原文", "Reveal"),
}


def matrix(cell: Any, tables: Iterable[type[Table]], language: str) -> dict[str, Any]:
    """``{"entities", "reports", "scopes", "rules"}``."""
    return {
        "entities": [_entity(table, language) for table in tables],
        "reports": [
            {"permission": f"{cell.name}.report.{item.name}", "label": item.label.text(language)}
            for item in cell.reports
        ],
        "scopes": [{"value": value, "label": label.text(language)} for value, label in SCOPES.items()],
        "rules": [{"value": value, "label": label.text(language)} for value, label in RULES.items()],
    }


def _entity(table: type[Table], language: str) -> dict[str, Any]:
    actions = table.actions if issubclass(table, Document) else {}
    permissions = []
    for permission in permissions_of(table):
        verb = permission.rsplit(".", 1)[1]
        label = actions[verb].label if verb in actions else _VERBS.get(verb, L(verb, verb))
        kind = "menu" if verb == "read" else "button"
        permissions.append({"permission": permission, "verb": verb, "kind": kind, "label": label.text(language)})
    fields = _fields(table.fields, table.key, language)
    for name, grid in table.lines.items():
        fields.append({"key": f"{table.key}.{name}", "label": grid.label.text(language), "kind": "lines", "mask": None})
        fields += _fields(grid.fields, f"{table.key}.{name}", language)
    return {
        "key": table.key,
        "label": table.label.text(language),
        "kit": table.kit,
        "scoped": issubclass(table, Document) and bool(table.scoped),
        "permissions": permissions,
        "fields": fields,
    }


def _fields(fields: Mapping[str, Field], key: str, language: str) -> list[dict[str, Any]]:
    return [
        {
            "key": f"{key}.{name}",
            "label": item.label.text(language),
            "kind": item.kind,
            "mask": item.mask,
            "readonly": item.readonly,
        }
        for name, item in fields.items()
    ]
