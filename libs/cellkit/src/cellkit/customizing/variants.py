"""A table as one tenant has it: the declared one with fields of the tenant's own and its dictionaries.

A variant is a subclass of the declared table that differs in its fields alone, so everything that is derived from a
declaration (validation, lists, projection, files, SQL) takes it as it takes the declared one.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from cellkit.declare.dictionaries import Entries
from cellkit.declare.document import Document, Line, Lines, Table
from cellkit.declare.fields import DictionaryChoice, Field

Fields = dict[str, Field]


def variant(table: type[Table], custom: Iterable[Field], changed: Mapping[str, Entries]) -> type[Table]:
    """The table with a tenant's fields and the dictionaries it changed; the table itself where nothing differs."""
    added = {item.name: item for item in custom}
    fields = _bound(table.fields, changed)
    lines = {name: _lines(grid, changed) for name, grid in table.lines.items()}
    actions = _actions(table, changed)
    same_lines = all(lines[name] is grid for name, grid in table.lines.items())
    if not added and fields is table.fields and same_lines and actions is None:
        return table
    body: dict[str, Any] = {
        "fields": fields | added,
        "lines": lines,
        "_declared": table,
        "__module__": table.__module__,
    }
    if actions is not None:
        body["actions"] = actions
    made: type[Table] = type(table.__name__, (table,), body)
    return made


def _bound(fields: Fields, changed: Mapping[str, Entries]) -> Fields:
    """The fields, those of changed dictionaries with the tenant's entries; the same mapping where none is."""
    found = {
        name: item for name, item in fields.items() if isinstance(item, DictionaryChoice) and item.dictionary in changed
    }
    if not found:
        return fields
    rebound: Fields = {}
    for name, item in found.items():
        one: Any = copy.copy(item)
        one.entries = changed[item.dictionary]
        rebound[name] = one
    return {name: rebound.get(name, item) for name, item in fields.items()}


def _lines(grid: Lines, changed: Mapping[str, Entries]) -> Lines:
    fields = _bound(grid.fields, changed)
    if fields is grid.fields:
        return grid
    made = copy.copy(grid)
    made.__dict__.pop("_shape", None)
    line: type[Line] = type(grid.of.__name__, (grid.of,), {})
    line.fields = fields
    made.of = line
    return made


def _actions(table: type[Table], changed: Mapping[str, Entries]) -> dict[str, Any] | None:
    if not issubclass(table, Document):
        return None
    made = {}
    for verb, action in table.actions.items():
        parameters = _bound(action.parameters, changed)
        if parameters is not action.parameters:
            made[verb] = copy.copy(action)
            made[verb].parameters = parameters
    return {**table.actions, **made} if made else None
