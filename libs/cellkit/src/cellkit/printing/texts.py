"""Values as they are printed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from cellkit.declare.document import Row, Table
from cellkit.declare.fields import Field, Ref
from cellkit.printing.layout import PLACEHOLDER

_LONG_RUN = re.compile(r"[!-~]{15,}")
_BREAK_EVERY = 4
_ZERO_WIDTH_SPACE = "\u200b"


@dataclass(slots=True)
class Texts:
    """Makes texts of rows that a projection has been applied to; ``people``: names of users by id."""

    zone: tzinfo
    language: str
    now: datetime
    user: str
    people: dict[str, str] = field(default_factory=dict)

    @property
    def is_zh(self) -> bool:
        """Whether the print is Chinese."""
        return not self.language.startswith("en")

    def of_field(self, item: Field, row: Row) -> str:
        """A field's value; empty when there is none or the reader may not see it."""
        value = row.get(item.name)
        if value is None:
            return ""
        if isinstance(item, Ref):
            return str(row.get(item.label_name) or value)
        if item.labelled:
            return str(row.get(item.label_name) or value)
        if item.kind in ("money", "price", "quantity", "decimal", "percent") and isinstance(value, Decimal):
            return number(item, value)
        if item.kind == "user":
            return self.people.get(str(value), str(value))
        options = getattr(item, "options", None)
        if options:
            chosen = value if isinstance(value, list) else [value]
            return "、".join(options[one].text(self.language) if one in options else str(one) for one in chosen)
        return self.plain(value)

    def plain(self, value: Any) -> str:
        """A value of no particular field."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return ("是" if value else "否") if self.is_zh else ("Yes" if value else "No")
        if isinstance(value, datetime):
            return value.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Decimal):
            return format(value, "f")
        if isinstance(value, list):
            return "、".join(self.plain(one) for one in value)
        return str(value)

    def of_word(self, table: type[Table], row: Row, word: str, line: Row | None = None) -> str:
        """The value that a placeholder or a fact names."""
        grid, dot, name = word.partition(".")
        if dot:
            item = next((one.fields[name] for one in table.lines.values() if name in one.fields), None)
            return "" if item is None or line is None or grid != "line" else self.of_field(item, line)
        if word in table.fields:
            return self.of_field(table.fields[word], row)
        if word == "state":
            states = getattr(table, "states", None)
            key = row.get("state")
            return states.label(key).text(self.language) if states and key in states.items else str(key or "")
        if word in ("today", "now"):
            moment = self.now.astimezone(self.zone)
            return moment.date().isoformat() if word == "today" else moment.strftime("%Y-%m-%d %H:%M")
        if word == "user":
            return self.user
        value = row.get(word)
        return self.people.get(str(value), str(value)) if word == "created_by" and value else self.plain(value)

    def filled(self, text: str, table: type[Table], row: Row, line: Row | None = None) -> str:
        """A text with its placeholders filled."""
        return PLACEHOLDER.sub(lambda found: self.of_word(table, row, found[1], line), text)


def number(item: Field, value: Decimal) -> str:
    """Money with two digits and thousands apart; quantities and prices without the zeros at their end."""
    if item.kind == "percent":
        return f"{_short(value * 100)}%"
    if item.kind == "money":
        return f"{value:,.{getattr(item, 'scale', 2)}f}"
    if item.kind == "price":
        text = _short(value)
        whole, _, rest = text.partition(".")
        return f"{int(whole):,}.{rest:0<2}" if not whole.startswith("-0") else f"{whole}.{rest:0<2}"
    return _short(value, grouped=item.kind == "quantity")


def _short(value: Decimal, *, grouped: bool = False) -> str:
    text = format(value, ",f" if grouped else "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def columns_wide(text: str) -> int:
    """How wide a text is, in letters: Chinese ones count for two."""
    return sum(1 if ord(letter) < 0x1100 else 2 for letter in text if letter != _ZERO_WIDTH_SPACE)


def breakable(text: str) -> str:
    """A text whose long runs without blanks may be broken, so that none of them leaves its column."""
    return _LONG_RUN.sub(
        lambda found: _ZERO_WIDTH_SPACE.join(
            found[0][place : place + _BREAK_EVERY] for place in range(0, len(found[0]), _BREAK_EVERY)
        ),
        text,
    )
