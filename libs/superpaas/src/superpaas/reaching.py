"""What of the platform can be used: asked of governance, and through the gateway as any client would."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from superpaas import probes
from superpaas.layout import Layout
from superpaas.vault import Vault

_OK = 200
# No answer, a token that the gateway cannot check yet, or nobody behind the path.
_UNREACHED = frozenset({0, 401, 502, 503, 504})
_NAME = "superpaas"
_WHO = f"cell:{_NAME}"
_ACCOUNT = "/api/v1/auth/me"


class Visitor:
    """Asks through the gateway with a token of nobody's tenant.

    Without a token the gateway refuses every path alike, also while it knows neither the keys of tokens nor where the
    path leads: only a request that is let through tells that requests are let through.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._token = ""

    def reaches_identity(self, port: int) -> bool:
        """Whether a request with a token gets to identity; what identity says to it does not matter."""
        return self._reaches(port, _ACCOUNT)

    def reaches_cell(self, port: int, cell: str) -> bool:
        """Whether a request with a token gets to a cell."""
        return self._reaches(port, f"/api/v1/{cell}/_meta")

    def _reaches(self, port: int, path: str) -> bool:
        self._token = self._token or self._ask_for_token(port)
        if not self._token:
            return False
        status, _ = probes.ask(port, path, headers={"Authorization": f"Bearer {self._token}"})
        return status not in _UNREACHED

    def _ask_for_token(self, port: int) -> str:
        from cellkit import signing  # noqa: PLC0415 - after the boot's imports
        from cellkit.ops.client import SERVICE_TOKEN_PATH  # noqa: PLC0415 - the same

        now, tenant = str(time.time_ns() // 1_000_000), signing.NOBODYS_TENANT
        signature = signing.signature(_own_key(self._layout), "POST", SERVICE_TOKEN_PATH, tenant, _WHO, "", now)
        body = {"cell": _NAME, "tenantId": tenant, "time": now, "signature": signature}
        status, answer = probes.ask(port, SERVICE_TOKEN_PATH, method="POST", body=body)
        return str(answer.get("accessToken", "")) if status == _OK and isinstance(answer, dict) else ""


def open_cells(port: int, layout: Layout) -> set[str]:
    """The cells that governance has registered and does not hold at red."""
    return {name for name, item in (lights(port, layout) or {}).items() if item.get("light") != "red"}


def lights(port: int, layout: Layout) -> dict[str, dict[str, Any]] | None:
    """Light and reason of every cell, as governance sees them; None when it does not say."""
    status, body = probes.ask(port, "/api/governance/cells", headers=_signed(layout, "/api/governance/cells"))
    if status != _OK or not isinstance(body, dict):
        return None
    return {str(item.get("name")): item for item in body.get("items", []) if isinstance(item, dict)}


def all_reached(visitor: Visitor, ports: Iterable[int], cells: Iterable[str]) -> bool:
    """Whether identity and these cells are reached through every door of the gateway."""
    names = sorted(cells)
    return all(
        visitor.reaches_identity(port) and all(visitor.reaches_cell(port, name) for name in names) for port in ports
    )


def _signed(layout: Layout, target: str) -> dict[str, str]:
    """As one more service, called like the command line: governance knows its key from the master."""
    from cellkit.signing import signed_headers  # noqa: PLC0415 - after the boot's imports

    return signed_headers(_own_key(layout), "GET", target, _WHO, f"{_NAME}-{time.time_ns()}")


def _own_key(layout: Layout) -> str:
    from cellkit.signing import service_key  # noqa: PLC0415 - after the boot's imports

    return service_key(Vault(layout.secrets).token("gateway-signing-secret"), _NAME)
