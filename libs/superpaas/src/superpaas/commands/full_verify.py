"""``superpaas full_verify``: everything that can be checked without a running platform."""

from __future__ import annotations

import argparse

from superpaas.commands import test


def run(_options: argparse.Namespace) -> int:
    """Lint, types and all tests."""
    return test.run(argparse.Namespace(rest=[]))
