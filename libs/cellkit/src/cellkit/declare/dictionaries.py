"""Dictionaries: lists of codes that a cell ships and a tenant extends, relabels and retires."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from cellkit.labels import Label

_HOME = ZoneInfo("Asia/Shanghai")


def _today() -> date:
    return datetime.now(UTC).astimezone(_HOME).date()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its code (1–60 characters) and text, the code of the entry above it, how it is shown, when it counts.

    ``valid_from`` and ``valid_to`` are days, both inclusive.
    """

    code: str
    label: Label
    parent: str | None = None
    colour: str | None = None
    position: int = 0
    active: bool = True
    valid_from: date | None = None
    valid_to: date | None = None
    shipped: bool = True

    def as_json(self, language: str) -> dict[str, Any]:
        """The entry as answers carry it."""
        return {
            "code": self.code,
            "label": self.label.text(language),
            "labels": self.label.as_json(),
            "parent": self.parent,
            "colour": self.colour,
            "position": self.position,
            "active": self.active,
            "valid_from": self.valid_from,
            "valid_to": self.valid_to,
            "shipped": self.shipped,
        }


class Entries(dict[str, Entry]):
    """The entries of a dictionary by code, in the order they are shown."""

    def __init__(self, entries: Iterable[Entry] = (), *, today: Callable[[], date] = _today) -> None:
        ordered = sorted(entries, key=lambda entry: entry.position)
        super().__init__({entry.code: entry for entry in ordered})
        self._today = today

    def open(self, code: str) -> bool:
        """Whether an entry may be chosen today."""
        entry = self[code]
        if not entry.active or (entry.valid_from is None and entry.valid_to is None):
            return entry.active
        today = self._today()
        return (entry.valid_from or today) <= today <= (entry.valid_to or today)

    @cached_property
    def by_text(self) -> dict[str, str]:
        """Codes by text, in both languages; texts of several entries are left out."""
        found: dict[str, str] = {}
        several: set[str] = set()
        for entry in self.values():
            for text in set(entry.label):
                if found.setdefault(text, entry.code) != entry.code:
                    several.add(text)
        return {text: code for text, code in found.items() if text not in several}

    def overlaid(self, changed: Iterable[Entry]) -> Entries:
        """These entries with a tenant's changes and additions."""
        return Entries({**self, **{entry.code: entry for entry in changed}}.values(), today=self._today)


class Dictionary:
    """A dictionary that a cell ships: ``Dictionary("fleet.trip", L("行程", "Trip"), items=["long:长途:Long"])``.

    Items are :class:`Entry` objects or texts ``code:中文:English``; they keep their order.
    """

    def __init__(self, code: str, label: Label, *, items: Sequence[Entry | str]) -> None:
        self.code = code
        self.label = label
        self.entries = Entries(_entry(item, index * 10) for index, item in enumerate(items, start=1))
        if len(self.entries) != len(items):
            message = f"dictionary {code} has a code twice"
            raise ValueError(message)


def _entry(item: Entry | str, position: int) -> Entry:
    if isinstance(item, Entry):
        return item
    code, zh, en = item.split(":")
    return Entry(code, Label(zh, en), position=position)
