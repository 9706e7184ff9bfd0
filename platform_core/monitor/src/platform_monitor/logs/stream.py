"""The entries of one process from a place backwards through all its files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from platform_monitor.logs.blocks import PASSED_OVER, READ, Budget, lines_backward, place_of
from platform_monitor.logs.files import LogFolder, Place, mark_of

T = TypeVar("T")
# Lines are written when something ends, by several threads: about in order.
SLACK_SECONDS = 5.0
_MOST_CONTINUED = 300


class LostPlace(Exception):
    """The file that a cursor points into has been rotated away."""


@dataclass(frozen=True, slots=True)
class Asked(Generic[T]):
    """What is looked for in one process's log.

    ``wanted`` looks at raw bytes and may say yes too often; ``read`` makes an entry of a line (None: it continues the
    entry before it, ``untimed``: nothing is before it); ``moment`` is when it was written; ``fits`` decides.
    """

    service: str
    wanted: Callable[[bytes], bool]
    read: Callable[[bytes], T | None]
    moment: Callable[[T], float]
    fits: Callable[[T], bool]
    continued: Callable[[T, list[bytes]], None]
    untimed: Callable[[list[bytes], float], T | None]
    begin: float
    end: float


@dataclass(slots=True)
class Found(Generic[T]):
    """An entry with its own place and the place behind it."""

    entry: T
    at: float
    place: Place
    behind: Place


class Stream(Generic[T]):
    """Gives entries, the newest first; remembers how far it came."""

    def __init__(self, folder: LogFolder, asked: Asked[T], start: Place | None, budget: Budget) -> None:
        self._folder = folder
        self._asked = asked
        self._budget = budget
        self._start = start
        self.reached = start
        self.finished = False

    def entries(self) -> Iterator[Found[T]]:
        """All that fit, until the budget is used up (then ``finished`` stays False)."""
        start = self._start
        for path in self._folder.files(self._asked.service):
            try:
                file = path.open("rb")
            except OSError:
                continue
            with file:
                descriptor = file.fileno()
                mark = mark_of(descriptor)
                if start is not None:
                    if mark != start.mark:
                        continue
                    stop, start = start.offset, None
                else:
                    stop = self._stop(descriptor)
                if not mark:
                    continue
                yield from self._file(descriptor, mark, stop)
                if self.finished or self._budget.spent:
                    return
        if start is not None:
            raise LostPlace
        self.finished = True

    def _stop(self, descriptor: int) -> int:
        """Where reading begins: after the last whole line, and not after the end of the asked time."""
        size = os.fstat(descriptor).st_size
        tail = os.pread(descriptor, 65_536, max(size - 65_536, 0))
        whole = size - (len(tail) - tail.rfind(b"\n") - 1) if b"\n" in tail else size
        return min(whole, place_of(descriptor, whole, self._asked.end + SLACK_SECONDS, self._moment_of)[1])

    def _file(self, descriptor: int, mark: str, stop: int) -> Iterator[Found[T]]:
        asked, behind, latest = self._asked, stop, 0.0
        continued: list[bytes] = []
        for offset, raw in lines_backward(descriptor, stop, asked.wanted, self._budget):
            if raw in {READ, PASSED_OVER}:
                if raw == PASSED_OVER:
                    continued, behind = [], offset
                self.reached = Place(mark, behind)
                if self._too_old(descriptor, offset):
                    self.finished = True
                    return
                if self._budget.spent:
                    return
                continue
            if raw.startswith(b"{") and not asked.wanted(raw):
                continued, behind = [], offset
                continue
            entry = asked.read(raw)
            if entry is None:
                if len(continued) < _MOST_CONTINUED:
                    continued.append(raw)
                continue
            asked.continued(entry, continued[::-1])
            latest = asked.moment(entry)
            place, after, continued, behind = Place(mark, offset), Place(mark, behind), [], offset
            if asked.begin <= latest <= asked.end and asked.fits(entry):
                yield Found(entry, latest, place, after)
            self.reached = place
            if latest < asked.begin - SLACK_SECONDS:
                self.finished = True
                return
        if continued:
            # Before the first entry with a time, as when a program cannot even begin.
            entry = asked.untimed(continued[::-1], latest or asked.end)
            if entry is not None and asked.begin <= latest <= asked.end and asked.fits(entry):
                yield Found(entry, latest, Place(mark, 0), Place(mark, behind))

    def _too_old(self, descriptor: int, offset: int) -> bool:
        """Whether what lies before ``offset`` is before the asked time; looked up where blocks are passed over."""
        for raw in os.pread(descriptor, 16_384, offset).split(b"\n"):
            at = self._moment_of(raw)
            if at is not None:
                return at < self._asked.begin - SLACK_SECONDS
        return False

    def _moment_of(self, raw: bytes) -> float | None:
        entry = self._asked.read(raw)
        return None if entry is None else (self._asked.moment(entry) or None)
