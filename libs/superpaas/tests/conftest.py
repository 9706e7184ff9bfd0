"""A platform of small made-up services, run by the real supervisor on a real PostgreSQL."""

from __future__ import annotations

import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from superpaas import placing, state
from superpaas.layout import Layout
from superpaas.ports import Ports, is_free
from superpaas.probes import ask

HERE = Path(__file__).parent
SITE = [path for path in sys.path if path.endswith("site-packages")]


@dataclass
class Platform:
    """One data directory, and the command line used on it."""

    data: Path
    base: int
    user: str = ""
    python: str = sys.executable
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        with self.begin(*words, **environment) as process:
            output, errors = process.communicate(timeout=120)
        return subprocess.CompletedProcess(words, process.returncode, output, errors)

    def begin(self, *words: str, data: bool = True, **environment: str) -> subprocess.Popen[str]:
        sources = [str(HERE.parent / "src"), str(HERE.parent.parent / "cellkit" / "src"), str(HERE / "made_up"), *SITE]
        place = ["--data", str(self.data)] if data else []
        found = pwd.getpwnam(self.user) if self.user else None
        return subprocess.Popen(
            [self.python, "-m", "superpaas", words[0], *place, *words[1:]],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
            user=found.pw_uid if found else None,
            group=found.pw_gid if found else None,
            extra_groups=[] if found else None,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.data),
                "LANG": "zh_CN.UTF-8",
                "PYTHONPATH": os.pathsep.join(sources),
                "PYTHONDONTWRITEBYTECODE": "1",
                "SUPERPAAS_SERVICE_GROUP": "made_up.services",
                "SUPERPAAS_GATEWAY_MODULE": "",
                **self.environment,
                **environment,
            },
        )

    def up(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.run("up", "--port-base", str(self.base), *words, **environment)

    def status(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.run("status", "--json").stdout)
        return answer

    def pids(self) -> dict[str, int]:
        return {row["name"]: row["pid"] for row in self.status()["processes"]}

    def ask(self, default_port: int, path: str, method: str = "GET") -> tuple[int, Any]:
        return ask(Ports(self.base).of(default_port), path, method=method)

    def layout(self) -> Layout:
        return Layout(self.data)

    def stop(self) -> None:
        self.run("down")
        last = state.read(self.layout())
        for record in last.processes if last else []:
            if record.alive:
                os.kill(record.pid, signal.SIGKILL)
        moved = self.data / "postgres"
        if moved.is_symlink():
            shutil.rmtree(moved.readlink(), ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)


@pytest.fixture
def wait_until() -> Callable[..., None]:
    def wait(condition: Callable[[], bool], seconds: float = 15) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.05)

    return wait


def _free_base() -> int:
    for _ in range(50):
        # Below the range that the system gives to outgoing connections.
        base = 12_000 + secrets.randbelow(380) * 50
        ports = Ports(base)
        if all(is_free(ports.of(port)) for port in (8000, 8001, 8005, 8543, 8101, 8102)):
            return base
    pytest.skip("no free ports")


def _platform() -> Platform:
    # Not pytest's own folder: the database's user cannot walk into that one.
    data = Path(tempfile.mkdtemp(prefix="superpaas-up-"))
    data.chmod(0o755)
    return Platform(data, _free_base())


@pytest.fixture
def platform() -> Iterator[Platform]:
    """A platform of one's own, to break."""
    made = _platform()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def running() -> Iterator[Platform]:
    """A running platform for tests that leave it running."""
    made = _platform()
    result = made.up()
    assert result.returncode == 0, result.stdout + result.stderr
    yield made
    made.stop()


@pytest.fixture
def ordinary() -> Iterator[Platform]:
    """A platform of a user who is not root."""
    if os.geteuid() != 0:
        pytest.skip("the other tests run as an ordinary user already")
    user = placing.User("nobody", pwd.getpwnam("nobody").pw_uid, pwd.getpwnam("nobody").pw_gid)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    real = Path(sys.executable).resolve()
    python = str(real) if placing.can_reach(real, user) else f"/usr/bin/{version}"
    if not Path(python).exists() or not placing.can_reach(HERE, user):
        pytest.skip("an ordinary user cannot reach a Python of this version, or this repository")
    made = _platform()
    made.user, made.python = "nobody", python
    os.chown(made.data, user.uid, user.gid)
    yield made
    made.stop()
