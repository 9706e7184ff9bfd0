"""Tables of a cell: documents with lines, append-only ledgers, balances."""

from __future__ import annotations

from typing import Any, ClassVar

from cellkit.declare.actions import Action, Check
from cellkit.declare.approval import Approval, bind, default_states
from cellkit.declare.fields import Field, Ref
from cellkit.declare.groups import check_groups, declared_groups
from cellkit.declare.numbering import Numbering
from cellkit.declare.states import States
from cellkit.labels import Label

Row = dict[str, Any]
"""A row as rules and actions see it: field names to Python values; lines are lists of rows under their name."""


DECLARED: dict[str, type[Table]] = {}
"""Every table that was declared, by key."""


class Line:
    """Base of a line table: the rows of a grid inside a document."""

    fields: ClassVar[dict[str, Field]]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.fields = _collect(cls, Field)


class Lines:
    """A grid of lines inside a document, between ``min`` and ``max`` of them."""

    def __init__(self, label: Label, *, of: type[Line], min: int = 0, max: int = 1000) -> None:  # noqa: A002
        self.name = ""
        self.label = label
        self.of = of
        self.min = min
        self.max = max
        self.table_name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @property
    def fields(self) -> dict[str, Field]:
        """The fields of one line."""
        return self.of.fields


class Table:
    """Base of everything with a table. Subclass :class:`Document`, :class:`Ledger` or :class:`Balance`."""

    key: ClassVar[str]
    label: ClassVar[Label]
    plural: ClassVar[str]
    title: ClassVar[str | None]
    table_name: ClassVar[str]
    # Any: a declaration gives these names to a field, a grid or a function of its own.
    kind: ClassVar[Any]
    fields: ClassVar[dict[str, Field]]
    lines: ClassVar[Any]
    unique_together: ClassVar[tuple[tuple[str, ...], ...]]
    indexes: ClassVar[tuple[tuple[str, ...], ...]]
    # Any: a declaration may call a field like this.
    kit: ClassVar[Any] = False
    # The approval wired into a document (cellkit.declare.approval.BoundFlow), or None.
    bound_flow: ClassVar[Any] = None

    def __init_subclass__(
        cls,
        *,
        key: str | None = None,
        label: Label | None = None,
        plural: str | None = None,
        title: str | None = None,
        unique_together: tuple[tuple[str, ...], ...] = (),
        indexes: tuple[tuple[str, ...], ...] = (),
        kit: bool = False,
        **options: Any,
    ) -> None:
        super().__init_subclass__(**options)
        if key is None:
            return
        if label is None:
            message = f"{key} needs a label"
            raise TypeError(message)
        cls.fields = _collect(cls, Field)
        cls.lines = _collect(cls, Lines)
        _free_kit_names(cls, key)
        cls.key = key
        cls.label = label
        cls.plural = plural or key.split(".")[1].replace("_", "-") + "s"
        cls.title = title
        DECLARED[key] = cls
        cls.kit = kit
        cls.table_name = f"kit_{key.split('.')[1]}" if kit else key.replace(".", "_")
        check_groups(key, declared_groups(cls), cls.fields)
        cls.unique_together = unique_together
        cls.indexes = indexes
        for grid in cls.lines.values():
            grid.table_name = f"{cls.table_name}_{grid.name.removesuffix('s')}"


