"""References that a client chooses: only to rows within his data scope; others are not there for him."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cellkit.db.shape import shape_of, shape_of_lines
from cellkit.declare.document import Document, Row, Table
from cellkit.declare.fields import Field, FieldError, Ref, parse_uuid
from cellkit.declare.rows import Rows
from cellkit.errors import FieldProblem, ValidationFailed, problem
from cellkit.labels import Label
from cellkit.read.scope import scope_condition

if TYPE_CHECKING:
    from cellkit.ops.access import RoleDocument
    from cellkit.pipeline.work import Work

Place = tuple[str, Label, UUID]


def narrowed(work: Work, document: type[Table], role: RoleDocument) -> frozenset[str]:
    """The referenced tables of which the caller reaches only a part; remembered with his role document."""
    known: dict[type[Table], frozenset[str]] = role.__dict__.setdefault("_narrowed_references", {})
    found = known.get(document)
    if found is None:
        shapes = [shape_of(document), *(shape_of_lines(grid) for grid in document.lines.values())]
        targets = {item.to for shape in shapes for item in shape.references}
        found = known[document] = frozenset(key for key in targets if _is_narrowed(work, key, role))
    return found


def _is_narrowed(work: Work, key: str, role: RoleDocument) -> bool:
    target = work.engine.tables[key]
    return issubclass(target, Document) and target.scoped and role.scope(key) != "all"


async def check_references(
    work: Work,
    document: type[Document],
    rows: Iterable[Row],
    role: RoleDocument,
    before: Mapping[str, Any] | None = None,
) -> list[list[FieldProblem]]:
    """The problems of each row: references, new against ``before``, that lead out of the caller's reach.

    No query where the caller reaches all of what the document refers to.
    """
    chosen = narrowed(work, document, role)
    if not chosen:
        return []
    places = [_places(document, row, before, chosen) for row in rows]
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for of_row in places:
        for key, found in of_row.items():
            wanted[key].update(identity for _, _, identity in found)
    reached = {key: await _reached(work, key, ids, role) for key, ids in wanted.items()}
    return [
        [
            problem(place, "reference", f"{label.zh}不存在", f"{label.en} does not exist")
            for key, found in of_row.items()
            for place, label, identity in found
            if identity not in reached[key]
        ]
        for of_row in places
    ]


async def require_references(
    work: Work, document: type[Document], row: Row, role: RoleDocument, before: Mapping[str, Any] | None = None
) -> None:
    """Raise :class:`ValidationFailed` for references of one row that lead out of the caller's reach."""
    for problems in await check_references(work, document, [row], role, before):
        if problems:
            raise ValidationFailed(problems)


async def require_parameters(
    work: Work, parameters: Mapping[str, Field], body: Mapping[str, Any], role: RoleDocument
) -> None:
    """The same for references among the parameters of an action; ill-formed ones are told by its own checks."""
    problems: list[FieldProblem] = []
    for place, item, value in _chosen(parameters, body):
        if value is None or not _is_narrowed(work, item.to, role):
            continue
        try:
            identity = parse_uuid(value)
        except FieldError:
            continue
        if identity not in await _reached(work, item.to, {identity}, role):
            problems.append(problem(place, "reference", f"{item.label.zh}不存在", f"{item.label.en} does not exist"))
    if problems:
        raise ValidationFailed(problems)


def _chosen(parameters: Mapping[str, Field], body: Mapping[str, Any]) -> Iterator[tuple[str, Ref, Any]]:
    """The references of parameters and of their rows: place, field, value as sent."""
    for name, item in parameters.items():
        value = body.get(name)
        if isinstance(item, Ref):
            yield name, item, value
        elif isinstance(item, Rows) and isinstance(value, list):
            references = [one for one in item.fields.values() if isinstance(one, Ref)]
            for index, line in enumerate(value):
                if isinstance(line, dict):
                    yield from ((f"{name}[{index}].{one.name}", one, line.get(one.name)) for one in references)


async def _reached(work: Work, key: str, ids: set[UUID], role: RoleDocument) -> set[UUID]:
    target = work.engine.tables[key]
    parameters: list[Any] = [work.tenant_id, list(ids)]
    condition = scope_condition(role, target, parameters)
    records = await work.connection.fetch(
        f'SELECT t.id FROM "{target.table_name}" t WHERE t.tenant_id = $1 AND t.id = ANY($2){condition}', *parameters
    )
    return {record["id"] for record in records}


def _places(
    document: type[Document], row: Row, before: Mapping[str, Any] | None, chosen: frozenset[str]
) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = defaultdict(list)
    for item in shape_of(document).references:
        value = row.get(item.name)
        if item.to in chosen and value is not None and value != (before or {}).get(item.name):
            found[item.to].append((item.name, item.label, value))
    for name, grid in document.lines.items():
        references = [item for item in shape_of_lines(grid).references if item.to in chosen]
        if not references:
            continue
        known = {line["id"]: line for line in (before or {}).get(name) or ()}
        for index, line in enumerate(row.get(name) or ()):
            old = known.get(line.get("id"), {})
            for item in references:
                value = line.get(item.name)
                if value is not None and value != old.get(item.name):
                    found[item.to].append((f"{name}[{index}].{item.name}", item.label, value))
    return found
