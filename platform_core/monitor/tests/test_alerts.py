"""Alerts: their states, their store, and notices that really arrive."""

from __future__ import annotations

import asyncio
import base64
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from platform_monitor.alerts import findings
from platform_monitor.alerts.channels import Channels
from platform_monitor.alerts.engine import Alerting, Sources, notice
from platform_monitor.alerts.rules import BY_ID, DEFAULTS, Finding
from platform_monitor.alerts.states import Alert, silenced, step
from platform_monitor.alerts.store import AlertStore
from platform_monitor.backups.reading import BackupFolder, Protection
from platform_monitor.database import MonitorDatabase
from platform_monitor.exposition import Reading
from platform_monitor.history import History
from platform_monitor.series import Series, points
from platform_monitor.signals import Sample
from platform_monitor.targets import Target

from cellkit.errors import NotFound, ValidationFailed, VersionConflict
from cellkit.notifications.channels.message import Item
from cellkit.notifications.channels.webhook import signature
from cellkit.settings import Settings, read_settings

RULES = {rule.id: rule for rule in DEFAULTS}
BAD = [Finding("light-red", "crm", 1, "NOT_READY:database")]
GOOD = [Finding("light-red", "crm", 0)]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[MonitorDatabase]:
    made = MonitorDatabase(tmp_path / "monitor" / "monitor.sqlite")
    async with made.lifespan():
        yield made


def settings_of(folder: Path, **environment: str) -> Settings:
    keys = "1:" + base64.b64encode(os.urandom(32)).decode()
    values = {"FIELD_ENCRYPTION_KEYS": keys, "NOTIFICATION_ALLOWED_NETWORKS": "127.0.0.0/8", **environment}
    return read_settings("monitor", environment={"SUPERPAAS_DATA": str(folder), **values})


