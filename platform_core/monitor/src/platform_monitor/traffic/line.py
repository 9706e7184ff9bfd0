"""One line of the gateway's access log."""

from __future__ import annotations

from datetime import datetime

import msgspec

SERVICE_TOKEN_PATH = "/api/v1/auth/service-token"  # noqa: S105 - a path
USERS = "users"
SERVICES = "services"
GATEWAY = "gateway"
# Routes on which the gateway answers by itself.
_OWN_ROUTES = frozenset({"", GATEWAY, "bad-request-id", "no-cell", "no-path"})
_CELL = "cell:"


class AccessLine(msgspec.Struct, kw_only=True):
    """One answered request; ``timestamp`` is when it arrived."""

    timestamp: str
    method: str | None = None
    path: str | None = None
    status: int | None = None
    duration_ms: float | None = None
    service: str | None = None
    tenant_id: str | None = None
    user_id: str | None = None
    request_id: str | None = None
    client_address: str | None = None
    traceparent: str | None = None
    service_ms: float | None = None
    instance: str | None = None
    bytes_sent: int | None = None
    flags: str | None = None
    details: str | None = None

    @property
    def began(self) -> float:
        """When it arrived, in seconds since 1970."""
        return datetime.fromisoformat(self.timestamp).timestamp()

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.duration_ms or 0.0) / 1000

    @property
    def trace_id(self) -> str:
        """The trace it belongs to, "" without one."""
        parts = (self.traceparent or "").split("-")
        return parts[1] if len(parts) == 4 else ""

    @property
    def caller(self) -> str:
        """Who called: a cell by its service token, ``services`` where one asks for its token, else ``users``."""
        user = self.user_id or ""
        if user.startswith(_CELL):
            return user.removeprefix(_CELL)
        return SERVICES if self.path == SERVICE_TOKEN_PATH else USERS

    @property
    def caller_is_service(self) -> bool:
        """Whether a cell called, or somebody who is about to be one."""
        return self.caller != USERS

    @property
    def callee(self) -> str:
        """Who answered: a service, or the gateway itself."""
        service = self.service or ""
        return GATEWAY if service in _OWN_ROUTES else service


_decoder = msgspec.json.Decoder(AccessLine, strict=False)


def read_line(raw: bytes) -> AccessLine | None:
    """The line's content, None for what is no such line (cut short by a full disk, for instance)."""
    try:
        line = _decoder.decode(raw)
        datetime.fromisoformat(line.timestamp)
    except (msgspec.DecodeError, ValueError):
        return None
    return line
