"""Reads the gateway's access log as it grows; survives its rotation, and begins with what the log already tells."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

from platform_monitor.logs.blocks import place_of
from platform_monitor.traffic.counting import Traffic
from platform_monitor.traffic.line import GATEWAY, AccessLine, read_line

_EVERY_SECONDS = 2.0
_SLICE = 256 * 1024
# Beyond this much the beginning is skipped: counting a day's log of a busy platform would take minutes.
_MOST_AT_START = 48 * 1024 * 1024


class Follower:
    """Feeds every new line of the access log into the counts."""

    def __init__(self, path: Path, traffic: Traffic) -> None:
        self._path = path
        self._traffic = traffic
        self._offset = -1
        self._partial = b""

    async def run(self) -> None:
        """Follow for ever."""
        while True:
            await self.look()
            await asyncio.sleep(_EVERY_SECONDS)

    async def look(self) -> None:
        """Read what has come since the last look."""
        try:
            size = self._path.stat().st_size
        except OSError:
            return
        if self._offset < 0:
            self._offset = await asyncio.to_thread(self._first_offset)
        elif size < self._offset:
            # Copied away and emptied: what was not read yet is at the end of the copy.
            await self._read(self._path.with_name(f"{self._path.name}.1"))
            self._offset, self._partial = 0, b""
        await self._read(self._path)

    def _first_offset(self) -> int:
        with self._path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            begin, _end = place_of(file.fileno(), size, time.time() - Traffic.WHOLE_SECONDS, _moment)
        return max(begin, size - _MOST_AT_START)

    async def _read(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                file.seek(self._offset)
                while piece := file.read(_SLICE):
                    self._offset += len(piece)
                    self._take(piece)
                    # Requests go first: a long log is read in small turns.
                    await asyncio.sleep(0)
        except OSError:
            return

    def _take(self, piece: bytes) -> None:
        *lines, self._partial = (self._partial + piece).split(b"\n")
        for raw in lines:
            line = read_line(raw)
            if line is not None:
                self._count(line)

    def _count(self, line: AccessLine) -> None:
        # The gateway's own health check is asked by supervisors all day long and is nobody's call.
        if line.service == GATEWAY and line.path == "/health":
            return
        ended = line.began + line.seconds
        self._traffic.add((line.caller, line.callee), ended, line.status or 0, line.duration_ms or 0.0)


def _moment(raw: bytes) -> float | None:
    line = read_line(raw)
    return None if line is None else line.began + line.seconds
