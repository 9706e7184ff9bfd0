"""What a backup has besides the database: uploaded files, audit archives, the monitor's own database."""

from __future__ import annotations

import sqlite3
import tarfile
import tempfile
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from superpaas.layout import Layout

FILES = "files.tar"
_FOLDERS = ("files", "audit")
_SQLITE = Path("monitor") / "monitor.sqlite"
_PRIVATE = frozenset({"signing.key"})


class FilesTar:
    """A tar that takes files before the database is copied, and once more those that came meanwhile.

    Contents of uploads never change once they are there, so that both rounds together hold every file that the copied
    database knows: what was removed meanwhile came in the first round, what was added comes in the second.
    """

    def __init__(self, layout: Layout, target: Path) -> None:
        self._layout = layout
        self._target = target
        self._taken: dict[str, tuple[int, int]] = {}
        self._tar: tarfile.TarFile | None = None

    def __enter__(self) -> Self:
        self._tar = tarfile.open(self._target, "w")
        self._target.chmod(0o600)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._tar is not None:
            self._tar.close()

    def take(self) -> int:
        """Add all files that are new or have changed since the last round; returns how many."""
        count = 0
        for folder in _FOLDERS:
            for path in sorted((self._layout.data / folder).rglob("*")):
                count += self._add(path)
        return count

    def _add(self, path: Path) -> bool:
        name = str(path.relative_to(self._layout.data))
        if path.name in _PRIVATE or path.is_symlink() or self._tar is None:
            return False
        # Removed while we look: the other round has it, or nothing needs it.
        with suppress(FileNotFoundError):
            if not path.is_file():
                return False
            found = path.stat()
            if self._taken.get(name) == (found.st_size, found.st_mtime_ns):
                return False
            self._tar.add(path, arcname=name, recursive=False)
            self._taken[name] = (found.st_size, found.st_mtime_ns)
            return True
        return False

    def take_monitor(self) -> None:
        """Add a consistent copy of the monitor's database, which it goes on writing."""
        source = self._layout.data / _SQLITE
        if not source.exists() or self._tar is None:
            return
        with tempfile.NamedTemporaryFile(dir=self._target.parent) as copy:
            with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(copy.name)) as target:
                live.backup(target)
            self._tar.add(copy.name, arcname=str(_SQLITE), recursive=False)


def unpack(source: Path, layout: Layout) -> int:
    """Put the files back; returns how many."""
    with tarfile.open(source, "r") as tar:
        tar.extractall(layout.data, filter="data")
        return len(tar.getmembers())
