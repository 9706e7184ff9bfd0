"""Which rules there are, with what they begin with. The figures are dated: they are settings, not laws."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from cellkit.labels import L, Label

Severity = Literal["warning", "critical"]
SINCE = "2026-11-22"
"""The day on which the thresholds below were chosen."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: it fires for a subject when ``kind``'s figure has been beyond ``threshold`` for ``for_seconds``."""

    id: str
    label: Label
    severity: Severity
    unit: str
    threshold: float
    for_seconds: int
    help: Label
    enabled: bool = True
    # Below so many requests in five minutes a share says nothing.
    least_requests: int = 0

    def with_settings(self, settings: dict[str, Any]) -> Rule:
        """The rule as an operator has set it."""
        known = {name: settings[name] for name in CHANGEABLE if name in settings}
        return replace(self, **known)


CHANGEABLE = ("threshold", "for_seconds", "severity", "enabled", "least_requests")

DEFAULTS: tuple[Rule, ...] = (
    Rule(
        "light-red", L("健康灯为红", "Red light"), "critical", "count", 0, 30,
        L("服务或细胞不可用；看健康大盘给出的原因", "A service or cell is down; the health board tells why"),
    ),
    Rule(
        "light-yellow", L("健康灯为黄", "Yellow light"), "warning", "count", 0, 300,
        L("部分实例不可用或租约过期", "Some instances are down or a lease has run out"),
    ),
    Rule(
        "error-ratio", L("服务端错误率", "Share of server errors"), "critical", "ratio", 0.05, 60,
        L("按请求查询筛选 5xx，找出请求编号再看链路", "Search requests with 5xx, then follow one by its id"),
        least_requests=20,
    ),
    Rule(
        "p95", L("P95 响应时间", "P95 latency"), "warning", "ms", 500, 300,
        L("查看饱和度、慢语句与慢请求", "Look at saturation, slow statements and slow requests"),
        least_requests=20,
    ),
    Rule(
        "connections", L("数据库连接占用", "Database connections in use"), "warning", "ratio", 0.9, 120,
        L("连接池将满；查看慢语句或调大连接池", "The pool is nearly full: look for slow statements or enlarge it"),
    ),
    Rule(
        "dead-letters", L("死信", "Dead letters"), "warning", "count", 0, 60,
        L("在死信页查看原因，修复后重放", "See why among the dead letters, then replay them"),
    ),
    Rule(
        "events-behind", L("事件投递滞后", "Events are late"), "warning", "seconds", 300, 120,
        L("订阅方是否可用；看死信与投递页", "Is the subscriber up? See the deliveries"),
    ),
    Rule(
        "audit-broken", L("审计链不完整", "Audit trail broken"), "critical", "count", 0, 0,
        L("立即保全证据，勿再写入；按运维手册核查", "Keep the evidence and check as the handbook says"),
    ),
    Rule(
        "disk-used", L("磁盘占用", "Disk in use"), "critical", "ratio", 0.9, 60,
        L("清理或扩容；磁盘写满后数据库将停止写入", "Make room: a full disk stops the database"),
    ),
    Rule(
        "backup-age", L("备份过旧", "Backup too old"), "critical", "hours", 26, 0,
        L("查看备份页的失败原因，立即手动备份", "See why on the backups' page and make one now"),
    ),
    Rule(
        "backup-failed", L("备份失败", "Backup failed"), "critical", "count", 0, 0,
        L("查看备份页的失败原因", "See why on the backups' page"),
    ),
    Rule(
        "restore-test", L("恢复演练失败", "Restore test failed"), "critical", "count", 0, 0,
        L("该备份不可用：换盘、重新备份并再次演练", "That backup cannot be used: make another and test it"),
    ),
)  # fmt: skip
BY_ID = {rule.id: rule for rule in DEFAULTS}


@dataclass(frozen=True, slots=True)
class Finding:
    """A figure that may break a rule: ``subject`` is a service, a folder or the platform."""

    rule: str
    subject: str
    value: float
    reason: str = ""


def breaks(rule: Rule, finding: Finding) -> bool:
    """Whether a figure is beyond its rule."""
    return rule.enabled and finding.value > rule.threshold
