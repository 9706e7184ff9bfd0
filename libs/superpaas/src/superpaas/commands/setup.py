"""``superpaas setup``: ``.venv`` was made on the way here; the web apps are left."""

from __future__ import annotations

import argparse

from superpaas import layout, services, webapps


def run(options: argparse.Namespace) -> int:
    """Build the web apps unless they are not wanted."""
    if not options.no_web and services.WEB in services.choose(None):
        webapps.ensure(layout.repository())
    return 0
