"""Everything that goes wrong is told in one line that says what to do."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from superpaas.ports import Ports


def one_line(result: Any) -> str:
    assert result.returncode == 1, result.stdout
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    assert "Traceback" not in result.stderr
    return str(lines[0])


def nothing_runs(platform: Any) -> bool:
    return bool(platform.run("status").returncode == 3)


def test_a_taken_port_is_named_with_its_holder_and_other_ports(platform: Any) -> None:
    with socket.create_server(("127.0.0.1", Ports(platform.base).of(8101))):
        line = one_line(platform.up())
    assert str(Ports(platform.base).of(8101)) in line
    assert "pid" in line
    assert "--port-base" in line
    assert nothing_runs(platform)


def test_a_base_out_of_range_is_refused(platform: Any) -> None:
    assert "--port-base 70000" in one_line(platform.run("up", "--port-base", "70000"))


@pytest.fixture
def stopped(platform: Any) -> Any:
    assert platform.up("--only", "alpha").returncode == 0
    assert platform.run("down").returncode == 0
    return platform


def test_a_database_of_another_version(stopped: Any) -> None:
    (stopped.data / "postgres" / "cluster" / "PG_VERSION").write_text("15\n")
    line = one_line(stopped.up())
    assert "PostgreSQL 15" in line
    assert "pg_upgrade" in line


def test_a_database_with_missing_files(stopped: Any) -> None:
    (stopped.data / "postgres" / "cluster" / "global" / "pg_control").unlink()
    line = one_line(stopped.up())
    assert "global/pg_control" in line
    assert "备份" in line


def test_a_damaged_database(stopped: Any) -> None:
    control = stopped.data / "postgres" / "cluster" / "global" / "pg_control"
    control.write_bytes(b"\0" * control.stat().st_size)
    line = one_line(stopped.up())
    assert str(stopped.data / "logs" / "postgres.log") in line
    assert "备份" in line


def test_a_lost_secret(stopped: Any) -> None:
    (stopped.data / "secrets" / "postgres-superuser").unlink()
    line = one_line(stopped.up())
    assert "postgres-superuser" in line
    assert "secrets" in line


def test_an_interrupted_first_boot_is_made_good(platform: Any) -> None:
    unfinished = platform.data / "postgres" / "cluster.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    assert platform.up("--only", "alpha").returncode == 0


def test_a_cell_that_cannot_start_does_not_keep_the_others_from_it(platform: Any) -> None:
    line = one_line(platform.up(CELL_BROKEN="beta"))
    assert line.startswith("beta 启动失败")
    assert "this cell is broken on purpose" in line
    assert platform.ask(8101, "/ready")[0] == 200
    lights = {row["name"]: row["light"] for row in platform.status()["processes"]}
    assert lights["alpha"] == "green"


def test_a_cell_whose_migration_fails_does_not_keep_the_others_from_it(platform: Any) -> None:
    line = one_line(platform.up(CELL_BROKEN_MIGRATION="beta"))
    assert line.startswith("beta 的数据库升级失败")
    assert "this migration is broken on purpose" in line
    assert platform.ask(8101, "/ready")[0] == 200
    assert platform.ask(8102, "/ready")[0] == 0


def test_a_platform_service_that_cannot_start_stops_all(platform: Any) -> None:
    assert one_line(platform.up(CELL_BROKEN="governance")).startswith("governance 启动失败")
    assert nothing_runs(platform)


def test_a_place_where_nothing_can_be_made(platform: Any) -> None:
    line = one_line(platform.run("up", "--data", "/proc/superpaas", "--port-base", str(platform.base)))
    assert "/proc/superpaas" in line
    assert "--data" in line
    assert "Errno" not in line


def test_no_right_to_write(ordinary: Any) -> None:
    shutil.rmtree(ordinary.data)
    ordinary.data.mkdir(mode=0o755)
    line = one_line(ordinary.up())
    assert str(ordinary.data) in line
    assert "--data" in line


@pytest.fixture
def mounted(platform: Any) -> Iterator[Any]:
    """A data directory on a file system of its own, 16 MB small."""
    command = ["mount", "-t", "tmpfs", "-o", "size=16m,mode=755", "tmpfs", str(platform.data)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    yield platform
    subprocess.run(["umount", "--lazy", str(platform.data)], check=False)


@pytest.mark.needs_root
def test_a_full_disk(mounted: Any) -> None:
    line = one_line(mounted.up())
    assert line.startswith("磁盘已满")
    assert str(mounted.data) in line


@pytest.mark.needs_root
def test_a_read_only_disk(mounted: Any) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(mounted.data)], check=True)
    line = one_line(mounted.up())
    assert "只读" in line
    assert "--data" in line


def test_programs_that_are_not_there(platform: Any, tmp_path: Path) -> None:
    line = one_line(platform.up(SUPERPAAS_POSTGRES_BIN=str(tmp_path)))
    assert "SUPERPAAS_POSTGRES_BIN" in line
