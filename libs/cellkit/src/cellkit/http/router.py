"""Routing by dictionary: a path is found in as many look-ups as it has segments, whatever the number of routes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from cellkit.http.messages import Reply, Request

Handler = Callable[[Request], Awaitable[Reply]]


@dataclass(slots=True)
class _Node:
    children: dict[str, _Node] = field(default_factory=dict)
    parameter: _Node | None = None
    parameter_name: str = ""
    handlers: dict[str, Handler] = field(default_factory=dict)
    template: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A path that is known: its handlers by method, its parameters and its template."""

    handlers: dict[str, Handler]
    parameters: dict[str, str]
    template: str


def _as_it_is(_template: str, handler: Handler) -> Handler:
    return handler


class Router:
    """Routes of the kit; ``{name}`` in a template takes one segment."""

    def __init__(self) -> None:
        self._root = _Node()
        self.routes: list[tuple[str, str]] = []
        # Put around the handler of every route added from now on.
        self.around: Callable[[str, Handler], Handler] = _as_it_is

    def add(self, method: str, template: str, handler: Handler) -> None:
        """Add a route; the same method and template twice is a programming error."""
        node = self._root
        for segment in template.strip("/").split("/"):
            if segment.startswith("{"):
                if node.parameter is None:
                    node.parameter = _Node()
                    node.parameter_name = segment[1:-1]
                node = node.parameter
            else:
                node = node.children.setdefault(segment, _Node())
        if method in node.handlers:
            message = f"route declared twice: {method} {template}"
            raise ValueError(message)
        node.handlers[method] = self.around(template, handler)
        node.template = template
        self.routes.append((method, template))

    def find(self, path: str) -> Match | None:
        """The routes of a path; literal segments win over parameters."""
        parameters: dict[str, str] = {}
        node = self._root
        for segment in path.strip("/").split("/"):
            child = node.children.get(segment)
            if child is None:
                if node.parameter is None or not segment:
                    return None
                parameters[node.parameter_name] = segment
                child = node.parameter
            node = child
        return Match(node.handlers, parameters, node.template) if node.handlers else None
