from __future__ import annotations

import errno
import os
import pwd
import socket
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from superpaas import booting, bootstrap, compiling, layout, locking, logfiles, placing, postgres, services, state
from superpaas.layout import Layout
from superpaas.messages import TroubleError, language
from superpaas.ports import Ports, require_free
from superpaas.processes import User
from superpaas.units import CELL, PAUSES, SETTLED_SECONDS, Unit
from superpaas.vault import Vault


class TestPorts:
    def test_the_base_moves_all_ports_together(self) -> None:
        ports = Ports(20_000)
        assert (ports.gateway, ports.gateway_admin, ports.postgres, ports.of(9000)) == (20_000, 20_001, 20_543, 21_000)

    @pytest.mark.parametrize("base", [0, 3000, 64_600])
    def test_a_base_that_moves_a_port_out_of_range_is_refused(self, base: int) -> None:
        with pytest.raises(TroubleError, match="--port-base"):
            Ports(base)

    def test_who_holds_a_port_by_an_outgoing_connection_is_named(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as held:
            port = held.getsockname()[1]
            with pytest.raises(TroubleError, match=rf"{port}.*pid {os.getpid()}"):
                require_free([("alpha", port)], 8000)

    @pytest.mark.parametrize(("base", "other"), [(8000, 18_000), (18_000, 28_000), (28_000, 18_000), (50_000, 18_000)])
    def test_the_other_ports_are_none_of_outgoing_connections(self, base: int, other: int) -> None:
        taken = rf"--port-base {other}$"
        with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(TroubleError, match=taken):
            require_free([("alpha", server.getsockname()[1])], base)


class TestMessages:
    @pytest.mark.parametrize(
        ("environment", "expected"),
        [
            ({}, "zh"),
            ({"LANG": "C.UTF-8"}, "zh"),
            ({"LANG": "en_GB.UTF-8"}, "en"),
            ({"LC_ALL": "zh_CN", "LANG": "en"}, "zh"),
        ],
    )
    def test_chinese_unless_english_is_asked_for(
        self, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: str
    ) -> None:
        for name in ("SUPERPAAS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        assert language() == expected

    @pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.ENOENT, errno.EIO])
    def test_what_the_system_refuses_is_told_in_one_line(self, tmp_path: Path, number: int) -> None:
        trouble = booting.told(OSError(number, os.strerror(number), str(tmp_path)), Layout(tmp_path))
        assert str(tmp_path) in trouble.zh
        assert "\n" not in trouble.zh + trouble.en


class TestVault:
    def test_a_secret_is_made_once_and_kept(self, tmp_path: Path) -> None:
        first, second = Vault(tmp_path).token("one"), Vault(tmp_path).token("one")
        assert first == second
        assert first != Vault(tmp_path).token("two")
        assert (tmp_path / "one").stat().st_mode & 0o077 == 0

    def test_a_password_holds_every_kind_of_character(self, tmp_path: Path) -> None:
        for number in range(50):
            password = Vault(tmp_path).password(str(number))
            assert len(password) >= 20
            for kind in (str.isupper, str.islower, str.isdigit):
                assert any(kind(letter) for letter in password)


class TestState:
    def test_what_is_written_is_read(self, tmp_path: Path) -> None:
        place = Layout(tmp_path)
        place.run.mkdir()
        record = state.ProcessRecord("alpha", CELL, 8101, os.getpid(), state.start_ticks(os.getpid()))
        written = state.State(phase="ready", only=["alpha"], processes=[record])
        state.write(place, written)
        assert state.read(place) == written
        assert record.alive

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"processes": [{"unknown": 1}]}'])
    def test_a_broken_file_is_no_state(self, tmp_path: Path, text: str) -> None:
        place = Layout(tmp_path)
        place.run.mkdir()
        place.state.write_text(text)
        assert state.read(place) is None

    def test_a_later_process_with_the_same_id_is_another_one(self) -> None:
        assert not state.is_alive(os.getpid(), state.start_ticks(os.getpid()) - 1)