class Document(Table):
    """A business document: served as a collection with create, read, change, delete and its actions.

    Class options: ``key`` (``"erp.order"``), ``label``, ``plural`` (path segment), ``title`` (the field that names a
    row in references), ``number`` (pattern or :class:`Numbering`), ``number_date`` (the date field the number's
    series follows; default today), ``unique_together``, ``indexes``, ``creatable`` (False: only by the cell's own
    code), ``scoped`` (False: master data that data scopes do not narrow), ``keep_days`` (rows older than that are
    deleted by a nightly job; None: kept).

    Hooks: ``derive(row)`` fills computed fields (pure); ``prepare(work, row, before)`` looks things up before the
    checks, ``prepare_many(work, rows)`` does so instead for a batch of new rows at once (create and import);
    ``before_delete(work, row)`` may refuse a deletion; ``payload(row)`` makes the data of the document's events
    (default: its public fields); ``legal_hold(row)`` tells why a person's data must be kept (a Label) or None
    (default: documents past their editable and deletable states are kept).
    """

    kind: ClassVar[Any] = "document"
    number: ClassVar[Numbering | None]
    number_date: ClassVar[str | None]
    states: ClassVar[States | None] = None
    actions: ClassVar[dict[str, Action]]
    checks: ClassVar[tuple[Check, ...]]
    creatable: ClassVar[bool]
    scoped: ClassVar[bool]
    # Any: mypy takes a callable ClassVar for a method and refuses the functions that declarations put here.
    derive: ClassVar[Any] = None
    prepare: ClassVar[Any] = None
    prepare_many: ClassVar[Any] = None
    before_delete: ClassVar[Any] = None
    payload: ClassVar[Any] = None
    legal_hold: ClassVar[Any] = None
    # Any: a declaration may call a field like this.
    keep_days: ClassVar[Any] = None

    def __init_subclass__(
        cls,
        *,
        number: str | Numbering | None = None,
        number_date: str | None = None,
        creatable: bool = True,
        scoped: bool = True,
        keep_days: int | None = None,
        **options: Any,
    ) -> None:
        super().__init_subclass__(**options)
        if "key" not in options:
            return
        cls.number = Numbering(number) if isinstance(number, str) else number
        cls.number_date = number_date
        cls.creatable = creatable
        cls.scoped = scoped
        if keep_days is not None:
            cls.keep_days = keep_days
        actions = _collect(cls, Action)
        cls.actions = {item.verb: item for item in actions.values()}
        cls.checks = tuple(_collect(cls, Check).values())
        flow = vars(cls).get("flow")
        if isinstance(flow, Approval):
            cls.states = cls.states or default_states()
            cls.bound_flow = bind(cls.key, flow, cls.states, cls.actions)
        if cls.states is not None:
            _check_action_states(cls.key, cls.states, cls.actions)
        if cls.title is None:
            cls.title = "number" if cls.number else next(iter(cls.fields), None)


class Ledger(Table):
    """An append-only table: rows are added by actions, never changed; served read-only."""

    kind: ClassVar[Any] = "ledger"


class Balance(Table):
    """A table of running figures with one row per ``unique_together[0]``; changed under lock by actions; read-only."""

    kind: ClassVar[Any] = "balance"


STANDARD_COLUMNS = frozenset(
    {
        "id", "tenant_id", "number", "state", "version", "owner_id", "department_id", "source", "created_at",
        "created_by", "updated_at", "updated_by", "search_text", "extension", "position", "line_no",
    }
)  # fmt: skip


def _free_kit_names(cls: type[Table], key: str) -> None:
    """Fields may be called like an option of the class (``kind``, ``title``); the class keeps its own meaning."""
    taken = cls.fields.keys() & STANDARD_COLUMNS
    if taken:
        message = f"{key}: every table has these columns already: {sorted(taken)}"
        raise TypeError(message)
    for name in (
        "key",
        "label",
        "kind",
        "plural",
        "title",
        "table_name",
        "unique_together",
        "indexes",
        "scoped",
        "creatable",
        "kit",
    ):
        if name in vars(cls) and name in cls.fields:
            delattr(cls, name)


def references(table: type[Table]) -> list[tuple[str, Ref]]:
    """Every reference of a table and its lines: (table name, field)."""
    found = [(table.table_name, item) for item in table.fields.values() if isinstance(item, Ref)]
    for grid in table.lines.values():
        found += [(grid.table_name, item) for item in grid.fields.values() if isinstance(item, Ref)]
    return found


def _collect(cls: type, kind: type[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        found.update({name: value for name, value in vars(base).items() if isinstance(value, kind)})
    return found


def _check_action_states(key: str, states: States, actions: dict[str, Action]) -> None:
    for item in actions.values():
        named = set(item.source or ()) | ({item.target} if item.target else set())
        unknown = named - states.items.keys()
        if unknown:
            message = f"{key}.{item.verb} names unknown states: {sorted(unknown)}"
            raise ValueError(message)
