"""How much memory processes really use: PSS counts a shared page once among those who share it."""

from __future__ import annotations

import re
from pathlib import Path

_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


def pss_mb(pid: int, *, with_children: bool = True) -> float | None:
    """Megabytes of a process and, when asked for, all below it; None when we may not look."""
    kilobytes = [_pss_kb(one) for one in [pid, *(descendants(pid) if with_children else [])]]
    known = [value for value in kilobytes if value is not None]
    return round(sum(known) / 1024, 1) if known else None


def descendants(pid: int) -> list[int]:
    """The children of a process, and theirs."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        parent = waiting.pop()
        try:
            children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
        except OSError:
            continue
        found += map(int, children)
        waiting += map(int, children)
    return found


def _pss_kb(pid: int) -> int | None:
    try:
        found = _PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii"))
    except OSError:
        return None
    return int(found.group(1)) if found else None
