"""References: to documents of the same cell, of other cells, to users and departments."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from cellkit.declare.fields.base import Field, FieldError
from cellkit.labels import Label


def parse_uuid(value: Any) -> UUID:
    """A UUID from JSON; raises :class:`FieldError`."""
    if isinstance(value, UUID):
        return value
    try:
        if not isinstance(value, str) or len(value) != 36:
            raise ValueError
        return UUID(value)
    except ValueError:
        raise FieldError("type", "应为编号（UUID）", "UUID expected") from None


class Ref(Field):
    """A reference to a document of the same cell (``to="erp.item"``), kept by a foreign key.

    Answers carry the target's title as ``<name without _id>_label``.
    """

    kind, array_type = "reference", "uuid"

    def __init__(self, label: Label, *, to: str, **options: Any) -> None:
        super().__init__(label, **{"index": True, **options})
        self.to = to

    @property
    def label_name(self) -> str:
        """The answer's key for the target's title."""
        return self.name.removesuffix("_id") + "_label"

    def column_type(self) -> sa.types.TypeEngine[Any]:
        return postgresql.UUID(as_uuid=True)

    def parse(self, value: Any) -> UUID:
        return parse_uuid(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "uuid"}

    def describe(self) -> dict[str, Any]:
        return {"to": self.to}


class ExternalRef(Field):
    """A reference to a document of another cell: its id, never a join; keep a label in a field beside it."""

    kind, array_type = "external_reference", "text"

    def __init__(self, label: Label, *, to: str, **options: Any) -> None:
        super().__init__(label, **{"index": True, **options})
        self.to = to

    def parse(self, value: Any) -> str:
        if not isinstance(value, str) or not value or len(value) > 100:
            raise FieldError("type", "应为编号", "An id expected")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": 100}

    def describe(self) -> dict[str, Any]:
        return {"to": self.to}


class UserRef(ExternalRef):
    """A user of the tenant."""

    kind = "user"

    def __init__(self, label: Label, **options: Any) -> None:
        super().__init__(label, to="identity.user", **options)


class DepartmentRef(ExternalRef):
    """A department of the tenant."""

    kind = "department"

    def __init__(self, label: Label, **options: Any) -> None:
        super().__init__(label, to="identity.department", **options)
