"""The restore test: a backup is worth what comes back out of it."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from superpaas import postgres, state
from superpaas.backup import catalogue, databases, sealing, unpacking
from superpaas.backup.catalogue import Manifest
from superpaas.layout import Layout
from superpaas.messages import TroubleError
from superpaas.ports import Ports
from superpaas.postgres import Server
from superpaas.vault import Vault


def check(layout: Layout, identity: str = "", *, actor: str) -> dict[str, Any]:
    """Restore a backup into a server of its own, read all of it, verify the audit trails, and note the outcome."""
    folder = catalogue.folder_of(layout)
    manifest = catalogue.named(folder, identity)
    lock = catalogue.hold_lock(folder)
    note = {"what": "verify", "id": manifest.id, "actor": actor, "at": catalogue.moment(), "pid": os.getpid()}
    try:
        state.write_json(folder / catalogue.RUNNING, {**note, "start": state.start_ticks(os.getpid())}, mode=0o600)
        outcome = _check(layout, folder / manifest.id, manifest)
        outcome["actor"] = actor
        state.write_json(folder / manifest.id / catalogue.VERIFIED, outcome, mode=0o600)
    finally:
        (folder / catalogue.RUNNING).unlink(missing_ok=True)
        os.close(lock)
    return outcome


def _check(layout: Layout, source: Path, manifest: Manifest) -> dict[str, Any]:
    began = time.monotonic()
    outcome: dict[str, Any] = {"id": manifest.id, "at": catalogue.moment(), "holds": False, "problems": []}
    server = Server(layout, Ports(), Vault(layout.secrets))
    scratch = Path(tempfile.mkdtemp(prefix="restore-test-", dir=server.folder))
    try:
        scratch.chmod(0o755)
        unpacking.check_parts(source, manifest)
        kept = sealing.opened(source / sealing.SEALED, sealing.recovery_key(layout))
        password = kept[f"secrets/{postgres.PASSWORD}"].decode().strip()
        unpacking.unpack_cluster(source, scratch / "cluster", server.user)
        with unpacking.served(server, scratch / "cluster", password, layout.log("restore-test")) as url:
            outcome["restore_seconds"] = round(time.monotonic() - began, 1)
            outcome["databases"] = asyncio.run(_read_all(url, manifest, outcome["problems"]))
    except (TroubleError, OSError, KeyError) as error:
        outcome["problems"].append(str(error)[:500])
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    outcome["seconds"] = round(time.monotonic() - began, 1)
    outcome["holds"] = not outcome["problems"]
    return outcome


async def _read_all(url: str, manifest: Manifest, problems: list[str]) -> dict[str, Any]:
    there = await databases.databases(url)
    problems += [f"database {name} is missing" for name in manifest.databases if name not in there]
    found: dict[str, Any] = {}
    for name in sorted(there):
        counted = await databases.count(url, name, manifest.heads.get(name, {}))
        problems += counted.problems
        found[name] = {
            "tables": counted.tables,
            "rows": counted.rows,
            "audit_chains": counted.chains,
            "audit_entries": counted.entries,
        }
    return found
