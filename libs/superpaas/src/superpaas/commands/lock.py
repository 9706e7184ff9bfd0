"""``superpaas lock``: make ``requirements.lock`` again."""

from __future__ import annotations

import argparse

from superpaas import layout, locking
from superpaas.bootstrap import LOCK_NAME
from superpaas.messages import say


def run(options: argparse.Namespace) -> int:
    """Resolve what the members declare and write the lock."""
    root = layout.repository()
    before = locking.locked(root) if (root / LOCK_NAME).exists() else {}
    locking.write(root, upgrade=options.upgrade)
    after = locking.locked(root)
    changed = sum(1 for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    say(f"requirements.lock：{len(after)} 个包，{changed} 个有变化。", f"{len(after)} packages, {changed} changed.")
    return 0
