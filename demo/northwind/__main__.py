"""``./run.sh northwind DIR``: load Northwind into a tenant of its own and print the figures as the last line."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import sys
import time
from pathlib import Path
from typing import Any

from demo.api import Api, ApiError
from demo.northwind.load import load
from demo.northwind.login import read_login, refused
from demo.northwind.source import Northwind, SourceError, read
from superpaas.first_login import settle
from superpaas.layout import default_data
from superpaas.messages import TroubleError, pick

TENANT = "northwind"
USERNAME = "admin"


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="./run.sh northwind", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with the CSV files")
    parser.add_argument("--data", type=Path, default=default_data(), help="data folder of the running platform")
    parser.add_argument(
        "--login",
        type=Path,
        metavar="FILE",
        help=pick(
            "平台管理员的登录：JSON，含 url、tenant、username、password（默认 数据目录/first-login.json）",
            "the platform administrator's login: JSON with url, tenant, username, password"
            " (default: first-login.json in the data folder)",
        ),
    )
    parser.add_argument("--tenant", default=TENANT)
    options = parser.parse_args()
    login = options.login or options.data / "first-login.json"
    try:
        data = read(options.folder)
        read_login(login, named=options.login is not None)
        result = asyncio.run(_run(data, login, options.data / f"{options.tenant}-login.json", options.tenant))
    except (SourceError, ApiError, TroubleError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except ExceptionGroup as group:
        sys.stderr.write("".join(f"{error}\n" for error in group.exceptions))
        return 1
    sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
    return 0


async def _run(data: Northwind, operator_file: Path, login_file: Path, tenant: str) -> dict[str, Any]:
    started = time.monotonic()

    def progress(text: str) -> None:
        sys.stdout.write(f"[{time.monotonic() - started:6.1f} s] {text}\n")
        sys.stdout.flush()

    login = _login_of_tenant(login_file, tenant)
    async with Api(read_login(operator_file, named=True)["url"], pick("zh-CN", "en-US")) as api:
        try:
            await api.login(login["tenant"], login["username"], login["password"])
        except ApiError as error:
            if error.status != 401:
                raise
            await _create_tenant(operator_file, login)
            await api.login(login["tenant"], login["username"], login["password"])
        return await load(api, data, progress)


def _login_of_tenant(login_file: Path, tenant: str) -> dict[str, str]:
    """The tenant administrator's login; written before the tenant exists, so that a cut run finds it again."""
    if login_file.exists():
        return dict(json.loads(login_file.read_text(encoding="utf-8")))
    login = {"tenant": tenant, "username": USERNAME, "password": f"Nw1-{secrets.token_urlsafe(18)}"}
    descriptor = os.open(login_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(login, file)
    return login


async def _create_tenant(operator_file: Path, login: dict[str, str]) -> None:
    if await asyncio.to_thread(settle, operator_file):
        told = pick(
            f"平台管理员的初始密码已更换，新密码在 {operator_file}",
            f"The platform administrator's first password was changed; the new one is in {operator_file}",
        )
        sys.stdout.write(f"{told}\n")
    given = read_login(operator_file, named=True)
    async with Api(given["url"], pick("zh-CN", "en-US")) as operator:
        try:
            await operator.login(given["tenant"], given["username"], given["password"])
        except ApiError as error:
            if error.status != 401:
                raise
            raise refused(operator_file, error.message) from None
        await operator.post(
            "/api/admin/tenants",
            {
                "code": login["tenant"],
                "name": "Northwind Traders",
                "administrator": {
                    "username": login["username"],
                    "display_name": "Northwind",
                    "password": login["password"],
                },
                # The password was made by this program and is known to its file alone.
                "settings": {"password_must_change_first": False},
            },
        )


if __name__ == "__main__":
    sys.exit(main())
