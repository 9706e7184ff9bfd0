"""``/api/admin/alerts``: alerts, rules, silences, channels."""

from __future__ import annotations

import time
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from cellkit.context import current_caller
from cellkit.errors import NotFound
from cellkit.notifications.channels.message import Item
from platform_monitor.access import UPDATE, Access
from platform_monitor.alerts.channels import Channels
from platform_monitor.alerts.engine import Alerting
from platform_monitor.alerts.rules import BY_ID, CHANGEABLE, SINCE, Rule
from platform_monitor.alerts.store import AlertStore
from platform_monitor.logs.requests import moment

_STATES = {
    "active": ("firing", "acknowledged"),
    "pending": ("pending",),
    "resolved": ("resolved",),
    "all": ("pending", "firing", "acknowledged", "resolved"),
}
Text = Annotated[str, Field(max_length=500)]
Severity = Literal["warning", "critical"]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class RuleBody(_Body):
    """What may be set of a rule; ``version`` is the one that was read."""

    version: int = Field(ge=0)
    enabled: bool
    threshold: float = Field(ge=0, le=1e12, allow_inf_nan=False)
    for_seconds: int = Field(ge=0, le=86_400)
    severity: Severity
    least_requests: int = Field(default=0, ge=0, le=1_000_000)


class Note(_Body):
    """What somebody says when he sees to an alert."""

    note: Text = ""


class SilenceBody(_Body):
    """Hold notices back; ``*`` stands for every rule or subject."""

    rule: str = Field(default="*", max_length=50)
    subject: str = Field(default="*", max_length=500)
    minutes: int = Field(ge=1, le=60 * 24 * 30)
    reason: str = Field(min_length=1, max_length=500)


class ChannelBody(_Body):
    """A channel; secrets are written only, and stay as they are when they are not given."""

    version: int = Field(default=0, ge=0)
    name: str = Field(min_length=1, max_length=60)
    type: Literal["email", "webhook", "wecom", "dingtalk", "feishu"]
    severity: Severity = "warning"
    enabled: bool = True
    url: Annotated[str, Field(max_length=1000)] = ""
    secret: Annotated[str, Field(max_length=500)] = ""
    host: Annotated[str, Field(max_length=253)] = ""
    port: int | None = Field(default=None, ge=1, le=65_535)
    security: Literal["tls", "starttls", "none"] = "tls"
    username: Annotated[str, Field(max_length=200)] = ""
    password: Annotated[str, Field(max_length=500)] = ""
    sender: Annotated[str, Field(max_length=254, pattern=r"^$|^[^@\s]+@[^@\s]+$")] = ""
    sender_name: Annotated[str, Field(max_length=100)] = ""
    recipient: Annotated[str, Field(max_length=254, pattern=r"^$|^[^@\s]+@[^@\s]+$")] = ""
    language: Literal["zh-CN", "en-US"] = "zh-CN"


