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
        # (table, parent column) where the target is a tree; set when the cell is put together.
        self.tree: tuple[str, str] | None = None

    def column_type(self) -> sa.types.TypeEngine[Any]:
        return postgresql.UUID(as_uuid=True)

    def parse(self, value: Any) -> UUID:
        return parse_uuid(value)

    def to_extension(self, value: Any) -> Any:
        return str(value)

    def from_extension(self, value: Any) -> Any:
        return UUID(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "uuid"}

    def describe(self) -> dict[str, Any]:
        return {"to": self.to, "tree": self.tree is not None}


class TreeParent(Ref):
    """The row above this one in a tree: ``TreeParent(L("上级", "Parent"), to="erp.category")``.

    A write that would put a row below itself is refused (rule ``cycle``). Lists of this table, and of tables that
    refer to it, take ``{"<field>": {"under": "<id>"}}``: the row with that id and everything below it.
    """

    kind = "parent"


class ExternalRef(Field):
    """A reference to a document of another cell: its id, never a join.

    ``label_field`` names the text field beside it that keeps the other's name; the cell then takes the other cell's
    ``<to>.updated.v1`` events and writes ``data[title]`` into that field of all rows that refer to it, unless their
    state is not among ``fresh_in`` (states separated by blanks; default: all).
    """

    kind, array_type = "external_reference", "text"

    def __init__(
        self,
        label: Label,
        *,
        to: str,
        label_field: str | None = None,
        title: str = "name",
        fresh_in: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(label, **{"index": True, **options})
        self.to = to
        self.label_field = label_field
        self.title = title
        self.fresh_in = None if fresh_in is None else frozenset(fresh_in.split())

    def parse(self, value: Any) -> str:
        if not isinstance(value, str) or not value or len(value) > 100:
            raise FieldError("type", "应为编号", "An id expected")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": 100}

    def describe(self) -> dict[str, Any]:
        return {"to": self.to, **({"label_field": self.label_field} if self.label_field else {})}


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
