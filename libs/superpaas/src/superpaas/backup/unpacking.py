"""Unpack the database of a backup, and serve it: for a restore, or beside the running platform for a test."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from superpaas import postgres
from superpaas.backup import catalogue, making
from superpaas.backup.catalogue import Manifest
from superpaas.messages import TroubleError
from superpaas.postgres import Server
from superpaas.processes import User

_BASE, _WAL, _LIST = "database/base.tar.gz", "database/pg_wal.tar.gz", "database/backup_manifest"
_START_SECONDS = 600


def check_parts(folder: Path, manifest: Manifest) -> None:
    """Raise unless every file is there, byte for byte."""
    for part in manifest.parts:
        path = folder / part.name
        if not path.is_file() or path.stat().st_size != part.bytes or making.sha256(path) != part.sha256:
            raise TroubleError(
                f"备份 {manifest.id} 的 {part.name} 缺失或已损坏，请用另一份备份。",
                f"{part.name} of backup {manifest.id} is missing or damaged: take another backup.",
            )


def unpack_cluster(folder: Path, target: Path, user: User | None) -> None:
    """Write the cluster's files to ``target``, owned by whoever runs the server, and check them against their list."""

    def owned(item: tarfile.TarInfo, path: str) -> tarfile.TarInfo | None:
        safe = tarfile.tar_filter(item, path)
        return (
            safe.replace(uid=os.geteuid(), gid=os.getegid(), uname="", gname="")
            if user is None
            else safe.replace(uid=user.uid, gid=user.gid, uname="", gname="")
        )

    target.mkdir(mode=0o700)
    if user is not None:
        os.chown(target, user.uid, user.gid)
    for name, place in ((_BASE, target), (_WAL, target / "pg_wal")):
        with tarfile.open(folder / name, "r:gz") as tar:
            tar.extractall(place, filter=owned)  # noqa: S202 - with a filter, from an archive whose digest was checked
    shutil.copyfile(folder / _LIST, target / "backup_manifest")
    command = [str(postgres.programs() / "pg_verifybackup"), "--quiet", str(target)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env={"LC_ALL": "C"})  # noqa: S603
    (target / "backup_manifest").unlink()
    if done.returncode:
        raise TroubleError(
            f"备份的数据库文件校验失败：{done.stderr.strip()[:300]}",
            f"The files of the database do not match their list: {done.stderr.strip()[:300]}",
        )


@contextmanager
def served(server: Server, cluster: Path, password: str, log: Path) -> Iterator[str]:
    """Run a server on an unpacked cluster, reachable by a socket alone; gives the superuser's address."""
    socket = server.scratch_socket()
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket),
        "unix_socket_permissions": "0700",
        "port": "5432",
        "shared_buffers": "32MB",
        "autovacuum": "off",
        "archive_mode": "off",
        "summarize_wal": "off",
        "max_connections": "10",
    }
    process = server.serve(cluster, options, log)
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not Server.is_ready(cluster, process):
            if process.ended() or time.monotonic() > deadline:
                raise TroubleError(
                    f"恢复出的数据库启动失败，日志：{log}", f"The restored database does not start, log: {log}"
                )
            time.sleep(0.05)
        yield f"postgresql://{postgres.SUPERUSER}:{password}@/postgres?host={socket}&port=5432"
    finally:
        server.end(process)
        shutil.rmtree(socket, ignore_errors=True)


def place(folder: Path, identity: str) -> tuple[Path, Manifest]:
    """A backup by its name in the folder of backups, or by the path of its own folder."""
    direct = Path(identity) if identity else folder
    if identity and (manifest := catalogue.read(direct)) is not None:
        return direct, manifest
    manifest = catalogue.named(folder, identity)
    return folder / manifest.id, manifest
