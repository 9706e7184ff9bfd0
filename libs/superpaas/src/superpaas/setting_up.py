"""What a boot does once: roles and databases, migrations, the first administrator. Done already is skipped."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from superpaas import provision, services, state
from superpaas.layout import Layout
from superpaas.messages import TroubleError
from superpaas.ports import Ports
from superpaas.processes import Process, fork, last_line
from superpaas.vault import Vault

if TYPE_CHECKING:
    from cellkit.service import Service

_PROVISION_SECONDS = 120
_MIGRATE_SECONDS = 3600
_MADE_OF = {".py", ".sql", ".toml", ".json", ".mako"}


class Steps:
    """The steps of one platform; ``rest`` is called while waiting and may raise to break off."""

    def __init__(self, layout: Layout, environments: services.Environments, rest: Callable[[], None]) -> None:
        self._layout = layout
        self._environments = environments
        self._rest = rest
        self._vault = Vault(layout.secrets)

    def provision(self, url: str, cluster: str, names: Iterable[str]) -> None:
        """Roles, databases and rights, unless this cluster has them."""
        wanted = set(names)
        stamp = self._layout.run / "provisioned.json"
        done = state.read_json(stamp)
        if isinstance(done, dict) and (done.get("version"), done.get("cluster")) == (provision.VERSION, cluster):
            known = set(done.get("databases", []))
            if known >= wanted:
                return
            wanted |= known
        databases = [
            provision.Database(name, self._vault.token(f"database-{name}"), self._vault.token(f"database-{name}_app"))
            for name in sorted(wanted)
        ]
        log = self._layout.log("provision")
        child = fork(lambda: provision.provision(url, databases), log, environment=dict(os.environ))
        self._finish({"PostgreSQL": child}, _PROVISION_SECONDS)
        if child.code:
            raise TroubleError(
                f"无法在数据库中建立角色与库：{last_line(log)}（日志 {log}）。",
                f"Roles and databases could not be made: {last_line(log)} (log {log}).",
            )
        state.write_json(stamp, {"version": provision.VERSION, "cluster": cluster, "databases": sorted(wanted)})

    def migrate(self, wanted: Iterable[Service], cluster: str) -> dict[str, str]:
        """Bring databases to this version, two at a time; returns the reason for each that failed."""
        stamp = self._layout.run / "migrated.json"
        found = state.read_json(stamp)
        done: dict[str, str] = found if isinstance(found, dict) else {}
        prints = {service.name: fingerprint(service, cluster) for service in wanted}
        waiting = [service for service in wanted if done.get(service.name) != prints[service.name]]
        failed: dict[str, str] = {}
        running: dict[str, Process] = {}
        while waiting or running:
            while waiting and len(running) < max(2, os.cpu_count() or 1):
                service = waiting.pop(0)
                running[service.name] = self._migrate_one(service)
            self._finish(running, _MIGRATE_SECONDS, one_is_enough=True)
            for name in [name for name, process in running.items() if process.ended()]:
                process = running.pop(name)
                if process.code:
                    failed[name] = last_line(self._layout.log(name))
                else:
                    done[name] = prints[name]
                process.close()
        state.write_json(stamp, done)
        return failed

    def _migrate_one(self, service: Service) -> Process:
        environment = self._environments.service(service)

        def work() -> None:
            from cellkit.settings import read_settings  # noqa: PLC0415 - only in the child

            for line in service.migrate(read_settings(service.name, default_port=service.port)):
                print(line)  # noqa: T201 - into the service's log

        return fork(work, self._layout.log(service.name), environment=environment)

    def _finish(self, running: dict[str, Process], seconds: float, *, one_is_enough: bool = False) -> None:
        deadline = time.monotonic() + seconds
        enough = any if one_is_enough else all
        while running and not enough(process.ended() for process in running.values()):
            if time.monotonic() > deadline:
                names = ", ".join(running)
                raise TroubleError(f"{names}：{seconds:.0f} 秒内没有完成。", f"{names}: not done in {seconds:.0f} s.")
            self._rest()
            time.sleep(0.01)

    def first_login(self, ports: Ports) -> None:
        """The first administrator's password, and the file that tells it; at first boot only."""
        places = {"url": f"http://127.0.0.1:{ports.gateway}"}
        if services.WEB in services.choose(None):
            places |= {"client": ports.client_url, "admin": ports.admin_url}
        if not self._vault.has(services.FIRST_PASSWORD):
            password = self._vault.password(services.FIRST_PASSWORD)
            login = {**places, "tenant": services.FIRST_TENANT, "username": services.FIRST_USERNAME}
            state.write_json(self._layout.first_login, {**login, "password": password}, mode=0o600)
        elif isinstance(login := state.read_json(self._layout.first_login), dict):
            kept = {name: value for name, value in login.items() if name not in {"url", "client", "admin"}}
            if {**places, **kept} != login:
                state.write_json(self._layout.first_login, {**places, **kept}, mode=0o600)


def fingerprint(service: Service, cluster: str) -> str:
    """Changes whenever the code that a migration is made from may have changed."""
    digest = hashlib.sha256(f"{service.name} {service.version} {cluster}".encode())
    for package in (services.package_folder(service.name), services.folder_of("cellkit")):
        if package is not None:
            digest.update(json.dumps(_files(package)).encode())
    return digest.hexdigest()


def _files(folder: Path) -> list[tuple[str, int, int]]:
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in _MADE_OF:
            status = path.stat()
            found.append((str(path.relative_to(folder)), status.st_size, status.st_mtime_ns))
    return found
