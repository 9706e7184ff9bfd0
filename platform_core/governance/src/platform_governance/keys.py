"""Keeps the gateway's copy of identity's public keys fresh; when identity is away the last ones stay."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import msgspec
from platform_gateway.tokens import usable_keys

from cellkit.http.messages import from_json
from cellkit.log import get_logger
from cellkit.settings import Settings
from cellkit.signing import signed_headers
from platform_governance.outbound import Outbound

POLL_SECONDS = 5.0
FIRST_POLL_SECONDS = 0.2
_PATH = "/api/v1/auth/jwks"
log = get_logger("keys")


class KeyWatch:
    """Asks identity for its keys every 5 s, and five times a second until it has answered once."""

    def __init__(
        self, settings: Settings, outbound: Outbound, known: dict[str, Any] | None, changed: Callable[[], None]
    ) -> None:
        self._settings = settings
        self._outbound = outbound
        self._changed = changed
        self._etag = ""
        self._answered = False
        self.jwks = known

    async def run(self) -> None:
        """Watch for ever."""
        while True:
            await self.look()
            await asyncio.sleep(POLL_SECONDS if self._answered else FIRST_POLL_SECONDS)

    async def look(self) -> None:
        """Ask once."""
        if not self._settings.identity_url:
            return
        headers = signed_headers(self._settings.key_of("identity"), "GET", _PATH, "", str(uuid.uuid4()))
        if self._etag:
            headers["If-None-Match"] = self._etag
        answer = await self._outbound.get(self._settings.identity_url + _PATH, headers)
        if answer is None or answer.status not in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}:
            return
        self._answered = True
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return
        try:
            keys = usable_keys(from_json(answer.body))
        except (msgspec.DecodeError, AttributeError):
            log.error("keys_unreadable")
            return
        if not keys["keys"]:
            # Without a key nobody could come in any more; the old ones are the lesser evil.
            log.error("keys_missing")
            return
        self._etag = answer.headers.get("ETag", "")
        if keys != self.jwks:
            self.jwks = keys
            log.info("keys_changed", kids=[key["kid"] for key in keys["keys"]])
            self._changed()
