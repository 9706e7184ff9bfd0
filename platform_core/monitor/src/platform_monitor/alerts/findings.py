"""The figures that rules are about, from what the monitor knows already."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from platform_monitor.alerts.rules import Finding, Rule
from platform_monitor.backups.reading import Protection
from platform_monitor.exposition import Reading
from platform_monitor.history import History
from platform_monitor.signals import Signals, signals
from platform_monitor.targets import Target

_WINDOW_SECONDS = 300.0
_PLATFORM = "platform"
# A cell that an operator has switched off or stopped is meant to be red.
_MEANT = frozenset({"DISABLED_BY_OPERATOR", "NOT_REGISTERED"})
# Until the first scrapes have come, nobody is known to be down.
_FRESH_SECONDS = 45.0


def of_services(targets: Iterable[Target], history: History, rules: dict[str, Rule], now: float) -> list[Finding]:
    """Lights and signals of every service."""
    found: list[Finding] = []
    for target in targets:
        samples = history.window(target.name, _WINDOW_SECONDS, now)
        latest = next((sample for sample in reversed(samples)), None)
        readings = [reading for reading in latest.readings.values() if reading is not None] if latest else []
        found += _lights(target, up=bool(readings), seen=bool(latest and now - latest.at < _FRESH_SECONDS))
        calculated = signals(samples)
        if calculated is not None:
            found += _signals(target.name, calculated, rules)
        found += _gauges(target.name, readings)
    return found


def _lights(target: Target, *, up: bool, seen: bool) -> list[Finding]:
    if target.kind == "cell":
        red = target.light == "red" and (target.reason or "").partition(":")[0] not in _MEANT
        reason = target.reason or ""
        yellow = target.light == "yellow"
    else:
        red, yellow, reason = seen and not up, False, "NO_ANSWER"
    return [
        Finding("light-red", target.name, float(red), reason),
        Finding("light-yellow", target.name, float(yellow), reason),
    ]


def _signals(name: str, found: Signals, rules: dict[str, Rule]) -> list[Finding]:
    findings = []
    if found.requests >= rules["error-ratio"].least_requests:
        told = f"{found.error_ratio:.1%} / {found.requests:.0f}"
        findings.append(Finding("error-ratio", name, found.error_ratio, told))
    if found.p95_ms is not None and found.requests >= rules["p95"].least_requests:
        findings.append(Finding("p95", name, found.p95_ms, f"{found.p95_ms:.0f} ms"))
    if found.connections_in_use is not None and found.connections_limit:
        share = found.connections_in_use / found.connections_limit
        told = f"{found.connections_in_use:.0f} / {found.connections_limit:.0f}"
        findings.append(Finding("connections", name, share, told))
    return findings


def _gauges(name: str, readings: Iterable[Reading]) -> list[Finding]:
    # Every instance of a cell tells the same of the one database behind them.
    known = list(readings)
    figures = {
        "dead-letters": max((item.dead_letters or 0 for item in known), default=0.0),
        "events-behind": max((item.oldest_event_seconds or 0 for item in known), default=0.0),
        "audit-broken": max((item.audit_broken or 0 for item in known), default=0.0),
    }
    return [Finding(rule, name, value, f"{value:.0f}") for rule, value in figures.items()]


def of_machine(folders: Iterable[Path]) -> list[Finding]:
    """The disks on which the data and the backups lie."""
    found: dict[int, Finding] = {}
    for folder in folders:
        with suppress(OSError):
            usage = shutil.disk_usage(folder)
            share = 1 - usage.free / usage.total if usage.total else 0.0
            told = f"{usage.free >> 20} MiB free"
            found.setdefault(folder.stat().st_dev, Finding("disk-used", str(folder), share, told))
    return list(found.values())


def of_backups(protection: Protection, up_since: float) -> list[Finding]:
    """How old the last backup is (a platform without any counts from its start), and what went wrong."""
    age = protection.backup_age if protection.backup_age is not None else time.time() - up_since
    failure, failed = protection.failure, protection.test_failed
    return [
        Finding("backup-age", _PLATFORM, age / 3600, f"{age / 3600:.0f} h"),
        Finding("backup-failed", _PLATFORM, float(failure is not None), str((failure or {}).get("error", ""))),
        Finding("restore-test", _PLATFORM, float(failed is not None), failed or ""),
    ]