class AlertRoutes:
    """The operator's interface to alerts."""

    def __init__(self, store: AlertStore, channels: Channels, alerting: Alerting, access: Access) -> None:
        self._store = store
        self._channels = channels
        self._alerting = alerting
        self._access = access

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(prefix="/api/admin/alerts")
        router.add_api_route("", self.alerts, methods=["GET"])
        router.add_api_route("/rules", self.rules, methods=["GET"])
        router.add_api_route("/rules/{name}", self.change_rule, methods=["PUT"])
        router.add_api_route("/silences", self.silences, methods=["GET"])
        router.add_api_route("/silences", self.silence, methods=["POST"], status_code=201)
        router.add_api_route("/silences/{number}", self.end_silence, methods=["DELETE"], status_code=204)
        router.add_api_route("/channels", self.channels, methods=["GET"])
        router.add_api_route("/channels", self.add_channel, methods=["POST"], status_code=201)
        router.add_api_route("/channels/{number}", self.change_channel, methods=["PUT"])
        router.add_api_route("/channels/{number}", self.remove_channel, methods=["DELETE"], status_code=204)
        router.add_api_route("/channels/{number}/test", self.test_channel, methods=["POST"])
        router.add_api_route("/{number}/acknowledge", self.acknowledge, methods=["POST"])
        return router

    async def alerts(
        self,
        state: Literal["active", "pending", "resolved", "all"] = "active",
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        cursor: int | None = None,
    ) -> dict[str, Any]:
        """Alerts, the latest first, and how many are open."""
        await self._access.require()
        rows = await self._store.alerts(_STATES[state], cursor, limit + 1)
        items = [_alert(row) for row in rows[:limit]]
        following = str(items[-1]["id"]) if len(rows) > limit else None
        return {"items": items, "next": following, "total": None, "counts": await self._store.counts()}

    async def acknowledge(self, number: int, body: Note) -> dict[str, Any]:
        """Say that somebody sees to a firing alert."""
        caller = await self._access.require(UPDATE)
        row = await self._store.acknowledge(number, caller.user_id, body.note)
        self._alerting.acknowledged((row["rule"], row["subject"]))
        return _alert(row)

    async def rules(self) -> dict[str, Any]:
        """All rules as they are set; ``defaults`` is what they were shipped with, and since when."""
        await self._access.require()
        changes, rules = await self._store.rule_changes(), await self._store.rules()
        items = [_rule(rule, changes.get(rule.id)) for rule in rules.values()]
        return {"items": items, "next": None, "total": len(items), "defaults_since": SINCE}

    async def change_rule(self, name: str, body: RuleBody) -> dict[str, Any]:
        """Set a rule."""
        caller = await self._access.require(UPDATE)
        settings = body.model_dump(exclude={"version"})
        await self._store.change_rule(name, settings, body.version, caller.user_id)
        rules, changes = await self._store.rules(), await self._store.rule_changes()
        return _rule(rules[name], changes.get(name))

    async def silences(self) -> dict[str, Any]:
        """Silences in force."""
        await self._access.require()
        items = [_silence(row) for row in await self._store.silences()]
        return {"items": items, "next": None, "total": len(items)}

    async def silence(self, body: SilenceBody) -> dict[str, Any]:
        """Hold notices back for a while, for maintenance for instance; alerts themselves go on."""
        caller = await self._access.require(UPDATE)
        if body.rule != "*" and body.rule not in BY_ID:
            raise NotFound
        until = time.time() + body.minutes * 60
        return _silence(await self._store.silence(body.rule, body.subject, until, body.reason, caller.user_id))

    async def end_silence(self, number: int) -> Response:
        """Let notices go out again."""
        await self._access.require(UPDATE)
        await self._store.end_silence(number)
        return Response(status_code=204)

    async def channels(self) -> dict[str, Any]:
        """All channels, without their secrets."""
        await self._access.require()
        items = await self._channels.all()
        return {"items": items, "next": None, "total": len(items)}

    async def add_channel(self, body: ChannelBody) -> dict[str, Any]:
        """Add a channel."""
        caller = await self._access.require(UPDATE)
        return await self._channels.save(None, body.model_dump(), 0, caller.user_id)

    async def change_channel(self, number: int, body: ChannelBody) -> dict[str, Any]:
        """Change a channel."""
        caller = await self._access.require(UPDATE)
        return await self._channels.save(number, body.model_dump(), body.version, caller.user_id)

    async def remove_channel(self, number: int) -> Response:
        """Remove a channel."""
        await self._access.require(UPDATE)
        await self._channels.remove(number)
        return Response(status_code=204)

    async def test_channel(self, number: int) -> dict[str, Any]:
        """Send a test notice now and tell how it went."""
        await self._access.require(UPDATE)
        caller = current_caller.get()
        english = caller is not None and caller.language.startswith("en")
        title = "[Test] SuperPaaS alerts" if english else "【测试】超级PaaS平台告警"
        text = "This channel works." if english else "此通道可以收到告警。"
        failed = await self._channels.test(number, Item("monitor.alert.test", title, text))
        return {"delivered": failed is None, "reason": None if failed is None else failed.as_json()}


def _alert(row: dict[str, Any]) -> dict[str, Any]:
    rule = BY_ID.get(row["rule"])
    moments = {
        name: None if row[name] is None else moment(row[name])
        for name in ("pending_at", "fired_at", "acknowledged_at", "resolved_at")
    }
    return {
        **row,
        **moments,
        "label": rule.label.as_json() if rule else None,
        "help": rule.help.as_json() if rule else None,
        "unit": rule.unit if rule else None,
    }


def _rule(rule: Rule, change: dict[str, Any] | None) -> dict[str, Any]:
    default = BY_ID[rule.id]
    return {
        "id": rule.id,
        "label": rule.label.as_json(),
        "help": rule.help.as_json(),
        "unit": rule.unit,
        **{name: getattr(rule, name) for name in CHANGEABLE},
        "defaults": {name: getattr(default, name) for name in CHANGEABLE},
        "version": change["version"] if change else 0,
        "changed_at": moment(change["changed_at"]) if change else None,
        "changed_by": change["changed_by"] if change else None,
    }


def _silence(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "until": moment(row["until"]), "made_at": moment(row["made_at"])}
