"""Checks who calls the registration interface: each service signs with its own key (wire contract §2)."""

from __future__ import annotations

from fastapi import Request

from cellkit import signing
from cellkit.errors import SignatureInvalid
from cellkit.settings import Settings

_PREFIX = "cell:"


class SenderCheck:
    """Finds out which service signed a request."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def sender(self, request: Request) -> str:
        """The sender's name; :class:`SignatureInvalid` when it is not the one it says it is.

        With ``CELL_VERIFY_SIGNATURE=0`` a missing name is "".
        """
        headers = request.headers
        user = headers.get("x-user-id", "")
        name = user.removeprefix(_PREFIX) if user.startswith(_PREFIX) else ""
        if not self._settings.verify_signature:
            return name
        scope = request.scope
        target = (scope.get("raw_path") or scope["path"].encode()) + (
            b"?" + scope["query_string"] if scope["query_string"] else b""
        )
        trusted = bool(name) and signing.verify(
            self._settings.key_of(name),
            headers.get("x-gateway-signature", ""),
            request.method,
            target.decode("latin-1"),
            headers.get("x-tenant-id", ""),
            user,
            headers.get("x-request-id", ""),
            headers.get("x-gateway-time", ""),
        )
        if not trusted:
            raise SignatureInvalid
        return name

    def require_name(self, sender: str, name: str) -> None:
        """A service speaks for itself only."""
        if self._settings.verify_signature and sender != name:
            raise SignatureInvalid
