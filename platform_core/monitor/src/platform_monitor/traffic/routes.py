"""``GET /api/admin/topology``: nodes, and edges from caller to callee."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import APIRouter, Query

from platform_monitor.access import Access
from platform_monitor.targets import Target, Targets
from platform_monitor.traffic.counting import Count, Traffic, names
from platform_monitor.traffic.line import SERVICES, USERS

_PEOPLE = {
    USERS: ("users", {"zh": "用户与外部系统", "en": "Users and outside systems"}),
    SERVICES: ("services", {"zh": "各服务（换取令牌）", "en": "Services asking for their tokens"}),
}


class TopologyRoutes:
    """Answers from the counts and from what governance says of the cells."""

    def __init__(self, targets: Targets, traffic: Traffic, access: Access) -> None:
        self._targets = targets
        self._traffic = traffic
        self._access = access

    def router(self) -> APIRouter:
        """The route."""
        router = APIRouter()
        router.add_api_route("/api/admin/topology", self.topology, methods=["GET"])
        return router

    async def topology(self, window: Annotated[int, Query(ge=10, le=86_400)] = 300) -> dict[str, Any]:
        """The traffic of the last ``window`` seconds; services that nobody called are there as well."""
        await self._access.require()
        counts = self._traffic.window(window, time.time())
        known = {target.name: target for target in self._targets.all()}
        nodes = [_node(name, known.get(name), counts) for name in sorted({*known, *names(counts)}, key=_place)]
        edges = [_edge(caller, callee, count, window) for (caller, callee), count in sorted(counts.items())]
        return {"window_seconds": window, "at": round(time.time(), 3), "nodes": nodes, "edges": edges}


def _place(name: str) -> tuple[bool, str]:
    return name not in _PEOPLE, name


def _node(name: str, target: Target | None, counts: dict[tuple[str, str], Count]) -> dict[str, Any]:
    called, calls = Count(), Count()
    for (caller, callee), count in counts.items():
        if callee == name:
            called.join(count)
        if caller == name:
            calls.join(count)
    kind, label = _PEOPLE.get(name, ("other", {"zh": name, "en": name}))
    return {
        "name": name,
        "kind": target.kind if target else kind,
        "label": target.label if target else label,
        "light": target.light if target else None,
        "reason": target.reason if target else None,
        "instances": len(target.urls) if target else None,
        "requests_in": called.requests,
        "errors_in": called.errors,
        "requests_out": calls.requests,
    }


def _edge(caller: str, callee: str, count: Count, window: int) -> dict[str, Any]:
    return {
        "from": caller,
        "to": callee,
        "requests": count.requests,
        "request_rate": round(count.requests / window, 4),
        "refused": count.refused,
        "errors": count.errors,
        "error_ratio": round(count.errors / count.requests, 4) if count.requests else 0.0,
        "p50_ms": _rounded(count.percentile(0.50)),
        "p95_ms": _rounded(count.percentile(0.95)),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
