"""Restore a platform from a backup, on this machine or on a bare one."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from superpaas import state
from superpaas.backup import contents, sealing, unpacking
from superpaas.backup.catalogue import Manifest
from superpaas.layout import Layout
from superpaas.messages import TroubleError
from superpaas.ports import Ports
from superpaas.postgres import Server
from superpaas.vault import Vault


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done; ``aside`` is where the former database was moved to."""

    manifest: Manifest
    seconds: float
    files: int
    secrets: int
    aside: Path | None


def restore(layout: Layout, source: Path, manifest: Manifest, key: str, *, replace: bool) -> Restored:
    """Put database, files and secrets back; the platform must not run. Nothing that was there is destroyed."""
    began = time.monotonic()
    current = state.read(layout)
    if current is not None and (current.supervised or any(record.alive for record in current.processes)):
        raise TroubleError(
            "平台正在运行。请先 ./run.sh down 再恢复。", "The platform is running. Stop it first: ./run.sh down"
        )
    cluster = layout.postgres / "cluster"
    if cluster.exists() and not replace:
        raise TroubleError(
            f"{layout.data} 中已有数据库。确认要用备份 {manifest.id} 替换时加 --replace"
            "（现有数据会移到一旁，不会删除）。",
            f"{layout.data} has a database already. Say --replace to put backup {manifest.id} in its place; what is"
            " there is moved aside, not removed.",
        )
    unpacking.check_parts(source, manifest)
    # Before anything is touched: with the wrong key nothing could be entered afterwards.
    sealing.opened(source / sealing.SEALED, key)
    for folder in ("logs", "run", "gateway", "files"):
        (layout.data / folder).mkdir(parents=True, exist_ok=True, mode=0o755 if folder != "files" else 0o700)
    layout.secrets.mkdir(exist_ok=True, mode=0o700)
    aside = _move_aside(layout) if cluster.exists() else None
    secrets = sealing.unseal(source / sealing.SEALED, key, layout)
    server = Server(layout, Ports(), Vault(layout.secrets))
    unfinished = server.folder / "cluster.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unpacking.unpack_cluster(source, unfinished, server.user)
    files = contents.unpack(source / contents.FILES, layout)
    unfinished.rename(server.cluster)
    # What was noted of the former cluster is not true of this one.
    for name in ("provisioned.json", "migrated.json"):
        (layout.run / name).unlink(missing_ok=True)
    return Restored(manifest, round(time.monotonic() - began, 1), files, secrets, aside)


def _move_aside(layout: Layout) -> Path:
    stamp = time.strftime("%Y%m%dT%H%M%S")
    folder = layout.postgres.resolve()
    aside = folder / f"cluster.before-restore-{stamp}"
    (folder / "cluster").rename(aside)
    former = layout.data / f"secrets.before-restore-{stamp}"
    shutil.copytree(layout.secrets, former)
    former.chmod(0o700)
    return aside
