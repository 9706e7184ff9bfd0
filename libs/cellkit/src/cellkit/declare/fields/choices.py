"""One or several of a list: fixed choices, tags, entries of a dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from cellkit.declare.dictionaries import Entries
from cellkit.declare.fields.base import Field, FieldError
from cellkit.labels import L, Label

_SEPARATOR = re.compile(r"[;；,，、|\n]+")


class Choice(Field):
    """One of a fixed list: ``Choice(L(…), "local:市内:Local", "far:长途:Long distance")``."""

    kind = "choice"

    def __init__(self, label: Label, *options_text: str, **options: Any) -> None:
        super().__init__(label, **options)
        self.options: dict[str, Label] = {}
        for text in options_text:
            value, zh, en = text.split(":")
            self.options[value] = L(zh, en)

    def parse(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.options:
            allowed = ", ".join(self.options)
            raise FieldError("choice", f"应为以下之一：{allowed}", f"Must be one of: {allowed}")
        return value

    def from_text(self, text: str) -> Any:
        for value, label in self.options.items():
            if text in (value, label.zh, label.en):
                return value
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.options)}

    def describe(self) -> dict[str, Any]:
        return {"options": [{"value": value, "label": label} for value, label in self.options.items()]}


class _Several(Field):
    """A list of texts, stored as JSON; lists filter it by ``any`` and ``all``."""

    array_type = "jsonb"

    def __init__(self, label: Label, *, most: int, **options: Any) -> None:
        super().__init__(label, **options)
        if self.index or self.unique:
            message = "a field with several values has no index"
            raise TypeError(message)
        self.most = most

    def column_type(self) -> sa.types.TypeEngine[Any]:
        return postgresql.JSONB()

    def parse(self, value: Any) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise FieldError("type", "应为文本列表", "A list of texts expected")
        chosen = list(dict.fromkeys(self._one(one) for one in value))
        if len(chosen) > self.most:
            raise FieldError("max_items", f"最多 {self.most} 项", f"At most {self.most}")
        if self.required and not chosen:
            raise FieldError("required", "必填", "Required")
        return chosen

    def _one(self, value: str) -> str:
        raise NotImplementedError

    def filter_value(self, value: Any) -> Any:
        if not isinstance(value, str) or "\x00" in value:
            raise FieldError("type", "应为文本", "Text expected")
        return value

    def from_text(self, text: str) -> Any:
        return [part.strip() for part in _SEPARATOR.split(text) if part.strip()]


class MultiChoice(_Several):
    """Several of a fixed list: ``MultiChoice(L(…), "a:甲:A", "b:乙:B", most=3)``; a list of values in JSON."""

    kind = "multi_choice"

    def __init__(self, label: Label, *options_text: str, most: int = 50, **options: Any) -> None:
        super().__init__(label, most=most, **options)
        self._fixed = Choice(label, *options_text)
        self.options = self._fixed.options

    def _one(self, value: str) -> str:
        return self._fixed.parse(value)

    def from_text(self, text: str) -> Any:
        return [self._fixed.from_text(part) for part in super().from_text(text)]

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self._fixed.schema(), "maxItems": self.most}

    def describe(self) -> dict[str, Any]:
        return self._fixed.describe() | {"most": self.most}


class Tags(_Several):
    """Free words, at most ``most`` of at most ``max`` characters; a list of texts in JSON."""

    kind = "tags"

    def __init__(self, label: Label, *, most: int = 20, max: int = 30, **options: Any) -> None:  # noqa: A002
        super().__init__(label, most=most, **options)
        self.max = max

    def _one(self, value: str) -> str:
        word = value.strip()
        if not word or len(word) > self.max or "\x00" in word or _SEPARATOR.search(word):
            raise FieldError(
                "tag", f"标签为 1–{self.max} 个字符，不含逗号、分号", f"A tag has 1–{self.max} characters, no commas"
            )
        return word

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string", "maxLength": self.max}, "maxItems": self.most}

    def describe(self) -> dict[str, Any]:
        return {"most": self.most, "max": self.max}


class DictionaryChoice(Field):
    """An entry of a dictionary that tenants edit, by its code; answers carry its text as ``<name>_label``.

    ``parent`` names a field of the same row whose value must be the entry's parent (a district of its province). An
    entry that was retired, or is out of its days, stays where it is but cannot be newly chosen.
    """

    kind, labelled = "dictionary", True

    def __init__(self, label: Label, *, dictionary: str, parent: str | None = None, **options: Any) -> None:
        super().__init__(label, **options)
        self.dictionary = dictionary
        self.parent = parent
        self.checks_row = parent is not None
        # What the cell ships; a tenant that has changed it gets a copy of the field with its own.
        self.entries = Entries()

    def parse(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.entries:
            raise FieldError("dictionary", "不是此字典中的编码", "Not a code of this dictionary")
        if not self.entries.open(value):
            raise FieldError("retired", "此项已停用，不能再选", "This entry is retired and cannot be chosen any more")
        return value

    def filter_value(self, value: Any) -> str:
        if not isinstance(value, str) or "\x00" in value:
            raise FieldError("type", "应为编码", "A code expected")
        return value

    def partners(self) -> tuple[str, ...]:
        return () if self.parent is None else (self.parent,)

    def check_row(self, row: dict[str, Any]) -> None:
        value = row.get(self.name)
        if self.parent is None or value is None or value not in self.entries:
            return
        above = self.entries[value].parent
        if above is not None and above != row.get(self.parent):
            raise FieldError("parent", "与上级选项不符", "Does not belong to what is chosen above it")

    def label_of(self, value: Any, language: str) -> str | None:
        entry = self.entries.get(value)
        return None if entry is None else entry.label.text(language)

    def choices(self, language: str) -> Iterator[str]:
        """What may be chosen now, as people read it; the code where two entries are called the same."""
        for entry in self.entries.values():
            if self.entries.open(entry.code):
                yield self.text_of(entry.code, language)

    def text_of(self, value: str, language: str) -> str:
        """How files show a code: its text, or the code itself where the text does not tell which."""
        text = self.label_of(value, language)
        return text if text is not None and self.entries.by_text.get(text) == value else value

    def from_text(self, text: str) -> Any:
        wanted = text.strip()
        return wanted if wanted in self.entries else self.entries.by_text.get(wanted, wanted)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": 60}

    def describe(self) -> dict[str, Any]:
        return {"dictionary": self.dictionary, "parent": self.parent, "label_name": self.label_name}
