"""States of a document; the first is the one a new document has."""

from __future__ import annotations

from dataclasses import dataclass

from cellkit.labels import Label


@dataclass(frozen=True, slots=True)
class State:
    """One state: its key and its name for people."""

    key: str
    label: Label


class States:
    """``States("draft:草稿:Draft", "confirmed:已确认:Confirmed", editable="draft", deletable="draft")``.

    ``editable`` and ``deletable`` name the states (separated by blanks) in which fields may be changed by PATCH, and
    the document deleted; by default only the first. Everything else happens by actions.
    """

    def __init__(self, *texts: str, editable: str | None = None, deletable: str | None = None) -> None:
        self.items: dict[str, State] = {}
        for text in texts:
            key, zh, en = text.split(":")
            self.items[key] = State(key, Label(zh, en))
        self.initial = next(iter(self.items))
        self.editable = frozenset((self.initial,) if editable is None else editable.split())
        self.deletable = frozenset((self.initial,) if deletable is None else deletable.split())
        unknown = (self.editable | self.deletable) - self.items.keys()
        if unknown:
            message = f"unknown states: {sorted(unknown)}"
            raise ValueError(message)

    def label(self, key: str) -> Label:
        """A state's name for people."""
        return self.items[key].label
