"""Valid bodies and rows for any document, made from its declaration.

What a declaration cannot tell stands in ``cells/<cell>/tests/contract_samples.py`` (that of the kit's own documents in
``libs/cellkit/tests/contract_samples.py``, with keys like ``kit.view``); every function there is optional:

``sample(document_key, references) -> dict``
    fields to lay over the generic body; ``references`` gives the ids of the rows made for its references by document
    key; a value of ``...`` takes the field out.
``async body(document_key, api, samples) -> dict | None``
    a whole body, where it needs rows in a certain state; goes before ``sample``.
``async set_up(api)``
    once a tenant, before anything else (books, periods, settings).
``async make(document_key, api, samples) -> dict | None``
    the row (JSON, as read) of a document that a POST alone cannot make.
``async ready(document_key, verb, api, samples) -> dict | None``
    a row on which the action may run, where the states do not tell enough.
``also_needed(document_key) -> list``
    permissions that a write asks for besides the document's own.
``parameters(document_key, verb, row) -> dict``
    parameters of an action, laid over the generic ones.
"""

from __future__ import annotations

import functools
import itertools
import random
import string
import uuid
from collections import deque
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import ModuleType
from typing import TYPE_CHECKING, Any

from cellkit.declare import (
    Choice,
    Date,
    DictionaryChoice,
    Document,
    ExternalRef,
    Field,
    Flag,
    Integer,
    Json,
    Moment,
    MultiChoice,
    Number,
    Ref,
    Table,
    Text,
)
from cellkit.testing import Api
from cellkit.testing.cells import Answer
from tests.contract.discovery import load_examples, load_kit_examples

if TYPE_CHECKING:
    from tests.contract.subject import Subject

Body = dict[str, Any]
_serial = itertools.count(1)
_random = random.Random(20261122)


class NoSample(AssertionError):
    """The generic generator does not get there; the cell's author has to help."""

    def __init__(self, what: str, answer: Answer | None = None) -> None:
        told = f": {answer.status} {answer.body.decode(errors='replace')[:600]}" if answer is not None else ""
        super().__init__(
            f"{what}{told} — help in cells/<cell>/tests/contract_samples.py (see tests/contract/samples.py)"
        )


