"""A cell that nobody had heard of when the web apps were built: written by the scaffold, run beside a platform.

It is run as an author or a container runs it, ``superpaas serve NAME --migrate``, in a process of its own. Started as a
module, this file is that process: it makes the cell's database and its environment as the supervisor does for its own.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from tests.running import ROOT, Platform

# What the scaffold looks at in a repository: where it is, its linter's rules, its reference, and the cells there are.
_NEEDED = (
    "run.sh",
    "requirements.lock",
    "pyproject.toml",
    "ruff.toml",
    "libs/superpaas/src",
    "libs/superpaas/pyproject.toml",
    "docs/guide/reference.md",
    "docs/en/guide/reference.md",
)
# Its database is made, its migrations run and governance hears of it in that time, on a machine that does much else.
_SECONDS = 90.0


@dataclass(slots=True)
class NewCell:
    """A cell from the scaffold."""

    name: str
    folder: Path
    platform: Platform
    process: subprocess.Popen[bytes] | None = None

    @property
    def source(self) -> Path:
        """Where its package lies."""
        return self.folder / "cells" / self.name / "src"

    @property
    def log(self) -> Path:
        """What its process says."""
        return self.folder / f"{self.name}.log"

    def write(self, *arguments: str) -> None:
        """``superpaas new-cell`` in a repository of its own, so that nothing is left in this one."""
        for name in _NEEDED:
            source, target = ROOT / name, self.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
        for manifest in ROOT.glob("cells/*/cell.toml"):
            (self.folder / "cells" / manifest.parent.name).mkdir(parents=True)
            shutil.copy(manifest, self.folder / "cells" / manifest.parent.name)
        path = os.pathsep.join([str(self.folder / "libs" / "superpaas" / "src"), os.environ.get("PYTHONPATH", "")])
        command = [sys.executable, "-m", "superpaas", "new-cell", self.name, *arguments]
        done = subprocess.run(
            command,
            check=False,
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self) -> None:
        """Run it beside the platform, and wait until it is ready."""
        self._install()
        path = os.pathsep.join([str(self.source), str(ROOT), os.environ.get("PYTHONPATH", "")])
        command = [sys.executable, "-m", __name__, self.name, str(self.platform.data), str(self.platform.port_base)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env={**os.environ, "PYTHONPATH": path}, stdout=log, stderr=log
            )
        deadline = time.monotonic() + _SECONDS
        while not self._is_ready():
            assert self.process.poll() is None, self._said()
            assert time.monotonic() < deadline, self._said()
            time.sleep(0.1)

    def stop(self) -> None:
        """End its process, as its operator would."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(20)
            self.process = None

    def _install(self) -> None:
        """What an installer leaves of a package beside its source: its name, and its entry point."""
        information = self.source / f"cell_{self.name}-0.1.0.dist-info"
        information.mkdir(exist_ok=True)
        (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: cell-{self.name}\nVersion: 0.1.0\n")
        (information / "entry_points.txt").write_text(
            f"[superpaas.services]\n{self.name} = cell_{self.name}.app:service\n", encoding="utf-8"
        )

    def _is_ready(self) -> bool:
        ready = self.folder / "port"
        if not ready.is_file():
            return False
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{ready.read_text()}/ready", timeout=2).close()
        except (OSError, urllib.error.HTTPError):
            return False
        return True

    def _said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-3000:]


def serve(name: str, data: Path, port_base: int) -> int:
    """Make the cell's database and become the cell."""
    from superpaas import provision, services
    from superpaas.cli import main
    from superpaas.layout import Layout
    from superpaas.ports import Ports
    from superpaas.postgres import Server
    from superpaas.vault import Vault

    layout, ports = Layout(data), Ports(port_base)
    vault = Vault(layout.secrets)
    owner, application = vault.token(f"database-{name}"), vault.token(f"database-{name}_app")
    server = Server(layout, ports, vault)
    provision.provision(server.url, [provision.Database(name, owner, application)])
    loaded = services.load([*services.PLATFORM_ORDER, name])
    defaults = {service.name: service.port for service in loaded.services}
    environments = services.Environments(layout, ports, f"127.0.0.1:{ports.postgres}", defaults)
    [service] = [service for service in loaded.services if service.name == name]
    environment = environments.service(service)
    Path("port").write_text(environment["SERVICE_PORT"], encoding="utf-8")
    os.environ.update(environment)
    return main(["serve", name, "--migrate"])


if __name__ == "__main__":
    sys.exit(serve(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
