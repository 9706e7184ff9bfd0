"""Which backups there are: a folder each, complete when its manifest is there. Standard library only."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from superpaas import state
from superpaas.layout import Layout
from superpaas.messages import TroubleError

MANIFEST, VERIFIED, RUNNING, FAILED = "manifest.json", "verified.json", "running.json", "failed.json"
UNFINISHED = ".unfinished-"
DEFAULT_KEEP = 7


@dataclass(slots=True)
class Part:
    """One file of a backup."""

    name: str
    bytes: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """What a backup says of itself; ``consistent_at`` is the moment to which a restore goes back.

    ``heads`` are the audit chains' ends before the backup began, by database and tenant: whatever is restored must
    hold them.
    """

    id: str
    started_at: str
    consistent_at: str
    finished_at: str
    seconds: float
    actor: str
    version: str
    postgres: str
    system: str
    databases: dict[str, int] = field(default_factory=dict)
    heads: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    files: str = "local"

    @property
    def size(self) -> int:
        """All its bytes."""
        return sum(part.bytes for part in self.parts)


def folder_of(layout: Layout) -> Path:
    """Where backups lie: ``SUPERPAAS_BACKUP_DIR`` (another disk, best of all), else ``backups`` in the data folder."""
    named = os.environ.get("SUPERPAAS_BACKUP_DIR", "")
    return Path(named).absolute() if named else layout.data / "backups"


def moment() -> str:
    """Now, in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def seconds_of(text: str) -> float:
    """A moment in seconds since 1970."""
    return datetime.fromisoformat(text).timestamp()


def read(folder: Path) -> Manifest | None:
    """The manifest of one backup's folder; None where it is not complete."""
    found = state.read_json(folder / MANIFEST)
    if not isinstance(found, dict):
        return None
    known = {one.name for one in fields(Manifest)}
    try:
        manifest = Manifest(**{key: value for key, value in found.items() if key in known})
        manifest.parts = [Part(**part) for part in found.get("parts", [])]
    except TypeError:
        return None
    return manifest


def all_of(folder: Path) -> list[Manifest]:
    """All complete backups, the newest first."""
    try:
        places = [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
    except OSError:
        return []
    found = [manifest for path in places if (manifest := read(path)) is not None]
    return sorted(found, key=lambda item: item.id, reverse=True)


def verified(folder: Path, identity: str) -> dict[str, Any] | None:
    """The last restore test of a backup."""
    found = state.read_json(folder / identity / VERIFIED)
    return found if isinstance(found, dict) else None


def named(folder: Path, identity: str) -> Manifest:
    """One backup, the newest for ""; raises when there is none."""
    found = all_of(folder)
    chosen = next((item for item in found if not identity or item.id == identity), None)
    if chosen is None:
        raise TroubleError(
            f"{folder} 中没有备份{f' {identity}' if identity else ''}。先执行 ./run.sh backup。",
            f"There is no backup{f' {identity}' if identity else ''} in {folder}. Run ./run.sh backup first.",
        )
    return chosen


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest and wait until it is on the disk."""
    with (folder / MANIFEST).open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())


def to_remove(backups: Iterable[Manifest], checked: set[str], keep: int) -> list[str]:
    """Which backups are older than the newest ``keep``; the newest that a restore test has proved stays in any case."""
    ordered = [item.id for item in backups]
    proved = next((identity for identity in ordered if identity in checked), "")
    return [identity for identity in ordered[max(keep, 1) :] if identity != proved]


def clean_up(folder: Path, keep: int) -> list[str]:
    """Remove what retention no longer keeps; returns their names."""
    backups = all_of(folder)
    checked = {item.id for item in backups if (verified(folder, item.id) or {}).get("holds")}
    gone = to_remove(backups, checked, keep)
    for identity in gone:
        # Renamed first: what is half removed must not look like a backup.
        away = folder / f"{UNFINISHED}{identity}"
        (folder / identity).rename(away)
        shutil.rmtree(away, ignore_errors=True)
    return gone


def hold_lock(folder: Path) -> int:
    """Only one backup or restore test at a time; raises while another one runs."""
    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise TroubleError(
            "另一个备份或恢复演练正在进行，请等它结束。",
            "Another backup or restore test is running; wait until it has ended.",
        ) from None
    return descriptor
