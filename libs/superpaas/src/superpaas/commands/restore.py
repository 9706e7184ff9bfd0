"""``superpaas restore``: bring a platform back from a backup."""

from __future__ import annotations

import argparse
from pathlib import Path

from superpaas.backup import catalogue, restoring, sealing, unpacking
from superpaas.layout import Layout
from superpaas.messages import say


def run(options: argparse.Namespace) -> int:
    """Restore into ``--data``; the platform is started by ``up`` afterwards."""
    layout = Layout(Path(options.data).resolve())
    source, manifest = unpacking.place(catalogue.folder_of(layout), options.backup)
    key = sealing.read_key(options.key_file) if options.key_file else sealing.recovery_key(layout)
    done = restoring.restore(layout, source, manifest, key, replace=options.replace)
    say(
        f"已恢复到 {manifest.consistent_at} 的状态（{done.seconds} 秒，{done.files} 个文件）。启动：./run.sh up",
        f"Restored to {manifest.consistent_at} ({done.seconds} s, {done.files} files). Start it: ./run.sh up",
    )
    if done.aside is not None:
        say(
            f"原数据库移到了 {done.aside}，确认无误后可删除",
            f"The former database is in {done.aside}; remove it once all is well",
        )
    return 0
