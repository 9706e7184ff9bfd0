"""Keep log files small: past a size, a file is copied away and emptied in place.

The writers append, so they go on in the emptied file; renaming would leave them writing into the renamed one.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from pathlib import Path

LIMIT = 50 * 1024 * 1024
KEEP = 3
_MODE = 0o640


def begin(path: Path) -> int:
    """A descriptor that appends to a log which only its owner and group may read; one with more rights is narrowed."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, _MODE)
    mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
    if mode & ~_MODE:
        # Where it is another user's (the database's, say), it is for that one to say.
        with contextlib.suppress(PermissionError):
            os.fchmod(descriptor, mode & _MODE)
    return descriptor


def rotate(folder: Path, *, limit: int = LIMIT, keep: int = KEEP) -> list[Path]:
    """Rotate every log past the limit; returns those that were."""
    rotated = []
    for path in folder.glob("*.log"):
        try:
            if path.stat().st_size < limit:
                continue
            for number in range(keep - 1, 0, -1):
                older = path.with_name(f"{path.name}.{number}")
                if older.exists():
                    older.replace(path.with_name(f"{path.name}.{number + 1}"))
            copy = path.with_name(f"{path.name}.1")
            os.close(begin(copy))
            shutil.copyfile(path, copy)
            os.truncate(path, 0)
        except OSError:
            # A full disk must not take the platform down with it; the next round tries again.
            continue
        rotated.append(path)
    return rotated
