"""Finding a person in all documents of the cell, and the copy of his data that the law gives him."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cellkit.db.shape import BLIND_INDEX_SUFFIX, Shape, shape_of, shape_of_lines
from cellkit.declare.document import Document
from cellkit.declare.fields import Field, FieldError
from cellkit.labels import Label
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.tracked import ColumnWriter, public_row
from cellkit.pipeline.work import Work
from cellkit.privacy.rules import hold_of
from cellkit.read.projection import Projection, in_clear, projection

CRITERIA = ("mobile", "id_card", "email", "name", "bank", "plate")
MOST_EACH = 200
_BLANKS = re.compile(r"[\s\-]")


def documents_of(engine: Engine, tenant_id: str) -> list[type[Document]]:
    """The documents that hold personal data, as the tenant has them."""
    found: list[type[Document]] = []
    for declared in engine.tables.values():
        table = engine.table_for(tenant_id, declared)
        if issubclass(table, Document) and (
            shape_of(table).personal or any(shape_of_lines(grid).personal for grid in table.lines.values())
        ):
            found.append(table)
    return found


class Search:
    """One statement over every table that may know the person, by blind index or equal text."""

    def __init__(self, engine: Engine, tenant_id: str) -> None:
        self._columns = ColumnWriter(engine.keys, tenant_id)
        self._engine = engine
        self._tenant_id = tenant_id
        self.parameters: list[Any] = [UUID(tenant_id)]

    def statement(self, wanted: Mapping[str, str]) -> str:
        """The SQL; empty when no table could know him. Rows: entity, id, matched fields."""
        parts = []
        for document in documents_of(self._engine, self._tenant_id):
            parts += self._part(document.key, shape_of(document), "id", "", wanted)
            for name, grid in document.lines.items():
                parts += self._part(document.key, shape_of_lines(grid), "parent_id", f"{name}.", wanted)
        return " UNION ALL ".join(parts)

    def _part(self, key: str, shape: Shape, identity: str, place: str, wanted: Mapping[str, str]) -> list[str]:
        conditions: dict[str, str] = {}
        for item in shape.personal:
            found = [self._condition(shape, item, kind, value) for kind, value in wanted.items()]
            usable = [condition for condition in found if condition]
            if usable:
                conditions[place + item.name] = " OR ".join(usable)
        if not conditions:
            return []
        names = ", ".join(f"CASE WHEN {condition} THEN '{name}' END" for name, condition in conditions.items())
        any_of = " OR ".join(f"({condition})" for condition in conditions.values())
        select = f"SELECT '{key}'::text AS entity, \"{identity}\" AS id, array_remove(ARRAY[{names}], NULL) AS matched"
        return [
            f'({select} FROM "{shape.name}" WHERE tenant_id = $1 AND ({any_of}) ORDER BY id DESC LIMIT {MOST_EACH})'
        ]

    def _condition(self, shape: Shape, item: Field, kind: str, value: str) -> str:
        if item.mask in CRITERIA and item.mask != kind:
            return ""
        variants = _variants(item, kind, value)
        if item.secret:
            if not item.find:
                return ""
            self.parameters.append([self._columns.blind_index(shape, item.name, text) for text in variants])
            return f'"{item.name}{BLIND_INDEX_SUFFIX}" = ANY(${len(self.parameters)}::bytea[])'
        if item.custom or item.array_type != "text":
            return ""
        self.parameters.append([_plain(text) for text in variants])
        normal = f"regexp_replace(lower(\"{item.name}\"), '[[:space:]-]', '', 'g')"
        return f"{normal} = ANY(${len(self.parameters)}::text[])"


def _plain(text: str) -> str:
    return _BLANKS.sub("", text).lower()


def _variants(item: Field, kind: str, value: str) -> list[str]:
    """The ways in which a field may hold the value: as typed, as the field would store it, with or without +86."""
    found = [value]
    if kind == "mobile":
        short = _plain(value).removeprefix("+86").removeprefix("0086")
        found += [short, f"+86{short}", f"86{short}"]
    for text in list(found):
        try:
            found.append(str(item.accept(text)))
        except FieldError:
            continue
    return list(dict.fromkeys(found))


async def describe(work: Work, role: RoleDocument, found: Mapping[tuple[str, UUID], list[str]]) -> list[dict[str, Any]]:
    """The documents found, as the role may see them, with what matched and whether the law holds them."""
    shown = []
    for document, rows in await _rows(work, list(found)):
        seen = projection(document, role)
        for row in rows:
            visible = seen.apply(public_row(document, row))
            hold = hold_of(document, row)
            shown.append(
                {
                    "entity": document.key,
                    "label": document.label.text(work.caller.language),
                    "id": row["id"],
                    "number": row.get("number"),
                    "title": visible.get(document.title or ""),
                    "state": row.get("state"),
                    "matched": found.get((document.key, row["id"]), []),
                    "held": None if hold is None else hold.text(work.caller.language),
                }
            )
    return shown


async def copy_of(work: Work, role: RoleDocument, wanted: list[tuple[str, UUID]]) -> list[dict[str, Any]]:
    """The documents' contents for the person they are about: his values in clear, the rest as the role sees it."""
    copies = []
    for document, rows in await _rows(work, wanted):
        seen = in_clear(document, role, granted=True)
        labels = _labels(document, seen, work.caller.language)
        for row in rows:
            values = seen.apply(public_row(document, row))
            copies.append(
                {
                    "entity": document.key,
                    "label": document.label.text(work.caller.language),
                    "id": row["id"],
                    "labels": labels,
                    "values": values,
                }
            )
    return copies


def _labels(document: type[Document], seen: Projection, language: str) -> dict[str, str]:
    named: dict[str, Label] = {name: item.label for name, item in document.fields.items() if name not in seen.hidden}
    for name, grid in document.lines.items():
        if name not in seen.hidden:
            named[name] = grid.label
            hidden = seen.lines[name].hidden
            named |= {f"{name}.{key}": item.label for key, item in grid.fields.items() if key not in hidden}
    return {name: label.text(language) for name, label in named.items()}


async def _rows(work: Work, wanted: list[tuple[str, UUID]]) -> list[tuple[type[Document], list[dict[str, Any]]]]:
    by_entity: dict[str, list[UUID]] = {}
    for entity, identity in wanted:
        by_entity.setdefault(entity, []).append(identity)
    found = []
    for entity, ids in by_entity.items():
        document = work.document(entity)
        found.append((document, list((await work.many(document, ids)).values())))
    return found
