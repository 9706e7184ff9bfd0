"""Actions (what moves a document from state to state) and checks (what must hold of it)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from cellkit.declare.fields import Field
from cellkit.labels import Label

ActionFunction = Callable[..., Awaitable[Any]]
PresetFunction = Callable[[Any, dict[str, Any]], Awaitable[dict[str, Any]]]
CheckFunction = Callable[[dict[str, Any]], bool]


@dataclass(slots=True)
class Action:
    """One verb of a document, served as ``POST …/{id}/<verb>``."""

    function: ActionFunction
    label: Label
    source: frozenset[str] | None
    target: str | None
    event: str | None
    parameters: dict[str, Field] = field(default_factory=dict)
    confirm: Label | None = None
    verb: str = ""
    preset: PresetFunction | None = None


@dataclass(slots=True)
class Check:
    """A rule over one document; false means 422 with this message at this field."""

    function: CheckFunction
    message: Label
    field: str
    rule: str


def action(
    label: Label,
    *,
    source: str | None = None,
    target: str | None = None,
    event: str | None = None,
    parameters: dict[str, Field] | None = None,
    confirm: Label | None = None,
    verb: str | None = None,
    preset: PresetFunction | None = None,
) -> Callable[[ActionFunction], Action]:
    """Declare an action: ``async def confirm(work, order, parameters)``.

    ``source``: states (separated by blanks) it starts from, None for any. ``target``: the state afterwards; None
    leaves it to the function, which may set ``row["state"]``. ``event``: the past word of the event it emits,
    ``confirmed`` becomes ``<key>.confirmed.v1``. The function may change ``row`` and its lines; what changed is
    written. The verb is the function's name unless given. ``preset``: ``async def (work, row) -> parameters``, which
    only reads; people begin with what it gives (``GET`` at the action's address).
    """

    def decorate(function: ActionFunction) -> Action:
        named = dict(parameters or {})
        for name, parameter in named.items():
            parameter.name = name
        return Action(
            function=function,
            label=label,
            source=None if source is None else frozenset(source.split()),
            target=target,
            event=event,
            parameters=named,
            confirm=confirm,
            verb=verb or function.__name__.replace("_", "-"),
            preset=preset,
        )

    return decorate


def check(zh: str, en: str, *, field: str = "", rule: str | None = None) -> Callable[[CheckFunction], Check]:
    """Declare a rule over the whole document: a pure function of its row, true when it holds."""

    def decorate(function: CheckFunction) -> Check:
        return Check(function, Label(zh, en), field, rule or function.__name__)

    return decorate
