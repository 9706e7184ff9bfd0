"""How an alert goes from pending to resolved: pure functions of time and findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from platform_monitor.alerts.rules import Finding, Rule, breaks

State = Literal["pending", "firing", "acknowledged", "resolved"]
Key = tuple[str, str]
# A figure that swings around its threshold must not send a notice at every swing.
CALM_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert that is not resolved yet. ``id`` 0: not stored yet. ``good_since``: since when all has been well."""

    rule: str
    subject: str
    severity: str
    state: State
    value: float
    reason: str
    pending_at: float
    id: int = 0
    fired_at: float | None = None
    good_since: float | None = None

    @property
    def key(self) -> Key:
        """There is one open alert for a rule and a subject at most."""
        return self.rule, self.subject


@dataclass(frozen=True, slots=True)
class Step:
    """What an evaluation leads to: alerts to write, those that fire and those that end now."""

    open: dict[Key, Alert]
    changed: list[Alert]
    fired: list[Alert]
    resolved: list[Alert]


def step(known: Mapping[Key, Alert], rules: Mapping[str, Rule], findings: Iterable[Finding], now: float) -> Step:
    """The states after one look at all figures."""
    open_now: dict[Key, Alert] = {}
    changed, fired, resolved = list[Alert](), list[Alert](), list[Alert]()
    bad = {
        (finding.rule, finding.subject): finding
        for finding in findings
        if finding.rule in rules and breaks(rules[finding.rule], finding)
    }
    for key, finding in bad.items():
        rule, before = rules[finding.rule], known.get(key)
        alert = before or Alert(
            finding.rule, finding.subject, rule.severity, "pending", finding.value, finding.reason, now
        )
        alert = replace(alert, value=finding.value, reason=finding.reason, severity=rule.severity, good_since=None)
        if alert.state == "pending" and now - alert.pending_at >= rule.for_seconds:
            alert = replace(alert, state="firing", fired_at=now)
            fired.append(alert)
        if before != alert:
            changed.append(alert)
        open_now[key] = alert
    for key, alert in known.items():
        if key in bad:
            continue
        if alert.state == "pending":
            # It was nothing: no history of it is kept.
            changed.append(replace(alert, state="resolved"))
            continue
        since = alert.good_since if alert.good_since is not None else now
        if now - since >= CALM_SECONDS or alert.rule not in rules or not rules[alert.rule].enabled:
            ended = replace(alert, state="resolved", good_since=None)
            changed.append(ended)
            resolved.append(ended)
        else:
            open_now[key] = replace(alert, good_since=since)
    return Step(open_now, changed, fired, resolved)


def silenced(alert: Alert, silences: Iterable[tuple[str, str, float]], now: float) -> bool:
    """Whether notices of an alert are held back; ``*`` stands for every rule or subject."""
    return any(
        rule in {"*", alert.rule} and subject in {"*", alert.subject} and until > now
        for rule, subject, until in silences
    )
