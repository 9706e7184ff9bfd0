"""Whom to ask: the platform's own services by their settings, the cells by governance's discovery, the gateway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from cellkit.errors import Unavailable
from cellkit.ops.client import ServiceClient
from cellkit.settings import Settings

_DOORS = r"^http\.(gateway|web_client|web_admin)\."
_PLATFORM_LABELS = {
    "gateway": {"zh": "网关", "en": "Gateway"},
    "identity": {"zh": "身份中心", "en": "Identity"},
    "governance": {"zh": "治理中心", "en": "Governance"},
    "monitor": {"zh": "监控中心", "en": "Monitor"},
    "web": {"zh": "网页应用", "en": "Web apps"},
}


@dataclass(frozen=True, slots=True)
class Target:
    """A service with the addresses of its metrics."""

    name: str
    kind: Literal["gateway", "platform", "cell"]
    label: dict[str, str]
    urls: tuple[str, ...]
    light: str | None = None
    reason: str | None = None


class Targets:
    """Keeps the list of services; when governance does not answer the last list stays."""

    def __init__(self, settings: Settings, client: ServiceClient) -> None:
        self._settings = settings
        self._client = client
        self._cells: list[Target] = []
        self.discovered = False

    async def refresh(self) -> None:
        """Ask governance for the cells."""
        if not self._settings.governance_url:
            return
        try:
            answer = await self._client.signed_request(
                "GET", self._settings.governance_url, "/api/governance/cells", timeout_seconds=3
            )
            items: list[dict[str, Any]] = answer.json()["items"] if answer.succeeded else []
        except (Unavailable, KeyError, TypeError):
            self.discovered = False
            return
        self.discovered = answer.succeeded
        if answer.succeeded:
            self._cells = [
                Target(
                    item["name"],
                    "cell",
                    item["label"],
                    tuple(f"{url}/metrics" for url in item["urls"]),
                    item["light"],
                    item["reason"],
                )
                for item in items
            ]

    def all(self) -> list[Target]:
        """Gateway, platform services and cells, in this order."""
        settings = self._settings
        admin = settings.environment.get("ENVOY_ADMIN_URL", "http://127.0.0.1:8001").rstrip("/")
        gateway = Target(
            "gateway", "gateway", _PLATFORM_LABELS["gateway"], (f"{admin}/stats/prometheus?filter={_DOORS}",)
        )
        urls = {
            "identity": settings.identity_url,
            "governance": settings.governance_url,
            "monitor": settings.public_url,
            "web": settings.environment.get("WEB_URL", ""),
        }
        platform = [
            Target(name, "platform", _PLATFORM_LABELS[name], (f"{url}/metrics",)) for name, url in urls.items() if url
        ]
        return [gateway, *platform, *self._cells]
