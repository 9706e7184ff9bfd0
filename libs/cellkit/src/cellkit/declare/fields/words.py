"""Text, flags, choices and JSON."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from cellkit.declare.fields.base import Field, FieldError
from cellkit.http.messages import to_json
from cellkit.labels import L, Label


class Text(Field):
    """One line of text, at most ``max`` characters; blanks around it are cut."""

    kind = "text"

    def __init__(self, label: Label, *, max: int = 200, pattern: str | None = None, **options: Any) -> None:  # noqa: A002
        super().__init__(label, **options)
        self.max = max
        self.pattern = re.compile(pattern) if pattern else None

    def parse(self, value: Any) -> str:
        if not isinstance(value, str):
            raise FieldError("type", "应为文本", "Text expected")
        text = value.strip()
        if len(text) > self.max:
            raise FieldError("max_length", f"最多 {self.max} 个字符", f"At most {self.max} characters")
        if self.required and not text:
            raise FieldError("required", "必填", "Required")
        if "\x00" in text:
            raise FieldError("character", "含有不允许的字符", "Contains a character that is not allowed")
        if self.pattern is not None and text and not self.pattern.fullmatch(text):
            raise FieldError("pattern", "格式不正确", "Wrong format")
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.max}

    def describe(self) -> dict[str, Any]:
        return {"max": self.max}


class LongText(Text):
    """Text of several lines."""

    kind = "long_text"

    def __init__(self, label: Label, *, max: int = 10_000, **options: Any) -> None:  # noqa: A002
        super().__init__(label, max=max, **options)


class Flag(Field):
    """Yes or no."""

    kind, array_type = "flag", "boolean"

    def __init__(self, label: Label, *, default: bool = False, **options: Any) -> None:
        super().__init__(label, default=default, **options)

    def column_type(self) -> sa.types.TypeEngine[Any]:
        return sa.Boolean()

    def parse(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise FieldError("type", "应为是/否", "true or false expected")
        return value

    def from_text(self, text: str) -> Any:
        known = {
            "是": True,
            "1": True,
            "true": True,
            "yes": True,
            "y": True,
            "否": False,
            "0": False,
            "false": False,
            "no": False,
            "n": False,
        }
        return known.get(text.strip().lower(), text)

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


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
        return {"options": [{"value": value, "label": label.as_json()} for value, label in self.options.items()]}


class Json(Field):
    """A JSON value that the kit does not look into, at most ``max_bytes`` long."""

    kind, array_type = "json", "jsonb"

    def __init__(self, label: Label, *, max_bytes: int = 65_536, **options: Any) -> None:
        super().__init__(label, **options)
        self.max_bytes = max_bytes

    def column_type(self) -> sa.types.TypeEngine[Any]:
        return postgresql.JSONB()

    def parse(self, value: Any) -> Any:
        if len(to_json(value)) > self.max_bytes:
            raise FieldError("max_length", f"最多 {self.max_bytes} 字节", f"At most {self.max_bytes} bytes")
        return value

    def schema(self) -> dict[str, Any]:
        return {}
