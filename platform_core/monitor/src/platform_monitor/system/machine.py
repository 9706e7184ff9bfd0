"""What the machine and the platform's processes say of themselves; Linux's own files, no library."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from cellkit.settings import Settings

_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
_MEMORY = re.compile(r"^(MemTotal|MemAvailable|SwapTotal|SwapFree):\s+(\d+) kB", re.MULTILINE)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_OWN_PREFIXES = ("cellkit", "superpaas", "platform-", "cell-")


def commit() -> str | None:
    """The commit of a checkout: ``SUPERPAAS_COMMIT``, else what ``.git`` says; None where there is neither."""
    named = os.environ.get("SUPERPAAS_COMMIT", "")
    if named:
        return named
    for folder in Path(__file__).resolve().parents:
        if (folder / ".git").is_dir():
            return _head(folder / ".git")
    return None


def _head(folder: Path) -> str | None:
    with suppress(OSError):
        head = (folder / "HEAD").read_text(encoding="utf-8").strip()
        if _COMMIT.fullmatch(head):
            return head
        name = head.removeprefix("ref: ")
        if (folder / name).is_file():
            return (folder / name).read_text(encoding="utf-8").strip()
        for line in (folder / "packed-refs").read_text(encoding="utf-8").splitlines():
            if line.endswith(f" {name}"):
                return line.split()[0]
    return None


def versions() -> dict[str, Any]:
    """Python, the system, and the product's own packages."""
    own = {item.name: item.version for item in distributions() if item.name.startswith(_OWN_PREFIXES)}
    return {
        "commit": commit(),
        "packages": dict(sorted(own.items())),
        "python": sys.version.split()[0],
        "system": platform.platform(),
    }


def host() -> dict[str, Any]:
    """Cores, load and memory."""
    memory = {}
    with suppress(OSError):
        memory = {key: int(value) * 1024 for key, value in _MEMORY.findall(Path("/proc/meminfo").read_text("ascii"))}
    return {
        "name": platform.node(),
        "cores": os.cpu_count(),
        "load": [round(value, 2) for value in os.getloadavg()],
        "memory_bytes": memory.get("MemTotal"),
        "memory_available_bytes": memory.get("MemAvailable"),
        "swap_bytes": memory.get("SwapTotal"),
        "swap_free_bytes": memory.get("SwapFree"),
    }


def disks(settings: Settings, backups: Path) -> list[dict[str, Any]]:
    """The places where the platform writes, with what is left there."""
    places = {"data": settings.data_folder, "database": settings.data_folder / "postgres", "backups": backups}
    found = []
    for name, place in places.items():
        with suppress(OSError):
            usage = shutil.disk_usage(place)
            found.append({"name": name, "path": str(place.resolve()), "bytes": usage.total, "free_bytes": usage.free})
    return found


def processes(settings: Settings) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The platform's phase, and its processes as the supervisor notes them, with the memory that each really uses."""
    try:
        state = json.loads((settings.data_folder / "run" / "state.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {"phase": None, "started_at": None}, []
    records = [*state.get("processes", [])]
    supervisor = {
        "name": "supervisor",
        "kind": "supervisor",
        "port": 0,
        "pid": state.get("supervisor", 0),
        "ready": True,
    }
    rows = [_process(record) for record in [*records, {**supervisor, "start": state.get("supervisor_start", 0)}]]
    whole = {
        "phase": state.get("phase"),
        "started_at": _moment(state.get("started_at", 0.0)),
        "notices": state.get("notices", []),
        "pss_bytes": sum(row["pss_bytes"] or 0 for row in rows),
    }
    return whole, rows


def _process(record: dict[str, Any]) -> dict[str, Any]:
    pid = int(record.get("pid") or 0)
    ticks = _started(pid)
    alive = bool(pid) and ticks == record.get("start")
    return {
        "name": record.get("name"),
        "kind": record.get("kind"),
        "pid": pid if alive else None,
        "port": record.get("port") or None,
        "ready": bool(record.get("ready")) and alive,
        "problem": record.get("problem") or None,
        "restarts": record.get("restarts", 0),
        "uptime_seconds": _uptime(ticks) if alive else None,
        "pss_bytes": _pss(pid, children=record.get("kind") != "supervisor") if alive else None,
    }


def _pss(pid: int, *, children: bool) -> int | None:
    """Shared pages count once among those who share them; the supervisor's children are listed themselves."""
    total = None
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        with suppress(OSError):
            found = _PSS.search(Path(f"/proc/{one}/smaps_rollup").read_text("ascii"))
            total = (total or 0) + (int(found.group(1)) * 1024 if found else 0)
            if children:
                waiting += map(int, Path(f"/proc/{one}/task/{one}/children").read_text("ascii").split())
    return total


def _started(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    return int(text[text.rindex(")") + 2 :].split()[19])


def _uptime(ticks: int) -> float | None:
    with suppress(OSError):
        up = float(Path("/proc/uptime").read_text("ascii").split()[0])
        return round(up - ticks / os.sysconf("SC_CLK_TCK"), 1)
    return None


def keys(settings: Settings) -> list[dict[str, Any]]:
    """How old each secret is, by name; never what is in it."""
    found = []
    places = [*(settings.data_folder / "secrets").glob("*"), *(settings.data_folder / "audit").glob("*/signing.key")]
    for path in sorted(places):
        with suppress(OSError):
            if path.is_file() and not path.name.startswith("."):
                changed = path.stat().st_mtime
                found.append(
                    {
                        "name": str(path.relative_to(settings.data_folder)),
                        "changed_at": _moment(changed),
                        "age_days": int((time.time() - changed) // 86_400),
                        "private": path.stat().st_mode & 0o077 == 0,
                    }
                )
    return found


def licences() -> list[dict[str, Any]]:
    """Every installed package with its licence, as it declares it."""
    found = {}
    for item in distributions():
        said = _first(item, "License-Expression") or _classified(item) or _first(item, "License")
        found[item.name.lower()] = {
            "name": item.name,
            "version": item.version,
            "licence": said.strip().splitlines()[0][:120] if said.strip() else None,
            "url": _first(item, "Project-URL").partition(", ")[2] or _first(item, "Home-page") or None,
        }
    return [found[name] for name in sorted(found)]


def _first(item: Distribution, name: str) -> str:
    return str(next(iter(item.metadata.get_all(name) or ()), ""))


def _classified(item: Distribution) -> str:
    classifiers = item.metadata.get_all("Classifier") or ()
    return ", ".join(text.rpartition(" :: ")[2] for text in classifiers if text.startswith("License ::"))


def _moment(seconds: float) -> str | None:
    if not seconds:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
