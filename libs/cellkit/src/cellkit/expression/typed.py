"""The checked tree: every node with its kind, literals turned into values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cellkit.expression.names import Kind, Place


@dataclass(frozen=True, slots=True)
class Typed:
    """A node of a checked tree.

    ``operation``: ``literal`` (``value``), ``place`` (``place``), ``parameter`` (``value``: its name), an operator or
    function of :mod:`nodes`, ``in_period`` (``value``: name and count), ``lines`` (an aggregate over the grid
    ``grid``; ``value``: its name) or ``rows`` (an aggregate over rows). ``second`` of aggregates is the condition
    that narrows them, the last argument.
    """

    operation: str
    kind: Kind
    arguments: tuple[Typed, ...] = ()
    value: Any = None
    place: Place | None = None
    grid: str | None = None

    def walk(self) -> Iterator[Typed]:
        """The node and all below it."""
        yield self
        for argument in self.arguments:
            yield from argument.walk()

    @property
    def fixed(self) -> bool:
        """Whether its value does not depend on the row."""
        return not any(node.operation in ("place", "lines", "rows") for node in self.walk())
