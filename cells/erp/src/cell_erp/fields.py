"""Fields that the kit does not have: the id of a line, or of a row of any document."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from cellkit.declare import Field
from cellkit.declare.fields import parse_uuid


class RowId(Field):
    """The id of a line of another document, or of a document whose kind another field names; no foreign key."""

    kind, array_type = "row_id", "uuid"

    def column_type(self) -> sa.types.TypeEngine[Any]:
        """The SQL type of the column."""
        return postgresql.UUID(as_uuid=True)

    def parse(self, value: Any) -> UUID:
        """A UUID from JSON."""
        return parse_uuid(value)

    def schema(self) -> dict[str, Any]:
        """The field's JSON schema."""
        return {"type": "string", "format": "uuid"}
