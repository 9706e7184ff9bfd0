"""Problems that FastAPI's models find, in the contract's shape and in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cellkit.errors import FieldProblem
from cellkit.labels import Label

_OUTER = frozenset({"body", "query", "path", "header"})
_CHINESE = {
    "missing": "必填",
    "extra_forbidden": "未知的字段",
    "string_type": "应为文本",
    "string_too_short": "长度不能少于 {min_length} 个字符",
    "string_too_long": "长度不能超过 {max_length} 个字符",
    "string_pattern_mismatch": "格式不正确",
    "string_unicode": "含有无效字符",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "bool_type": "应为是或否",
    "bool_parsing": "应为是或否",
    "uuid_type": "应为 UUID",
    "uuid_parsing": "应为 UUID",
    "list_type": "应为列表",
    "dict_type": "应为对象",
    "model_attributes_type": "应为对象",
    "literal_error": "应为其中之一：{expected}",
    "enum": "应为其中之一：{expected}",
    "too_long": "不能超过 {max_length} 项",
    "too_short": "不能少于 {min_length} 项",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "date_type": "应为日期 YYYY-MM-DD",
    "date_parsing": "应为日期 YYYY-MM-DD",
    "datetime_parsing": "应为 RFC 3339 时间",
    "decimal_parsing": "应为数字",
    "value_error": "{error}",
}


def field_problems(items: Sequence[Mapping[str, Any]]) -> list[FieldProblem]:
    """From pydantic's list of errors; fields are written as ``lines[2].quantity``."""
    return [
        {
            "field": _field(item["loc"]),
            "rule": item["type"],
            "message": Label(_chinese(item), str(item["msg"]).removeprefix("Value error, ")),
        }
        for item in items
    ]


def _field(place: Sequence[str | int]) -> str:
    parts = place[1:] if place and place[0] in _OUTER else place
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _chinese(item: Mapping[str, Any]) -> str:
    template = _CHINESE.get(item["type"], "不正确")
    try:
        return template.format(**item.get("ctx", {}))
    except (KeyError, IndexError):
        return "不正确"
