"""Make ``.venv`` from ``requirements.lock`` and the workspace's members, then hand over to the command line.

It runs before anything is installed, so it uses the standard library only. What is done already is skipped: a stamp
in ``.venv`` holds a digest of the lock, of the members and of the interpreter.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import NoReturn

from superpaas import compiling, layout
from superpaas.messages import TroubleError, complain, forgiving_output, say

UV_VERSION = "0.13.9"
LOCK_NAME = "requirements.lock"
OLDEST_PYTHON = (3, 11)
OLDEST_GLIBC = (2, 30)


def main() -> NoReturn:
    """Set up what is missing and replace this process by the command line."""
    forgiving_output()
    root = layout.repository()
    arguments = sys.argv[1:]
    try:
        check_machine()
        ensure(root, for_lock=arguments[:1] == ["lock"])
    except TroubleError as trouble:
        complain(str(trouble))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    python = str(root / ".venv" / "bin" / "python")
    # `lock` must work while the members cannot be installed yet, so it does not rely on them.
    start = f"import sys; sys.path.insert(0, {str(Path(__file__).parents[1])!r}); from superpaas.cli import main; "
    how = ["-c", start + "sys.exit(main())"] if arguments[:1] == ["lock"] else ["-m", "superpaas"]
    os.execv(python, [python, *how, *arguments])  # noqa: S606 - hands over, nothing comes back


def check_machine() -> None:
    """Refuse an interpreter or a C library that the parts cannot run on."""
    if sys.version_info < OLDEST_PYTHON:
        raise TroubleError(
            f"需要 Python 3.11 或更新版本，当前是 {platform.python_version()}。请安装后用 SUPERPAAS_PYTHON 指定。",
            f"Python 3.11 or newer is needed, this is {platform.python_version()}. Name one with SUPERPAAS_PYTHON.",
        )
    name, version = platform.libc_ver()
    if sys.platform == "linux" and name != "glibc":
        raise TroubleError(
            "需要 glibc（Alpine 等 musl 系统不支持）。请换用 Debian、Ubuntu、openEuler 等，或用容器镜像部署。",
            "glibc is needed (musl systems such as Alpine are not supported). Use another distribution or the images.",
        )
    found = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    if found and found < OLDEST_GLIBC:
        raise TroubleError(
            f"系统的 glibc {version} 太旧，需要 2.30 或更新（CentOS 7 不支持）。请升级系统，或用容器镜像部署。",
            f"glibc {version} is too old, 2.30 or newer is needed. Use a newer system or the container images.",
        )


def ensure(root: Path, *, for_lock: bool = False) -> None:
    """Bring ``.venv`` to what the lock and the members say."""
    wanted = {"packages": _packages_digest(root), "members": _members_digest(root)}
    stamp = root / ".venv" / ".superpaas-setup"
    if for_lock and (root / ".venv" / "bin" / "uv").exists():
        return
    if _read_stamp(stamp) == wanted:
        return
    (root / ".setup").mkdir(exist_ok=True)
    with (root / ".setup" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = _read_stamp(stamp)
        if done == wanted:
            return
        say("正在准备运行环境（首次约一分钟）……", "Setting up (about a minute the first time) ...")
        python = _make_venv(root)
        if done.get("packages") != wanted["packages"]:
            _install_packages(root, python)
        if not for_lock:
            _install_members(root, python)
            _compile(root, python)
        # Computed again: .venv may be a new one now.
        wanted["packages"] = _packages_digest(root)
        stamp.write_text("".join(f"{key} {value}\n" for key, value in wanted.items()), encoding="utf-8")


def _read_stamp(stamp: Path) -> dict[str, str]:
    try:
        lines = stamp.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return dict(line.split(" ", 1) for line in lines if " " in line)


def _packages_digest(root: Path) -> str:
    digest = hashlib.sha256()
    lock = root / LOCK_NAME
    digest.update(lock.read_bytes() if lock.exists() else b"")
    # Whichever interpreter asks, what counts is the one inside .venv.
    config = root / ".venv" / "pyvenv.cfg"
    digest.update(config.read_bytes() if config.exists() else b"")
    return digest.hexdigest()


def _members_digest(root: Path) -> str:
    digest = hashlib.sha256(str(root).encode())
    for member in layout.members(root):
        digest.update(str(member.relative_to(root)).encode())
        digest.update((member / "pyproject.toml").read_bytes())
    return digest.hexdigest()


def _make_venv(root: Path) -> str:
    """Make ``.venv`` unless it works, and put the pinned uv into it."""
    folder = root / ".venv"
    python = str(folder / "bin" / "python")
    if not _works(python):
        shutil.rmtree(folder, ignore_errors=True)
        try:
            venv.EnvBuilder(with_pip=True, symlinks=True).create(folder)
        except (subprocess.CalledProcessError, OSError) as error:
            shutil.rmtree(folder, ignore_errors=True)
            package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
            raise TroubleError(
                f"无法建立 .venv（{_short(error)}）。Debian/Ubuntu 请先执行 apt install {package}，并确认磁盘有空间。",
                f"Cannot make .venv ({_short(error)}). On Debian/Ubuntu: apt install {package}; check the disk, too.",
            ) from None
    if _output([str(folder / "bin" / "uv"), "--version"]).split()[1:2] != [UV_VERSION]:
        _install_uv(root, python)
    return python


def _works(python: str) -> bool:
    return bool(_output([python, "-c", "import pip; print(1)"]))


def _output(command: list[str]) -> str:
    try:
        return subprocess.run(command, check=False, capture_output=True, text=True).stdout  # noqa: S603 - own .venv
    except OSError:
        return ""


def _install_uv(root: Path, python: str) -> None:
    """By the hashes of the lock, when there is one: pip checks what it downloads."""
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    section = _lock_section(root / LOCK_NAME, "uv")
    if not section:
        _run([*pip, f"uv=={UV_VERSION}"], "uv")
        return
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write(section)
        file.flush()
        _run([*pip, "--require-hashes", "-r", file.name], "uv")


def _lock_section(lock: Path, name: str) -> str:
    """The lines of one package: name and version, then its hashes."""
    if not lock.exists():
        return ""
    found = re.search(rf"^{re.escape(name)}==(?:.*\\\n)*.*\n", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return found.group(0) if found else ""


def _install_packages(root: Path, python: str) -> None:
    if not (root / LOCK_NAME).exists():
        return
    command = [str(root / ".venv" / "bin" / "uv"), "pip", "install", "--quiet", "--python", python]
    _run([*command, "--require-hashes", "-r", str(root / LOCK_NAME)], LOCK_NAME, _mirror(python))


def _mirror(python: str) -> dict[str, str]:
    """Tell uv, which does not read pip's settings, of the mirror that the machine has told pip of."""
    if os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("UV_INDEX_URL"):
        return {}
    index = _output([python, "-m", "pip", "config", "get", "global.index-url"]).strip()
    index = os.environ.get("PIP_INDEX_URL") or index
    return {"UV_DEFAULT_INDEX": index} if index else {}


