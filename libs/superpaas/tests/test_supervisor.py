from __future__ import annotations

import json
import os
import signal
import stat
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import asyncpg
import pytest

from superpaas import state
from superpaas.ports import Ports
from superpaas.state import ProcessRecord
from superpaas.supervisor import Supervisor
from superpaas.units import CELL, GATEWAY, PLATFORM, Unit

Wait = Callable[..., None]


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


class TestRunning:
    def test_all_is_ready_when_up_returns(self, running: Any) -> None:
        whole = running.status()
        assert whole["phase"] == "ready"
        assert {row["name"] for row in whole["processes"]} == {"postgres", "governance", "alpha", "beta", "supervisor"}
        assert {row["light"] for row in whole["processes"]} == {"green"}
        assert 0 < whole["pssMb"] < 500

    def test_a_second_up_changes_nothing(self, running: Any) -> None:
        before = running.pids()
        result = running.up()
        assert result.returncode == 0
        assert "未作改动" in result.stdout
        assert running.pids() == before

    def test_up_with_other_options_tells_what_is_different(self, running: Any) -> None:
        before = running.pids()
        result = running.up("--only", "alpha")
        assert result.returncode == 1
        assert "--only alpha（现为 alpha,beta）" in result.stderr
        assert running.pids() == before

    def test_an_unknown_cell_is_refused_with_those_there_are(self, running: Any) -> None:
        result = running.up("--only", "gamma")
        assert result.returncode == 1
        assert result.stderr.strip() == "没有名为 gamma 的细胞；现有：alpha, beta。"

    def test_the_first_login_is_for_its_owner_alone(self, running: Any) -> None:
        path = running.data / "first-login.json"
        login = json.loads(path.read_text())
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert login.keys() == {"url", "tenant", "username", "password"}
        assert login["url"] == f"http://127.0.0.1:{running.base}"
        assert len(login["password"]) >= 16

    def test_secrets_are_private_and_never_in_the_process_list(self, running: Any) -> None:
        files = list((running.data / "secrets").iterdir())
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
        secrets = [path.read_text().strip().encode() for path in files]
        for pid in running.pids().values():
            line = Path(f"/proc/{pid}/cmdline").read_bytes()
            assert not [secret for secret in secrets if secret in line]

    def test_a_cell_gets_its_own_key_and_not_the_master(self, running: Any) -> None:
        master = (running.data / "secrets" / "gateway-signing-secret").read_text().strip()
        keys = {port: running.ask(port, "/environment")[1]["key"] for port in (8005, 8101, 8102)}
        assert keys[8005] == master
        assert len(set(keys.values())) == 3

    async def test_a_role_sees_its_own_database_and_no_other(self, running: Any) -> None:
        ports, folder = Ports(running.base), running.data / "secrets"

        async def connect(role: str, database: str) -> asyncpg.Connection[Any]:
            password = (folder / f"database-{role}").read_text().strip()
            return await asyncpg.connect(
                host="127.0.0.1", port=ports.postgres, user=role, password=password, database=database
            )

        own = await connect("alpha_app", "alpha")
        try:
            role = await own.fetchrow("SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = user")
            assert role is not None
            assert tuple(role) == (False, False, False)
            assert await own.fetchval("SELECT tableowner FROM pg_tables WHERE tablename = 'note'") == "alpha"
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await own.execute("CREATE TABLE mine ()")
            assert await own.fetchval("SHOW data_checksums") == "on"
            assert await own.fetchval("SHOW fsync") == "on"
        finally:
            await own.close()
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connect("alpha_app", "beta")
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(host="127.0.0.1", port=ports.postgres, user="alpha", password="x", database="alpha")


class _Waking(BaseHTTPRequestHandler):
    """A gateway as it wakes up: no identity, then no keys yet to check a token with, then no way to the cell."""

    answers: ClassVar[list[int]] = [503, 200, 401, 403, 401, 403, 503, 403, 200]
    asked: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        assert json.loads(self.rfile.read(int(self.headers["Content-Length"])))["signature"].startswith("v1=")
        self._answer(b'{"accessToken": "t"}')

    def do_GET(self) -> None:
        assert self.headers["Authorization"] == "Bearer t"
        self._answer(b"{}")

    def _answer(self, body: bytes) -> None:
        self.asked.append(self.path)
        self.send_response(self.answers[len(self.asked) - 1])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Governance(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b'{"items": [{"name": "crm", "light": "green"}]}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def test_nothing_is_ready_before_a_request_with_a_token_gets_through(platform: Any) -> None:
    platform.layout().secrets.mkdir(parents=True, exist_ok=True)
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), _Waking) as gateway,
        ThreadingHTTPServer(("127.0.0.1", 0), _Governance) as governance,
    ):
        for server in (gateway, governance):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        watched = Supervisor(platform.layout(), Ports(platform.base), None)
        kinds = {"gateway": GATEWAY, "identity": PLATFORM, "governance": PLATFORM, "crm": CELL}
        for name, kind in kinds.items():
            port = governance.server_port if name == "governance" else gateway.server_port
            record = ProcessRecord(name, kind, port, ready=True)
            watched.units.append(Unit(record, lambda: pytest.fail("not started here")))
        assert [watched._waiting() for _ in range(5)] == [True, True, True, True, False]
        gateway.shutdown()
        governance.shutdown()
    me, meta, token = "/api/v1/auth/me", "/api/v1/crm/_meta", "/api/v1/auth/service-token"
    assert _Waking.asked == [token, token, me, me, meta, me, meta, me, meta]