class Receiver:
    """A webhook that keeps what it is sent."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 200
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.read()))
        return web.Response(status=self.status)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    application = web.Application()
    application.router.add_post("/hook", made.take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield made
    await runner.cleanup()


def test_pending_firing_acknowledged_resolved() -> None:
    first = step({}, RULES, BAD, 0)
    assert [alert.state for alert in first.open.values()] == ["pending"]
    assert first.fired == []
    second = step(first.open, RULES, BAD, 31)
    assert [alert.state for alert in second.fired] == ["firing"]
    assert step(second.open, RULES, BAD, 41).fired == []
    seen = {key: Alert(**{**_values(alert), "state": "acknowledged"}) for key, alert in second.open.items()}
    assert [alert.state for alert in step(seen, RULES, BAD, 51).open.values()] == ["acknowledged"]
    calming = step(seen, RULES, GOOD, 60)
    assert calming.resolved == []
    # A swing back within a minute neither ends nor repeats it.
    again = step(calming.open, RULES, BAD, 90)
    assert (again.fired, again.resolved) == ([], [])
    ended = step(step(again.open, RULES, GOOD, 100).open, RULES, GOOD, 161)
    assert [alert.state for alert in ended.resolved] == ["resolved"]
    assert ended.open == {}


def _values(alert: Alert) -> dict[str, Any]:
    return {name: getattr(alert, name) for name in Alert.__slots__}


def test_what_was_nothing_leaves_nothing() -> None:
    first = step({}, RULES, BAD, 0)
    second = step(first.open, RULES, GOOD, 10)
    assert (second.open, second.fired, second.resolved) == ({}, [], [])


def test_a_rule_that_is_switched_off_ends_its_alerts() -> None:
    firing = step(step({}, RULES, BAD, 0).open, RULES, BAD, 40).open
    off = {**RULES, "light-red": RULES["light-red"].with_settings({"enabled": False})}
    assert [alert.state for alert in step(firing, off, BAD, 50).resolved] == ["resolved"]


def test_silences() -> None:
    alert = Alert("p95", "crm", "warning", "firing", 900, "", 0)
    assert silenced(alert, [("p95", "*", 100)], 50)
    assert silenced(alert, [("*", "crm", 100)], 50)
    assert not silenced(alert, [("p95", "erp", 100), ("light-red", "*", 100)], 50)
    assert not silenced(alert, [("*", "*", 100)], 101)


def test_figures_of_services() -> None:
    now, history = 1000.0, History()
    for at, requests, errors in ((700.0, 0, 0), (1000.0, 100, 10)):
        buckets = {0.1: 0.0, 1.0: float(requests), float("inf"): float(requests)}
        reading = Reading(requests, errors, buckets, connections_in_use=9, connections_limit=10, dead_letters=2)
        history.add("crm", Sample(at, {"u": reading}))
    history.add("identity", Sample(now, {"u": None}))
    label = {"zh": "", "en": ""}
    targets = [
        Target("crm", "cell", label, ("u",), "red", "CIRCUIT_OPEN"),
        Target("erp", "cell", label, (), "red", "DISABLED_BY_OPERATOR"),
        Target("identity", "platform", label, ("u",)),
    ]
    found = {(item.rule, item.subject): item.value for item in findings.of_services(targets, history, RULES, now)}
    assert found["light-red", "crm"] == 1
    assert found["light-red", "erp"] == 0
    assert found["light-red", "identity"] == 1
    assert found["error-ratio", "crm"] == pytest.approx(0.1)
    assert 500 < found["p95", "crm"] <= 1000
    assert found["connections", "crm"] == pytest.approx(0.9)
    assert found["dead-letters", "crm"] == 2


def test_figures_of_backups() -> None:
    now = time.time()
    never = findings.of_backups(Protection(None, None, None, None), now - 30 * 3600)
    assert {item.rule: round(item.value) for item in never} == {
        "backup-age": 30, "backup-failed": 0, "restore-test": 0,
    }  # fmt: skip
    bad = findings.of_backups(Protection(3600, None, "beta: audit", {"error": "disk full"}), now)
    assert {item.rule: round(item.value) for item in bad} == {"backup-age": 1, "backup-failed": 1, "restore-test": 1}


async def test_alerts_outlive_a_restart_of_the_monitor(tmp_path: Path, receiver: Receiver) -> None:
    settings, now = settings_of(tmp_path), time.time()

    def alerting(database: MonitorDatabase) -> tuple[Alerting, AlertStore, Channels]:
        store, channels = AlertStore(database), Channels(settings, database)
        targets: Any = _Targets()
        sources = Sources(targets, History(), BackupFolder(settings), tmp_path)
        return Alerting(store, channels, sources), store, channels

    path = tmp_path / "monitor" / "monitor.sqlite"
    first = MonitorDatabase(path)
    async with first.lifespan():
        engine, store, channels = alerting(first)
        body = {"name": "hook", "type": "webhook", "url": receiver.url, "secret": "s3cret-of-hook",
                "severity": "warning", "enabled": True}  # fmt: skip
        await channels.save(None, body, 0, "u")
        await engine.look(now)
        await engine.look(now + 31)
        await asyncio.gather(*engine._sending)
        rows = await store.alerts(("firing",), None, 10)
        assert [(row["rule"], row["subject"]) for row in rows] == [("light-red", "crm")]
        await store.acknowledge(rows[0]["id"], "u1", "seen")
        engine.acknowledged(("light-red", "crm"))
        await engine.look(now + 41)
    second = MonitorDatabase(path)
    async with second.lifespan():
        engine, store, channels = alerting(second)
        await engine.look(now + 51)
        assert [row["state"] for row in await store.alerts(("firing", "acknowledged"), None, 10)] == ["acknowledged"]
        _Targets.light = "green"
        try:
            await engine.look(now + 61)
            await engine.look(now + 130)
            await asyncio.gather(*engine._sending)
        finally:
            _Targets.light = "red"
        row = (await store.alerts(("resolved",), None, 10))[0]
        assert (row["acknowledged_by"], row["note"]) == ("u1", "seen")
        assert row["resolved_at"] == pytest.approx(now + 130)
    titles = [body.decode() for _, body in receiver.got]
    assert len(titles) == 2
    assert "【严重】健康灯为红：crm" in titles[0]
    assert "【已恢复】" in titles[1]
    headers, raw = receiver.got[0]
    moment = int(headers["webhook-timestamp"])
    assert headers["webhook-signature"] == signature("s3cret-of-hook", headers["webhook-id"], moment, raw)
    stored = b"".join(item.read_bytes() for item in path.parent.iterdir())
    assert b"s3cret-of-hook" not in stored


class _Targets:
    light = "red"

    def all(self) -> list[Target]:
        return [Target("crm", "cell", {"zh": "", "en": ""}, (), self.light, "NOT_READY:database")]


async def test_channels_keep_their_secrets_and_tell_why_a_test_failed(
    tmp_path: Path, database: MonitorDatabase, receiver: Receiver
) -> None:
    channels = Channels(settings_of(tmp_path), database)
    body = {"name": "hook", "type": "webhook", "url": receiver.url, "severity": "critical", "enabled": True}
    made = await channels.save(None, body, 0, "u")
    assert "url" not in made
    changed = await channels.save(made["id"], {**body, "name": "new", "url": ""}, made["version"], "u")
    item = Item("monitor.alert.test", "t", "x")
    assert await channels.test(changed["id"], item) is None
    receiver.status = 410
    failed = await channels.test(changed["id"], item)
    assert failed is not None
    assert failed.en == "HTTP 410"
    assert (await channels.all())[0]["last_error"]["en"] == "HTTP 410"
    with pytest.raises(VersionConflict):
        await channels.save(made["id"], body, 1, "u")
    with pytest.raises(ValidationFailed):
        await channels.save(None, {**body, "name": "bad", "url": "file:///etc/passwd"}, 0, "u")
    with pytest.raises(ValidationFailed):
        await channels.save(None, {**body, "name": "new"}, 0, "u")
    assert await channels.wanted("warning") == []
    assert len(await channels.wanted("critical")) == 1
    await channels.remove(made["id"])
    with pytest.raises(NotFound):
        await channels.remove(made["id"])


async def test_the_machine_itself_is_no_target_unless_it_is_allowed(
    tmp_path: Path, database: MonitorDatabase, receiver: Receiver
) -> None:
    channels = Channels(settings_of(tmp_path, NOTIFICATION_ALLOWED_NETWORKS=""), database)
    body = {"name": "hook", "type": "webhook", "url": receiver.url, "severity": "critical", "enabled": True}
    made = await channels.save(None, body, 0, "u")
    assert await channels.test(made["id"], Item("k", "t", "x")) is not None
    assert receiver.got == []


async def test_rules_are_set_with_their_version(database: MonitorDatabase) -> None:
    store = AlertStore(database)
    values = {"threshold": 800.0, "for_seconds": 60, "severity": "critical", "enabled": True, "least_requests": 5}
    await store.change_rule("p95", values, 0, "u")
    rule = (await store.rules())["p95"]
    assert (rule.threshold, rule.severity, rule.label) == (800.0, "critical", BY_ID["p95"].label)
    with pytest.raises(VersionConflict):
        await store.change_rule("p95", values, 0, "u")
    with pytest.raises(NotFound):
        await store.change_rule("nothing", values, 0, "u")


async def test_a_damaged_database_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "monitor.sqlite"
    path.write_bytes(b"this is no database" * 1000)
    made = MonitorDatabase(path)
    async with made.lifespan():
        assert await made.fetch("SELECT * FROM alerts") == []
    assert (tmp_path / "monitor.damaged").exists()


async def test_the_course_of_signals_survives_and_is_thinned(database: MonitorDatabase) -> None:
    history, start = History(), 1_800_000_000
    series = Series(database, history)
    for minute in range(10):
        for second in (0, 30, 59):
            at = start + minute * 60 + second
            count = float(minute * 60 + second)
            reading = Reading(count, count / 10, {0.01: count, float("inf"): count}, memory_bytes=minute)
            history.add("crm", Sample(at, {"u": reading}))
        await series.write(start + minute * 60 + 59)
    rows = await series.read("crm", 3600, start + 600)
    assert len(rows) == 10
    course = points(rows, 3600)
    assert len(course) == 10
    assert course[5]["request_rate"] == pytest.approx(1, abs=0.1)
    assert course[5]["error_ratio"] == pytest.approx(0.1)
    assert course[5]["p95_ms"] == pytest.approx(9.5)
    week = points(rows, 7 * 86_400)
    assert len(week) <= 2
    assert week[-1]["memory_bytes"] == 9
    assert await series.read("erp", 3600, start + 600) == []


def test_a_notice_says_what_to_do() -> None:
    item = notice(Alert("disk-used", "/data", "critical", "firing", 0.95, "120 MiB free", 0), english=True)
    assert item.title == "[Critical] Disk in use: /data"
    assert item.text == "120 MiB free\nMake room: a full disk stops the database"
