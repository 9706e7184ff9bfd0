"""``superpaas logs``: the last lines of a process, or which logs there are."""

from __future__ import annotations

import argparse
import collections
import sys
import time
from pathlib import Path

from superpaas.layout import Layout
from superpaas.messages import TroubleError, say


def run(options: argparse.Namespace) -> int:
    """Print the end of a log; with ``--follow`` go on."""
    layout = Layout(Path(options.data).resolve())
    names = sorted(path.stem for path in layout.logs.glob("*.log"))
    if not options.name:
        say(f"可看的日志：{', '.join(names) or '无'}", f"There are logs of: {', '.join(names) or 'nothing'}")
        return 0
    if options.name not in names:
        raise TroubleError(
            f"没有 {options.name} 的日志；可看的有：{', '.join(names) or '无'}。",
            f"There is no log of {options.name}; there are: {', '.join(names) or 'none'}.",
        )
    path = layout.log(options.name)
    with path.open(encoding="utf-8", errors="replace") as file:
        sys.stdout.writelines(collections.deque(file, maxlen=max(0, options.lines)))
        while options.follow:
            line = file.readline()
            if line:
                sys.stdout.write(line)
                sys.stdout.flush()
            elif path.stat().st_size < file.tell():
                file.seek(0)
            else:
                time.sleep(0.3)
    return 0
