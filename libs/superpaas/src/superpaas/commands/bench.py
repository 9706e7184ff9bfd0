"""``superpaas bench``: measurements of the running platform, by ``tests.load.bench``."""

from __future__ import annotations

import argparse

from superpaas.commands import hand_over


def run(options: argparse.Namespace) -> int:
    """Hand over to the benchmark with its arguments."""
    return hand_over("tests.load.bench", options.rest)