class TestDeaths:
    def test_a_killed_service_is_back_and_the_others_did_not_notice(self, running: Any, wait_until: Wait) -> None:
        before = running.pids()
        kill(before["alpha"])
        wait_until(lambda: running.ask(8101, "/health")[0] == 200, 5)
        after = running.pids()
        assert after["alpha"] != before["alpha"]
        assert {**after, "alpha": 0} == {**before, "alpha": 0}

    def test_a_killed_database_is_back_with_everything_confirmed(self, running: Any, wait_until: Wait) -> None:
        status, made = running.ask(8101, "/notes", "POST")
        assert status == 201
        before = running.pids()
        kill(before["postgres"])
        wait_until(lambda: running.pids()["postgres"] not in {None, before["postgres"]})
        wait_until(lambda: running.ask(8101, "/notes")[0] == 200)
        assert running.ask(8101, "/notes")[1]["count"] >= 1
        assert made["id"] >= 1
        assert running.pids()["alpha"] == before["alpha"]

    def test_a_killed_supervisor_is_back_and_its_services_go_on(self, running: Any, wait_until: Wait) -> None:
        before = running.pids()
        kill(before["supervisor"])
        wait_until(lambda: running.pids().get("supervisor") not in {None, before["supervisor"]})
        wait_until(lambda: running.status()["phase"] == "ready")
        after = running.pids()
        assert {**after, "supervisor": 0} == {**before, "supervisor": 0}
        kill(after["beta"])
        wait_until(lambda: running.pids()["beta"] not in {None, after["beta"]})

    def test_after_guardian_and_supervisor_were_killed_up_starts_properly(self, platform: Any) -> None:
        assert platform.up().returncode == 0
        platform.ask(8101, "/notes", "POST")
        before = state.read(platform.layout())
        assert before is not None
        kill(before.guardian)
        kill(before.supervisor)
        result = platform.up()
        assert result.returncode == 0, result.stderr
        assert platform.ask(8101, "/notes")[1] == {"count": 1}
        assert not [record.name for record in before.processes if record.alive]


class TestStopping:
    def test_down_leaves_nothing_running(self, platform: Any) -> None:
        assert platform.up("--only", "alpha").returncode == 0
        before = state.read(platform.layout())
        assert before is not None
        assert platform.run("down").returncode == 0
        pids = [before.supervisor, before.guardian, *(record.pid for record in before.processes)]
        assert not [pid for pid in pids if state.start_ticks(pid)]
        log = (platform.data / "logs" / "postgres.log").read_text()
        assert "database system is shut down" in log
        assert platform.run("status").returncode == 3
        again = platform.run("down")
        assert (again.returncode, again.stdout.strip()) == (0, "平台没有在运行。")

    def test_another_language_is_spoken_where_it_is_asked_for(self, platform: Any) -> None:
        assert platform.run("down", LANG="en_US.UTF-8").stdout.strip() == "The platform is not running."


class TestUsers:
    @pytest.mark.needs_root
    def test_it_runs_for_an_ordinary_user(self, ordinary: Any) -> None:
        result = ordinary.up("--only", "alpha")
        assert result.returncode == 0, result.stderr
        pids = ordinary.pids()
        assert {Path(f"/proc/{pid}").stat().st_uid for pid in pids.values()} == {ordinary.data.stat().st_uid}
        assert ordinary.run("down").returncode == 0

    @pytest.mark.needs_root
    def test_as_root_the_database_goes_where_its_user_can_walk(self, platform: Any) -> None:
        if os.geteuid() != 0:
            pytest.skip("only root has this trouble")
        platform.data.chmod(0o700)
        result = platform.up("--only", "alpha")
        assert result.returncode == 0, result.stderr
        assert stat.S_IMODE(platform.data.stat().st_mode) == 0o700
        assert (platform.data / "postgres").is_symlink()
        assert Path(f"/proc/{platform.pids()['postgres']}").stat().st_uid != 0
        assert platform.run("down").returncode == 0
        assert platform.up("--only", "alpha").returncode == 0


def test_in_the_foreground_a_signal_stops_it_in_order(platform: Any, wait_until: Wait) -> None:
    with platform.begin("up", "--port-base", str(platform.base), "--only", "alpha", "--foreground") as process:
        wait_until(lambda: (state.read(platform.layout()) or state.State()).phase == "ready", 30)
        assert process.poll() is None
        process.terminate()
        assert process.wait(30) == 0
    assert platform.run("status").returncode == 3


def test_in_the_foreground_a_signal_during_the_boot_leaves_nothing(platform: Any, wait_until: Wait) -> None:
    with platform.begin("up", "--port-base", str(platform.base), "--foreground") as process:
        wait_until(lambda: (state.read(platform.layout()) or state.State()).supervisor > 0, 30)
        process.terminate()
        assert process.wait(60) == 0
    assert platform.run("status").returncode == 3


def test_one_service_alone_serves_until_it_is_told_to_stop(running: Any, platform: Any, wait_until: Wait) -> None:
    secret = (running.data / "secrets" / "database-alpha_app").read_text().strip()
    database = f"127.0.0.1:{Ports(running.base).postgres}"
    port = Ports(platform.base).of(8101)
    environment = {"DATABASE_URL": f"postgresql://alpha_app:{secret}@{database}/alpha", "SERVICE_PORT": str(port)}
    with platform.begin("serve", "alpha", data=False, **environment) as process:
        wait_until(lambda: platform.ask(8101, "/ready")[0] == 200)
        process.terminate()
        # The server finishes what it has begun, then ends by the very signal it was given.
        assert process.wait(30) == -signal.SIGTERM
