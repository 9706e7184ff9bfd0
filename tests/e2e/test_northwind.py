"""The main job on real input, with every process of the platform killed once while it runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.e2e.conftest import last_json_line
from tests.running import ROOT, Platform

EXPECTED = {
    "orders": 830,
    "order_value": "1265793.29",
    "invoiced": "1239855.85",
    "trial_balance_difference": "0.00",
    "stock_difference": "0",
}
LARGEST = [("QUICK-Stop", "110277.32"), ("Ernst Handel", "104875.00"), ("Save-a-lot Markets", "104361.96")]
LONGEST_SECONDS = 400


def command(platform: Platform, folder: Path) -> list[str]:
    return [sys.executable, "-m", "demo.northwind", str(folder), "--data", str(platform.data)]


def test_load_survives_the_death_of_any_process(platform: Platform, northwind_folder: Path) -> None:
    victims = [row["name"] for row in platform.status()["processes"]]
    assert {"postgres", "gateway", "identity", "governance", "crm", "erp"} <= set(victims)
    load = subprocess.Popen(
        command(platform, northwind_folder), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    killed = []
    deadline = time.monotonic() + LONGEST_SECONDS
    # The cell that is written to is met several times, in different phases of the load.
    for name in [*victims, "erp", "postgres", "gateway", "erp"]:
        time.sleep(1.5)
        if load.poll() is not None:
            break
        pid = next((row["pid"] for row in platform.status()["processes"] if row["name"] == name), None)
        if pid:
            os.kill(pid, signal.SIGKILL)
            killed.append(name)
    output, _ = load.communicate(timeout=max(1.0, deadline - time.monotonic()))
    assert load.returncode == 0, output
    assert len(killed) >= 4, killed
    result = last_json_line(output)
    assert {key: result[key] for key in EXPECTED} == EXPECTED, result
    assert [(row["name"], row["value"]) for row in result["top_customers"]] == LARGEST
    assert result["invoices"] == 809

    again = subprocess.run(
        command(platform, northwind_folder),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=LONGEST_SECONDS,
    )
    assert last_json_line(again.stdout) == result
