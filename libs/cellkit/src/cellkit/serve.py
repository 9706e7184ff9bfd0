"""Run one service in this process until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import uvicorn

from cellkit import log
from cellkit.service import Service
from cellkit.settings import Settings


def run(service: Service, settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; requests in flight are finished first (10 s at most)."""
    log.configure(service.name, settings.log_level)
    app = service.create_app(settings)
    server = uvicorn.Server(server_config(app, settings))
    _collect_rarely()
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(server.serve())


def _collect_rarely() -> None:
    """A request leaves hardly any cycles behind, so looking for them after every 700 objects is time wasted."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def server_config(app: Any, settings: Settings) -> uvicorn.Config:
    """The server's settings: the gateway in front keeps connections open, limits bodies and slow clients."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http="httptools",
        loop="uvloop",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=10,
        backlog=2048,
    )


def _loop_factory() -> Any:
    import uvloop  # noqa: PLC0415 - after the fork: the supervisor's process needs no event loop

    return uvloop.new_event_loop
