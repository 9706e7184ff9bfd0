"""What the parameters of an action are before a person has touched them: ``GET /<plural>/{id}/<verb>``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cellkit.declare.actions import Action
from cellkit.declare.document import Document, Row
from cellkit.declare.fields import Ref
from cellkit.declare.rows import Rows
from cellkit.errors import StateConflict
from cellkit.read.projection import Projection
from cellkit.read.titles import Place, find_titles, put_titles, wanted_of

if TYPE_CHECKING:
    from cellkit.pipeline.work import Work


async def preset_of(work: Work, document: type[Document], row: Row, action: Action, seen: Projection) -> dict[str, Any]:
    """The parameters as the action's preset makes them of the row, with texts beside references."""
    if action.source is not None and row["state"] not in action.source:
        states = document.states
        label = states.label(row["state"]).text(work.caller.language) if states else row.get("state")
        raise StateConflict(state=label, action=action.label.text(work.caller.language))
    made = dict(await action.preset(work, row)) if action.preset is not None else {}
    unknown = made.keys() - action.parameters.keys()
    if unknown:
        raise KeyError(sorted(unknown))
    for name, item in action.parameters.items():
        if isinstance(item, Rows) and made.get(name) is not None:
            made[name] = [_visible(item, line, seen) for line in made[name]]
    places = _places(action, made)
    put_titles(
        work.engine,
        places,
        await find_titles(work.connection, work.engine, work.tenant_id, wanted_of(work.engine, places)),
    )
    return made


def _visible(item: Rows, line: Mapping[str, Any], seen: Projection) -> Row:
    """A row without what the role does not see in the lines it is about."""
    of = seen.lines.get(item.grid or "")
    closed = set() if of is None else of.hidden | of.masked.keys()
    if item.grid in seen.hidden:
        closed = {name for name in item.fields if name != item.key}
    return {name: value for name, value in line.items() if name not in closed}


def _places(action: Action, made: Row) -> list[Place]:
    plain = tuple(item for item in action.parameters.values() if isinstance(item, Ref) and item.name in made)
    places: list[Place] = [(made, plain)]
    for name, item in action.parameters.items():
        if isinstance(item, Rows):
            for line in made.get(name) or ():
                references = (one for one in item.fields.values() if isinstance(one, Ref) and one.name in line)
                places.append((line, tuple(references)))
    return places