class TestUnits:
    def test_restarts_are_immediate_first_and_slower_later(self) -> None:
        unit = Unit(state.ProcessRecord("alpha", CELL, 1), lambda: pytest.fail("not started here"))
        unit.began = float("inf")
        assert [unit.died() for _ in range(len(PAUSES) + 1)] == [*PAUSES, PAUSES[-1]]

    def test_a_process_that_stayed_up_is_restarted_at_once_again(self) -> None:
        unit = Unit(state.ProcessRecord("alpha", CELL, 1), lambda: pytest.fail("not started here"), deaths=6)
        unit.began = -SETTLED_SECONDS - 1
        assert unit.died() == 0

    def test_only_silence_counts_as_hanging_and_only_when_it_lasts(self) -> None:
        unit = Unit(state.ProcessRecord("alpha", CELL, 1, ready=True), lambda: pytest.fail("not started here"))
        for status in (0, 0, 0, 0, 503):
            unit.answered(status)
        assert not unit.hangs
        for _ in range(5):
            unit.answered(0)
        assert unit.hangs


def test_logs_past_the_limit_are_rotated_and_writers_go_on(tmp_path: Path) -> None:
    path = tmp_path / "alpha.log"
    with path.open("a", encoding="utf-8") as writer:
        for number in range(4):
            writer.write(f"{number}" * 100)
            writer.flush()
            assert logfiles.rotate(tmp_path, limit=100, keep=2) == [path]
        writer.write("last")
    assert path.read_text() == "last"
    assert sorted(found.name for found in tmp_path.iterdir()) == ["alpha.log", "alpha.log.1", "alpha.log.2"]
    assert (tmp_path / "alpha.log.1").read_text() == "3" * 100


def test_logs_are_for_their_owner_and_group_also_after_rotation(tmp_path: Path) -> None:
    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    path, older, before = tmp_path / "alpha.log", tmp_path / "beta.log", os.umask(0o022)
    try:
        with os.fdopen(logfiles.begin(path), "a") as writer:
            writer.write("x" * 100)
        logfiles.rotate(tmp_path, limit=100)
        older.touch()
        assert mode(older) == 0o644
        os.close(logfiles.begin(older))
    finally:
        os.umask(before)
    assert [mode(path), mode(tmp_path / "alpha.log.1"), mode(older)] == [0o640] * 3


class TestLock:
    def test_our_own_names_are_asked_of_no_registry(self) -> None:
        names = {locking.requirement_name(text) for text in locking.declared(layout.repository())}
        assert "asyncpg" in names
        assert "hatchling" in names
        assert not names & {"cellkit", "superpaas", "platform-gateway", "cell-crm"}

    def test_the_hashes_of_one_package_can_be_taken_out(self, tmp_path: Path) -> None:
        lock = tmp_path / "requirements.lock"
        lock.write_text(
            "a==1 \\\n    --hash=sha256:1\n"
            "uv==2 \\\n    --hash=sha256:2 \\\n    --hash=sha256:3\n"
            "z==3 \\\n    --hash=sha256:4\n"
        )
        section = bootstrap._lock_section(lock, "uv")
        assert section == "uv==2 \\\n    --hash=sha256:2 \\\n    --hash=sha256:3\n"


