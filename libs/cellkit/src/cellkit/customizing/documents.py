"""What tenants define: their own fields, and dictionaries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from cellkit.customizing import changing
from cellkit.customizing.kinds import KINDS
from cellkit.customizing.rules import DICTIONARY_CODE, FIELD_NAME, MOST_ENTRIES
from cellkit.declare.actions import action
from cellkit.declare.document import Document, Line, Lines, Row, Table
from cellkit.declare.fields import Choice, Currency, Date, Flag, Integer, Json, Number, Text
from cellkit.declare.fields.formats import FORMATS
from cellkit.labels import L

_NAME = (
    "pattern",
    lambda value: FIELD_NAME.fullmatch(value) is not None and not value.endswith("_label"),
    L(
        "应以 x_ 开头，后为小写字母、数字、下划线，不以 _label 结尾",
        "x_ and then lower-case letters, digits, underscores; not ending with _label",
    ),
)
_CODE = (
    "pattern",
    lambda value: DICTIONARY_CODE.fullmatch(value) is not None,
    L("应为小写字母、数字、下划线，可用点分段", "Lower-case letters, digits, underscores, parts joined by dots"),
)
_ENTITY = (
    "pattern",
    lambda value: re.fullmatch(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", value) is not None,
    L("应为单据类型的编码", "The key of an entity expected"),
)
_FIELD = (
    "pattern",
    lambda value: not value or re.fullmatch(r"[a-z][a-z0-9_]*", value) is not None,
    L("应为字段名", "The name of a field expected"),
)
_COLOUR = (
    "pattern",
    lambda value: (
        not value or (len(value) == 7 and value[0] == "#" and all(c in "0123456789abcdefABCDEF" for c in value[1:]))
    ),
    L("颜色应为 #RRGGBB", "A colour is #RRGGBB"),
)
_ENTRY_CODE = (
    "pattern",
    lambda value: bool(value) and not any(letter.isspace() or letter in ",;，；、|" for letter in value),
    L("编码不能为空，不能含空格、逗号、分号", "A code is not empty and has no blanks, commas or semicolons"),
)
_MASKS = ("mobile:手机号:Mobile", "email:邮箱:E-mail", "id_card:身份证:Identity card", "bank:银行卡:Bank card",
          "name:姓名:Name", "all:全部:All")  # fmt: skip


class DictionaryItem(Line):
    """An entry of a dictionary."""

    code = Text(L("编码", "Code"), required=True, max=60, check=_ENTRY_CODE)
    label_zh = Text(L("中文名称", "Chinese text"), required=True, max=100)
    label_en = Text(L("英文名称", "English text"), max=100)
    parent = Text(L("上级编码", "Parent code"), max=60)
    colour = Text(L("颜色", "Colour"), max=7, check=_COLOUR)
    sequence = Integer(L("排序", "Position"), min=0, max=1_000_000)
    active = Flag(L("启用", "Active"), default=True)
    valid_from = Date(L("生效日期", "Valid from"))
    valid_to = Date(L("失效日期", "Valid to"))


@lru_cache(maxsize=64)
def documents(cell: str) -> Sequence[type[Table]]:
    """The kit documents of this feature for a cell."""

    class CustomField(
        Document,
        key=f"{cell}.custom_field",
        label=L("自定义字段", "Custom field"),
        kit=True,
        scoped=False,
        title="label_zh",
        unique_together=(("entity", "name"),),
    ):
        entity = Text(
            L("单据类型", "Entity"),
            required=True,
            max=100,
            list=True,
            index=True,
            check=_ENTITY,
            help=L(f"如 {cell}.order", f"Like {cell}.order"),
        )
        name = Text(L("字段名", "Name"), required=True, max=41, list=True, check=_NAME)
        label_zh = Text(L("中文名称", "Chinese label"), required=True, max=100, list=True, search=True)
        label_en = Text(L("英文名称", "English label"), max=100, list=True, search=True)
        kind = Choice(
            L("类型", "Kind"),
            *(f"{value}:{label.zh}:{label.en}" for value, label in KINDS.items()),
            required=True,
            list=True,
        )
        required = Flag(L("必填", "Required"))
        default_value = Json(L("默认值", "Default"), max_bytes=10_000)
        min_value = Number(L("最小值", "Smallest"), digits=24, scale=6)
        max_value = Number(L("最大值", "Largest"), digits=24, scale=6)
        scale = Integer(L("小数位", "Digits after the point"), min=0, max=8)
        max_length = Integer(L("最大长度", "Longest"), min=1, max=10_000)
        choices = Json(
            L("选项", "Choices"),
            max_bytes=60_000,
            help=L('[{"value":"a","zh":"甲","en":"A"}]', '[{"value":"a","zh":"甲","en":"A"}]'),
        )
        dictionary = Text(L("字典", "Dictionary"), max=100, check=_CODE)
        target = Text(
            L("引用单据", "Refers to"), max=100, check=_ENTITY, help=L(f"如 {cell}.order", f"Like {cell}.order")
        )
        parent = Text(
            L("上级字段", "Parent field"),
            max=60,
            check=_FIELD,
            help=L("级联：同一单据的字典字段", "A dictionary field above this"),
        )
        currency = Currency(L("币种", "Currency"))
        unit = Text(L("单位", "Unit"), max=20)
        format = Choice(
            L("格式", "Format"), *(f"{name}:{item.label.zh}:{item.label.en}" for name, item in FORMATS.items())
        )
        in_list = Flag(L("列表显示", "Shown in lists"), default=True)
        in_search = Flag(L("参与检索", "Found by text search"))
        mask = Choice(L("脱敏", "Mask"), *_MASKS)
        help_zh = Text(L("中文说明", "Chinese help"), max=300)
        help_en = Text(L("英文说明", "English help"), max=300)
        sequence = Integer(L("排序", "Position"), min=0, max=10_000, default=100, list=True)
        always_editable = Flag(L("任何状态可改", "May change in every state"))
        active = Flag(L("启用", "Active"), default=True, list=True)

        @staticmethod
        async def prepare(work: Any, row: Row, before: Row | None) -> None:
            await changing.check_field(work, row, before)

        @staticmethod
        async def before_delete(work: Any, row: Row) -> None:
            await changing.check_field_deletion(work, row)

        @action(
            L("清除数据", "Erase values"),
            confirm=L(
                "将从所有单据中删除该字段的值，且不可恢复。", "The field's values will be removed from all documents."
            ),
            parameters={"count": Integer(L("确认份数", "How many documents"), required=True, min=0)},
        )
        async def erase_values(work: Any, row: Row, parameters: Row) -> dict[str, int]:
            return {"erased": await changing.erase_field(work, row, parameters["count"])}

    class DictionaryDocument(
        Document,
        key=f"{cell}.dictionary",
        label=L("数据字典", "Dictionary"),
        plural="dictionaries",
        kit=True,
        scoped=False,
        title="label_zh",
    ):
        code = Text(L("编码", "Code"), required=True, unique=True, max=100, list=True, search=True, check=_CODE)
        label_zh = Text(L("中文名称", "Chinese name"), required=True, max=100, list=True, search=True)
        label_en = Text(L("英文名称", "English name"), max=100, list=True, search=True)
        note = Text(L("说明", "Note"), max=500)
        items = Lines(L("字典项", "Entries"), of=DictionaryItem, max=MOST_ENTRIES)

        @staticmethod
        async def prepare(work: Any, row: Row, before: Row | None) -> None:
            await changing.check_dictionary(work, row, before)

        @staticmethod
        async def before_delete(work: Any, row: Row) -> None:
            await changing.check_dictionary_deletion(work, row)

    return (CustomField, DictionaryDocument)
