"""``superpaas backup``: make a backup, list them, or prove one by restoring it (``--verify``)."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from superpaas.backup import catalogue, making, scheduling, sealing, testing
from superpaas.backup.catalogue import Manifest
from superpaas.layout import Layout
from superpaas.messages import TroubleError, say

_BROKEN = 2


def run(options: argparse.Namespace) -> int:
    """Do it; ``--verify`` answers 2 when the backup does not hold."""
    layout = Layout(Path(options.data).resolve())
    actor = options.actor or f"cli:{_operator()}"
    if options.list:
        return _list(layout, as_json=options.json)
    if options.verify is not None:
        return _verify(layout, options.verify, actor, as_json=options.json)
    manifest = making.make(layout, actor=actor)
    folder = catalogue.folder_of(layout)
    gone = catalogue.clean_up(folder, scheduling.keep())
    if options.json:
        _print({**asdict(manifest), "removed": gone})
    else:
        say(
            f"备份完成：{folder / manifest.id}（{manifest.size / 1e6:.1f} MB，{manifest.seconds} 秒）",
            f"Backup made: {folder / manifest.id} ({manifest.size / 1e6:.1f} MB in {manifest.seconds} s)",
        )
        if not os.environ.get("SUPERPAAS_BACKUP_KEY_FILE"):
            path = layout.secrets / sealing.KEY_NAME
            say(
                f"  恢复到另一台机器需要恢复密钥 {path}：请抄录或复制到机器之外，它不在备份里",
                f"  To restore elsewhere the recovery key {path} is needed: keep a copy off this machine, it is in no"
                " backup",
            )
        for identity in gone:
            say(f"  已按保留策略删除 {identity}", f"  removed by retention: {identity}")
    if options.scheduled and scheduling.proof_due(folder):
        return _verify(layout, "", actor, as_json=options.json)
    return 0


def _verify(layout: Layout, identity: str, actor: str, *, as_json: bool) -> int:
    outcome = testing.check(layout, identity, actor=actor)
    if as_json:
        _print(outcome)
    elif outcome["holds"]:
        totals = outcome["databases"].values()
        rows, chains = sum(item["rows"] for item in totals), sum(item["audit_chains"] for item in totals)
        say(
            f"恢复演练通过：{outcome['id']}，{outcome['restore_seconds']} 秒恢复可用，{rows} 行，{chains} 条审计链完整",
            f"The restore test passed: {outcome['id']} was serving after {outcome['restore_seconds']} s, {rows} rows,"
            f" {chains} audit trails whole",
        )
    else:
        for problem in outcome["problems"]:
            say(f"✗ {problem}", f"✗ {problem}")
    return 0 if outcome["holds"] else _BROKEN


def _list(layout: Layout, *, as_json: bool) -> int:
    folder = catalogue.folder_of(layout)
    backups = catalogue.all_of(folder)
    if as_json:
        _print({"folder": str(folder), "items": [_listed(folder, item) for item in backups]})
    elif not backups:
        raise TroubleError(f"{folder} 中没有备份。", f"There is no backup in {folder}.")
    else:
        for item in backups:
            tested = catalogue.verified(folder, item.id)
            zh = "未演练" if tested is None else "演练通过" if tested.get("holds") else "演练失败"
            en = "not tested" if tested is None else "tested" if tested.get("holds") else "TEST FAILED"
            say(f"{item.id}  {item.size / 1e6:9.1f} MB  {zh}", f"{item.id}  {item.size / 1e6:9.1f} MB  {en}")
    return 0


def _listed(folder: Path, item: Manifest) -> dict[str, Any]:
    return {**asdict(item), "bytes": item.size, "verified": catalogue.verified(folder, item.id)}


def _print(value: dict[str, Any]) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")


def _operator() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
