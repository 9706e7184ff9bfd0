"""``superpaas lint``: ruff, its formatter and mypy over the workspace."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from superpaas import layout
from superpaas.messages import say

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
    return int(any(codes))


def sources(root: Path) -> list[str]:
    """The source folders under strict typing."""
    folders = [member / "src" for member in layout.members(root) if member.parent.name in STRICT]
    return [str(folder.relative_to(root)) for folder in folders if any(folder.rglob("*.py"))]
