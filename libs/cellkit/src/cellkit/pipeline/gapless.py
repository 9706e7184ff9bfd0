"""Numbers of series without gaps: taken as late as possible, because the next taker waits until we commit.

Everything is made with stand-ins first; when the numbers are known they are put in their place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextlib import AsyncExitStack
from typing import Any, TypeVar

from cellkit.declare.document import Row
from cellkit.declare.numbering import Numbering
from cellkit.pipeline.numbers import STAND_IN_MARK, take_in_transaction
from cellkit.pipeline.work import Work

_T = TypeVar("_T")
_MARK_BYTES = STAND_IN_MARK.encode()


class GaplessNumbers:
    """The gapless numbers that a unit of work needs."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._waiting: dict[str, list[tuple[Row, Numbering, str]]] = defaultdict(list)
        self._stand_ins: list[tuple[str, Row]] = []
        tables = set()
        for row, rule, day in work.gapless:
            table = work.tracked_of(row).table.key
            tables.add(table)
            series = rule.series(day)
            self._waiting[f"{table}:{series}"].append((row, rule, series))
            self._stand_ins.append((row["number"], row))
        work.gapless.clear()
        self.tables = frozenset(tables)
        self._texts: list[tuple[str, str]] = []
        self._bytes: list[tuple[bytes, bytes]] = []

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def carried_by(self, rows: Iterable[Iterable[Any]]) -> bool:
        """Whether values that are to be written hold a stand-in, so that they must wait for the numbers."""
        return any(isinstance(value, str) and STAND_IN_MARK in value for row in rows for value in row)

    async def take(self, turns: AsyncExitStack) -> None:
        """Take the numbers of all series in one statement and give them to their rows.

        The turns of the series are entered into ``turns``, which is to be closed after the commit.
        """
        await turns.enter_async_context(self._work.engine.numbers.in_turn(self._work.tenant_id, self._waiting))
        counts = {series: len(waiting) for series, waiting in self._waiting.items()}
        first = await take_in_transaction(self._work.connection, self._work.tenant_id, counts)
        for key, waiting in self._waiting.items():
            for offset, (row, rule, series) in enumerate(waiting):
                row["number"] = rule.render(series, first[key] + offset)
        self._texts = [(stand_in, row["number"]) for stand_in, row in self._stand_ins]
        self._bytes = [(stand_in.encode(), number.encode()) for stand_in, number in self._texts]

    def fill(self, value: _T) -> _T:
        """``value`` (text, bytes, lists and dicts of them) with the numbers in place of their stand-ins."""
        if isinstance(value, list):
            return [self.fill(item) for item in value]  # type: ignore[return-value]  # a list again
        if isinstance(value, dict):
            return {key: self.fill(item) for key, item in value.items()}  # type: ignore[return-value]  # a dict again
        if isinstance(value, str) and STAND_IN_MARK in value:
            for stand_in, number in self._texts:
                value = value.replace(stand_in, number)  # type: ignore[assignment]  # a text again
        elif isinstance(value, bytes) and _MARK_BYTES in value:
            for old, new in self._bytes:
                value = value.replace(old, new)  # type: ignore[assignment]  # bytes again
        return value
