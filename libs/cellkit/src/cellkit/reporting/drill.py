"""The list filter behind a cell of a report: which documents its figures are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from cellkit.expression import Call, Literal, Name, Node, Parameter, Situation, to_json
from cellkit.expression.periods import next_start
from cellkit.read.where import WHERE
from cellkit.reporting.binding import Bound, BoundDimension
from cellkit.reporting.compiled import Span, TopKeys


class Drill:
    """Makes the filters of one result."""

    def __init__(self, bound: Bound, situation: Situation, span: Span | None, top: TopKeys | None) -> None:
        self._bound = bound
        self._situation = situation
        self._top = top
        self._base = [_filled(item.node, situation) for item in bound.where]
        if bound.compare is not None and span is not None:
            self._base += _between(bound.compare.expression.node, span.first, span.after)

    def filter(self, keys: Sequence[tuple[BoundDimension, Any]], *, rest: bool) -> dict[str, Any]:
        """The ``filter`` of the documents' list; expressions in it stand under ``$where``."""
        nodes = list(self._base)
        for index, (item, key) in enumerate(keys):
            nodes += self._others() if rest and index == 0 else _same(item, key)
        made = dict(self._bound.filter)
        nodes = self._of_documents(nodes)
        if nodes:
            # As a tree: lists tell their conditions in words, and need not read the language for it.
            made[WHERE] = to_json(_and(nodes))
        return made

    def _others(self) -> list[Node]:
        first, keys = self._bound.rows[0], self._top.keys if self._top is not None else ()
        nodes: list[Node] = []
        named = tuple(Literal(_literal(key)) for key in keys if key is not None)
        if named:
            nodes.append(Call("not in", (first.expression.node, Call("list", named))))
            if first.bucket is not None:
                cut = Call("or", tuple(_and(_same(first, key)) for key in keys if key is not None))
                nodes = [Call("not", (cut,))]
        if None in keys:
            nodes.append(Call("is not empty", (first.expression.node,)))
        return nodes

    def _of_documents(self, nodes: list[Node]) -> list[Node]:
        """Where the rows are lines: documents with any line that all the conditions on lines hold for."""
        lines = self._bound.definition.lines
        if lines is None:
            return nodes
        of_lines = [node for node in nodes if any(name.startswith(f"{lines}.") for name in _names(node))]
        others = [node for node in nodes if node not in of_lines]
        if of_lines:
            return [*others, Call("any", (_and(of_lines),))]
        return [*others, Call("is not empty", (Name(lines),))]


def _same(item: BoundDimension, key: Any) -> list[Node]:
    node = item.expression.node
    if key is None:
        return [Call("is empty", (node,))]
    if item.bucket is not None:
        return _between(node, key, next_start(item.bucket, key))
    if isinstance(key, bool):
        return [node if key else Call("==", (node, Literal(value=False)))]
    return [Call("==", (node, Literal(_literal(key))))]


def _between(node: Node, first: date, after: date) -> list[Node]:
    return [Call(">=", (node, Literal(first.isoformat()))), Call("<", (node, Literal(after.isoformat())))]


def _and(nodes: Sequence[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else Call("and", tuple(nodes))


def _literal(value: Any) -> str | Decimal | bool | None:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value  # type: ignore[no-any-return]  # texts, numbers and flags stand for themselves


def _filled(node: Node, situation: Situation) -> Node:
    """The condition with the values of its parameters, so that the list needs none."""
    if isinstance(node, Parameter):
        return Literal(_literal(situation.parameters.get(node.name)))
    if not isinstance(node, Call):
        return node
    if node.function in ("in", "not in") and isinstance(node.arguments[1], Parameter):
        name, count = situation.parameters.get(node.arguments[1].name) or ("today", 1)
        words: tuple[Node, ...] = (Literal(name),)
        if "_days" in name or name == "last_months":
            words = (Literal(name), Literal(Decimal(count)))
        return Call(node.function, (node.arguments[0], Call("period", words)))
    return Call(node.function, tuple(_filled(part, situation) for part in node.arguments))


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.name
    elif isinstance(node, Call):
        for part in node.arguments:
            yield from _names(part)
