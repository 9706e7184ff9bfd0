"""The order of a boot: database, imports, roles, migrations, gateway, services."""

from __future__ import annotations

import contextlib
import errno
import gc
import hashlib
import importlib
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from superpaas import ports as port_checks
from superpaas import services
from superpaas.layout import Layout
from superpaas.messages import TroubleError
from superpaas.postgres import Server
from superpaas.processes import Process, execute, fork, last_line
from superpaas.setting_up import Steps
from superpaas.state import ProcessRecord, State
from superpaas.units import DATABASE, GATEWAY, PLATFORM, Unit
from superpaas.vault import Vault

if TYPE_CHECKING:
    from cellkit.service import Service
    from superpaas.supervisor import Supervisor

_RECOVERY_SECONDS = 600


class Boot:
    """Brings one platform up, or takes over one whose supervisor was killed."""

    def __init__(self, supervisor: Supervisor, *, adopted: State | None) -> None:
        self._supervisor = supervisor
        self._adopted = adopted
        self._layout = supervisor.layout
        self._ports = supervisor.ports
        self._vault = Vault(self._layout.secrets)

    def run(self) -> None:
        """All steps; services are started but not waited for."""
        names = services.choose(self._supervisor.state.only)
        gateway = services.gateway_module()
        external = os.environ.get("SUPERPAAS_DATABASE_URL", "")
        if self._adopted is None:
            wanted = [] if external else [("PostgreSQL", self._ports.postgres)]
            if gateway:
                wanted += [("gateway", self._ports.gateway), ("gateway admin", self._ports.gateway_admin)]
            if gateway and services.WEB in names:
                wanted += [("client", self._ports.client), ("admin", self._ports.admin)]
            port_checks.require_free(wanted, self._ports.base)
        url, cluster, unit = self._external(external) if external else self._embedded()
        loaded = self._load(names)
        defaults = {service.name: service.port for service in loaded.services}
        environments = services.Environments(self._layout, self._ports, _place(url), defaults)
        if self._adopted is None:
            asked = [(service.name, self._ports.of(service.port)) for service in loaded.services]
            port_checks.require_free(asked, self._ports.base)
        if unit is not None:
            self._supervisor.wait_ready(unit, _RECOVERY_SECONDS, self._server.why_it_ended)
        failed = self._set_up(loaded, environments, url, cluster) if self._adopted is None else {}
        self._start(loaded, failed, environments, gateway)

    def _embedded(self) -> tuple[str, str, Unit]:
        self._server = server = Server(self._layout, self._ports, self._vault)
        if server.moved and self._adopted is None:
            self._supervisor.log(
                f"the database lies in {server.folder}: user {server.user} cannot enter {self._layout.data}"
            )
        if not server.cluster.exists():
            self._supervisor.step("正在建立数据库", "making the database")
        server.prepare()
        record = ProcessRecord("postgres", DATABASE, server.port)
        unit = Unit(record, server.start, ready_check=server.ready)
        self._supervisor.step("正在启动数据库", "starting the database")
        self._supervisor.add(unit, self._alive("postgres"))
        return server.url, server.identity(), unit

    @staticmethod
    def _external(url: str) -> tuple[str, str, None]:
        return url, hashlib.sha256(_place(url).encode()).hexdigest()[:16], None

    def _load(self, names: list[str]) -> services.Loaded:
        """Import everything once, while the database starts."""
        self._supervisor.step("正在载入服务", "loading the services")
        from cellkit.preload import preload  # noqa: PLC0415 - while the database starts, not before

        preload()
        loaded = services.load(names)
        for name, problem in loaded.broken.items():
            if name in services.PLATFORM_ORDER:
                raise TroubleError(f"{name} 无法载入：{problem}", f"{name} cannot be imported: {problem}")
            self._supervisor.state.notices.append(
                [f"{name} 无法载入：{problem}", f"{name} cannot be imported: {problem}"]
            )
        # What is there now stays for good: the collector need not touch it, so that the children go on sharing it.
        gc.collect()
        gc.freeze()
        return loaded

    def _set_up(
        self, loaded: services.Loaded, environments: services.Environments, url: str, cluster: str
    ) -> dict[str, str]:
        steps = Steps(self._layout, environments, self._supervisor.rest)
        steps.first_login(self._ports)
        wanted = [service for service in loaded.services if service.needs_database]
        self._supervisor.step("正在检查数据库结构", "checking the databases")
        steps.provision(url, cluster, [service.name for service in wanted])
        failed = steps.migrate(wanted, cluster)
        for service in wanted:
            problem = failed.get(service.name)
            if problem is None:
                continue
            log = self._layout.log(service.name)
            zh = f"{service.name} 的数据库升级失败：{problem}（日志 {log}）"
            en = f"The database of {service.name} could not be migrated: {problem} (log {log})"
            if service.kind == PLATFORM:
                raise TroubleError(zh, en)
            self._supervisor.state.notices.append([zh, en])
        return failed

    def _start(
        self,
        loaded: services.Loaded,
        failed: Mapping[str, str],
        environments: services.Environments,
        gateway: str,
    ) -> None:
        self._supervisor.step("正在启动服务", "starting the services")
        for service in loaded.services:
            if service.name in failed:
                continue
            self._supervisor.add(self._service_unit(service, environments), self._alive(service.name))
        if gateway:
            record = ProcessRecord("gateway", GATEWAY, self._ports.gateway)

            def begin() -> Process:
                # Anew at every start: an operator may have changed a setting since the last one.
                return start_gateway(gateway, environments.gateway(), self._layout)

            unit = Unit(record, begin, ready_path="/health")
            self._supervisor.add(unit, self._alive("gateway"))

    def _service_unit(self, service: Service, environments: services.Environments) -> Unit:
        record = ProcessRecord(service.name, service.kind, self._ports.of(service.port))
        log = self._layout.log(service.name)
        return Unit(record, lambda: fork(lambda: serve(service), log, environment=environments.service(service)))

    def _alive(self, name: str) -> Process | None:
        """The process of that name that the supervisor before us started, when it still runs."""
        record = self._adopted.process(name) if self._adopted else None
        if record is None or not record.alive:
            return None
        with contextlib.suppress(OSError):
            process = Process(record.pid)
            if process.start == record.start:
                self._supervisor.log(f"{name} (pid {record.pid}) goes on")
                return process
        return None


