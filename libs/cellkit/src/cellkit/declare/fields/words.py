"""Text, flags and JSON."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from cellkit.declare.fields.base import Field, FieldError
from cellkit.declare.fields.formats import FORMATS
from cellkit.http.messages import to_json
from cellkit.labels import Label


class Text(Field):
    """One line of text, at most ``max`` characters; blanks around it are cut.

    ``pattern``: a regular expression for the whole of it. ``format``: one of :data:`FORMATS` (``mobile``,
    ``landline``, ``phone``, ``id_card``, ``credit_code``, ``bank_card``, ``postcode``, ``email``, ``url``), checked
    and written in its usual way.
    """

    kind = "text"

    def __init__(
        self,
        label: Label,
        *,
        max: int = 200,  # noqa: A002
        pattern: str | None = None,
        format: str | None = None,  # noqa: A002 - the word JSON schema has for it
        **options: Any,
    ) -> None:
        super().__init__(label, **options)
        self.max = max
        self.pattern = re.compile(pattern) if pattern else None
        if format is not None and format not in FORMATS:
            message = f"no such format: {format}"
            raise ValueError(message)
        self.format = format

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
        return FORMATS[self.format].accept(text) if self.format is not None and text else text

    def filter_value(self, value: Any) -> str:
        if not isinstance(value, str) or "\x00" in value:
            raise FieldError("type", "应为文本", "Text expected")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.max}

    def describe(self) -> dict[str, Any]:
        return {"max": self.max, **({"format": self.format} if self.format else {})}


class LongText(Text):
    """Text of several lines."""

    kind = "long_text"

    def __init__(self, label: Label, *, max: int = 10_000, **options: Any) -> None:  # noqa: A002
        super().__init__(label, max=max, **options)


class Flag(Field):
    """Yes or no."""

    kind, array_type = "flag", "boolean"

    def __init__(self, label: Label, *, default: bool | None = False, **options: Any) -> None:
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
