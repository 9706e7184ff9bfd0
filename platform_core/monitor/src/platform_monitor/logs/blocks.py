"""Reading long log files in blocks: lines from the end to the beginning, and the place of a moment.

Nothing is mapped into memory: a file that is rotated meanwhile would end the process.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

BLOCK = 512 * 1024
LONGEST_LINE = 256 * 1024
READ, PASSED_OVER = b"", b"\n"
_PROBE = 16 * 1024


class Budget:
    """How much one search may read and how long it may take."""

    def __init__(self, most_bytes: int, seconds: float) -> None:
        self._left = most_bytes
        self._deadline = time.monotonic() + seconds
        self.read = 0

    @property
    def spent(self) -> bool:
        """Whether it is used up."""
        return self._left <= 0 or time.monotonic() > self._deadline

    def spend(self, count: int) -> None:
        """Note bytes read."""
        self._left -= count
        self.read += count


def lines_backward(
    descriptor: int, stop: int, wanted: Callable[[bytes], bool], budget: Budget
) -> Iterator[tuple[int, bytes]]:
    """Lines with their offset, the last first, of the file up to ``stop``.

    A block for which ``wanted`` says no is passed over as a whole. After each block a mark is given with the place that
    was reached, ``READ`` or ``PASSED_OVER``, so that a search that finds nothing knows how far it came.
    """
    end, rest = stop, b""
    while end > 0:
        begin = max(end - BLOCK, 0)
        block = os.pread(descriptor, end - begin, begin)
        budget.spend(end - begin)
        if len(block) < end - begin:
            return  # the file was emptied meanwhile
        data = block + rest
        cut = data.find(b"\n") + 1 if begin > 0 else 0
        if begin > 0 and cut == 0:
            # One line longer than a block: kept up to a limit, then its middle is lost.
            rest = data[:LONGEST_LINE]
            end = begin
            continue
        whole, rest = data[cut:], data[:cut]
        if wanted(whole):
            yield from _lines(whole, begin + cut)
            yield begin + cut, READ
        else:
            yield begin + cut, PASSED_OVER
        end = begin


def _lines(data: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    end = len(data)
    while end > 0:
        begin = data.rfind(b"\n", 0, end - 1) + 1 if end > 1 else 0
        line = data[begin:end].rstrip(b"\r\n")
        if line:
            yield offset + begin, line
        end = begin


def place_of(descriptor: int, size: int, moment: float, moment_of: Callable[[bytes], float | None]) -> tuple[int, int]:
    """Between which two lines' beginnings a moment lies, found by halving; lines are about in order of time."""
    low, high = 0, size
    while high - low > _PROBE:
        middle = (low + high) // 2
        found = _moment_after(descriptor, middle, high, moment_of)
        if found is None or found >= moment:
            high = middle
        else:
            low = middle
    return _next_line(descriptor, low) if low else 0, _next_line(descriptor, high) if high < size else size


def _next_line(descriptor: int, offset: int) -> int:
    end = os.pread(descriptor, LONGEST_LINE, offset).find(b"\n")
    return offset + end + 1 if end >= 0 else offset


def _moment_after(descriptor: int, begin: int, end: int, moment_of: Callable[[bytes], float | None]) -> float | None:
    data = os.pread(descriptor, min(max(end - begin, _PROBE), LONGEST_LINE), begin)
    for line in data.split(b"\n")[1:-1]:
        found = moment_of(line)
        if found is not None:
            return found
    return None
