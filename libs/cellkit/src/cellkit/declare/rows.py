"""Lines as a parameter of an action: part of an order to be delivered, invoices that a receipt pays."""

from __future__ import annotations

from typing import Any

from cellkit.declare.document import Line
from cellkit.declare.fields import Field, FieldError
from cellkit.labels import Label


class Rows(Field):
    """Rows of a :class:`Line`, as the parameter of an action: ``{"lines": Rows(L(…), of=DeliverLine, key="line_id")}``.

    Every row is checked as a line of a document is, and problems name its cell (``lines[2].quantity``). The action
    gets a list of rows, or None where nothing was given. ``key``: the field that tells which line of a document a row
    is about; it is given once at most, and people add no rows to those that the action's preset names (of a key that
    is no reference they see nothing). ``grid``: the document's own grid that the rows are about; what a role does not
    see in its lines, it does not see in a preset. Readonly fields are shown and never sent.
    """

    kind, array_type = "lines", "jsonb"

    def __init__(
        self,
        label: Label,
        *,
        of: type[Line],
        min: int = 0,  # noqa: A002 - as of a grid
        max: int = 1000,  # noqa: A002 - as of a grid
        key: str | None = None,
        grid: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(label, **options)
        if key is not None and key not in of.fields:
            message = f"{of.__name__} has no field {key!r}"
            raise TypeError(message)
        self.of, self.min, self.max, self.key, self.grid = of, min, max, key, grid

    @property
    def fields(self) -> dict[str, Field]:
        """The fields of one row."""
        return self.of.fields

    def parse(self, value: Any) -> Any:  # noqa: ARG002 - the signature of every field
        """A parameter's rows are read by the pipeline, which names their cells; nothing else takes them."""
        raise FieldError("type", "只能用作操作的参数", "Only a parameter of an action")

    def column_type(self) -> Any:
        """Refused: rows of a document are its :class:`Lines`."""
        message = f"{self.name}: Rows are for parameters of actions; a document has Lines"
        raise TypeError(message)

    def schema(self) -> dict[str, Any]:
        """The JSON schema."""
        writable = [item for item in self.fields.values() if not item.readonly]
        line = {
            "type": "object",
            "properties": {
                item.name: {**item.schema(), "description": f"{item.label.zh} {item.label.en}"} for item in writable
            },
            "required": [item.name for item in writable if item.required],
            "additionalProperties": False,
        }
        return {"type": "array", "items": line, "minItems": self.min, "maxItems": self.max}

    def describe(self) -> dict[str, Any]:
        """What the web's dialog needs; the fields are added in the reader's language."""
        return {"min": self.min, "max": self.max, "key": self.key}
