"""``superpaas test``: lint, types, the web packages' tests, then every other test; pytest's closing line comes last."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from superpaas import browsers, layout
from superpaas.commands import lint
from superpaas.messages import complain, pick

WORKERS = "2"


def run(options: argparse.Namespace) -> int:
    """Everything, or with arguments just what pytest is told."""
    root = layout.repository()
    checks = web = 0
    if not options.rest:
        checks = lint.run(argparse.Namespace(rest=[]))
        web = lint.web(root, ["test"])
    if not options.rest or any("web" in Path(word.partition("::")[0]).parts for word in options.rest):
        browsers.provide()
    command = [sys.executable, "-m", "pytest"]
    command += options.rest or ["-q", "-n", WORKERS, "--dist", "loadfile"]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", "")}
    if web:
        complain(pick("网页组件的测试未通过（见上）。", "Tests of the web packages failed (above)."))
    if checks:
        # Before the tests, so that the tests' closing line stays the last one.
        complain(
            pick(
                "代码检查或类型检查未通过（见上）；测试照常进行。",
                "Lint or types failed (above); the tests run all the same.",
            )
        )
    tests = subprocess.run(command, check=False, cwd=root, env=environment).returncode  # noqa: S603 - own pytest
    return tests or checks or web
