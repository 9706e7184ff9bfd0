"""The folder of backups as the monitor reads it."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from platform_monitor.backups.reading import BackupFolder

from cellkit.settings import read_settings


def moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def folder_of(data: Path, **environment: str) -> BackupFolder:
    return BackupFolder(read_settings("monitor", environment={"SUPERPAAS_DATA": str(data), **environment}))


def backup(data: Path, name: str, age_hours: float, verified: dict[str, Any] | None = None) -> Path:
    place = data / "backups" / name
    place.mkdir(parents=True)
    at = moment(time.time() - age_hours * 3600)
    parts = [{"name": "a", "bytes": 10, "sha256": ""}, {"name": "b", "bytes": 5, "sha256": ""}]
    manifest = {"id": name, "started_at": at, "consistent_at": at, "seconds": 1.5, "parts": parts}
    (place / "manifest.json").write_text(json.dumps(manifest))
    if verified is not None:
        (place / "verified.json").write_text(json.dumps({"at": at, **verified}))
    return place


def test_only_whole_backups_are_listed(tmp_path: Path) -> None:
    assert folder_of(tmp_path).all() == []
    backup(tmp_path, "20261120T000000Z-aaaa", 48)
    backup(tmp_path, "20261121T000000Z-bbbb", 24)
    (tmp_path / "backups" / ".unfinished-x").mkdir()
    (tmp_path / "backups" / "20261122T000000Z-cccc").mkdir()
    cut = backup(tmp_path, "20261123T000000Z-dddd", 1)
    (cut / "manifest.json").write_text('{"id": "2026')
    folder = folder_of(tmp_path)
    assert [item["id"] for item in folder.all()] == ["20261121T000000Z-bbbb", "20261120T000000Z-aaaa"]
    assert folder.all()[0]["bytes"] == 15
    for name in ("..", "../secrets", ".lock", "none"):
        assert folder.one(name) is None


def test_one_that_was_killed_does_not_run(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    (tmp_path / "backups").mkdir()
    note = {"what": "backup", "id": "x", "actor": "u", "at": "now", "pid": os.getpid(), "start": 1}
    (tmp_path / "backups" / "running.json").write_text(json.dumps(note))
    assert folder.running() is None
    ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    (tmp_path / "backups" / "running.json").write_text(json.dumps({**note, "start": ticks}))
    running = folder.running()
    assert running is not None
    assert running["id"] == "x"


def test_protection(tmp_path: Path) -> None:
    assert folder_of(tmp_path).protection().backup_age is None
    backup(tmp_path, "1", 50, {"holds": True})
    backup(tmp_path, "2", 2, {"holds": False, "problems": ["crm: gone"]})
    protection = folder_of(tmp_path).protection()
    assert protection.backup_age == pytest.approx(2 * 3600, abs=60)
    assert protection.test_age == pytest.approx(50 * 3600, abs=60)
    assert protection.test_failed == "crm: gone"
    backup(tmp_path, "3", 1, {"holds": True})
    assert folder_of(tmp_path).protection().test_failed is None


def test_the_schedule_is_the_one_in_force(tmp_path: Path) -> None:
    (tmp_path / "configuration.json").write_text('{"SUPERPAAS_BACKUP_AT": "off", "SUPERPAAS_BACKUP_KEEP": 3}')
    assert folder_of(tmp_path).schedule() == {"at": "off", "keep": 3, "test_every_days": 7}
    started = folder_of(tmp_path, SUPERPAAS_BACKUP_AT="01:00")
    assert started.schedule()["at"] == "01:00"
    configured = folder_of(tmp_path, SUPERPAAS_BACKUP_AT="01:00", SUPERPAAS_CONFIGURED="SUPERPAAS_BACKUP_AT")
    assert configured.schedule()["at"] == "off"
