"""Which settings there are. Names are those of the environment (runtime conventions), which wins where it is set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from platform_gateway.policies import MEBIBYTE, Policies

from cellkit.errors import FieldProblem, problem
from cellkit.labels import L, Label

Value = int | str
Scope = Literal["gateway", "identity", "cells", "all", "supervisor"]
CONFIGURED = "SUPERPAAS_CONFIGURED"
"""Names the settings in a process's environment that come from here and not from whoever started the platform."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. ``live``: in force within a second; else the processes of its scope must be restarted."""

    name: str
    group: Literal["limits", "timeouts", "sizes", "logs", "sessions", "retention", "backups"]
    label: Label
    scope: Scope
    default: Value | None
    unit: str = ""
    least: int = 1
    most: int = 1_000_000
    choices: tuple[str, ...] = ()
    pattern: str = ""
    live: bool = False
    policy: str = ""
    help: Label | None = None

    def problem(self, value: Any) -> FieldProblem | None:
        """What is wrong with a value; None: nothing."""
        if self.choices:
            words = ", ".join(self.choices)
            good = value in self.choices
            return (
                None if good else problem(self.name, "choice", f"应为其中之一：{words}", f"One of {words} is expected")
            )
        if self.pattern:
            good = isinstance(value, str) and re.fullmatch(self.pattern, value) is not None
            return None if good else problem(self.name, "format", "格式不正确", "The format is not right")
        if isinstance(value, bool) or not isinstance(value, int) or not self.least <= value <= self.most:
            zh, en = f"应为 {self.least} 到 {self.most} 的整数", f"A whole number from {self.least} to {self.most}"
            return problem(self.name, "range", zh, en)
        return None


def _limit(name: str, policy: str, zh: str, en: str, most: int = 1_000_000) -> Setting:
    default = getattr(Policies(), policy)
    return Setting(name, "limits", L(zh, en), "gateway", default, "1/s", 1, most, live=True, policy=policy)


def _seconds(name: str, policy: str, zh: str, en: str, most: int, *, live: bool) -> Setting:
    default = int(getattr(Policies(), policy))
    return Setting(name, "timeouts", L(zh, en), "gateway", default, "s", 1, most, live=live, policy=policy)


def _hours(name: str, zh: str, en: str, default: int | None, least: int) -> Setting:
    return Setting(name, "retention", L(zh, en), "cells", default, "h", least, 24 * 365)


