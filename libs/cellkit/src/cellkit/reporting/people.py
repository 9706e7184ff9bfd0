"""Names of users and departments that a report has as keys, from identity's directory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from cellkit.approval.directory import Directory, Question
from cellkit.declare.fields import ExternalRef, Field
from cellkit.errors import Unavailable
from cellkit.pipeline.engine import Engine
from cellkit.reporting.binding import Bound, BoundDimension

USER, DEPARTMENT = "identity.user", "identity.department"
# Departments are asked for one by one; a report with more of them shows the ids of the rest.
MOST_NAMES = 300
_PATIENCE_SECONDS = 3.0


def names_what(item: BoundDimension) -> str | None:
    """Whether the keys of a dimension are users or departments."""
    field: Field | None = item.field
    if isinstance(field, ExternalRef) and field.to in (USER, DEPARTMENT):
        return field.to
    place = item.expression.tree.place
    return USER if place is not None and place.name in ("created_by", "updated_by") else None


async def people_titles(
    engine: Engine, tenant_id: str, bound: Bound, keys: Mapping[int, Iterable[Any]]
) -> dict[str, dict[str, str]]:
    """Kind → id → name; what identity does not tell in time is left out, and its id is shown."""
    wanted: set[Question] = set()
    for index, item in enumerate(bound.dimensions):
        kind = names_what(item)
        if kind is not None:
            known = sorted(key for key in keys[index] if isinstance(key, str))[:MOST_NAMES]
            wanted |= {Question("user" if kind == USER else "leaders", key) for key in known}
    if not wanted or engine.approvals is None or engine.approvals.directory.is_away:
        return {}
    directory = engine.approvals.directory
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await directory.fetch(tenant_id, wanted)
    except (Unavailable, TimeoutError):
        # A report without names is of more use than none.
        return {}
    return _names(directory, tenant_id, wanted)


def _names(directory: Directory, tenant_id: str, wanted: Iterable[Question]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {USER: {}, DEPARTMENT: {}}
    for question in wanted:
        answer = directory.known(tenant_id, question)
        if answer is None:
            continue
        people = [person.display_name for person in answer.people if person.id == question.key]
        departments = [one.name for one in answer.departments if one.id == question.key]
        kind, names = (USER, people) if question.kind == "user" else (DEPARTMENT, departments)
        if names and names[0]:
            found[kind][question.key] = names[0]
    return found
