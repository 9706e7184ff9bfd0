"""Reads the folder of backups: manifests, restore tests, what runs and what failed last."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cellkit.settings import Settings

_SHOWN = ("id", "started_at", "consistent_at", "finished_at", "seconds", "actor", "version", "postgres", "databases")
_MORE = ("files", "system", "parts")


@dataclass(frozen=True, slots=True)
class Protection:
    """How well the platform is protected now; ages in seconds, None: never."""

    backup_age: float | None
    test_age: float | None
    test_failed: str | None
    failure: dict[str, Any] | None


class BackupFolder:
    """``SUPERPAAS_BACKUP_DIR``, else ``backups`` in the data folder."""

    def __init__(self, settings: Settings) -> None:
        named = settings.extra("SUPERPAAS_BACKUP_DIR")  # noqa: S610 - an environment variable
        self.folder = Path(named) if named else settings.data_folder / "backups"
        self._settings = settings

    def all(self) -> list[dict[str, Any]]:
        """All complete backups, the newest first."""
        try:
            names = sorted((path.name for path in self.folder.iterdir() if not path.name.startswith(".")), reverse=True)
        except OSError:
            return []
        return [found for name in names if (found := self.one(name)) is not None]

    def one(self, name: str, *, whole: bool = False) -> dict[str, Any] | None:
        """One backup; None when there is none of that name, or when it is not complete."""
        if "/" in name or name.startswith("."):
            return None
        manifest = _read(self.folder / name / "manifest.json")
        if manifest is None or manifest.get("id") != name:
            return None
        shown = {key: manifest.get(key) for key in (*_SHOWN, *(_MORE if whole else ()))}
        parts = manifest.get("parts") or []
        shown["bytes"] = sum(part.get("bytes", 0) for part in parts)
        shown["audit_chains"] = sum(len(tenants) for tenants in (manifest.get("heads") or {}).values())
        return {**shown, "verified": _read(self.folder / name / "verified.json")}

    def running(self) -> dict[str, Any] | None:
        """The backup or restore test under way."""
        found = _read(self.folder / "running.json")
        if found is None or _started(int(found.get("pid", 0))) != found.get("start"):
            return None
        return {key: found.get(key) for key in ("what", "id", "actor", "at")}

    def failure(self) -> dict[str, Any] | None:
        """The last backup, where it failed."""
        return _read(self.folder / "failed.json")

    def schedule(self) -> dict[str, Any]:
        """When backups are made and kept, as set for this platform."""
        environment = self._settings.environment
        ours = set(environment.get("SUPERPAAS_CONFIGURED", "").split(","))
        changed = _read(self._settings.data_folder / "configuration.json") or {}

        def value(name: str, default: str) -> str:
            # What the platform was started with wins, then what the console says now.
            given = "" if name in ours else environment.get(name, "")
            return given or str(changed.get(name, default))

        return {
            "at": value("SUPERPAAS_BACKUP_AT", "02:30"),
            "keep": int(value("SUPERPAAS_BACKUP_KEEP", "7")),
            "test_every_days": int(value("SUPERPAAS_BACKUP_TEST_DAYS", "7")),
        }

    def protection(self) -> Protection:
        """What alerts go by."""
        backups, now = self.all(), time.time()
        tests = [item["verified"] for item in backups if item["verified"]]
        good = max((_seconds(test["at"]) for test in tests if test.get("holds")), default=None)
        newest = max(tests, key=lambda test: _seconds(test["at"]), default=None)
        failed = newest is not None and not newest.get("holds")
        return Protection(
            now - _seconds(backups[0]["consistent_at"]) if backups else None,
            None if good is None else now - good,
            "; ".join(newest.get("problems") or ["?"])[:500] if failed and newest else None,
            self.failure(),
        )


def _read(path: Path) -> dict[str, Any] | None:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _started(pid: int) -> int:
    """When a process was started, in kernel ticks; 0 when it is gone. It tells it from a later one with its id."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    fields = text[text.rindex(")") + 2 :].split()
    return 0 if fields[0] in {"Z", "X"} or not os.path.isdir(f"/proc/{pid}") else int(fields[19])  # noqa: PTH112