class Samples:
    """Makes rows of one tenant through the API."""

    def __init__(self, subject: Subject, api: Api) -> None:
        self.subject = subject
        self.api = api
        self.examples: ModuleType | None = load_examples(subject.name)
        self.references: dict[str, str] = {}

    @classmethod
    async def open(cls, subject: Subject, api: Api) -> Samples:
        """The samples of a tenant, set up as the cell's author says."""
        made = cls(subject, api)
        set_up = getattr(made.examples, "set_up", None)
        if set_up is not None:
            await set_up(api)
        return made

    def _help(self, document: type[Table], name: str) -> Any:
        """A function of the examples for this document, taking its arguments without the key; None: there is none."""
        examples = load_kit_examples() if document.kit else self.examples
        function = getattr(examples, name, None)
        key = f"kit.{document.key.partition('.')[2]}" if document.kit else document.key
        return None if function is None else functools.partial(function, key)

    def as_api(self, api: Api) -> Samples:
        """The same tenant's samples, made by another user (references stay those of the first)."""
        other = Samples(self.subject, api)
        other.references = self.references
        return other

    def table(self, key: str) -> type[Document]:
        """A document of the cell by its key."""
        found = self.subject.cell.tables[key]
        assert issubclass(found, Document), key
        return found

    def path(self, document: type[Document], key: Any = None, verb: str = "") -> str:
        """The path of a document's collection, row or action."""
        return f"/{document.plural}" + (f"/{key}" if key else "") + (f"/{verb}" if verb else "")

    # Bodies

    async def body(self, document: type[Document], also: tuple[str, ...] = ()) -> Body:
        """A valid body for a create: what is required, and the fields in ``also``."""
        whole = self._help(document, "body")
        given_body = None if whole is None else await whole(self.api, self)
        if given_body is not None:
            return {**given_body, **{name: await self.value(document.fields[name]) for name in also}}
        body: Body = {}
        for name, item in document.fields.items():
            if not item.readonly and (item.required or name in also):
                body[name] = await self.value(item)
        for name, grid in document.lines.items():
            if grid.min > 0:
                line = {}
                for key, item in grid.fields.items():
                    if item.required and not item.readonly:
                        line[key] = await self.value(item)
                body[name] = [dict(line) for _ in range(grid.min)]
        given = self._help(document, "sample")
        if given is not None:
            for name, value in (given(dict(self.references)) or {}).items():
                if value is ...:
                    body.pop(name, None)
                elif name not in also:
                    body[name] = value
        return body

    async def value(self, item: Field) -> Any:
        """A valid JSON value of a field; a reference's row is made when there is none yet."""
        if isinstance(item, Ref):
            return await self.reference(item.to)
        return plain_value(item)

    async def reference(self, key: str) -> str:
        """The id of a row to refer to, the same one for all references of this tenant."""
        if key not in self.references:
            row = await self.make(self.table(key))
            self.references[key] = row["id"]
        return self.references[key]

    async def parameters(self, document: type[Document], verb: str, row: Body) -> Body:
        """Valid parameters of an action."""
        values: Body = {}
        for name, item in document.actions[verb].parameters.items():
            if item.required:
                values[name] = await self.value(item)
        given = self._help(document, "parameters")
        if given is not None:
            values |= given(verb, row) or {}
        return values

    def also_needed(self, table: type[Table]) -> list[str]:
        """Permissions that a write of this table asks for besides its own."""
        given = self._help(table, "also_needed")
        return [] if given is None else list(given())

    # Rows

    async def make(self, document: type[Document], also: tuple[str, ...] = ()) -> Body:
        """A new row as the API answers it."""
        given = self._help(document, "make")
        if given is not None:
            row = await given(self.api, self)
            if row is not None:
                return dict(row)
        if not document.creatable:
            raise NoSample(f"{document.key} cannot be created by a request")
        answer = await self.api.post(self.path(document), await self.body(document, also))
        if answer.status != 201:
            raise NoSample(f"creating {document.key}", answer)
        return dict(answer.json)

    async def ready(self, document: type[Document], verb: str) -> Body:
        """A row on which an action may run."""
        given = self._help(document, "ready")
        if given is not None:
            found = await given(verb, self.api, self)
            if found is not None:
                return dict(found)
        row: Body = await self.make(document)
        action = document.actions[verb]
        if action.source is None or row.get("state") in action.source:
            return row
        for step in self._way(document, row["state"], action.source):
            answer = await self.act(document, step, row)
            if answer.status != 200:
                raise NoSample(f"{document.key} {step} on the way to {verb}", answer)
            row = dict(await self.api.must("GET", self.path(document, row["id"])))
        return row

    async def act(self, document: type[Document], verb: str, row: Body, **options: Any) -> Answer:
        """Run an action with valid parameters."""
        body = await self.parameters(document, verb, row)
        return await self.api.call("POST", self.path(document, row["id"], verb), body, **options)

    async def done(self, document: type[Document], verb: str) -> tuple[Body, Body]:
        """Run an action on a row made for it; the row before, and the answer's JSON."""
        row = await self.ready(document, verb)
        answer = await self.act(document, verb, row)
        if answer.status != 200:
            raise NoSample(f"{document.key} {verb}", answer)
        return row, answer.json

    async def populate(self) -> list[str]:
        """At least one row of every document, and every action done once; returns what could not be done."""
        failed = []
        for table in self.subject.cell.documents:
            if not issubclass(table, Document):
                continue
            try:
                await self.make(table, optional_fields(table))
            except AssertionError:
                try:
                    await self.make(table)
                except AssertionError as error:
                    failed.append(str(error))
                    continue
            for verb in table.actions:
                try:
                    await self.done(table, verb)
                except AssertionError as error:
                    failed.append(str(error))
        return failed

    def _way(self, document: type[Document], start: str, goals: frozenset[str]) -> list[str]:
        """The shortest chain of actions from a state to one of ``goals``, as far as the declared targets tell."""
        waiting: deque[tuple[str, list[str]]] = deque([(start, [])])
        seen = {start}
        while waiting:
            state, way = waiting.popleft()
            if state in goals:
                return way
            for verb, action in document.actions.items():
                if action.target and action.target not in seen and (action.source is None or state in action.source):
                    seen.add(action.target)
                    waiting.append((action.target, [*way, verb]))
        raise NoSample(f"{document.key}: no chain of actions from {start} to {sorted(goals)}")