class TestServices:
    def test_a_service_gets_what_the_conventions_say(self, tmp_path: Path) -> None:
        sys.path.insert(0, str(Path(__file__).parent / "made_up"))
        try:
            import made_up
        finally:
            sys.path.pop(0)
        (tmp_path / "secrets").mkdir()
        environments = services.Environments(Layout(tmp_path), Ports(20_000), "127.0.0.1:20543", {"governance": 8005})
        environment = environments.service(made_up.alpha)
        assert environment["SERVICE_PORT"] == "20101"
        assert environment["GOVERNANCE_URL"] == "http://127.0.0.1:20005"
        assert environment["DATABASE_URL"].startswith("postgresql://alpha_app:")
        assert environment["DATABASE_URL"].endswith("@127.0.0.1:20543/alpha")
        assert environment["MIGRATION_DATABASE_URL"].startswith("postgresql://alpha:")
        assert environment["FIELD_ENCRYPTION_KEYS"].startswith("1:")
        assert environment["DATABASE_POOL_SIZE"] == "10"
        assert "FIRST_ADMIN_PASSWORD_FILE" not in environment
        assert environments.service(made_up.governance)["DATABASE_POOL_SIZE"] == "4"

    def test_optional_settings_of_the_caller_reach_every_service(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings = {
            "LOG_LEVEL": "DEBUG",
            "ACCESS_TOKEN_EXPIRE_MINUTES": "5",
            "REFRESH_TOKEN_EXPIRE_DAYS": "3",
            "SIGNING_KEY_MAX_AGE_DAYS": "60",
            "OUTBOX_KEEP_HOURS": "24",
            "REQUEST_KEEP_HOURS": "36",
            "INBOX_KEEP_HOURS": "48",
            "GATEWAY_REQUIRE_TENANT_ID": "0",
            "GATEWAY_TIMEOUT": "20",
            "CELL_VERIFY_SIGNATURE": "0",
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("GATEWAY_SIGNING_SECRET", "another platform's")
        monkeypatch.setenv("FIELD_ENCRYPTION_KEYS", "another platform's")
        base = services.Environments(Layout(tmp_path), Ports(), "127.0.0.1:5432", {}).base()
        assert {name: base.get(name) for name in settings} == settings
        assert "another platform's" not in base.values()

    def test_the_administrators_address_of_the_database_is_not_handed_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SUPERPAAS_DATABASE_URL", "postgresql://admin:secret@127.0.0.1/postgres")
        environments = services.Environments(Layout(Path("/nowhere")), Ports(), "127.0.0.1:5432", {})
        assert not [value for value in environments.base().values() if "secret@" in value]


class TestPlacing:
    @pytest.mark.needs_root
    def test_programs_run_from_where_the_servers_user_can_reach_them(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if os.geteuid() != 0:
            pytest.skip("only root has this trouble")
        found = pwd.getpwnam("nobody")
        user = User("nobody", found.pw_uid, found.pw_gid)
        with tempfile.TemporaryDirectory() as elsewhere:
            Path(elsewhere).chmod(0o755)
            monkeypatch.setattr(placing, "ELSEWHERE", Path(elsewhere) / "superpaas")
            monkeypatch.setattr(placing, "can_reach", lambda _path, _user: False)
            programs = placing.place_programs(postgres.programs(), user, "18")
            result: Any = subprocess.run(
                [programs / "initdb", "--version"],
                check=True,
                capture_output=True,
                text=True,
                user=user.uid,
                group=user.gid,
            )
            assert "PostgreSQL" in result.stdout

    def test_a_folder_of_others_alone_cannot_be_reached(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o700)
        stranger = User("stranger", 54_321, 54_321)
        assert not placing.can_reach(tmp_path / "data", stranger)
        assert placing.can_reach(Path("/usr/bin"), stranger)


def test_what_python_compiled_is_kept_without_a_trace_beside_the_sources(tmp_path: Path) -> None:
    package = tmp_path / "sources" / "made_up_for_caches.py"
    package.parent.mkdir()
    package.write_text("VALUE = 1", encoding="utf-8")
    asked = {"PATH": os.environ["PATH"], "PYTHONPATH": str(package.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    environment = {**asked, **compiling.kept(asked, str(tmp_path / "venv"))}
    subprocess.run([sys.executable, "-c", "import made_up_for_caches"], check=True, env=environment)
    assert list((tmp_path / "venv" / "bytecode").rglob("made_up_for_caches*.pyc"))
    assert [path.name for path in package.parent.iterdir()] == [package.name]
    assert compiling.kept({}, "anywhere") == {}
    assert compiling.kept({**asked, "PYTHONPYCACHEPREFIX": "/other"}, "anywhere")["PYTHONPYCACHEPREFIX"] == "/other"
