"""Puts together what declarations only name: shipped dictionaries, trees that are referred to, labels kept fresh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cellkit.customizing.labels import label_handlers
from cellkit.declare.dictionaries import Dictionary
from cellkit.declare.document import Document, Table
from cellkit.declare.fields import DictionaryChoice, Field, Ref, TreeParent
from cellkit.declare.rows import Rows
from cellkit.events import Handler


def bind(
    tables: Mapping[str, type[Table]], dictionaries: Sequence[Dictionary]
) -> tuple[dict[str, Dictionary], list[Handler]]:
    """Bind the fields of a cell's tables; gives the dictionaries by code and the handlers that labels need."""
    shipped: dict[str, Dictionary] = {}
    for dictionary in dictionaries:
        if dictionary.code in shipped:
            message = f"dictionary {dictionary.code} is declared twice"
            raise ValueError(message)
        shipped[dictionary.code] = dictionary
    for table in tables.values():
        for item in _fields(table):
            if isinstance(item, DictionaryChoice) and item.dictionary in shipped:
                item.entries = shipped[item.dictionary].entries
            if isinstance(item, Ref) and item.to in tables:
                item.tree = _tree(tables[item.to])
    return shipped, label_handlers(tables.values())


def _fields(table: type[Table]) -> Iterator[Field]:
    yield from table.fields.values()
    for grid in table.lines.values():
        yield from grid.fields.values()
    if issubclass(table, Document):
        for action in table.actions.values():
            for item in action.parameters.values():
                yield item
                if isinstance(item, Rows):
                    yield from item.fields.values()


def _tree(table: type[Table]) -> tuple[str, str] | None:
    found = [item for item in table.fields.values() if isinstance(item, TreeParent)]
    if any(item.to != table.key for item in found) or len(found) > 1:
        message = f"{table.key}: a tree has one parent field, which refers to the table itself"
        raise ValueError(message)
    return (table.table_name, found[0].name) if found else None