def serve(service: Service) -> None:
    """Run one service in this process, with the environment of this process."""
    from cellkit.serve import run  # noqa: PLC0415 - only in a service's process
    from cellkit.settings import read_settings  # noqa: PLC0415 - the same

    run(service, read_settings(service.name, default_port=service.port))


def gateway_command(module_name: str, environment: Mapping[str, str]) -> list[str]:
    """Write what the gateway starts from, and say how to start it."""
    from cellkit.settings import SettingsError, read_settings  # noqa: PLC0415 - after the boot's imports

    module = importlib.import_module(module_name)
    try:
        settings = read_settings("gateway", environment=environment)
        module.prepare(settings)
        command: list[str] = module.command(settings)
    except SettingsError as error:
        raise TroubleError(f"网关配置有误：{error}", f"The gateway's settings are wrong: {error}") from None
    return command


def start_gateway(module_name: str, environment: Mapping[str, str], layout: Layout) -> Process:
    """Start the gateway; its secrets are in the files it reads, not in its environment."""
    command = gateway_command(module_name, environment)
    clean = {name: value for name, value in environment.items() if "SECRET" not in name}
    return execute(command, layout.log("gateway"), environment=clean)


def reason(layout: Layout, name: str) -> str:
    """Why a process does not come up, as its log's last line says."""
    return last_line(layout.log(name)) or "?"


def told(error: OSError, layout: Layout) -> TroubleError:
    """An operating system's refusal as one line with the way out."""
    place = error.filename or layout.data
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return TroubleError(
            f"磁盘已满：{place}。请清理后重试。", f"The disk is full: {place}. Make room and try again."
        )
    if error.errno == errno.EROFS:
        return TroubleError(
            f"{place} 所在的文件系统只读。请用 --data 指定可写的目录。",
            f"{place} is on a read-only file system. Name a writable place with --data.",
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        return TroubleError(
            f"没有写入 {place} 的权限。请改用有权限的用户，或用 --data 指定别的目录。",
            f"No right to write {place}. Run as a user who has it, or name another place with --data.",
        )
    # /proc and the like refuse new folders with "no such file", though everything above them is there.
    return TroubleError(
        f"无法在 {place} 建立或写入文件（{error.strerror or error}）。请用 --data 指定别的目录。",
        f"{place} cannot be made or written ({error.strerror or error}). Name another place with --data.",
    )


def _place(url: str) -> str:
    """``host:port`` of a database address."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or 5432}"
