"""Looks at all figures every ten seconds, keeps the alerts' states, and sends notices of what fires and ends."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cellkit.log import get_logger
from cellkit.notifications.channels.message import Item
from platform_monitor.alerts import findings
from platform_monitor.alerts.channels import Channels
from platform_monitor.alerts.rules import BY_ID, Finding
from platform_monitor.alerts.states import Alert, Key, silenced, step
from platform_monitor.alerts.store import AlertStore
from platform_monitor.backups.reading import BackupFolder
from platform_monitor.history import History
from platform_monitor.targets import Targets

_EVERY_SECONDS = 10.0
_PAUSES = (0.0, 10.0, 60.0, 300.0)
_BACKUPS_EVERY = 60.0
log = get_logger("alerts")


@dataclass(frozen=True, slots=True)
class Sources:
    """Where figures come from."""

    targets: Targets
    history: History
    backups: BackupFolder
    data_folder: Path


class Alerting:
    """The loop."""

    def __init__(self, store: AlertStore, channels: Channels, sources: Sources) -> None:
        self._store = store
        self._channels = channels
        self._sources = sources
        self._open: dict[Key, Alert] | None = None
        self._up_since = time.time()
        self._backups: list[Finding] = []
        self._backups_at = 0.0
        self._sending: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await self.look(time.time())
            await asyncio.sleep(_EVERY_SECONDS)

    async def look(self, now: float) -> None:
        """Look once."""
        known = await self._known()
        rules = await self._store.rules()
        sources = self._sources
        found = findings.of_services(sources.targets.all(), sources.history, rules, now)
        found += findings.of_machine([sources.data_folder, sources.backups.folder])
        found += await self._of_backups(now)
        result = step(known, rules, found, now)
        if result.changed:
            made = await self._store.save(result.changed, now)
            result.open.update({key: replace(result.open[key], id=number) for key, number in made.items()})
        self._open = result.open
        for alert in result.fired:
            log.warning("alert_firing", rule=alert.rule, subject=alert.subject, reason=alert.reason)
        for alert in result.resolved:
            log.info("alert_resolved", rule=alert.rule, subject=alert.subject)
        await self._tell([*result.fired, *result.resolved], now)

    def acknowledged(self, key: Key) -> None:
        """Somebody has seen an alert; the next look must not find it firing again."""
        if self._open is not None and key in self._open:
            self._open[key] = replace(self._open[key], state="acknowledged")

    async def _known(self) -> dict[Key, Alert]:
        if self._open is None:
            self._open = await self._store.open_alerts()
        return self._open

    async def _of_backups(self, now: float) -> list[Finding]:
        if now - self._backups_at >= _BACKUPS_EVERY:
            self._backups_at = now
            protection = await asyncio.to_thread(self._sources.backups.protection)
            self._backups = findings.of_backups(protection, self._up_since)
        return self._backups

    async def _tell(self, alerts: Sequence[Alert], now: float) -> None:
        if not alerts:
            return
        quiet = [(row["rule"], row["subject"], row["until"]) for row in await self._store.silences()]
        for alert in alerts:
            if silenced(alert, quiet, now):
                continue
            for row in await self._channels.wanted(alert.severity):
                task = asyncio.create_task(self._deliver(row, alert))
                self._sending.add(task)
                task.add_done_callback(self._sending.discard)

    async def _deliver(self, row: dict[str, Any], alert: Alert) -> None:
        identity = str(uuid.uuid4())
        for pause in _PAUSES:
            await asyncio.sleep(pause)
            failed = await self._channels.deliver(row, notice(alert, english=_english(row)), identity)
            if failed is None:
                return
        log.error("notice_given_up", channel=row["name"], rule=alert.rule, subject=alert.subject)


def _english(row: dict[str, Any]) -> bool:
    return '"language": "en' in row["settings"]


def notice(alert: Alert, *, english: bool) -> Item:
    """What a person reads of an alert."""
    rule = BY_ID[alert.rule]
    ended = alert.state == "resolved"
    label, hint = (rule.label.en, rule.help.en) if english else (rule.label.zh, rule.help.zh)
    if english:
        word = "Resolved" if ended else "Critical" if alert.severity == "critical" else "Warning"
        title = f"[{word}] {label}: {alert.subject}"
    else:
        word = "已恢复" if ended else "严重" if alert.severity == "critical" else "警告"
        title = f"【{word}】{label}：{alert.subject}"
    text = alert.reason if ended else "\n".join(part for part in (alert.reason, hint) if part)
    return Item(f"monitor.alert.{'resolved' if ended else 'firing'}", title, text, must_read=not ended)
