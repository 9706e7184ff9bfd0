"""From the records of a report's statement to what callers get: groups in order, labels, figures as texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from cellkit.reporting.binding import Bound, BoundDimension, BoundMeasure
from cellkit.text import as_read

Key = tuple[Any, ...]
Place = tuple[Key, Key]
"""Row keys (a beginning of the rows) and column keys (all or none); the rest's row key is :data:`OTHERS`."""
_WIDE = Context(prec=2_000)
_EMPTY = (None, (1,))
_SIX = Decimal(1).scaleb(-6)


class Others:
    """The key of the group of all that are not among the first ones."""

    def __repr__(self) -> str:
        return "OTHERS"


OTHERS = Others()


@dataclass(slots=True)
class Group:
    """One group: its figures now and in the period it is compared with."""

    figures: list[Any]
    before: list[Any] | None = None


@dataclass(slots=True)
class Groups:
    """All groups of a run by their place."""

    bound: Bound
    found: dict[Place, Group] = field(default_factory=dict)

    def take(self, records: Iterable[Any], *, before: bool = False) -> None:
        """Add the records of a statement; ``before``: those of the compared period."""
        rows, count = len(self.bound.rows), len(self.bound.dimensions)
        for record in records:
            mask, keys = record["g"], [record[f"k{index}"] for index in range(count)]
            present = [not mask >> (count - 1 - index) & 1 for index in range(count)]
            depth = sum(present[:rows])
            row: Key = tuple(keys[:depth])
            if record["rest"] and depth:
                row = (OTHERS, *row[1:])
            column: Key = tuple(keys[rows:]) if any(present[rows:]) else ()
            figures = [record[f"m{index}"] for index in range(len(self.bound.measures))]
            if before:
                self.found.setdefault((row, column), Group([None] * len(figures))).before = figures
            else:
                self.found[row, column] = Group(figures)

    def keys(self) -> dict[int, set[Any]]:
        """The keys of every dimension."""
        rows = len(self.bound.rows)
        found: dict[int, set[Any]] = {index: set() for index in range(len(self.bound.dimensions))}
        for row, column in self.found:
            for index, key in enumerate(row):
                found[index].add(key)
            for index, key in enumerate(column, start=rows):
                found[index].add(key)
        return found

    def ordered(self, label: Callable[[int, Any], str]) -> tuple[list[Key], list[Key]]:
        """Row places and column places in the report's order; a group stands before the groups inside it."""
        order = _Order(self, label)
        children: dict[Key, list[Key]] = {}
        for row in {row for row, _ in self.found if row}:
            children.setdefault(row[:-1], []).append(row)
        made: list[Key] = []

        def add(parent: Key) -> None:
            for child in order.rows(children.get(parent, [])):
                made.append(child)
                add(child)

        add(())
        return made, order.columns(list({column for _, column in self.found if column}))


class _Order:
    def __init__(self, groups: Groups, label: Callable[[int, Any], str]) -> None:
        self._groups = groups
        self._label = label
        self._bound = groups.bound

    def rows(self, siblings: list[Key]) -> list[Key]:
        if not siblings:
            return []
        index = len(siblings[0]) - 1
        name = self._bound.rows[index].dimension.name
        made = sorted(siblings, key=lambda row: self._by_key(index, row[-1]))
        for sort in reversed(self._bound.definition.sort):
            at = self._measure(sort.by)
            if at is not None:
                made = _stable(made, [self._figure(row, at) for row in made], descending=sort.descending)
            elif sort.by == name:
                made = _stable(made, [self._by_key(index, row[-1]) for row in made], descending=sort.descending)
        return sorted(made, key=lambda row: row[-1] is OTHERS)

    def columns(self, keys: list[Key]) -> list[Key]:
        first = len(self._bound.rows)
        made = sorted(keys, key=lambda key: [self._by_key(first + at, one) for at, one in enumerate(key)])
        for sort in reversed(self._bound.definition.sort):
            for at, item in enumerate(self._bound.columns):
                if sort.by == item.dimension.name:
                    by = [self._by_key(first + at, key[at]) for key in made]
                    made = _stable(made, by, descending=sort.descending)
        return made

    def _measure(self, name: str) -> int | None:
        return next((at for at, item in enumerate(self._bound.measures) if item.measure.name == name), None)

    def _figure(self, row: Key, at: int) -> Any:
        group = self._groups.found.get((row, ()))
        value = None if group is None else group.figures[at]
        return (0, value) if value is not None else None

    def _by_key(self, index: int, key: Any) -> tuple[Any, ...]:
        if key is None or key is OTHERS:
            return (1,)
        item: BoundDimension = self._bound.dimensions[index]
        if item.kind in ("id", "text"):
            return (0, self._place_of(item, key), as_read(self._label(index, key)))
        return (0, key)

    @staticmethod
    def _place_of(item: BoundDimension, key: Any) -> int:
        """States and choices stand in the order of their declaration."""
        place = item.expression.tree.place
        options = place.options if place is not None else None
        return options.index(key) if options and key in options else 10_000


def _stable(items: list[Key], by: list[Any], *, descending: bool) -> list[Key]:
    """Sorted by ``by`` with empty ones last either way, equal ones as they stood."""
    pairs = list(zip(by, items, strict=True))
    known = sorted((pair for pair in pairs if pair[0] not in _EMPTY), key=lambda pair: pair[0], reverse=descending)
    return [item for _, item in [*known, *(pair for pair in pairs if pair[0] in _EMPTY)]]


def figure(item: BoundMeasure, value: Any) -> Any:
    """A figure as answers carry it: counts are numbers, decimals exact texts."""
    if not isinstance(value, Decimal):
        return value
    if item.shown_as == "integer":
        return int(value)
    if item.digits is not None:
        return format(value.quantize(Decimal(1).scaleb(-item.digits), ROUND_HALF_UP, _WIDE), "f")
    rounded = value.quantize(_SIX, ROUND_HALF_UP, _WIDE)
    text = format(rounded, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def change(now: Any, before: Any) -> str | None:
    """How much a figure has grown, as a factor (0.25 = a quarter more); None where that says nothing."""
    if not isinstance(now, Decimal) or not isinstance(before, Decimal) or not before:
        return None
    grown = _WIDE.divide(_WIDE.subtract(now, before), before.copy_abs())
    return format(grown.quantize(Decimal("0.0001"), ROUND_HALF_UP, _WIDE), "f")


def figures_of(bound: Bound, values: list[Any] | None) -> Mapping[str, Any]:
    """All figures of a group by their names."""
    if values is None:
        return {item.measure.name: None for item in bound.measures}
    return {item.measure.name: figure(item, value) for item, value in zip(bound.measures, values, strict=True)}