CATALOGUE: tuple[Setting, ...] = (
    _limit("GATEWAY_RATE_LIMIT_PER_TENANT", "rate_limit_per_tenant", "每租户请求上限", "Requests of a tenant"),
    _limit("GATEWAY_RATE_LIMIT_PER_ADDRESS", "rate_limit_per_address", "每地址请求上限", "Requests of an address"),
    _limit("GATEWAY_LOGIN_LIMIT_PER_ADDRESS", "login_limit_per_address", "每地址登录上限", "Logins of an address", 999),
    _seconds("GATEWAY_TIMEOUT", "timeout_seconds", "请求超时", "Time to answer", 600, live=True),
    _seconds("GATEWAY_UPLOAD_TIMEOUT", "upload_timeout_seconds", "上传超时", "Time for an upload", 3600, live=True),
    _seconds("GATEWAY_REQUEST_TIMEOUT", "request_timeout_seconds", "接收请求超时", "Time to receive", 3600, live=False),
    _seconds("GATEWAY_STREAM_IDLE_TIMEOUT", "stream_idle_timeout_seconds", "空闲流超时", "Idle", 600, live=False),
    Setting(
        "GATEWAY_MAX_BODY_BYTES", "sizes", L("请求体上限", "Largest body"), "gateway", Policies().max_body_bytes,
        "bytes", 64 * 1024, 1024 * MEBIBYTE,
    ),
    Setting(
        "GATEWAY_MAX_UPLOAD_BYTES", "sizes", L("上传文件上限", "Largest upload"), "gateway",
        Policies().max_upload_bytes, "bytes", MEBIBYTE, 4096 * MEBIBYTE,
    ),
    Setting(
        "GATEWAY_MAX_CONNECTIONS", "sizes", L("最大连接数", "Most connections"), "gateway", Policies().max_connections,
        "", 100, 1_000_000,
    ),
    Setting(
        "LOG_LEVEL", "logs", L("日志级别", "Log level"), "all", "INFO",
        choices=("DEBUG", "INFO", "WARNING", "ERROR"),
    ),
    Setting(
        "ACCESS_TOKEN_EXPIRE_MINUTES", "sessions", L("访问令牌有效期", "Life of an access token"), "identity", 30,
        "min", 1, 1440,
    ),
    Setting(
        "REFRESH_TOKEN_EXPIRE_DAYS", "sessions", L("登录有效期", "Life of a login"), "identity", 7, "d", 1, 365,
    ),
    _hours("OUTBOX_KEEP_HOURS", "已送达事件保留", "Delivered events are kept", 168, 1),
    _hours("INBOX_KEEP_HOURS", "已处理事件保留", "Handled events are kept", 2160, 1),
    _hours("REQUEST_KEEP_HOURS", "请求编号保留", "Request ids are kept", 48, 24),
    Setting(
        "AUDIT_KEEP_DAYS", "retention", L("审计在线保留", "Audit entries stay in the table"), "cells", None, "d",
        180, 36_500, help=L("不设则永久；到期后移入签名归档", "Not set: for ever; later they move to signed archives"),
    ),
    Setting(
        "SUPERPAAS_BACKUP_AT", "backups", L("每日备份时间", "Time of the daily backup"), "supervisor", "02:30",
        pattern=r"off|([01]\d|2[0-3]):[0-5]\d", live=True,
        help=L("服务器本地时间，off 为不备份", "The server's own time; off for none"),
    ),
    Setting(
        "SUPERPAAS_BACKUP_KEEP", "backups", L("备份保留份数", "Backups kept"), "supervisor", 7, "", 1, 365, live=True,
    ),
    Setting(
        "SUPERPAAS_BACKUP_TEST_DAYS", "backups", L("恢复演练间隔", "Between restore tests"), "supervisor", 7, "d",
        0, 365, live=True, help=L("0 为不自动演练", "0 for none by itself"),
    ),
)  # fmt: skip
BY_NAME = {setting.name: setting for setting in CATALOGUE}


def fixed(environment: Mapping[str, str]) -> frozenset[str]:
    """The settings that whoever started the platform has set, so that nothing said here could take effect."""
    ours = set(filter(None, environment.get(CONFIGURED, "").split(",")))
    return frozenset(name for name in BY_NAME if environment.get(name) and name not in ours)


def problems_of(values: Mapping[str, Any], fixed_names: frozenset[str]) -> list[FieldProblem]:
    """Everything that is wrong with new values; None goes back to the default."""
    found: list[FieldProblem] = []
    for name, value in values.items():
        setting = BY_NAME.get(name)
        if setting is None:
            found.append(problem(name, "unknown", "没有这个设置", "There is no such setting"))
        elif name in fixed_names:
            found.append(
                problem(name, "fixed", "由启动环境固定，请改环境变量", "Fixed by the environment; change it there")
            )
        elif value is not None and (wrong := setting.problem(value)) is not None:
            found.append(wrong)
    return found


def joined(current: Mapping[str, Value], values: Mapping[str, Value | None]) -> dict[str, Value]:
    """All values that are set after a change."""
    merged = {**current, **values}
    return {name: value for name, value in sorted(merged.items()) if value is not None}


def differences(before: Mapping[str, Value], after: Mapping[str, Value]) -> list[dict[str, Any]]:
    """``[{"path", "before", "after"}]`` for every setting that differs; None is its default."""
    return [
        {"path": name, "before": before.get(name), "after": after.get(name)}
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


def policies_with(base: Policies, content: Mapping[str, Value], fixed_names: frozenset[str]) -> Policies:
    """The gateway's policies as they are to be now; what is not live is as the gateway was started with."""
    values = base.as_json()
    for setting in CATALOGUE:
        if setting.policy and setting.live and setting.name not in fixed_names:
            values[setting.policy] = content.get(setting.name, setting.default)
    return Policies(**values)
