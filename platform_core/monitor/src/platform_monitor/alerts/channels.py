"""Where notices of alerts go: e-mail, webhooks and the robots of group chats, by the kit's own wire formats."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

from cellkit.errors import NotFound, ValidationFailed, VersionConflict, problem
from cellkit.labels import Label
from cellkit.notifications.channels import mail, robots, webhook
from cellkit.notifications.channels.addresses import Networks
from cellkit.notifications.channels.message import DeliveryFailed, Item, Message, Target
from cellkit.notifications.channels.posting import Poster
from cellkit.secrets import KeyRing
from cellkit.settings import Settings
from platform_monitor.database import MonitorDatabase
from platform_monitor.logs.requests import moment

TYPES = ("email", "webhook", "wecom", "dingtalk", "feishu")
SECRETS = ("url", "secret", "password")
_OPEN = ("host", "port", "security", "username", "sender", "sender_name", "recipient", "language")
_PLACE, _NOBODY = "channels.secrets", "platform"
# Operators' mail servers and chat gateways mostly stand in their own network; the machine itself is not among them.
_OWN_NETWORKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")


class Channels:
    """Keeps channels, their secrets encrypted, and sends."""

    def __init__(self, settings: Settings, database: MonitorDatabase) -> None:
        self._database = database
        self._keys = settings.field_encryption_keys
        allowed = Networks.of(settings).allowed
        self._networks = Networks((*allowed, *(ip_network(network) for network in _OWN_NETWORKS)))
        self._poster = Poster(self._networks)

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Close connections at the end."""
        try:
            yield
        finally:
            await self._poster.close()

    async def all(self) -> list[dict[str, Any]]:
        """All channels without their secrets."""
        return [_shown(row) for row in await self._database.fetch("SELECT * FROM channels ORDER BY name")]

    async def save(self, identity: int | None, values: dict[str, Any], version: int, actor: str) -> dict[str, Any]:
        """Add or change a channel; a secret that is not given stays."""
        if not self._keys:
            raise ValidationFailed([problem("secret", "keys", "缺少 FIELD_ENCRYPTION_KEYS", "No encryption keys")])
        settings = {name: values[name] for name in _OPEN if values.get(name) not in {None, ""}}
        given = {name: values[name] for name in SECRETS if values.get(name)}

        def work(connection: Any) -> dict[str, Any]:
            row = connection.execute("SELECT * FROM channels WHERE id = ?", (identity,)).fetchone()
            if identity is not None and row is None:
                raise NotFound
            if row is not None and row["version"] != version:
                raise VersionConflict(current=row["version"])
            kept = self._opened(row["secrets"]) if row is not None and row["type"] == values["type"] else {}
            secrets = {**kept, **given}
            _check(values["type"], settings, secrets)
            twin = connection.execute(
                "SELECT id FROM channels WHERE name = ? AND id IS NOT ?", (values["name"], identity)
            ).fetchone()
            if twin is not None:
                raise ValidationFailed([problem("name", "taken", "名称已被使用", "This name is taken")])
            sealed = KeyRing.parse(self._keys).encrypt(json.dumps(secrets), _NOBODY, _PLACE)
            cursor = connection.execute(
                "INSERT INTO channels (id, name, type, settings, secrets, severity, enabled, version, changed_at,"
                " changed_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                " name = excluded.name, type = excluded.type, settings = excluded.settings, secrets = excluded.secrets,"
                " severity = excluded.severity, enabled = excluded.enabled, version = excluded.version,"
                " changed_at = excluded.changed_at, changed_by = excluded.changed_by",
                (
                    identity, values["name"], values["type"], json.dumps(settings), sealed, values["severity"],
                    int(values["enabled"]), (row["version"] if row else 0) + 1, time.time(), actor,
                ),
            )  # fmt: skip
            place = identity if identity is not None else cursor.lastrowid
            return dict(connection.execute("SELECT * FROM channels WHERE id = ?", (place,)).fetchone())

        return _shown(await self._database.run(work))

    async def remove(self, identity: int) -> None:
        """Send nothing there any more."""
        if not await self._database.execute("DELETE FROM channels WHERE id = ?", identity):
            raise NotFound

    async def test(self, identity: int, item: Item) -> Label | None:
        """Send one notice now; returns the reason where it failed."""
        rows = await self._database.fetch("SELECT * FROM channels WHERE id = ?", identity)
        if not rows:
            raise NotFound
        return await self.deliver(rows[0], item, str(uuid.uuid4()))

    async def wanted(self, severity: str) -> list[dict[str, Any]]:
        """The channels that take notices of this severity."""
        rows = await self._database.fetch("SELECT * FROM channels WHERE enabled = 1")
        return [row for row in rows if row["severity"] == "warning" or severity == "critical"]

    async def deliver(self, row: dict[str, Any], item: Item, identity: str) -> Label | None:
        """One try; the outcome is noted with the channel. None: it has arrived."""
        settings = json.loads(row["settings"])
        values = {"type": row["type"], **settings, **self._opened(row["secrets"])}
        target = Target.of(values)
        language = settings.get("language", "zh-CN")
        recipient = settings.get("recipient", "")
        message = Message(identity, "monitor", "", datetime.now(UTC), (item,), language, recipient)
        failed: Label | None = None
        try:
            await self._send(target, message)
        except DeliveryFailed as error:
            failed = Label(target.scrub(error.reason.zh), target.scrub(error.reason.en))
        told = None if failed is None else json.dumps(failed.as_json(), ensure_ascii=False)
        await self._database.execute(
            "UPDATE channels SET last_at = ?, last_error = ? WHERE id = ?", time.time(), told, row["id"]
        )
        return failed

    async def _send(self, target: Target, message: Message) -> None:
        if target.type == "email":
            await mail.send(self._networks, target, message)
        elif target.type == "webhook":
            await webhook.send(self._poster, target, message, int(time.time()))
        else:
            await robots.send(self._poster, target, message, time.time())

    def _opened(self, sealed: str) -> dict[str, Any]:
        return dict(json.loads(KeyRing.parse(self._keys).decrypt(sealed, _NOBODY, _PLACE)))


def _check(kind: str, settings: dict[str, Any], secrets: dict[str, Any]) -> None:
    needed = ("host", "sender", "recipient") if kind == "email" else ("url",)
    missing = [name for name in needed if not settings.get(name) and not secrets.get(name)]
    problems = [problem(name, "missing", "必填", "Required") for name in missing]
    url = secrets.get("url", "")
    if url and (urlsplit(url).scheme not in {"https", "http"} or not urlsplit(url).hostname):
        problems.append(problem("url", "url", "应为 http(s) 地址", "An http(s) address is expected"))
    if problems:
        raise ValidationFailed(problems)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    error = row["last_error"]
    return {
        **{name: row[name] for name in ("id", "name", "type", "severity", "version", "changed_by")},
        "changed_at": moment(row["changed_at"]),
        **json.loads(row["settings"]),
        "enabled": bool(row["enabled"]),
        "has_secret": True,
        "last_at": None if row["last_at"] is None else moment(row["last_at"]),
        "last_error": json.loads(error) if error else None,
    }
