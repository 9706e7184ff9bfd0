"""Numbers of series without gaps: taken as late as possible, because the next taker waits until we commit.

Everything is made with stand-ins first; when the numbers are known they are put in their place.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from typing import TypeVar

from cellkit.declare.document import Row
from cellkit.declare.numbering import Numbering
from cellkit.pipeline.numbers import take_in_transaction
from cellkit.pipeline.work import Work

_T = TypeVar("_T")


class GaplessNumbers:
    """The gapless numbers that a unit of work needs."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._waiting: dict[str, list[tuple[Row, Numbering, str]]] = defaultdict(list)
        self._stand_ins: list[tuple[str, Row]] = []
        tables = set()
        for index, (row, rule, day) in enumerate(work.gapless):
            table = work.tracked_of(row).table.key
            tables.add(table)
            series = rule.series(day)
            self._waiting[f"{table}:{series}"].append((row, rule, series))
            # Random, so that no text of a user can pass for one.
            row["number"] = f"\ue000{secrets.token_hex(6)}.{index}\ue000"
            self._stand_ins.append((row["number"], row))
        work.gapless.clear()
        self.tables = frozenset(tables)
        self._texts: list[tuple[str, str]] = []
        self._bytes: list[tuple[bytes, bytes]] = []

    def __bool__(self) -> bool:
        return bool(self._waiting)

    async def take(self) -> None:
        """Take the numbers of all series in one statement and give them to their rows."""
        counts = {series: len(waiting) for series, waiting in self._waiting.items()}
        first = await take_in_transaction(self._work.connection, self._work.tenant_id, counts)
        for key, waiting in self._waiting.items():
            for offset, (row, rule, series) in enumerate(waiting):
                row["number"] = rule.render(series, first[key] + offset)
        self._texts = [(stand_in, row["number"]) for stand_in, row in self._stand_ins]
        self._bytes = [(stand_in.encode(), number.encode()) for stand_in, number in self._texts]

    def fill(self, value: _T) -> _T:
        """``value`` (text, bytes, or a list of them) with the numbers in place of their stand-ins."""
        if isinstance(value, list):
            return [self.fill(item) for item in value]  # type: ignore[return-value]  # a list again
        if isinstance(value, str) and "\ue000" in value:
            for stand_in, number in self._texts:
                value = value.replace(stand_in, number)  # type: ignore[assignment]  # a text again
        elif isinstance(value, bytes) and b"\xee\x80\x80" in value:
            for old, new in self._bytes:
                value = value.replace(old, new)  # type: ignore[assignment]  # bytes again
        return value
