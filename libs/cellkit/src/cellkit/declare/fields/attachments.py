"""Files of a document: their ids, uploaded before and bound when the document is saved (:mod:`cellkit.files`)."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from cellkit.declare.fields.base import Field, FieldError
from cellkit.declare.fields.references import parse_uuid
from cellkit.labels import Label

_ID = re.compile(r"[0-9a-fA-F-]{36}")
_PICTURES = ("image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp")


class FileField(Field):
    """What fields of files have in common.

    ``max_bytes`` is the largest file, ``types`` what is taken: media types (``image/*``, ``application/pdf``) or
    extensions (``.docx``); none named: everything that is no program.
    """

    def __init__(
        self, label: Label, *, max_bytes: int | None = None, types: tuple[str, ...] = (), **options: Any
    ) -> None:
        super().__init__(label, **options)
        if self.secret or self.search or self.unique:
            message = "files cannot be secret, searched or unique; FILES_ENCRYPT=1 encrypts all contents"
            raise TypeError(message)
        self.max_bytes = max_bytes
        self.types = types

    def ids(self, value: Any) -> list[UUID]:
        """The files that a stored value names."""
        raise NotImplementedError

    def describe(self) -> dict[str, Any]:
        return {"max_bytes": self.max_bytes, "types": list(self.types)}


class Files(FileField):
    """Up to ``max_count`` files, as a list of their ids in the order to show them."""

    kind, array_type = "files", "jsonb"

    def __init__(self, label: Label, *, max_count: int = 20, **options: Any) -> None:
        super().__init__(label, **options)
        self.max_count = max_count

    def column_type(self) -> sa.types.TypeEngine[Any]:
        return postgresql.JSONB()

    def parse(self, value: Any) -> list[str]:
        if not isinstance(value, list):
            raise FieldError("type", "应为文件编号列表", "A list of file ids expected")
        if len(value) > self.max_count:
            raise FieldError("max_items", f"最多 {self.max_count} 个文件", f"At most {self.max_count} files")
        names = [str(parse_uuid(one)) for one in value]
        if len(set(names)) != len(names):
            raise FieldError("unique_items", "文件重复", "A file is named twice")
        if self.required and not names:
            raise FieldError("required", "必填", "Required")
        return names

    def from_text(self, text: str) -> Any:
        return _ID.findall(text) or text

    def ids(self, value: Any) -> list[UUID]:
        return [UUID(one) for one in value or ()]

    def schema(self) -> dict[str, Any]:
        return {
            "type": "array",
            "items": {"type": "string", "format": "uuid"},
            "maxItems": self.max_count,
            "uniqueItems": True,
        }

    def describe(self) -> dict[str, Any]:
        return {**super().describe(), "max_count": self.max_count}


class Image(FileField):
    """One picture, as its file's id; at most 10 MiB unless told otherwise."""

    kind, array_type = "image", "uuid"

    def __init__(self, label: Label, **options: Any) -> None:
        usual = {
            "max_bytes": 10 * 1024 * 1024,
            "types": ("image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp"),
        }
        super().__init__(label, **{**usual, **options})

    def column_type(self) -> sa.types.TypeEngine[Any]:
        return postgresql.UUID(as_uuid=True)

    def parse(self, value: Any) -> UUID:
        return parse_uuid(value)

    def ids(self, value: Any) -> list[UUID]:
        return [] if value is None else [value if isinstance(value, UUID) else UUID(str(value))]

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "uuid"}
