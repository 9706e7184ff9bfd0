"""What keeps the platform small: services share what was imported before they were forked.

Memory that a service fills by itself is there once in every service, so an import that moved behind the fork, or a
heavy library in front of it, is megabytes on every customer's machine.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

# As the supervisor does it; then each service is made in a child, which tells what it had to import by itself.
_BOOT = """
import json, os, sys, traceback
from pathlib import Path
from cellkit.preload import preload
from superpaas import services
from superpaas.vault import Vault

preload()
loaded = services.load(services.choose(None))
before = set(sys.modules)
told = {"loaded": sorted(before), "broken": loaded.broken, "later": {}}
os.environ["FIELD_ENCRYPTION_KEYS"] = Vault(Path(sys.argv[1])).key_ring("field-encryption")
for service in loaded.services:
    reader, writer = os.pipe()
    if os.fork() == 0:
        try:
            from cellkit.settings import read_settings
            service.create_app(read_settings(service.name, default_port=service.port))
            answer = sorted(set(sys.modules) - before)
        except BaseException:
            answer = ["failed: " + traceback.format_exc()]
        os.write(writer, json.dumps(answer).encode())
        os._exit(0)
    os.close(writer)
    with open(reader) as file:
        told["later"][service.name] = json.load(file)
    os.wait()
print(json.dumps(told))
"""
# Needed by migrations, by programs of their own, or by installations that ask for them.
_NOT_FOR_SERVING = [
    *("alembic", "mako", "sqlalchemy.orm", "cellkit.db.migrate"),
    *("PIL", "pypdfium2", "typst", "python_calamine", "openpyxl", "zxingcpp"),
    *("redis", "obstore", "mcp"),
    *("pytest", "cellkit.testing", "pypinyin"),
]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[str]]]:
    folder = tmp_path_factory.mktemp("secrets")
    for app in ("client", "admin"):
        (folder / app / "dist").mkdir(parents=True)
        (folder / app / "dist" / "index.html").write_text("<!doctype html>", encoding="utf-8")
    nowhere = "http://127.0.0.1:9"
    environment = {
        "PATH": "/usr/bin:/bin",
        "GATEWAY_SIGNING_SECRET": "s" * 64,
        "DATABASE_URL": "postgresql://nobody:nothing@127.0.0.1:9/none",
        **{f"{name}_URL": nowhere for name in ("GATEWAY", "GOVERNANCE", "IDENTITY", "MONITOR", "WEB", "ENVOY_ADMIN")},
        "SUPERPAAS_DATA": str(folder),
        "WEB_APPS_DIR": str(folder),
    }
    result = subprocess.run(
        [sys.executable, "-c", _BOOT, str(folder)],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        cwd=Path(__file__).parents[2],
    )
    assert result.returncode == 0, result.stderr
    found: dict[str, dict[str, list[str]]] = json.loads(result.stdout.splitlines()[-1])
    return found


def test_every_service_was_made(told: dict[str, dict[str, list[str]]]) -> None:
    assert not told["broken"]
    assert {"identity", "governance", "monitor", "web", "crm", "erp"} <= set(told["later"])


def test_a_service_imports_nothing_after_the_fork(told: dict[str, dict[str, list[str]]]) -> None:
    assert {name: modules for name, modules in told["later"].items() if modules} == {}


@pytest.mark.parametrize("library", _NOT_FOR_SERVING)
def test_what_serving_does_not_need_is_not_loaded(told: dict[str, dict[str, list[str]]], library: str) -> None:
    assert [name for name in told["loaded"] if name == library or name.startswith(f"{library}.")] == []
