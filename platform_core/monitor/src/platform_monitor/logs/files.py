"""Which log files there are, and how a place in one is named so that it is found again after a rotation."""

from __future__ import annotations

import os
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

ACCESS = "gateway-access"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,60}")
_MOST_OLD = 20
_FIRST_LINE = 4096


@dataclass(frozen=True, slots=True)
class Place:
    """An offset in the file that begins with a certain line: rotation copies a file under another name."""

    mark: str
    offset: int


class LogFolder:
    """The folder in which the supervisor keeps one log a process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def services(self) -> list[str]:
        """The processes that have a log."""
        return sorted(path.stem for path in self.folder.glob("*.log") if _NAME.fullmatch(path.stem))

    def files(self, service: str) -> list[Path]:
        """The files of one process, the newest first."""
        if not _NAME.fullmatch(service):
            return []
        newest = self.folder / f"{service}.log"
        older = (newest.with_name(f"{newest.name}.{number}") for number in range(1, _MOST_OLD))
        return [path for path in (newest, *older) if path.is_file()]


def mark_of(descriptor: int) -> str:
    """What tells this content from any other: its first line; "" while there is none."""
    head = os.pread(descriptor, _FIRST_LINE, 0)
    end = head.find(b"\n")
    if end < 0 and len(head) < _FIRST_LINE:
        return ""
    return f"{zlib.crc32(head[: end if end >= 0 else None]):08x}"
