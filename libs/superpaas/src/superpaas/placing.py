"""Where the database server's folder and programs may be.

PostgreSQL refuses to run as root, so a supervisor that is root runs it as a system user. That user must be able to
walk to the server's folder and programs. Where it cannot (a repository below ``/root``), they are placed below
``/var/lib/superpaas`` and linked: no folder of ours or of anybody else's is opened to the world.
"""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from pathlib import Path

from superpaas.messages import TroubleError
from superpaas.processes import User

ELSEWHERE = Path("/var/lib/superpaas")
_EXECUTE = 0o1
_OWNER_SHIFT, _GROUP_SHIFT = 6, 3


def server_user() -> User | None:
    """Whom the server runs as: us, or a system user without a password when we are root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return User(name, found.pw_uid, found.pw_gid)
    raise TroubleError(
        "PostgreSQL 不能以 root 运行，而系统里没有 postgres 或 nobody 用户。"
        "请改用普通用户执行，或先 useradd -r postgres。",
        "PostgreSQL does not run as root and there is no user postgres or nobody. Run as an ordinary user, or"
        " useradd -r postgres first.",
    )


def can_reach(path: Path, user: User) -> bool:
    """Whether the user may walk through every folder down to ``path``."""
    for folder in [path, *path.parents]:
        try:
            found = folder.stat()
        except FileNotFoundError:
            continue
        if found.st_uid == user.uid:
            allowed = found.st_mode >> _OWNER_SHIFT
        elif found.st_gid == user.gid:
            allowed = found.st_mode >> _GROUP_SHIFT
        else:
            allowed = found.st_mode
        if not allowed & _EXECUTE:
            return False
    return True


def place_folder(wanted: Path, user: User | None) -> bool:
    """Make the server's folder at ``wanted`` or, linked from there, elsewhere; True when it is elsewhere."""
    if wanted.is_symlink() and not wanted.exists():
        raise TroubleError(
            f"{wanted} 指向的数据库目录 {wanted.readlink()} 不存在。请恢复它；若数据确实不要了，删除该链接后再启动。",
            f"{wanted} points to {wanted.readlink()}, which does not exist. Bring it back, or remove the link if the"
            " data is really not wanted.",
        )
    if not wanted.exists():
        if user is None or can_reach(wanted.parent, user):
            wanted.mkdir(parents=True, mode=0o700)
        else:
            ELSEWHERE.mkdir(mode=0o755, parents=True, exist_ok=True)
            wanted.symlink_to(tempfile.mkdtemp(prefix="postgres-", dir=ELSEWHERE))
    real = wanted.resolve()
    if user is not None:
        if real.stat().st_uid != user.uid:
            os.chown(real, user.uid, user.gid)
        if not can_reach(real, user):
            raise TroubleError(
                f"以 root 启动时数据库由系统用户 {user.name} 运行，但它进不去 {real}。"
                "请用 --data 指定它能进入的目录（如 /var/lib/superpaas/data），或改用普通用户启动。",
                f"Started by root, the database runs as {user.name}, who cannot enter {real}. Name another place"
                " with --data (such as /var/lib/superpaas/data), or start as an ordinary user.",
            )
    return wanted.is_symlink()


def place_programs(programs: Path, user: User | None, version: str) -> Path:
    """The folder of programs, or a copy of it where the user can reach it.

    A wheel keeps the libraries it brings along in a folder beside its package, and its programs find them from where
    they are themselves; so the copy keeps the same shape.
    """
    if user is None or can_reach(programs, user):
        return programs
    installation = programs.parent
    package = installation.parent
    libraries = package.with_name(f"{package.name}.libs")
    copy = ELSEWHERE / f"programs-{version}"
    placed = copy / package.name / installation.name / programs.name
    if not (placed / "postgres").exists():
        ELSEWHERE.mkdir(mode=0o755, parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix="programs-", dir=ELSEWHERE))
        shutil.copytree(installation, temporary / package.name / installation.name)
        if libraries.exists():
            shutil.copytree(libraries, temporary / libraries.name)
        temporary.chmod(0o755)
        if copy.exists():
            shutil.rmtree(copy)
        temporary.rename(copy)
    return placed
