"""What every field has: how a value is read from JSON, checked, stored and shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import sqlalchemy as sa

from cellkit.labels import Label
from cellkit.masks import PERSONAL, is_mask

ValueCheck = Callable[[Any], bool]
ComputedValue = Callable[[dict[str, Any]], Any]


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
    blind index. ``mask``: readers see it so, and in clear only by ``reveal`` with a reason (``mobile``, ``email``,
    ``id_card``, ``bank``, ``name``, ``address``, ``plate``, ``all``, or ``keep:3,4``: the first three and last four).
    ``personal``: a value about a person, to be found, handed out and erased on demand, sealed in the audit trail
    (default: what is secret, or masked as something of a person's). ``always_editable``: may change in every state.
    ``computed``: a pure function of the row that gives the value, which is then read-only; with ``stored=False`` there
    is no column, every outlet computes it from the row's own fields (not its lines), and lists cannot filter or sort
    by it.
    """

    kind: ClassVar[str] = "text"
    array_type: ClassVar[str] = "text"
    labelled: ClassVar[bool] = False
    """Whether answers carry a text for people beside the value, as ``label_name``."""
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
        personal: bool | None = None,
        always_editable: bool = False,
        help: Label | None = None,  # noqa: A002 - the word authors expect
        check: tuple[str, ValueCheck, Label] | None = None,
        computed: ComputedValue | None = None,
        stored: bool = True,
    ) -> None:
        if not stored and (computed is None or index or unique or search or secret):
            message = "a field that is not stored must be computed, and has no index, search or encryption"
            raise TypeError(message)
        self.name = ""
        self.label = label
        self.required = required
        self.readonly = readonly or computed is not None
        self.default = default
        self.list = list
        self.search = search
        self.index = index or unique
        self.unique = unique
        self.secret = secret
        self.find = find
        if mask is not None and not is_mask(mask):
            message = f"no such mask: {mask!r}"
            raise ValueError(message)
        self.mask = mask or ("all" if secret else None)
        told = secret or mask in PERSONAL
        self.personal = (told and not self.write_only) if personal is None else personal
        self.always_editable = always_editable
        self.help = help
        self.check = check
        self.computed = computed
        self.stored = stored
        # Set by kinds that look at other fields of the row (check_row), and on a tenant's own fields.
        self.checks_row = False
        self.custom = False

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @property
    def label_name(self) -> str:
        """The answer's key for the text beside the value."""
        return self.name.removesuffix("_id") + "_label"

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

    def filter_value(self, value: Any) -> Any:
        """The value that a list's filter compares with; raises :class:`FieldError`."""
        return self.parse(value)

    def partners(self) -> tuple[str, ...]:
        """Fields of the same row that :meth:`check_row` looks at."""
        return ()

    def check_row(self, row: dict[str, Any]) -> None:
        """Check the value against other fields of its row; raises :class:`FieldError`."""

    def label_of(self, value: Any, language: str) -> str | None:
        """The text for people of a value, where the field is ``labelled``."""
        raise NotImplementedError

    def to_extension(self, value: Any) -> Any:
        """A custom field's value as JSON for the ``extension`` column."""
        return value

    def from_extension(self, value: Any) -> Any:
        """The value that :meth:`to_extension` wrote."""
        return value

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
