"""Which port everything listens on, and who holds one that is taken."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass

from superpaas.messages import TroubleError

DEFAULT_BASE = 8000
FIRST_PORT, LAST_PORT = 1024, 65535
FIRST_OUTGOING_PORT = 32_768
"""Linux takes ports of outgoing connections from here on (net.ipv4.ip_local_port_range)."""
# The lowest and the highest default port, seen from the base: PostgreSQL's clients and the web apps are within.
_LOWEST, _HIGHEST = 5173 - DEFAULT_BASE, 9000 - DEFAULT_BASE
_LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Ports:
    """All ports of one platform, moved together by the base."""

    base: int = DEFAULT_BASE

    def __post_init__(self) -> None:
        """Refuse a base that would move a port out of range."""
        if not (self.base + _LOWEST >= FIRST_PORT and self.base + _HIGHEST <= LAST_PORT):
            low, high = FIRST_PORT - _LOWEST, LAST_PORT - _HIGHEST
            raise TroubleError(
                f"--port-base {self.base} 超出范围，请取 {low} 到 {high} 之间的数。",
                f"--port-base {self.base} is out of range: take one from {low} to {high}.",
            )

    def of(self, default: int) -> int:
        """Where a service with this default port listens."""
        return default - DEFAULT_BASE + self.base

    @property
    def gateway(self) -> int:
        """The one address that clients use."""
        return self.of(8000)

    @property
    def gateway_admin(self) -> int:
        """The gateway's own administration."""
        return self.of(8001)

    @property
    def client(self) -> int:
        """The client workspace, for browsers."""
        return self.of(5173)

    @property
    def admin(self) -> int:
        """The admin console, for browsers."""
        return self.of(5174)

    @property
    def client_url(self) -> str:
        """Where a browser finds the client workspace."""
        return f"http://{_LOOPBACK}:{self.client}"

    @property
    def admin_url(self) -> str:
        """Where a browser finds the admin console."""
        return f"http://{_LOOPBACK}:{self.admin}"

    @property
    def postgres(self) -> int:
        """The embedded database server."""
        return self.of(8543)


def is_free(port: int) -> bool:
    """Whether something could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_LOOPBACK, port))
        except OSError:
            return False
    return True


def require_free(wanted: Iterable[tuple[str, int]], base: int) -> None:
    """Raise in one line when a port is taken, naming the port, who holds it where that can be seen, and the way out."""
    for name, port in wanted:
        if is_free(port):
            continue
        holder = _holder(port)
        raise TroubleError(
            f"端口 {port}（{name}）已被占用{f'：{holder}' if holder else ''}。"
            f"请停掉它，或换一组端口：./run.sh up --port-base {_other_base(base)}",
            f"Port {port} ({name}) is taken{f' by {holder}' if holder else ''}."
            f" Stop that, or use other ports: ./run.sh up --port-base {_other_base(base)}",
        )


def _other_base(base: int) -> int:
    """Below the ports that the system gives to outgoing connections: of those any may be taken at any moment."""
    return base + 10_000 if base + 10_000 + _HIGHEST < FIRST_OUTGOING_PORT else 18_000


def _holder(port: int) -> str:
    import psutil  # noqa: PLC0415 - only when something is wrong

    try:
        found = [item for item in psutil.net_connections(kind="tcp") if item.laddr[1:] == (port,) and item.pid]
        # Whoever listens comes first; an outgoing connection may hold a port, too.
        for connection in sorted(found, key=lambda item: item.status != psutil.CONN_LISTEN):
            return f"{psutil.Process(connection.pid).name()}, pid {connection.pid}"
    except (psutil.Error, OSError):
        return ""
    return ""