def optional_fields(document: type[Document]) -> tuple[str, ...]:
    """The optional text-like fields that a client may set."""
    return tuple(
        name
        for name, item in document.fields.items()
        if not item.readonly and not item.required and isinstance(item, Text) and item.check is None
    )


def word(length: int = 8) -> str:
    """A word that stands nowhere else."""
    return "".join(_random.choices(string.ascii_uppercase, k=2)) + uuid.uuid4().hex[: max(length - 2, 1)]


def plain_value(item: Field) -> Any:  # noqa: PLR0911 - one line a kind of field
    """A valid JSON value of a field that refers to nothing."""
    if isinstance(item, Choice):
        return next(iter(item.options))
    if isinstance(item, MultiChoice | DictionaryChoice):
        return _chosen(item)
    if isinstance(item, Text):
        return _FORMATS[item.format]() if item.format else _text(item)
    if item.kind in _BY_KIND:
        return _BY_KIND[item.kind]
    if isinstance(item, Integer):
        low, high = item.min, item.max
        serial = next(_serial) + 100
        if item.unique or (low is None and high is None):
            return serial
        return low if low is not None else high
    if isinstance(item, Number):
        return str(_number(item))
    if isinstance(item, Date):
        return date(2026, 3, 5).isoformat()
    if isinstance(item, Moment):
        return "2026-03-05T08:30:00Z"
    if isinstance(item, Flag):
        return True
    if isinstance(item, ExternalRef):
        return str(uuid.uuid4())
    if isinstance(item, Json):
        return {"note": word()}
    if item.array_type == "uuid":
        return str(uuid.uuid4())
    raise NoSample(f"a field of kind {item.kind} ({item.name})")


def _chosen(item: MultiChoice | DictionaryChoice) -> Any:
    if isinstance(item, MultiChoice):
        return [next(iter(item.options))]
    return next(code for code in item.entries if item.entries.open(code))


def _number(item: Number) -> Decimal:
    lowest = item.min if item.min is not None else Decimal(0)
    if item.above is not None and item.above >= lowest:
        lowest = item.above + item.unit
    highest = item.max if item.max is not None else item.limit - item.unit
    return max(lowest, min(Decimal(1), highest))


def _text(item: Text) -> str:
    made = _MASKED[item.mask]() if item.mask in _MASKED else word(min(item.max, 12))
    digits = f"{_random.randrange(10**8):08}"
    for candidate in (
        made,
        word(12),
        digits,
        f"138{digits}",
        "CNY",
        "A1",
        "2026-03",
        word(12).lower(),
        f"x_{word().lower()}",
        "sample.item",
    ):
        text = candidate[: item.max]
        if (item.pattern is None or item.pattern.fullmatch(text)) and (item.check is None or item.check[1](text)):
            return text
    raise NoSample(f"a text for {item.name} that fits its pattern")


def _id_card() -> str:
    day = f"{_random.randrange(1950, 2000)}{_random.randrange(1, 13):02}{_random.randrange(1, 28):02}"
    digits = f"110105{day}{_random.randrange(1000):03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return digits + "10X98765432"[sum(int(a) * b for a, b in zip(digits, weights, strict=True)) % 11]


def _bank_card() -> str:
    digits = f"622202{_random.randrange(10**12):012}"
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return digits + str(-total % 10)


_MASKED: dict[str, Callable[[], str]] = {
    "mobile": lambda: f"138{_random.randrange(10**8):08}",
    "email": lambda: f"{word(12).lower()}@example.com",
    "id_card": _id_card,
    "bank": _bank_card,
    "name": lambda: "欧阳" + "".join(_random.choices("甲乙丙丁戊己庚辛壬癸子丑寅卯", k=4)),
}
_FORMATS: dict[str, Callable[[], str]] = {
    **_MASKED,
    "landline": lambda: f"010-{_random.randrange(10**7, 10**8)}",
    "phone": _MASKED["mobile"],
    "credit_code": lambda: "91110000600037341L",
    "bank_card": _bank_card,
    "postcode": lambda: f"{_random.randrange(10**6):06}",
    "url": lambda: f"https://{word(12).lower()}.example.com",
}
_BY_KIND: dict[str, Any] = {"time": "08:30:00", "tags": ["甲"], "currency": "CNY"}
