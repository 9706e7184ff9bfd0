"""Groups of fields under which people read and fill in a document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cellkit.labels import Label


class Group:
    """Fields under one heading, in the order they are read: ``Group("basic:基本信息:Basics", "partner_id order")``.

    ``after``: it stands after the document's lines. ``folded``: it is opened when somebody wants to see it. Fields
    that are in no group stand where they would without groups; those of the tenant have a heading of their own.
    """

    def __init__(self, name: str, fields: str, *, after: bool = False, folded: bool = False) -> None:
        self.key, zh, en = name.split(":")
        self.label = Label(zh, en)
        self.fields = tuple(fields.split())
        self.after = after
        self.folded = folded


def declared_groups(table: Any) -> list[Group]:
    """The groups declared on a document's class."""
    found = getattr(table, "groups", ())
    # A document may have a field called like this.
    return [item for item in found if isinstance(item, Group)] if isinstance(found, list | tuple) else []


def check_groups(key: str, groups: Iterable[Group], fields: Iterable[str]) -> None:
    """Refuse groups of fields that are not there, or that stand in two of them."""
    known, placed = set(fields), set()
    for group in groups:
        for name in group.fields:
            if name not in known or name in placed:
                message = f"{key}: group {group.key} names {name!r}, which is no field or is in another group"
                raise ValueError(message)
            placed.add(name)
