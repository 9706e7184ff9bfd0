"""The kinds a tenant's own field may have, and the field that a definition makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cellkit.declare.dictionaries import Entries
from cellkit.declare.fields import (
    Choice,
    Date,
    DepartmentRef,
    DictionaryChoice,
    Field,
    FieldError,
    Flag,
    Integer,
    Json,
    LongText,
    Moment,
    Money,
    MultiChoice,
    Number,
    Percent,
    Quantity,
    Ref,
    Tags,
    Text,
    Time,
    UserRef,
)
from cellkit.labels import L, Label

Definition = Mapping[str, Any]
"""A row of the document ``custom_field``."""

MOST_CHOICES = 200
_LONGEST_CODE = 60
_LONGEST_LABEL = 100

KINDS: dict[str, Label] = {
    "text": L("文本", "Text"),
    "long_text": L("多行文本", "Long text"),
    "integer": L("整数", "Whole number"),
    "decimal": L("小数", "Decimal"),
    "money": L("金额", "Money"),
    "quantity": L("数量", "Quantity"),
    "percent": L("百分比", "Percent"),
    "date": L("日期", "Date"),
    "time": L("时间", "Time of day"),
    "moment": L("日期时间", "Date and time"),
    "flag": L("是/否", "Yes/no"),
    "choice": L("单选", "Choice"),
    "multi_choice": L("多选", "Several choices"),
    "tags": L("标签", "Tags"),
    "dictionary": L("字典", "Dictionary"),
    "reference": L("引用单据", "Reference"),
    "user": L("人员", "User"),
    "department": L("部门", "Department"),
    "json": L("JSON", "JSON"),
}
SEARCHABLE = frozenset({"text", "long_text", "choice", "tags"})
"""Kinds whose values are words that the free-text search can find."""


class DefinitionError(Exception):
    """A definition that makes no field: which of its options is wrong, and why."""

    def __init__(self, option: str, rule: str, zh: str, en: str) -> None:
        self.option = option
        self.rule = rule
        self.message = Label(zh, en)
        super().__init__(option)


def field_of_definition(definition: Definition, dictionaries: Callable[[str], Entries | None]) -> Field:
    """The field that a definition describes; raises :class:`DefinitionError`.

    ``dictionaries`` finds a dictionary's entries by its code.
    """
    kind = definition["kind"]
    options: dict[str, Any] = {
        "required": bool(definition.get("required")),
        "list": bool(definition.get("in_list")),
        "search": bool(definition.get("in_search")),
        "mask": definition.get("mask"),
        "always_editable": bool(definition.get("always_editable")),
        "help": _label(definition, "help"),
    }
    label = _label(definition, "label") or Label(definition["name"], definition["name"])
    made = _make(kind, label, definition, options, dictionaries)
    made.name = definition["name"]
    made.custom = True
    made.index = False
    if options["search"] and kind not in SEARCHABLE:
        raise DefinitionError(
            "in_search", "kind", "此类型不能参与文本检索", "Fields of this kind cannot be searched by text"
        )
    _take_default(made, definition.get("default_value"))
    return made


def _make(
    kind: str,
    label: Label,
    definition: Definition,
    options: dict[str, Any],
    dictionaries: Callable[[str], Entries | None],
) -> Field:
    plain: dict[str, type[Field]] = {
        "date": Date,
        "time": Time,
        "moment": Moment,
        "flag": Flag,
        "user": UserRef,
        "department": DepartmentRef,
        "json": Json,
        "tags": Tags,
    }
    if kind in plain:
        return plain[kind](label, **options)
    if kind in ("text", "long_text"):
        return _text(kind, label, definition, options)
    if kind in ("integer", "decimal", "money", "quantity", "percent"):
        return _number(kind, label, definition, options)
    if kind == "choice":
        return Choice(label, *_choices(definition), **options)
    if kind == "multi_choice":
        return MultiChoice(label, *_choices(definition), **options)
    if kind == "dictionary":
        return _dictionary(label, definition, options, dictionaries)
    if kind == "reference":
        if not definition.get("target"):
            raise DefinitionError("target", "required", "请选择所引用的单据类型", "Choose what it refers to")
        return Ref(label, to=definition["target"], **options)
    raise DefinitionError("kind", "choice", "没有这种字段类型", "No such kind of field")


def _text(kind: str, label: Label, definition: Definition, options: dict[str, Any]) -> Field:
    most = 10_000 if kind == "long_text" else 500
    longest = definition.get("max_length") or (2_000 if kind == "long_text" else 200)
    if not 0 < longest <= most:
        raise DefinitionError("max_length", "range", f"应在 1 与 {most} 之间", f"Must be between 1 and {most}")
    if kind == "long_text":
        return LongText(label, max=longest, **options)
    return Text(label, max=longest, format=definition.get("format") or None, **options)


def _number(kind: str, label: Label, definition: Definition, options: dict[str, Any]) -> Field:
    low, high = definition.get("min_value"), definition.get("max_value")
    if low is not None and high is not None and low > high:
        raise DefinitionError("max_value", "range", "最大值小于最小值", "The largest value is below the smallest")
    if kind == "integer":
        for option, value in (("min_value", low), ("max_value", high)):
            if value is not None and (value != value.to_integral_value() or abs(value) >= 2**63):
                raise DefinitionError(option, "type", "应为整数", "Whole number expected")
        return Integer(label, min=None if low is None else int(low), max=None if high is None else int(high), **options)
    limits = {name: value for name, value in (("min", low), ("max", high)) if value is not None}
    scale = definition.get("scale")
    if kind == "money":
        currency = definition.get("currency")
        return Money(label, currency=currency, **limits, **options) if currency else Money(label, **limits, **options)
    if kind == "quantity":
        unit = definition.get("unit") or None
        return Quantity(label, unit=unit, **limits, **({} if scale is None else {"scale": scale}), **options)
    if kind == "percent":
        return Percent(label, **limits, **options)
    return Number(label, digits=18, scale=2 if scale is None else scale, **limits, **options)


def _choices(definition: Definition) -> list[str]:
    given = definition.get("choices")
    if not isinstance(given, list) or not 0 < len(given) <= MOST_CHOICES:
        raise DefinitionError(
            "choices", "required", f"请给出 1–{MOST_CHOICES} 个选项", f"Give 1–{MOST_CHOICES} choices"
        )
    texts, seen = [], set()
    for item in given:
        parts = [item.get(name) for name in ("value", "zh", "en")] if isinstance(item, dict) else []
        if len(parts) != 3 or not isinstance(parts[0], str) or not isinstance(parts[1], str):
            raise _bad_choice()
        value, zh = parts[0].strip(), parts[1].strip()
        en = parts[2].strip() if isinstance(parts[2], str) and parts[2].strip() else zh
        sizes_fit = 0 < len(value) <= _LONGEST_CODE and 0 < len(zh) <= _LONGEST_LABEL and len(en) <= _LONGEST_LABEL
        if not sizes_fit or any(":" in part or "\x00" in part for part in (value, zh, en)) or item.keys() - _CHOICE:
            raise _bad_choice()
        if value in seen:
            raise DefinitionError("choices", "unique", f"选项值 {value} 重复", f"Choice {value} is there twice")
        seen.add(value)
        texts.append(f"{value}:{zh}:{en}")
    return texts


_CHOICE = frozenset({"value", "zh", "en"})


def _bad_choice() -> DefinitionError:
    return DefinitionError(
        "choices",
        "type",
        '选项应为 {"value":"a","zh":"甲","en":"A"}，不含冒号',
        'A choice is {"value":"a","zh":"甲","en":"A"}, without colons',
    )


def _dictionary(
    label: Label, definition: Definition, options: dict[str, Any], dictionaries: Callable[[str], Entries | None]
) -> Field:
    code = definition.get("dictionary")
    entries = dictionaries(code) if code else None
    if not code or entries is None:
        raise DefinitionError("dictionary", "reference", "请选择已有的字典", "Choose a dictionary that exists")
    made = DictionaryChoice(label, dictionary=code, parent=definition.get("parent") or None, **options)
    made.entries = entries
    return made


def _take_default(made: Field, default: Any) -> None:
    if default is None:
        return
    try:
        made.default = made.accept(default)
    except FieldError as error:
        zh, en = error.message
        raise DefinitionError("default_value", error.rule, zh, en) from None
    if isinstance(made.default, list | dict):
        made.default = made.default.copy


def _label(definition: Definition, name: str) -> Label | None:
    zh = definition.get(f"{name}_zh")
    return Label(zh, definition.get(f"{name}_en") or zh) if zh else None
