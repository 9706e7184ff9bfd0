"""The browser of the tests: Debian's Chromium, found on the machine or installed by the test command."""

from __future__ import annotations

import os
import shutil
import subprocess

from superpaas.messages import TroubleError, say

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# Without a Chinese font every screenshot shows boxes, and texts have other widths than at a user's.
_PACKAGES = ("chromium", "fonts-noto-cjk")
_INSTALL_SECONDS = 600


def find() -> str:
    """Chromium's program: ``SUPERPAAS_CHROMIUM``, else the first in the path; "" when there is none."""
    named = os.environ.get("SUPERPAAS_CHROMIUM", "")
    if named:
        return named if os.access(named, os.X_OK) else ""
    return next((found for name in _NAMES if (found := shutil.which(name))), "")


def require() -> str:
    """Chromium's program; :class:`TroubleError` says how to get it."""
    found = find()
    if found:
        return found
    named = os.environ.get("SUPERPAAS_CHROMIUM", "")
    at = f"（SUPERPAAS_CHROMIUM={named}）" if named else ""
    raise TroubleError(
        f"未找到浏览器 Chromium{at}，网页测试无法进行：apt-get install -y {' '.join(_PACKAGES)}，"
        "或用 SUPERPAAS_CHROMIUM 指定其程序。",
        f"Chromium was not found{f' (SUPERPAAS_CHROMIUM={named})' if named else ''}, so the web tests cannot run:"
        f" apt-get install -y {' '.join(_PACKAGES)}, or name its program in SUPERPAAS_CHROMIUM.",
    )


def provide() -> None:
    """Install Chromium where it is missing and may be installed: as root, with apt, unless ``SUPERPAAS_APT=0``.

    When that fails nothing is said here but what apt said: the tests that need a browser fail with the way out.
    """
    if find() or not may_install():
        return
    say("正在安装测试用的浏览器 Chromium……", "Installing Chromium for the web tests ...")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *_PACKAGES]):
        try:
            done = subprocess.run(  # noqa: S603 - Debian's own program, a list of arguments
                ["apt-get", *words],  # noqa: S607 - wherever Debian has it
                check=False,
                capture_output=True,
                text=True,
                env=environment,
                timeout=_INSTALL_SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            say(f"  安装未完成：{error}", f"  not installed: {error}")
            return
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["?"])[-1]
            say(f"  安装未完成：{last}", f"  not installed: {last}")
            return


def may_install() -> bool:
    """Whether this machine is ours to install something on."""
    return os.geteuid() == 0 and os.environ.get("SUPERPAAS_APT", "1") != "0" and shutil.which("apt-get") is not None
