"""What erasing does to a row, and what the law makes us keep. Pure."""

from __future__ import annotations

from typing import Any

from cellkit.declare.document import Document, Lines, Row
from cellkit.declare.fields import Field
from cellkit.declare.fields.words import Text
from cellkit.labels import L, Label

ERASED = "［已删除］"
POSTED = L("已生效的单据依法保留", "Documents in force are kept as the law demands")
_KEPT = object()


def hold_of(document: type[Document], row: Row) -> Label | None:
    """Why a row's personal data must be kept, or None."""
    if document.legal_hold is not None:
        found: Label | None = document.legal_hold(row)
        return found
    states = document.states
    if states is None or row["state"] in states.editable | states.deletable:
        return None
    return POSTED


def erase_row(document: type[Document], row: Row) -> tuple[list[str], list[str]]:
    """Replace the personal values of a row and its lines in place: the places erased, and those that cannot be."""
    erased, kept = _erase(document.fields, row, "", str(row["id"]))
    for name, grid in document.lines.items():
        for line in row.get(name) or ():
            more, held = _erase(_fields(grid), line, f"{name}.", str(line["id"]))
            erased += more
            kept += held
    return list(dict.fromkeys(erased)), list(dict.fromkeys(kept))


def _fields(grid: Lines) -> dict[str, Field]:
    return grid.fields


def _erase(fields: dict[str, Field], row: Row, place: str, identity: str) -> tuple[list[str], list[str]]:
    erased, kept = [], []
    for name, item in fields.items():
        if not item.personal or not item.stored or row.get(name) is None:
            continue
        value = erased_value(item, identity)
        if value is _KEPT:
            kept.append(place + name)
        elif row[name] != value:
            row[name] = value
            erased.append(place + name)
    return erased, kept


def erased_value(item: Field, identity: str) -> Any:
    """What stands in place of an erased value: nothing, or a word where the column must have one."""
    if not item.required:
        return None
    if not isinstance(item, Text):
        return _KEPT
    # A unique column takes no two of the same word.
    text = f"erased-{identity}" if item.unique else ERASED
    return text[: item.max]
