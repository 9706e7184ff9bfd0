"""The first administrator's login, for commands that act as him before a person has changed his first password."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from superpaas.first_login import settle
from superpaas.messages import TroubleError


class _Identity(BaseHTTPRequestHandler):
    """Login and change of password as the contract describes them (§8), for one user."""

    password: ClassVar[str]
    must_change: ClassVar[bool]
    refusal: ClassVar[int]
    refusals_left: ClassVar[int]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        kind = type(self)
        if self.path == "/api/v1/auth/login":
            right = body["password"] == kind.password
            self._answer(200 if right else 401, {"accessToken": "token", "mustChangePassword": kind.must_change})
        elif kind.refusal and kind.refusals_left:
            kind.refusals_left -= 1
            self._answer(kind.refusal, {"code": "WHY"})
        else:
            assert self.headers["Authorization"] == "Bearer token"
            assert body["oldPassword"] == kind.password
            kind.password, kind.must_change = body["newPassword"], False
            self._answer(200, {})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: Any) -> None:
        """Silent."""


@pytest.fixture
def url() -> Iterator[str]:
    _Identity.password, _Identity.must_change = "First-Pass-1", True
    _Identity.refusal, _Identity.refusals_left = 0, 1000
    with ThreadingHTTPServer(("127.0.0.1", 0), _Identity) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def file(tmp_path: Path, url: str) -> Path:
    path = tmp_path / "first-login.json"
    write(path, url=url, password="First-Pass-1")
    return path


def write(path: Path, **more: str) -> None:
    path.write_text(json.dumps({"tenant": "platform", "username": "admin", **more}))


def read(path: Path) -> dict[str, str]:
    return dict(json.loads(path.read_text()))


def test_a_first_password_is_changed_and_kept_for_its_owner_alone(file: Path) -> None:
    before = read(file)
    assert settle(file) is True
    after = read(file)
    assert after == {**before, "password": _Identity.password}
    assert after["password"] != before["password"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert settle(file) is False
    assert read(file) == after


@pytest.mark.parametrize("status", [401, 503])
def test_a_change_that_is_refused_is_told_and_leaves_the_password_that_counts(file: Path, status: int) -> None:
    _Identity.refusal = status
    before = read(file)
    with pytest.raises(TroubleError, match=f"{status} WHY"):
        settle(file)
    # Without an answer either password may count, so the file keeps both until one of them is taken.
    assert before["password"] in (read(file)["password"], read(file).get("former_password"))
    _Identity.refusal = 0
    assert settle(file) is True
    assert read(file)["password"] == _Identity.password
    assert "former_password" not in read(file)


def test_a_change_that_is_refused_for_a_moment_is_tried_again(file: Path) -> None:
    _Identity.refusal, _Identity.refusals_left = 401, 1
    assert settle(file) is True
    assert read(file)["password"] == _Identity.password


@pytest.mark.parametrize("changed", [True, False])
def test_a_run_that_was_cut_off_finds_the_password_that_counts(file: Path, url: str, changed: bool) -> None:
    _Identity.password, _Identity.must_change = ("Second-Pass-2", False) if changed else ("First-Pass-1", True)
    write(file, url=url, password="Second-Pass-2", former_password="First-Pass-1")
    assert settle(file) is not changed
    assert read(file)["password"] == _Identity.password
    assert "former_password" not in read(file)


def test_what_cannot_be_used_is_left_alone(file: Path, url: str, tmp_path: Path) -> None:
    assert settle(tmp_path / "none.json") is False
    write(file, url=url, password="Not-The-One-3")
    before = read(file)
    assert settle(file) is False
    assert read(file) == before
    write(file, url="http://127.0.0.1:9", password="First-Pass-1")
    assert settle(file) is False
