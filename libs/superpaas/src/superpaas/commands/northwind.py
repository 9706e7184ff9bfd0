"""``superpaas northwind DIR``: a trading year through the public interface, by ``demo.northwind``."""

from __future__ import annotations

import argparse

from superpaas.commands import hand_over


def run(options: argparse.Namespace) -> int:
    """Hand over to the demo with its arguments."""
    return hand_over("demo.northwind", options.rest)
