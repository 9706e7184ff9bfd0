"""A whole platform for the end-to-end tests: started as a user starts it, at ports of its own."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.api import Api
from tests.running import Platform

NewTenant = Callable[[Api], Awaitable[dict[str, Any]]]
"""Makes a tenant and logs a client in as its administrator."""

FIRST_PORT_BASE = 27_000
PORTS_OF_A_PLATFORM = 1_500


def port_base() -> int:
    """Each worker of a run has a platform of its own: what one kills, the other does not miss."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    return FIRST_PORT_BASE + PORTS_OF_A_PLATFORM * int(worker.removeprefix("gw"))


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    # The database runs as another user when we are root, so the folder must be one that others may enter.
    folder = Path(tempfile.mkdtemp(prefix="superpaas-e2e-"))
    folder.chmod(0o755)
    running = Platform.start(folder / "data", port_base())
    yield running
    running.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def northwind_folder() -> Path:
    """The data that the project is given beside its checkout."""
    root = Path(__file__).resolve().parents[2]
    for folder in (root.parent / "shared" / "data" / "northwind", root / "shared" / "data" / "northwind"):
        if folder.is_dir():
            return folder
    pytest.fail("the folder shared/data/northwind beside the checkout is missing")


@pytest.fixture
def new_tenant(platform: Platform) -> NewTenant:
    """Makes a tenant and logs a client in as its administrator."""

    async def make(api: Api) -> dict[str, Any]:
        first = platform.first_login
        code, password = f"t{secrets.token_hex(5)}", f"Aa1-{secrets.token_urlsafe(12)}"
        async with Api(first["url"]) as operator:
            await operator.login(first["tenant"], first["username"], first["password"])
            tenant = await operator.post(
                "/api/admin/tenants",
                {
                    "code": code,
                    "name": f"公司 {code}",
                    "administrator": {"username": "admin", "display_name": "管理员", "password": password},
                    "settings": {"password_must_change_first": False},
                },
            )
        await api.login(code, "admin", password)
        return {**tenant, "code": code, "password": password}

    return make


def last_json_line(text: str) -> dict[str, Any]:
    """The last line of a command's output, as JSON."""
    return dict(json.loads(text.strip().splitlines()[-1]))
