"""``superpaas test``: lint, types, then every test; pytest's closing line comes last."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from superpaas import layout
from superpaas.commands import lint
from superpaas.messages import complain, pick

WORKERS = "2"


def run(options: argparse.Namespace) -> int:
    """Everything, or with arguments just what pytest is told."""
    root = layout.repository()
    checks = 0 if options.rest else lint.run(argparse.Namespace(rest=[]))
    command = [sys.executable, "-m", "pytest"]
    command += options.rest or ["-q", "-n", WORKERS, "--dist", "loadfile"]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", "")}
    if checks:
        # Before the tests, so that the tests' closing line stays the last one.
        complain(
            pick(
                "代码检查或类型检查未通过（见上）；测试照常进行。",
                "Lint or types failed (above); the tests run all the same.",
            )
        )
    tests = subprocess.run(command, check=False, cwd=root, env=environment).returncode  # noqa: S603 - own pytest
    return tests or checks
