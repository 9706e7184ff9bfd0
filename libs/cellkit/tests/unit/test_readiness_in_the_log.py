"""What a service that is not ready says in its log."""

from __future__ import annotations

from typing import Any

from structlog.testing import capture_logs

from cellkit.http.application import Application
from cellkit.settings import read_settings


async def ask(app: Application) -> int:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app({"type": "http", "method": "GET", "path": "/ready", "query_string": b"", "headers": []}, receive, send)
    return int(sent[0]["status"])


async def test_not_being_ready_is_no_error_and_told_once_when_it_changes() -> None:
    app = Application(read_settings("demo", environment={"GATEWAY_SIGNING_SECRET": "s" * 32}), title="Demo")
    down = True

    async def database() -> None:
        if down:
            raise ConnectionRefusedError

    app.ready_checks["database"] = database
    with capture_logs() as lines:
        statuses = [await ask(app), await ask(app)]
        down = False
        statuses.append(await ask(app))
        down = True
        statuses += [await ask(app), await ask(app)]
    assert statuses == [503, 503, 200, 503, 503]
    told = [(line["log_level"], line["event"]) for line in lines]
    assert told == [("info", "not_ready"), ("info", "ready"), ("warning", "not_ready")]
    assert "ConnectionRefusedError" in lines[0]["checks"]["database"]
