"""What every field has: how a value is read from JSON, checked, stored and shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import sqlalchemy as sa

from cellkit.labels import Label

ValueCheck = Callable[[Any], bool]


class FieldError(Exception):
    """A value breaks a rule of its field."""

    def __init__(self, rule: str, zh: str, en: str) -> None:
        self.rule = rule
        self.message = Label(zh, en)
        super().__init__(rule)


class Field:
    """One field.

    ``required``: a create must carry it. ``readonly``: only the server sets it (computed, copied); a client that
    sends it gets a clear refusal. ``default``: a value, or a function of no arguments. ``list``: shown in lists.
    ``search``: part of the free-text search. ``index``: lists may filter and sort by it fast. ``unique``: within
    the tenant. ``secret``: encrypted at rest (AES-256-GCM); with ``find=True`` it can be looked up exactly through a
    blind index. ``mask``: how a caller with the ``mask`` rule sees it (``mobile``, ``email``, ``id_card``, ``bank``,
    ``name``, ``all``). ``always_editable``: may change in every state.
    """

    kind: ClassVar[str] = "text"
    array_type: ClassVar[str] = "text"
    write_only: ClassVar[bool] = False

    def __init__(  # noqa: PLR0913 - options of a declaration, all by keyword
        self,
        label: Label,
        *,
        required: bool = False,
        readonly: bool = False,
        default: Any = None,
        list: bool = False,  # noqa: A002 - the word authors expect
        search: bool = False,
        index: bool = False,
        unique: bool = False,
        secret: bool = False,
        find: bool = False,
        mask: str | None = None,
        always_editable: bool = False,
        help: Label | None = None,  # noqa: A002 - the word authors expect
        check: tuple[str, ValueCheck, Label] | None = None,
    ) -> None:
        self.name = ""
        self.label = label
        self.required = required
        self.readonly = readonly
        self.default = default
        self.list = list
        self.search = search
        self.index = index or unique
        self.unique = unique
        self.secret = secret
        self.find = find
        self.mask = mask or ("all" if secret else None)
        self.always_editable = always_editable
        self.help = help
        self.check = check

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def column_type(self) -> sa.types.TypeEngine[Any]:
        """The SQL type of the column."""
        return sa.Text()

    def parse(self, value: Any) -> Any:
        """The stored value for a JSON value that is not null; raises :class:`FieldError`."""
        raise NotImplementedError

    def accept(self, value: Any) -> Any:
        """Parse and run the field's own check."""
        parsed = self.parse(value)
        if self.check is not None and not self.check[1](parsed):
            raise FieldError(self.check[0], self.check[2].zh, self.check[2].en)
        return parsed

    def from_text(self, text: str) -> Any:
        """The JSON-like value for a cell of a CSV or spreadsheet."""
        return text

    def initial(self) -> Any:
        """The default for a new row."""
        return self.default() if callable(self.default) else self.default

    def schema(self) -> dict[str, Any]:
        """The field's JSON schema."""
        return {"type": "string"}

    def describe(self) -> dict[str, Any]:
        """What is special about this kind of field, for the web's metadata."""
        return {}
