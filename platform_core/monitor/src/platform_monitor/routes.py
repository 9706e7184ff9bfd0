"""The monitor's HTTP interface."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query

from cellkit.errors import NotFound
from platform_monitor.access import Access
from platform_monitor.history import History
from platform_monitor.series import KEPT_SECONDS, Series, points
from platform_monitor.signals import Sample, signals
from platform_monitor.targets import Target, Targets

_LIST_WINDOW_SECONDS = 60.0
_MOST_POINTS = 120
_DIGITS = 4


class MonitorRoutes:
    """Answers from the history; nothing is asked of the services themselves."""

    def __init__(self, targets: Targets, history: History, series: Series, access: Access) -> None:
        self._targets = targets
        self._history = history
        self._series = series
        self._access = access

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter()
        router.add_api_route("/api/monitor/health", self.health, methods=["GET"])
        router.add_api_route("/api/admin/services", self.services, methods=["GET"])
        router.add_api_route("/api/admin/golden-signals", self.golden_signals, methods=["GET"])
        router.add_api_route("/api/admin/golden-signals/history", self.course, methods=["GET"])
        return router

    async def health(self) -> dict[str, Any]:
        """Open: whether the monitor sees governance and how many services answer."""
        states = [self._up(target) for target in self._targets.all()]
        return {
            "status": "up" if self._targets.discovered else "degraded",
            "services": len(states),
            "services_up": sum(states),
        }

    async def services(self) -> dict[str, Any]:
        """Every service with its signals of the last minute."""
        await self._access.require()
        items = [self._service(target) for target in self._targets.all()]
        return {"items": items, "next": None, "total": len(items)}

    async def golden_signals(
        self, service: str | None = None, window: Annotated[int, Query(ge=10, le=3600)] = 300
    ) -> dict[str, Any]:
        """Signals over ``window`` seconds: of one service with their course, or of all in short."""
        await self._access.require()
        if service is None:
            items = [
                {"service": target.name, "signals": self._signals(target.name, window)}
                for target in self._targets.all()
            ]
            return {"window_seconds": window, "items": items}
        if service not in {target.name for target in self._targets.all()}:
            raise NotFound
        samples = self._history.window(service, window, time.time())
        return {
            "service": service,
            "window_seconds": window,
            "signals": self._signals(service, window),
            "points": _points(samples),
        }

    async def course(
        self, service: str | None = None, window: Annotated[int, Query(ge=60, le=KEPT_SECONDS)] = 3600
    ) -> dict[str, Any]:
        """The course of the signals by minutes, of one service or of all; also of the time before a restart."""
        await self._access.require()
        known = [target.name for target in self._targets.all()]
        if service is not None and service not in known:
            raise NotFound
        rows = await self._series.read(service, window, time.time())
        names = [service] if service is not None else known
        items = [
            {"service": name, "points": points([row for row in rows if row["service"] == name], window)}
            for name in names
        ]
        return {"window_seconds": window, "items": items, "next": None, "total": len(items)}

    def _service(self, target: Target) -> dict[str, Any]:
        return {
            "name": target.name,
            "kind": target.kind,
            "label": target.label,
            "instances": len(target.urls),
            "up": self._up(target),
            "light": target.light,
            "reason": target.reason,
            "signals": self._signals(target.name, _LIST_WINDOW_SECONDS),
        }

    def _signals(self, service: str, window: float) -> dict[str, Any] | None:
        found = signals(self._history.window(service, window, time.time()))
        return None if found is None else _rounded(asdict(found))

    def _up(self, target: Target) -> bool:
        latest = self._history.window(target.name, _LIST_WINDOW_SECONDS, time.time())[-1:]
        return any(reading is not None for sample in latest for reading in sample.readings.values())


def _points(samples: list[Sample]) -> list[dict[str, Any]]:
    """The course of the signals in at most 120 steps."""
    step = max(1, -(-(len(samples) - 1) // _MOST_POINTS))
    points = []
    for start in range(0, len(samples) - 1, step):
        piece = samples[start : start + step + 1]
        found = signals(piece)
        if found is not None:
            points.append({"at": round(piece[-1].at, 3), **_rounded(asdict(found))})
    return points


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, _DIGITS) if isinstance(value, float) else value for name, value in values.items()}
