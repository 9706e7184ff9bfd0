"""Which field each column of a file probably means: pure functions over headings and what people chose before."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from cellkit.declare.document import Document
from cellkit.exchange.columns import Words
from cellkit.exchange.headings import Target, names, plain

_ALIKE = 0.72
Chosen = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A column's meaning: a field's place, None to leave it out. ``reason``: remembered, name, similar, none."""

    column: str
    field: str | None
    reason: str


def fingerprint(headings: Sequence[str]) -> bytes:
    """What files with the same headings have in common, whatever the order of their columns."""
    return hashlib.sha256("\x1f".join(sorted({plain(heading) for heading in headings})).encode()).digest()[:16]


def suggest(document: type[Document], headings: Sequence[str], remembered: Sequence[Chosen]) -> list[Suggestion]:
    """One suggestion a heading. ``remembered``: earlier choices, those for the same headings first.

    A field is suggested once; a remembered choice wins over a name, a name over what only looks alike.
    """
    words = Words(document)
    places = {target.place for target in words.targets if target.use != "shown"}
    found: dict[str, Suggestion] = {}
    for heading in headings:
        chosen = _remembered(heading, remembered, places)
        if chosen is not None:
            found[heading] = chosen
    for heading in headings:
        if heading not in found:
            exact = words.find(heading, None)
            if exact and exact[0].use == "shown":
                found[heading] = Suggestion(heading, None, "name")
            elif len(exact) == 1:
                found[heading] = Suggestion(heading, exact[0].place, "name")
    taken = {item.field for item in found.values()}
    for heading in headings:
        if heading not in found:
            place = _alike(heading, [target for target in words.targets if target.place in places - taken])
            taken.add(place)
            found[heading] = Suggestion(heading, place, "none" if place is None else "similar")
    return _each_once([found[heading] for heading in headings])


def _remembered(heading: str, remembered: Sequence[Chosen], places: set[str]) -> Suggestion | None:
    for chosen in remembered:
        if heading in chosen and (chosen[heading] is None or chosen[heading] in places):
            return Suggestion(heading, chosen[heading], "remembered")
    return None


def _alike(heading: str, targets: Sequence[Target]) -> str | None:
    word = plain(heading)
    best, place = _ALIKE, None
    for target in targets:
        for name in names(target):
            other = plain(name)
            # A name inside the heading counts for more than letters in common: 客户名称(必填) is 客户名称.
            inside = len(other) > 1 and other in word
            score = 0.75 + 0.25 * len(other) / len(word) if inside else SequenceMatcher(None, word, other).ratio()
            if score > best:
                best, place = score, target.place
    return place


def _each_once(suggestions: list[Suggestion]) -> list[Suggestion]:
    taken: set[str] = set()
    result = []
    for item in suggestions:
        if item.field is not None and item.field in taken:
            result.append(Suggestion(item.column, None, "none"))
            continue
        if item.field is not None:
            taken.add(item.field)
        result.append(item)
    return result
