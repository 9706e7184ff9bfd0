"""Make one backup of a running platform."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
import shutil
import subprocess
import time
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from superpaas import postgres, state
from superpaas.backup import catalogue, databases, sealing
from superpaas.backup.catalogue import Manifest, Part
from superpaas.backup.contents import FILES, FilesTar
from superpaas.layout import Layout
from superpaas.messages import TroubleError
from superpaas.vault import Vault

_SPARE = 200 * 1024 * 1024
_HASH_BLOCK = 1024 * 1024


def make(layout: Layout, *, actor: str) -> Manifest:
    """Make a backup; nothing is listed before all of it is on the disk."""
    folder = catalogue.folder_of(layout)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise TroubleError(
            f"备份目录 {folder} 无法建立：{error.strerror}。", f"{folder} cannot be made: {error.strerror}."
        ) from None
    lock = catalogue.hold_lock(folder)
    identity = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
    unfinished = folder / f"{catalogue.UNFINISHED}{identity}"
    try:
        _forget_unfinished(folder)
        note = {"what": "backup", "id": identity, "actor": actor, "at": catalogue.moment(), "pid": os.getpid()}
        state.write_json(folder / catalogue.RUNNING, {**note, "start": state.start_ticks(os.getpid())}, mode=0o600)
        unfinished.mkdir(mode=0o700)
        manifest = _make(layout, unfinished, identity, actor)
        _sync(unfinished / "database", unfinished)
        unfinished.rename(folder / identity)
        _sync(folder)
        (folder / catalogue.FAILED).unlink(missing_ok=True)
    except (TroubleError, OSError) as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        with suppress(OSError):
            told = {"at": catalogue.moment(), "id": identity, "actor": actor, "error": str(error)[:500]}
            state.write_json(folder / catalogue.FAILED, told, mode=0o600)
        raise
    finally:
        (folder / catalogue.RUNNING).unlink(missing_ok=True)
        os.close(lock)
    return manifest


def server_url(layout: Layout) -> str:
    """Where the running platform's superuser connects; raises when the platform's own database does not run."""
    current = state.read(layout)
    record = current.process("postgres") if current is not None else None
    if record is None or not record.alive:
        if os.environ.get("SUPERPAAS_DATABASE_URL"):
            raise TroubleError(
                "数据库由外部服务器提供，请用该服务器自己的备份（如 pg_basebackup 或云厂商快照）。",
                "The database is a server of its own: use that server's backups (pg_basebackup, or its provider's).",
            )
        raise TroubleError(
            "数据库没有在运行，无法备份。启动：./run.sh up", "The database is not running. Start it: ./run.sh up"
        )
    password = Vault(layout.secrets).token(postgres.PASSWORD)
    return f"postgresql://{postgres.SUPERUSER}:{password}@127.0.0.1:{record.port}/postgres"


def _make(layout: Layout, target: Path, identity: str, actor: str) -> Manifest:
    url, began, started_at = server_url(layout), time.monotonic(), catalogue.moment()
    sizes, heads = asyncio.run(_asked(url))
    _require_room(target, sum(sizes.values()))
    with FilesTar(layout, target / FILES) as files:
        files.take()
        _copy_cluster(layout, url, target)
        consistent_at = catalogue.moment()
        files.take()
        files.take_monitor()
    sealing.seal(layout, sealing.recovery_key(layout), target / sealing.SEALED)
    names = sorted(str(path.relative_to(target)) for path in target.rglob("*") if path.is_file())
    manifest = Manifest(
        identity,
        started_at,
        consistent_at,
        catalogue.moment(),
        round(time.monotonic() - began, 1),
        actor,
        version("superpaas"),
        _postgres_version(),
        _identity_of(layout),
        sizes,
        heads,
        [Part(name, (target / name).stat().st_size, sha256(target / name)) for name in names],
        "s3" if os.environ.get("FILES_STORAGE") else "local",
    )
    catalogue.write(target, manifest)
    return manifest


async def _asked(url: str) -> tuple[dict[str, int], dict[str, dict[str, list[Any]]]]:
    sizes = await databases.databases(url)
    return sizes, {name: await databases.heads(url, name) for name in sizes}


def _copy_cluster(layout: Layout, url: str, target: Path) -> None:
    """All databases at one and the same moment, with the log that makes them consistent."""
    port = url.rpartition(":")[2].partition("/")[0]
    command = [str(postgres.programs() / "pg_basebackup"), "--pgdata", str(target / "database"), "--format", "tar"]
    command += ["--compress", "client-gzip:1", "--wal-method", "stream", "--checkpoint", "fast"]
    command += ["--manifest-checksums", "SHA256", "--no-password"]
    command += ["--host", "127.0.0.1", "--port", port, "--username", postgres.SUPERUSER]
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C",
        "PGPASSWORD": Vault(layout.secrets).token(postgres.PASSWORD),
        "PGAPPNAME": "superpaas backup",
    }
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)  # noqa: S603
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["?"]
        raise TroubleError(f"复制数据库失败：{last[0]}", f"The database could not be copied: {last[0]}")


def _require_room(folder: Path, bytes_of_databases: int) -> None:
    free = shutil.disk_usage(folder).free
    # Compressed it is a third or less of it; half is asked for.
    needed = bytes_of_databases // 2 + _SPARE
    if free < needed:
        raise TroubleError(
            f"{folder.parent} 只剩 {free >> 20} MiB，备份约需 {needed >> 20} MiB。"
            "请清理，或用 SUPERPAAS_BACKUP_DIR 换一个盘。",
            f"{folder.parent} has {free >> 20} MiB left, a backup needs about {needed >> 20} MiB. Make room, or name"
            " another disk with SUPERPAAS_BACKUP_DIR.",
        )


def sha256(path: Path) -> str:
    """A file's digest."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_HASH_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _forget_unfinished(folder: Path) -> None:
    """What a killed backup left: we hold the lock, so nobody writes it any more."""
    for path in folder.glob(f"{catalogue.UNFINISHED}*"):
        shutil.rmtree(path, ignore_errors=True)


def _sync(*folders: Path) -> None:
    for folder in folders:
        for path in [*(item for item in folder.iterdir() if item.is_file()), folder]:
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _postgres_version() -> str:
    command = [str(postgres.programs() / "postgres"), "--version"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env={})  # noqa: S603 - our own program
    return done.stdout.strip().rpartition(" ")[2]


def _identity_of(layout: Layout) -> str:
    with (layout.postgres.resolve() / "cluster" / "global" / "pg_control").open("rb") as file:
        return file.read(8).hex()
