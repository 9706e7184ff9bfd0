"""JSON logs with trace, tenant and request id; secrets are kept out by key name."""

from __future__ import annotations

import io
import logging
import re
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, TextIO, cast

import msgspec
import structlog

from cellkit.context import current_caller

_SECRET_KEY = re.compile(r"password|secret|token|authorization|cookie|signature|encryption_key", re.IGNORECASE)
# Without local variables: among them are rows in clear, signatures and database addresses.
_TRACEBACKS = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))
_encoder = msgspec.json.Encoder(enc_hook=str)


def _add_caller(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    caller = current_caller.get()
    if caller is not None:
        event.setdefault("request_id", caller.request_id)
        event.setdefault("trace_id", caller.traceparent[3:35])
        if caller.tenant_id:
            event.setdefault("tenant_id", caller.tenant_id)
        if caller.user_id:
            event.setdefault("user_id", caller.user_id)
    return event


def _hide_secrets(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in event:
        if _SECRET_KEY.search(key):
            event[key] = "***"
    return event


def _render(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> str:
    return _encoder.encode(dict(event)).decode()


class _Unfailing(io.TextIOBase):
    """Standard output that may fail: on a full disk a request must not be lost because nobody can write of it."""

    def write(self, text: str) -> int:
        """Write, or leave it."""
        with suppress(OSError, ValueError):
            sys.stdout.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush, or leave it."""
        with suppress(OSError, ValueError):
            sys.stdout.flush()


def configure(service: str, level: str = "INFO") -> None:
    """Send structured and library logs as JSON lines to standard output."""

    def add_service(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event["service"] = service
        return event

    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        add_service,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="timestamp"),
        _add_caller,
        _hide_secrets,
        _TRACEBACKS,
        structlog.processors.EventRenamer("message"),
    ]
    structlog.configure(
        processors=[*shared, _render],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level, logging.INFO)),
        logger_factory=structlog.PrintLoggerFactory(file=cast("TextIO", _Unfailing())),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(_Unfailing())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared[:-1],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.EventRenamer("message"),
                _render,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


def get_logger(name: str) -> Any:
    """A structured logger; events are short snake_case words, facts go into keyword arguments."""
    return structlog.get_logger(component=name)
