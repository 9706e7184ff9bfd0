"""``superpaas new-cell qms --zh 质量管理``: a cell that passes every gate, to begin with."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from superpaas import layout
from superpaas.messages import TroubleError, say
from superpaas.scaffold import writing
from superpaas.scaffold.writing import Wanted


def run(options: argparse.Namespace) -> int:
    """Write the cell with its first migration, and say what comes next."""
    root = layout.repository()
    cells = root / "cells"
    if not cells.is_dir():
        raise TroubleError(
            "这里不是平台的仓库（没有 cells 目录）。", "This is no repository of the platform: no cells folder."
        )
    wanted = Wanted(
        cell=options.name,
        zh=options.zh,
        en=options.en or options.name.upper(),
        entity=options.entity,
        entity_zh=options.entity_zh or ("记录" if options.entity == "record" else options.entity),
        entity_en=options.entity_en or options.entity.replace("_", " ").capitalize(),
        port=options.port or writing.free_port(cells),
    )
    writing.check(wanted, cells)
    folder = cells / wanted.cell
    try:
        files = writing.write(wanted, cells)
        _first_revision(root, wanted.cell)
        _format(folder)
        _describe(root, wanted.cell)
    except BaseException:
        # Half a cell would stop every later command.
        shutil.rmtree(folder, ignore_errors=True)
        raise
    say(
        f"已写好 cells/{wanted.cell}（{len(files) + 2} 个文件，端口 {wanted.port}）。",
        f"cells/{wanted.cell} is written.",
    )
    say(
        f"下一步：./run.sh test cells/{wanted.cell} · ./run.sh up --only crm,{wanted.cell} · 指南 docs/guide/sdk.md",
        f"Next: ./run.sh test cells/{wanted.cell} · ./run.sh up --only crm,{wanted.cell} · guide docs/en/guide/sdk.md",
    )
    return 0


def _first_revision(root: Path, cell: str) -> None:
    """The cell is not installed yet, so its source folder is named."""
    source = root / "cells" / cell / "src"
    path = os.pathsep.join(filter(None, [str(source), os.environ.get("PYTHONPATH", "")]))
    command = [sys.executable, "-m", "cellkit.db.migrate", "revision", cell, "-m", "first tables"]
    environment = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(command, check=False, cwd=root, env=environment, capture_output=True, text=True)  # noqa: S603 - own module
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise TroubleError(f"第一个迁移没有写成：{reason}", f"The first migration could not be written: {reason}")


def _describe(root: Path, cell: str) -> None:
    """The cell's ``openapi.json``, written by a process that knows the new folder."""
    path = os.pathsep.join(filter(None, [str(root / "cells" / cell / "src"), os.environ.get("PYTHONPATH", "")]))
    command = [sys.executable, "-m", "superpaas", "docs"]
    done = subprocess.run(  # noqa: S603 - own module
        command, check=False, cwd=root, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise TroubleError(f"openapi.json 没有写成：{reason}", f"openapi.json could not be written: {reason}")


def _format(folder: Path) -> None:
    """Long names wrap lines differently, and imports sort by the cell's name."""
    ruff = Path(sys.executable).parent / "ruff"
    for step in (["check", "--fix", "--quiet"], ["format", "--quiet"]):
        subprocess.run([str(ruff), *step, str(folder)], check=False)  # noqa: S603 - our own linter
