"""Who calls, for which tenant, under which request: one object a request, no thread-locals."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Caller:
    """The identity of a request as the gateway vouches for it.

    ``tenant_id`` and ``user_id`` are empty strings where the route needs none;
    ``user_id`` is ``cell:<name>`` when another cell calls with its service token.
    """

    tenant_id: str
    user_id: str
    request_id: str
    traceparent: str
    language: str
    address: str
    # Told by the client (User-Agent), for the audit trail only.
    agent: str = ""
    # The session that the access token was given for; empty for services.
    session_id: str = ""
    # Through which door: empty for the ordinary API, ``mcp`` for agent tools.
    channel: str = ""
    # Where a dry run puts what would have been written; None: it is written.
    dry_run: list[Any] | None = None

    @property
    def is_service(self) -> bool:
        """Whether a cell calls, not a person."""
        return self.user_id.startswith("cell:")


current_caller: ContextVar[Caller | None] = ContextVar("current_caller", default=None)
