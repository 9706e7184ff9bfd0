"""The platform under measurement: started in a folder and at ports of its own, and what its processes cost."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from superpaas.first_login import settle

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Platform:
    """A running platform."""

    data: Path
    port_base: int

    @classmethod
    def start(cls, data: Path, port_base: int, only: str = "crm,erp", *, web: bool = False) -> Platform:
        """Start with these cells, and with the web apps when they are wanted; raises when it does not become ready."""
        command = [*_CLI, "up", "--data", str(data), "--port-base", str(port_base), "--only", only]
        command += [] if web else ["--no-web"]
        platform = cls(data, port_base)
        done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            platform.stop()
            raise RuntimeError(f"the platform does not start:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        # Nothing may be done with the first password but to change it.
        settle(platform.data / "first-login.json")
        return platform

    def stop(self) -> None:
        """Stop it."""
        subprocess.run([*_CLI, "down", "--data", str(self.data)], check=False, cwd=ROOT, stdout=subprocess.DEVNULL)

    @property
    def first_login(self) -> dict[str, str]:
        """The first administrator's login."""
        return dict(json.loads((self.data / "first-login.json").read_text(encoding="utf-8")))

    @property
    def database_port(self) -> int:
        """Where PostgreSQL listens."""
        return self.port_base + 543

    def secret(self, name: str) -> str:
        """A secret of this platform."""
        return (self.data / "secrets" / name).read_text(encoding="utf-8").strip()

    def status(self) -> dict[str, Any]:
        """``status --json``."""
        done = subprocess.run(
            [*_CLI, "status", "--json", "--data", str(self.data)], check=False, cwd=ROOT, capture_output=True
        )
        return dict(json.loads(done.stdout))

    def cpu_seconds(self) -> dict[str, float]:
        """CPU seconds used so far by each process; PostgreSQL's sessions count as PostgreSQL."""
        return {
            row["name"]: _cpu(row["pid"], with_children=row["name"] == "postgres")
            for row in self.status()["processes"]
            if row["pid"]
        }


_CLI = [sys.executable, "-m", "superpaas"]


def _cpu(pid: int, *, with_children: bool) -> float:
    total = 0.0
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        times = process.cpu_times()
        total = times.user + times.system
        if with_children:
            # What ended sessions used stands with their parent.
            total += times.children_user + times.children_system
            for child in process.children(recursive=True):
                with suppress(psutil.Error):
                    times = child.cpu_times()
                    total += times.user + times.system
    return total
