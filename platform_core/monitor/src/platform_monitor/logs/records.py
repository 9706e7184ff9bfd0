"""What one log line says, from the JSON of the services and the plain text of the others."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from platform_monitor.logs.redaction import clean, clean_text

LEVELS = ("debug", "info", "warning", "error", "critical")
_KNOWN = ("timestamp", "service", "level", "message", "component", "request_id", "trace_id", "tenant_id", "user_id")
_LONGEST_MESSAGE = 8000
_POSTGRES = re.compile(rb"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) UTC \[(\d+)\] (?:(\S*)@(\S*) )?([A-Z0-9]+):  (.*)")
_ENVOY = re.compile(rb"\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})\]\[\d+\]\[(\w+)\]\[([\w.]+)\] (.*)")
_SUPERVISOR = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}) (.*)")
_POSTGRES_LEVELS = {
    "LOG": "info", "DETAIL": "info", "HINT": "info", "STATEMENT": "info", "CONTEXT": "info", "INFO": "info",
    "NOTICE": "info", "DEBUG": "debug", "WARNING": "warning", "ERROR": "error", "FATAL": "critical",
    "PANIC": "critical",
}  # fmt: skip
_LEVELS_OF = {"trace": "debug", "warn": "warning", "off": "critical", "exception": "error", "err": "error"}


@dataclass(slots=True)
class Record:
    """One entry of a log; ``at`` in seconds, 0 where the line has no time of its own."""

    at: float
    service: str
    level: str
    message: str
    component: str = ""
    request_id: str = ""
    trace_id: str = ""
    tenant_id: str = ""
    user_id: str = ""
    fields: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The shape of the administration interface, free of secrets."""
        moment = datetime.fromtimestamp(self.at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {
            "at": moment if self.at else None,
            "service": self.service,
            "level": self.level,
            "message": clean_text(self.message[:_LONGEST_MESSAGE]),
            "component": self.component or None,
            "request_id": self.request_id or None,
            "trace_id": self.trace_id or None,
            "tenant_id": self.tenant_id or None,
            "user_id": self.user_id or None,
            "fields": clean(self.fields),
        }


Reader = Callable[[str, bytes], Record | None]
"""Reads a line of a service; None where it only goes on with the entry before it."""


def read_json(service: str, raw: bytes) -> Record | None:
    """A line of a service of the kit."""
    if not raw.startswith(b"{"):
        return None
    try:
        value = msgspec.json.decode(raw)
        at = datetime.fromisoformat(str(value["timestamp"])).timestamp()
    except (msgspec.DecodeError, KeyError, ValueError, TypeError):
        return None
    words = {name: str(value.get(name) or "") for name in _KNOWN}
    return Record(
        at,
        service,
        _level(words["level"]),
        words["message"],
        words["component"],
        words["request_id"],
        words["trace_id"],
        words["tenant_id"],
        words["user_id"],
        {key: item for key, item in value.items() if key not in _KNOWN},
    )


def read_postgres(service: str, raw: bytes) -> Record | None:
    """A line of the database server."""
    found = _POSTGRES.match(raw)
    if found is None:
        return None
    moment, _pid, user, database, level, message = (_text(part) for part in found.groups())
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()
    fields = {name: value for name, value in (("role", user), ("database", database)) if value}
    shown = f"{level}:  {message}" if level in {"DETAIL", "STATEMENT", "HINT", "CONTEXT"} else message
    return Record(at, service, _POSTGRES_LEVELS.get(level.rstrip("12345"), "info"), shown, fields=fields)


def read_gateway(service: str, raw: bytes) -> Record | None:
    """A line of Envoy's own log."""
    found = _ENVOY.match(raw)
    if found is None:
        return None
    moment, level, component, message = (_text(part) for part in found.groups())
    # Envoy writes the machine's own time.
    return Record(datetime.fromisoformat(moment).astimezone().timestamp(), service, _level(level), message, component)


def read_supervisor(service: str, raw: bytes) -> Record | None:
    """A line of the supervisor."""
    found = _SUPERVISOR.match(raw)
    if found is None:
        return None
    moment, message = (_text(part) for part in found.groups())
    return Record(datetime.fromisoformat(moment).timestamp(), service, "info", message)


def reader_of(service: str) -> Reader:
    """How the log of a process is read."""
    special: dict[str, Reader] = {"postgres": read_postgres, "gateway": read_gateway, "supervisor": read_supervisor}
    return special.get(service, read_json)


def _level(word: str) -> str:
    level = word.lower()
    level = _LEVELS_OF.get(level, level)
    return level if level in LEVELS else "info"


def _text(part: bytes | None) -> str:
    return (part or b"").decode("utf-8", "replace")
