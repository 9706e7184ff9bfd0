"""One module a command; each has ``run(options) -> int | None``."""

from __future__ import annotations

import os
import subprocess
import sys

from superpaas import layout
from superpaas.messages import TroubleError


def hand_over(module: str, arguments: list[str]) -> int:
    """Run a module of the repository from where the caller stands, so that relative paths mean what they say."""
    root = layout.repository()
    if not (root / module.replace(".", "/")).exists() and not (root / f"{module.replace('.', '/')}.py").exists():
        raise TroubleError(f"仓库里没有 {module}。", f"The repository has no {module}.")
    path = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH", "")]))
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, check=False, env=environment, cwd=caller()).returncode  # noqa: S603 - own module


def caller() -> str:
    """Where ``run.sh`` was called; it changes to the repository itself."""
    return os.environ.get("SUPERPAAS_CALLED_FROM") or os.getcwd()  # noqa: PTH109 - a string is what is needed
