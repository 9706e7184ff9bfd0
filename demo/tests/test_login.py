"""What the demonstration says when the platform's first administrator cannot log in any more."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from demo.northwind.source import FILES

ROOT = Path(__file__).resolve().parents[2]


class _Refusing(BaseHTTPRequestHandler):
    """A gateway behind which every login is refused, as identity refuses it."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        english = self.headers.get("Accept-Language", "").startswith("en")
        message = "Wrong user name or password" if english else "用户名或密码错误"
        body = json.dumps({"code": "UNAUTHORIZED", "message": message, "details": {}, "requestId": "r"}).encode()
        self.send_response(401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def run(folder: Path, *words: str, language: str = "zh_CN.UTF-8") -> str:
    """Its one line on standard error."""
    data = folder / "northwind"
    data.mkdir(exist_ok=True)
    for name in FILES:
        (data / f"{name}.csv").write_text("id\n")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("LC_", "SUPERPAAS_", "LANG"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "demo.northwind", str(data), "--data", str(folder), *words],
        check=False,
        cwd=ROOT,
        env={**environment, "LANG": language},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "{" not in done.stderr
    return done.stderr


def write_login(path: Path, **values: str) -> Path:
    path.write_text(json.dumps({"tenant": "platform", "username": "admin", "password": "x", **values}))
    return path


def test_a_deleted_login_is_told_with_the_way_out(tmp_path: Path) -> None:
    line = run(tmp_path)
    assert str(tmp_path / "first-login.json") in line
    assert "./run.sh up" in line
    assert "--login 文件" in line
    assert "--login FILE" in run(tmp_path, language="en_US.UTF-8")


def test_a_changed_password_is_told_with_the_way_out(tmp_path: Path, url: str) -> None:
    write_login(tmp_path / "first-login.json", url=url)
    line = run(tmp_path)
    assert "用户名或密码错误" in line
    assert "--login 文件" in line
    named = write_login(tmp_path / "mine.json", url=url)
    line = run(tmp_path, "--login", str(named), language="en_US.UTF-8")
    assert str(named) in line
    assert "Wrong user name or password" in line


def test_an_incomplete_login_names_the_fields(tmp_path: Path) -> None:
    for text in ("", "[]", '{"url": "http://127.0.0.1:1", "tenant": "platform"}'):
        (tmp_path / "mine.json").write_text(text)
        line = run(tmp_path, "--login", str(tmp_path / "mine.json"))
        assert "url、tenant、username、password" in line