def _install_members(root: Path, python: str) -> None:
    """Editable and without dependencies: those come from the lock alone, so no registry is asked for our names."""
    command = [str(root / ".venv" / "bin" / "uv"), "pip", "install", "--quiet", "--python", python]
    command += ["--no-deps", "--no-build-isolation", "--no-sources", "--offline"]
    folders = [str(member) for member in layout.members(root)]
    if not folders:
        return
    together = [*command, *(part for folder in folders for part in ("--editable", folder))]
    if subprocess.run(together, check=False, capture_output=True).returncode == 0:  # noqa: S603 - own uv
        return
    failed = []
    for folder in folders:
        alone = subprocess.run(  # noqa: S603 - own uv
            [*command, "--editable", folder], check=False, capture_output=True, text=True
        )
        if alone.returncode:
            failed.append(Path(folder).relative_to(root).as_posix())
            complain(alone.stderr.strip())
    if failed:
        names = ", ".join(failed)
        raise TroubleError(
            f"无法安装工作区成员 {names}：请检查其 pyproject.toml（原因见上）。",
            f"Cannot install the workspace members {names}: check their pyproject.toml (reason above).",
        )


def _compile(root: Path, python: str) -> None:
    """Let the first start find what every later one finds; what cannot be imported is told by that start."""
    environment = {**os.environ, **compiling.kept(os.environ, str(root / ".venv"))}
    command = [python, "-m", "superpaas.compiling"]
    subprocess.run(command, check=False, capture_output=True, env=environment, cwd=root)  # noqa: S603 - own .venv


def _run(command: list[str], what: str, environment: dict[str, str] | None = None) -> None:
    result = subprocess.run(  # noqa: S603 - pip or uv of our own .venv
        command, check=False, stderr=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})}
    )
    if result.returncode:
        complain(result.stderr.strip())
        raise TroubleError(
            f"安装 {what} 时中断（原因见上）。请检查网络、磁盘空间或镜像设置（PIP_INDEX_URL），"
            "然后重新执行同一命令，会接着装。",
            f"Installing {what} was interrupted (reason above). Check network, disk space or the mirror"
            " (PIP_INDEX_URL) and run the same command again: it goes on from there.",
        )


def _short(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    return text[-1][:200] if text else type(error).__name__
