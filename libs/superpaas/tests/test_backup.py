"""Backups of a running platform: made, proved, killed half way, restored elsewhere."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from superpaas.backup import catalogue, sealing
from superpaas.backup.catalogue import Manifest, to_remove
from superpaas.backup.scheduling import due
from superpaas.layout import Layout
from superpaas.messages import TroubleError
from superpaas.ports import Ports

Wait = Callable[..., None]
NIGHT = datetime(2026, 11, 22, 2, 30).astimezone()


def url_of(platform: Any, database: str) -> str:
    password = (platform.data / "secrets" / "postgres-superuser").read_text().strip()
    return f"postgresql://superpaas:{password}@127.0.0.1:{Ports(platform.base).postgres}/{database}"


def execute(platform: Any, database: str, *statements: str) -> Any:
    async def work() -> Any:
        connection = await asyncpg.connect(url_of(platform, database))
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return await connection.fetchval(statements[-1])
        finally:
            await connection.close()

    return asyncio.run(work())


def made(platform: Any) -> dict[str, Any]:
    result = platform.run("backup", "--json")
    assert result.returncode == 0, result.stderr
    return dict(json.loads(result.stdout))


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="superpaas-restored-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


class TestMaking:
    def test_a_backup_is_proved_by_restoring_it(self, running: Any) -> None:
        execute(
            running, "alpha", "CREATE TABLE kept (id int); INSERT INTO kept SELECT generate_series(1, 500)", "SELECT 1"
        )
        manifest = made(running)
        result = running.run("backup", "--verify", manifest["id"], "--json")
        outcome = json.loads(result.stdout)
        assert result.returncode == 0, outcome
        assert outcome["holds"]
        assert outcome["databases"]["alpha"]["rows"] >= 500
        assert 0 < outcome["restore_seconds"] < 60
        listed = json.loads(running.run("backup", "--list", "--json").stdout)["items"]
        assert [item["verified"]["holds"] for item in listed if item["id"] == manifest["id"]] == [True]

    def test_no_secret_lies_in_it_in_clear(self, running: Any) -> None:
        manifest = made(running)
        folder = running.data / "backups" / manifest["id"]
        whole = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
        for path in (running.data / "secrets").iterdir():
            assert path.read_bytes().strip() not in whole, path.name
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        key = (running.data / "secrets" / "backup-key").read_text().strip()
        opened = sealing.opened(folder / sealing.SEALED, key)
        assert opened["secrets/postgres-superuser"] == (running.data / "secrets" / "postgres-superuser").read_bytes()
        assert "secrets/backup-key" not in opened
        with pytest.raises(TroubleError):
            sealing.opened(folder / sealing.SEALED, "another-key-that-is-long-enough")

    def test_damage_is_found(self, running: Any) -> None:
        manifest = made(running)
        path = running.data / "backups" / manifest["id"] / "database" / "base.tar.gz"
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        result = running.run("backup", "--verify", manifest["id"], "--json")
        assert result.returncode == 2
        assert "base.tar.gz" in json.loads(result.stdout)["problems"][0]
        shutil.rmtree(path.parents[1])

    def test_a_changed_audit_trail_is_found(self, running: Any) -> None:
        columns = "id uuid, at timestamptz, user_id text, action text, entity text, entity_id text, before text"
        more = "after text, request_id text, address text, row_hash bytea, sequence bigint, chain_hash bytea"
        values = "gen_random_uuid(), now(), 'u', 'a', 'e', '1', null, null, 'r', 'x', 'wrong', 1, 'wrong'"
        execute(
            running,
            "beta",
            f"CREATE TABLE audit (tenant_id uuid, {columns}, {more})",
            f"INSERT INTO audit SELECT gen_random_uuid(), {values}",
            "SELECT 1",
        )
        manifest = made(running)
        result = running.run("backup", "--verify", manifest["id"], "--json")
        execute(running, "beta", "DROP TABLE audit", "SELECT 1")
        outcome = json.loads(result.stdout)
        assert result.returncode == 2
        assert "audit trail of tenant" in outcome["problems"][0]
        shutil.rmtree(running.data / "backups" / manifest["id"])

    def test_killed_half_way_it_is_not_listed_and_the_next_one_cleans_up(self, running: Any, wait_until: Wait) -> None:
        before = {item.id for item in catalogue.all_of(running.data / "backups")}
        noise = running.data / "files" / "noise"
        noise.write_bytes(os.urandom(80_000_000))
        process = running.begin("backup")
        try:
            wait_until(lambda: any((running.data / "backups").glob(f"{catalogue.UNFINISHED}*/*")))
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=30)
        finally:
            noise.unlink()
        assert list((running.data / "backups").glob(f"{catalogue.UNFINISHED}*"))
        assert {item.id for item in catalogue.all_of(running.data / "backups")} == before
        manifest = made(running)
        assert not list((running.data / "backups").glob(f"{catalogue.UNFINISHED}*"))
        assert manifest["id"] not in before

    def test_two_at_a_time_are_refused(self, running: Any) -> None:
        lock = catalogue.hold_lock(running.data / "backups")
        try:
            result = running.run("backup")
        finally:
            os.close(lock)
        assert result.returncode == 1
        assert "另一个备份" in result.stderr


class TestRestoring:
    def test_a_bare_machine_gets_all_back(self, platform: Any, elsewhere: Path) -> None:
        assert platform.up().returncode == 0
        execute(platform, "alpha", "CREATE TABLE kept (text text); INSERT INTO kept VALUES ('before')", "SELECT 1")
        upload = platform.data / "files" / "alpha" / "upload"
        upload.parent.mkdir()
        upload.write_text("content")
        manifest = made(platform)
        execute(platform, "alpha", "INSERT INTO kept VALUES ('after')", "SELECT 1")
        source = platform.data / "backups" / manifest["id"]
        assert platform.run("restore", str(source)).returncode == 1
        key = elsewhere / "written-down"
        shutil.copy(platform.data / "secrets" / "backup-key", key)
        wrong = elsewhere / "wrong"
        wrong.write_text("x" * 43)
        copy = elsewhere / "backup"
        shutil.copytree(source, copy)
        platform.run("down")
        shutil.rmtree(platform.data / "files" / "alpha")

        other = type(platform)(elsewhere / "data", platform.base)
        other.data.mkdir()
        try:
            refused = other.run("restore", str(copy), "--key-file", str(wrong))
            assert refused.returncode == 1
            assert "恢复密钥不对" in refused.stderr
            assert not (other.data / "secrets").exists()
            restored = other.run("restore", str(copy), "--key-file", str(key))
            assert restored.returncode == 0, restored.stderr
            began = time.monotonic()
            up = other.up()
            assert up.returncode == 0, up.stdout + up.stderr
            assert time.monotonic() - began < 60
            assert execute(other, "alpha", "SELECT string_agg(text, ',') FROM kept") == "before"
            assert (other.data / "files" / "alpha" / "upload").read_text() == "content"
            secret = "secrets/database-alpha_app"
            assert (other.data / secret).read_bytes() == (platform.data / secret).read_bytes()
            other.run("down")
            again = other.run("restore", str(copy), "--key-file", str(key))
            assert again.returncode == 1
            assert "--replace" in again.stderr
            assert other.run("restore", str(copy), "--key-file", str(key), "--replace").returncode == 0
            assert list((other.data / "postgres").resolve().glob("cluster.before-restore-*"))
        finally:
            other.stop()


class TestOperating:
    def ask(self, platform: Any, **words: Any) -> dict[str, Any]:
        code = (
            "import json,os,socket,sys\n"
            "s=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall(sys.argv[2].encode()+b'\\n')\n"
            "print(s.makefile().read())"
        )
        place = str(platform.data / "run" / "control.sock")
        done = subprocess.run(
            ["python3", "-c", code, place, json.dumps(words)], check=True, capture_output=True, text=True
        )
        return dict(json.loads(done.stdout))

    def test_a_cell_stays_stopped_until_it_is_started(self, platform: Any, wait_until: Wait) -> None:
        assert platform.up().returncode == 0
        assert self.ask(platform, do="stop", name="governance") == {"error": "NOT_FOUND"}
        assert self.ask(platform, do="nonsense") == {"error": "BAD_REQUEST"}
        assert self.ask(platform, do="stop", name="alpha", actor="u1") == {"ok": True, "name": "alpha", "held": True}

        def alpha() -> Any:
            return next(row for row in platform.status()["processes"] if row["name"] == "alpha")

        # Its door closes before the process has ended.
        wait_until(lambda: alpha()["pid"] is None)
        assert platform.ask(8101, "/health")[0] == 0
        assert (alpha()["reason"], alpha()["restarts"]) == ("stopped by the operator", 0)
        platform.run("down")
        assert platform.up().returncode == 0
        assert platform.ask(8101, "/health")[0] == 0
        assert platform.ask(8102, "/health")[0] == 200
        assert self.ask(platform, do="start", name="alpha")["held"] is False
        wait_until(lambda: platform.ask(8101, "/health")[0] == 200)

    def test_a_backup_is_made_when_asked(self, running: Any, wait_until: Wait) -> None:
        before = len(catalogue.all_of(running.data / "backups"))
        assert self.ask(running, do="backup", actor="u2") == {"ok": True}
        assert self.ask(running, do="backup") == {"error": "BUSY"}
        wait_until(lambda: len(catalogue.all_of(running.data / "backups")) > before, 60)
        assert catalogue.all_of(running.data / "backups")[0].actor == "u2"

    async def test_services_ask_by_the_kits_client(self, running: Any, tmp_path: Path) -> None:
        from cellkit.errors import NotFound, Unavailable
        from cellkit.ops import control

        assert (await control.ask(running.data, do="status"))["phase"] == "ready"
        with pytest.raises(NotFound):
            await control.ask(running.data, do="stop", name="nobody")
        with pytest.raises(Unavailable):
            await control.ask(running.data, do="nonsense")
        with pytest.raises(control.NoSupervisor):
            await control.ask(tmp_path, do="status")
        # A path longer than a socket's own may be.
        deep = tmp_path / ("d" * 120)
        (deep / "run").mkdir(parents=True)
        with pytest.raises(control.NoSupervisor):
            await control.ask(deep, do="status")
        assert control.stopped_cells(running.data) == frozenset()

    def test_the_socket_is_for_its_owner_alone(self, running: Any) -> None:
        assert stat.S_IMODE((running.data / "run" / "control.sock").stat().st_mode) == 0o600

    def test_rubbish_and_silence_do_no_harm(self, running: Any) -> None:
        import socket

        for rubbish in (b"\xff\xfe\n", b"[]\n", b"{\n", b""):
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(running.data / "run" / "control.sock"))
                client.sendall(rubbish)
        assert self.ask(running, do="status")["phase"] == "ready"


@pytest.mark.parametrize(
    ("now", "last", "up_since", "expected"),
    [
        (timedelta(hours=1), timedelta(days=-1), timedelta(days=-9), True),
        (timedelta(hours=1), timedelta(minutes=1), timedelta(days=-9), False),
        (timedelta(hours=-1), timedelta(days=-1, minutes=1), timedelta(days=-9), False),
        # Off at night, up since a minute, then since an hour.
        (timedelta(hours=7), timedelta(days=-1), timedelta(hours=6, minutes=59), False),
        (timedelta(hours=8), timedelta(days=-1), timedelta(hours=7), True),
        # Never backed up: the first night counts, not the first boot.
        (timedelta(hours=8), None, timedelta(hours=7), False),
        (timedelta(days=1, minutes=1), None, timedelta(hours=7), True),
    ],
)
def test_when_a_backup_is_due(now: timedelta, last: timedelta | None, up_since: timedelta, expected: bool) -> None:
    moment = None if last is None else NIGHT + last
    assert due("02:30", NIGHT + now, moment, NIGHT + up_since) is expected
    assert due("off", NIGHT + now, moment, NIGHT + up_since) is False


def test_retention_keeps_the_newest_and_the_last_that_was_proved() -> None:
    backups = [Manifest(f"{day:02}", "", "", "", 1, "", "", "", "") for day in range(20, 0, -1)]
    assert to_remove(backups, set(), 7) == [f"{day:02}" for day in range(13, 0, -1)]
    assert "05" not in to_remove(backups, {"05", "03"}, 7)
    assert "03" in to_remove(backups, {"05", "03"}, 7)
    assert to_remove(backups, {"18"}, 7)[0] == "13"
    assert len(to_remove(backups, set(), 0)) == 19


def test_the_folder_may_be_another_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SUPERPAAS_BACKUP_DIR", str(tmp_path))
    assert catalogue.folder_of(Layout(Path("/nowhere"))) == tmp_path
