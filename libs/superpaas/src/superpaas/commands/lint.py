"""``superpaas lint``: ruff, its formatter and mypy over the workspace; vue-tsc and eslint over the web apps."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from superpaas import layout, webapps
from superpaas.messages import TroubleError, complain, say

STRICT = ("libs", "platform_core")


def run(options: argparse.Namespace) -> int:
    """Run all checks, even after one has failed; the exit code says whether any did."""
    root = layout.repository()
    programs = Path(sys.executable).parent
    fix = "--fix" in options.rest
    steps = [
        [str(programs / "ruff"), "check", "--quiet", "--output-format", "concise", *(["--fix"] if fix else []), "."],
        [str(programs / "ruff"), "format", "--quiet", *([] if fix else ["--check"]), "."],
        [sys.executable, "-m", "mypy", *sources(root)],
    ]
    codes = []
    for step in steps:
        say(f"» {' '.join([Path(step[0]).name, *step[1:3]])}", f"» {' '.join([Path(step[0]).name, *step[1:3]])}")
        codes.append(subprocess.run(step, check=False, cwd=root, env=dict(os.environ)).returncode)  # noqa: S603 - own tools
    codes += [
        web(root, words)
        for words in ([["run", "lint", "--", "--fix"], ["run", "types"]] if fix else [["run", "check"]])
    ]
    return int(any(codes))


def web(root: Path, words: list[str]) -> int:
    """``npm …`` in the web workspace, with what it needs installed first; nothing to do where there is none."""
    if not (root / "web" / "package.json").is_file():
        return 0
    say(f"» npm {' '.join(words)}", f"» npm {' '.join(words)}")
    try:
        with webapps.locked(root):
            webapps.install(root)
    except TroubleError as trouble:
        complain(str(trouble))
        return 1
    command, environment = webapps.npm(["--silent", *words]), webapps.environment(root)
    return subprocess.run(command, check=False, cwd=root / "web", env=environment).returncode  # noqa: S603 - own npm


def sources(root: Path) -> list[str]:
    """The source folders under strict typing."""
    folders = [member / "src" for member in layout.members(root) if member.parent.name in STRICT]
    return [str(folder.relative_to(root)) for folder in folders if any(folder.rglob("*.py"))]
