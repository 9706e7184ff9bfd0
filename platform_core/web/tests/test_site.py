"""The static server without a network: its table, its headers, what it refuses to start with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from platform_web.app import APPS, create_app
from platform_web.headers import content_security_policy, permissions_policy

from cellkit.settings import Settings, SettingsError, read_settings


def settings_of(folder: Path) -> Settings:
    return read_settings("web", environment={"WEB_APPS_DIR": str(folder), "GATEWAY_SIGNING_SECRET": "00" * 32})


def build(folder: Path) -> None:
    for app in APPS:
        (folder / app / "dist" / "assets").mkdir(parents=True)
        (folder / app / "dist" / "index.html").write_text(app, encoding="utf-8")


async def ask(application: Any, path: str, accept: str = "text/html") -> tuple[int, dict[str, str], bytes]:
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"accept", accept.encode())],
        "client": ("127.0.0.1", 1),
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await application(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])


def test_it_does_not_start_without_a_build_and_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=f"{tmp_path}/client/dist"):
        create_app(settings_of(tmp_path))


async def test_pages_need_no_signature_and_are_refused_nothing_else(tmp_path: Path) -> None:
    build(tmp_path)
    application = create_app(settings_of(tmp_path))
    for app in APPS:
        status, headers, body = await ask(application, f"/{app}/c/crm")
        assert (status, body) == (200, app.encode())
        assert headers["content-security-policy"] == content_security_policy(app)
    assert (await ask(application, "/ready"))[0] == 200
    assert (await ask(application, "/other/index.html"))[0] in {403, 404}
    assert (await ask(application, "/client/../admin/dist/index.html", "*/*"))[0] == 404


async def test_a_new_build_is_read_and_a_link_out_of_it_is_no_part_of_it(tmp_path: Path) -> None:
    build(tmp_path)
    application = create_app(settings_of(tmp_path))
    assert (await ask(application, "/ready"))[0] == 200
    links = tmp_path / "client" / "dist" / "assets" / "passwd"
    links.symlink_to("/etc/passwd")
    (tmp_path / "client" / "dist" / "index.html").write_text("new", encoding="utf-8")
    assert (await ask(application, "/client/"))[2] == b"new"
    # A link that leads out of the build is no part of it.
    assert (await ask(application, "/client/assets/passwd", "*/*"))[0] == 404


def test_scripts_come_from_the_app_alone() -> None:
    for app in APPS:
        policy = dict(part.split(" ", 1) for part in content_security_policy(app).split("; "))
        assert "unsafe-inline" not in policy["script-src"]
        assert "'unsafe-eval'" not in policy["script-src"]
        assert "http" not in content_security_policy(app)
    assert "camera=(self)" in permissions_policy("client")
    assert "camera=()" in permissions_policy("admin")


async def test_what_a_build_writes_after_its_page_is_served_too(tmp_path: Path) -> None:
    build(tmp_path)
    application = create_app(settings_of(tmp_path))
    assert (await ask(application, "/client/"))[0] == 200
    folder = tmp_path / "client" / "dist"
    (folder / "sw.js").write_text("// later", encoding="utf-8")
    (folder / "app.webmanifest").write_text("{}", encoding="utf-8")
    (folder / ".fingerprint").write_text("done", encoding="utf-8")
    assert (await ask(application, "/client/sw.js", accept="*/*"))[0] == 200
    assert (await ask(application, "/client/app.webmanifest"))[1]["content-type"] == "application/manifest+json"
