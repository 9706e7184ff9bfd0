"""Keep log files small: past a size, a file is copied away and emptied in place.

The writers append, so they go on in the emptied file; renaming would leave them writing into the renamed one.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

LIMIT = 50 * 1024 * 1024
KEEP = 3


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
            shutil.copyfile(path, path.with_name(f"{path.name}.1"))
            os.truncate(path, 0)
        except OSError:
            # A full disk must not take the platform down with it; the next round tries again.
            continue
        rotated.append(path)
    return rotated
