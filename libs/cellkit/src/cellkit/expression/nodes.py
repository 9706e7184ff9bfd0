"""The tree of an expression as it was written, before it is checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

MAX_TEXT = 2_000
"""Characters of an expression."""
MAX_NODES = 300
MAX_DEPTH = 24
MAX_LIST = 200
"""Values behind ``in``."""
MAX_LITERAL = 500
"""Characters of a text in an expression."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as written: text, exact number, flag, or None for ``null``."""

    value: str | Decimal | bool | None
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A field (``amount``) or a field of a line grid (``lines.quantity``)."""

    name: str
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value given when the expression is used: ``:period``."""

    name: str
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or a function with its arguments.

    Operators: ``and or not == != < <= > >= in "not in" "is empty" "is not empty" + - * / neg``; ``list`` holds the
    values behind ``in``; ``period`` a named stretch of days (its first argument is the name).
    """

    function: str
    arguments: tuple[Node, ...]
    position: int = field(default=0, compare=False)


Node = Literal | Name | Parameter | Call

COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
OPERATORS = frozenset(
    {"and", "or", "not", "in", "not in", "is empty", "is not empty", "+", "-", "*", "/", "neg", *COMPARISONS}
)


def size_of(node: Node) -> tuple[int, int]:
    """(number of nodes, depth) of a tree."""
    if not isinstance(node, Call):
        return 1, 1
    count, depth = 1, 0
    for argument in node.arguments:
        inner = size_of(argument)
        count, depth = count + inner[0], max(depth, inner[1])
    return count, depth + 1
