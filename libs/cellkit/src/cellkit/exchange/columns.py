"""Which column of an uploaded file fills which field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from cellkit.declare.document import Document
from cellkit.declare.fields import Field
from cellkit.errors import BadRequest
from cellkit.exchange.errors import NoDataRows, TooManyColumns
from cellkit.exchange.headings import ERRORS_LABEL, GROUP_LABEL, Target, names, plain, targets
from cellkit.exchange.limits import MOST_COLUMNS
from cellkit.exchange.report import Problem
from cellkit.http.messages import from_json
from cellkit.labels import L, Label
from cellkit.read.projection import Projection

_GROUP = Target("group", "group", GROUP_LABEL)
# The column that an annotated file has more than the one it was made of.
_ERRORS = Target("shown", "_errors", ERRORS_LABEL)
Mapped = Mapping[str, str | None]


@dataclass(slots=True)
class Columns:
    """The columns of one file: what they fill, what stands above them, which are known but not read."""

    taken: dict[int, Target] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    width: int = 0
    blank: set[int] = field(default_factory=set)

    @property
    def grids(self) -> set[str]:
        """The grids that the file has columns of."""
        return {target.grid for target in self.taken.values() if target.grid is not None}

    def has(self, place: str) -> bool:
        """Whether a column fills ``place``."""
        return any(target.place == place for target in self.taken.values())


def read_mapping(text: str) -> Mapped:
    """The ``mapping`` of the query: ``{"column": "field" | null}``."""
    if not text:
        return {}
    try:
        value = from_json(text)
    except (msgspec.DecodeError, RecursionError):
        raise BadRequest(reason=L("mapping 不是合法的 JSON", "mapping: no JSON")) from None
    if not isinstance(value, dict) or not all(item is None or isinstance(item, str) for item in value.values()):
        raise BadRequest(reason=L('mapping 应为 {"列名": "字段"}', 'mapping: {"column": "field" | null}'))
    return value


def recognise(
    document: type[Document], header: list[str], mapping: Mapped, seen: Projection
) -> tuple[Columns, list[Problem]]:
    """The columns under a header (row 1), and everything that is wrong with it."""
    while header and not header[-1].strip():
        header = header[:-1]
    if not header:
        raise NoDataRows
    if len(header) > MOST_COLUMNS:
        raise TooManyColumns(limit=MOST_COLUMNS)
    words = Words(document)
    missing = set(mapping) - {heading.strip() for heading in header}
    if missing:
        named = min(missing)[:60]
        raise BadRequest(reason=L(f"mapping 中的列 {named} 不在文件里", f"mapping: no column {named}"))
    columns = Columns(width=len(header))
    problems: list[Problem] = []
    for index, text in enumerate(header):
        heading = text.strip()
        if not heading:
            columns.blank.add(index)
        elif heading in mapping and mapping[heading] is None:
            columns.ignored.append(heading)
        else:
            _take(columns, index, heading, words.find(heading, mapping.get(heading)), seen, problems)
    problems += _missing(document, columns)
    return columns, problems


def _take(
    columns: Columns, index: int, heading: str, found: list[Target], seen: Projection, problems: list[Problem]
) -> None:
    shown = heading[:60]
    if not found:
        problems.append(_wrong(shown, "", "unknown", L(f"未知列“{shown}”", f"Unknown column “{shown}”")))
        return
    if len(found) > 1:
        options = "、".join(target.place for target in found)
        problems.append(
            _wrong(shown, "", "ambiguous", L(f"列名有歧义，请用：{options}", f"Ambiguous; use one of: {options}"))
        )
        return
    target = found[0]
    if target.use == "shown":
        columns.ignored.append(heading)
    elif target.place in columns.headings:
        problems.append(
            _wrong(shown, target.place, "duplicate", L("同一字段出现了两列", "Two columns for the same field"))
        )
    elif _locked(target, seen):
        problems.append(
            _wrong(shown, target.place, "permission", L("没有修改此字段的权限", "No permission to change this field"))
        )
    else:
        columns.taken[index] = target
        columns.headings[target.place] = heading


def _locked(target: Target, seen: Projection) -> bool:
    if target.grid is None:
        return target.name in seen.locked
    return target.grid in seen.locked or target.name in seen.lines[target.grid].locked


def _missing(document: type[Document], columns: Columns) -> Iterable[Problem]:
    for item in document.fields.values():
        if _needed(item) and item.name not in columns.headings:
            yield _no_column(item.name, item.label)
    for grid in document.lines.values():
        used = grid.name in columns.grids
        if grid.min > 0 or used:
            for item in grid.fields.values():
                place = f"{grid.name}.{item.name}"
                if _needed(item) and place not in columns.headings:
                    yield _no_column(place, L(f"{grid.label.zh}.{item.label.zh}", f"{grid.label.en}.{item.label.en}"))


def _needed(item: Field) -> bool:
    return item.required and not item.readonly and item.initial() is None


def _no_column(place: str, label: Label) -> Problem:
    return Problem(
        1, label.zh, place, "required", L(f"缺少必填列“{label.zh}”", f"Required column “{label.en}” is missing")
    )


def _wrong(heading: str, place: str, rule: str, message: Label) -> Problem:
    return Problem(1, heading, place, rule, message)


class Words:
    """The words for columns of a document, exact and plain."""

    def __init__(self, document: type[Document]) -> None:
        self._exact: dict[str, list[Target]] = {}
        self._plain: dict[str, list[Target]] = {}
        self._short: dict[str, list[Target]] = {}
        self._place: dict[str, Target] = {}
        own = list(targets(document))
        if document.lines:
            own.append(_GROUP)
        own.append(_ERRORS)
        self.targets = own
        for target in own:
            self._place[target.place] = target
            for word in names(target):
                _add(self._exact, word, target)
                _add(self._plain, plain(word), target)
            if target.grid is not None and target.field is not None:
                # A line's column may leave out the grid's name where no other column is called the same.
                for word in (target.name, target.field.label.zh, target.field.label.en):
                    _add(self._short, plain(word), target)
            elif target.field is not None and target.name.endswith("_id"):
                _add(self._plain, plain(target.name.removesuffix("_id")), target)

    def find(self, heading: str, mapped: str | None) -> list[Target]:
        """What a heading can mean; a field's own name wins over a label, a field over what only exports show."""
        if mapped is not None:
            target = self._place.get(mapped)
            if target is None or target.use == "shown":
                raise BadRequest(reason=L(f"mapping 中没有字段 {mapped[:60]}", f"mapping: no field {mapped[:60]}"))
            return [target]
        if heading in self._place:
            return [self._place[heading]]
        word = plain(heading)
        for found in (self._exact.get(heading), self._plain.get(word), self._short.get(word)):
            if found:
                read = [target for target in found if target.use != "shown"]
                return read or found[:1]
        return []


def _add(words: dict[str, list[Target]], word: str, target: Target) -> None:
    known: list[Any] = words.setdefault(word, [])
    if target not in known:
        known.append(target)
