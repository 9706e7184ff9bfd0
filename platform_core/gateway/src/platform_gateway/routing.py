"""What the gateway routes: the platform's own paths, the cells, and the keys that prove a login.

A :class:`Routing` is a complete picture at one moment. It carries no secret, so that it can be written down
(``state.json``) and Envoy can start from it when governance is not there.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Access = Literal["public", "token"]
Match = Literal["path", "prefix"]
Traffic = Literal["open", "probe", "closed"]

PLATFORM_SERVICES = ("identity", "governance", "monitor", "web")
RESERVED_CELL_NAMES = frozenset({*PLATFORM_SERVICES, "auth", "gateway", "admin", "platform", "superpaas"})


@dataclass(frozen=True, slots=True)
class PlatformRoute:
    """A path that the platform itself serves.

    ``match`` path: exactly this path; prefix: this path and all below it. ``login``: under the stricter limit per
    address; ``account``: open to a user who has to change his password first.
    """

    path: str
    service: str
    access: Access = "token"
    match: Match = "prefix"
    login: bool = False
    account: bool = False


PLATFORM_ROUTES: tuple[PlatformRoute, ...] = (
    PlatformRoute("/api/v1/auth/login", "identity", "public", "path", login=True),
    PlatformRoute("/api/v1/auth/refresh", "identity", "public", "path", login=True),
    PlatformRoute("/api/v1/auth/jwks", "identity", "public", "path"),
    PlatformRoute("/api/v1/auth/service-token", "identity", "public", "path"),
    *(
        PlatformRoute(f"/api/v1/auth/{name}", "identity", match="path", account=True)
        for name in ("me", "logout", "change-password")
    ),
    PlatformRoute("/api/v1/auth", "identity"),
    PlatformRoute("/api/v1/identity", "identity"),
    PlatformRoute("/api/v1/platform", "governance"),
    *(
        PlatformRoute(f"/api/admin/{name}", "identity")
        for name in (
            "tenants",
            "tenant-settings",
            "packages",
            "departments",
            "users",
            "roles",
            "permissions",
            "sessions",
            "signing-keys",
        )
    ),
    *(
        PlatformRoute(f"/api/admin/{name}", "governance")
        for name in ("cells", "routes", "health-summary", "subscriptions", "configuration")
    ),
    *(
        PlatformRoute(f"/api/admin/{name}", "monitor")
        for name in (
            "golden-signals",
            "services",
            "topology",
            "requests",
            "logs",
            "alerts",
            "backups",
            "system",
        )
    ),
)


@dataclass(frozen=True, slots=True)
class CellRoute:
    """A cell at ``/api/v1/<name>``.

    ``traffic`` probe lets a tenth of the requests through. What is not let through is answered with ``code``
    (``RED_LIGHT`` or ``CIRCUIT_OPEN``) and ``reason``, the light's named reason.
    """

    name: str
    urls: tuple[str, ...] = ()
    traffic: Traffic = "open"
    code: str = "RED_LIGHT"
    reason: str = ""
    timeout_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Routing:
    """Everything that changes while the gateway runs."""

    version: int = 0
    cells: tuple[CellRoute, ...] = ()
    platform: tuple[PlatformRoute, ...] = PLATFORM_ROUTES
    platform_urls: dict[str, str] = field(default_factory=dict)
    jwks: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """A JSON object that :func:`routing_from_json` reads."""
        return asdict(self)


def routing_from_json(value: dict[str, Any]) -> Routing:
    """Read what :meth:`Routing.as_json` wrote; the platform's own paths are always those of this version."""
    return Routing(
        version=int(value["version"]),
        cells=tuple(CellRoute(**{**item, "urls": tuple(item["urls"])}) for item in value["cells"]),
        platform_urls=dict(value["platform_urls"]),
        jwks=value["jwks"],
    )
