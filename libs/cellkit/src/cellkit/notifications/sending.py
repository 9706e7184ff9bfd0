"""Deliveries: taken within each channel's pace, sent, and what became of them written down.

A delivery is marked as being sent before it goes out, with a time after which it counts as lost: a process that is
killed in between loses nothing, and at most the one message it was sending goes out twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cellkit.db.kit_tables import SYSTEM_TENANT
from cellkit.errors import Unauthorized, Unavailable
from cellkit.labels import L, Label
from cellkit.log import get_logger
from cellkit.notifications.channels import mail, robots, webhook
from cellkit.notifications.channels.addresses import Networks
from cellkit.notifications.channels.message import DeliveryFailed, Item, Message, Target
from cellkit.notifications.channels.posting import Poster
from cellkit.notifications.checks import TEST_KIND
from cellkit.notifications.documents import STANDARD_PER_MINUTE
from cellkit.notifications.rendering import Reader
from cellkit.notifications.rules import PERSONAL, pause_after

if TYPE_CHECKING:
    from cellkit.pipeline.engine import Engine

AT_ONCE = 20
CHANNELS_AT_ONCE = 50
LEASE_SECONDS = 120
MOST_IN_DIGEST = 200
log = get_logger("notifications")

_DUE = f"""
SELECT tenant_id, channel_id FROM kit_notification_delivery
WHERE state IN ('pending', 'sending') AND next_at <= $1
GROUP BY tenant_id, channel_id ORDER BY min(next_at) LIMIT {CHANNELS_AT_ONCE}
"""
_USED = """
SELECT count(*) FROM kit_notification_delivery
WHERE tenant_id = $1 AND channel_id = $2 AND tried_at > $3::timestamptz - interval '1 minute'
"""
# An array, because a join could run the inner query again and take more than its limit.
_CLAIM = f"""
UPDATE kit_notification_delivery d SET state = 'sending', attempts = d.attempts + 1, tried_at = $3::timestamptz,
    next_at = $3::timestamptz + interval '{LEASE_SECONDS} seconds'
WHERE d.tenant_id = $1 AND d.id = ANY (ARRAY(
    SELECT id FROM kit_notification_delivery
    WHERE tenant_id = $1 AND channel_id = $2 AND state IN ('pending', 'sending') AND next_at <= $3::timestamptz
    ORDER BY next_at, id LIMIT $4 FOR UPDATE SKIP LOCKED))
RETURNING d.*
"""
_GATHER = f"""
UPDATE kit_notification_delivery d SET state = 'sending', attempts = d.attempts + 1,
    next_at = $3::timestamptz + interval '{LEASE_SECONDS} seconds'
WHERE d.tenant_id = $1 AND d.id = ANY (ARRAY(
    SELECT id FROM kit_notification_delivery
    WHERE tenant_id = $1 AND channel_id = $2 AND user_id = $4 AND digest_at = $5 AND state = 'pending'
        AND next_at <= $3::timestamptz
    ORDER BY id LIMIT {MOST_IN_DIGEST} FOR UPDATE SKIP LOCKED))
RETURNING d.*
"""
_NOTICES = """
SELECT DISTINCT ON (n.batch_id, CASE WHEN $3 THEN NULL ELSE n.id END) n.* FROM kit_notification n
WHERE n.tenant_id = $1 AND (CASE WHEN $3 THEN n.batch_id ELSE n.id END) = ANY($2)
ORDER BY n.batch_id, CASE WHEN $3 THEN NULL ELSE n.id END, n.id
"""
_DONE = """
UPDATE kit_notification_delivery SET state = $3, last_error = $4, next_at = coalesce($5, next_at)
WHERE tenant_id = $1 AND id = ANY($2) AND state = 'sending'
"""


@dataclass(frozen=True, slots=True)
class _Ready:
    deliveries: list[Any]
    message: Message


class Sender:
    """Sends what is due."""

    def __init__(self, engine: Engine, networks: Networks) -> None:
        self._engine = engine
        self._networks = networks
        self._poster = Poster(networks)

    async def close(self) -> None:
        """Close connections."""
        await self._poster.close()

    async def send_due(self) -> int:
        """Send what the channels take now; returns how many deliveries were tried."""
        async with self._engine.database.session(SYSTEM_TENANT) as connection:
            due = await connection.fetch(_DUE, self._engine.clock())
        counts = await asyncio.gather(*(self._channel(str(item["tenant_id"]), item["channel_id"]) for item in due))
        return sum(counts)

    async def _channel(self, tenant_id: str, channel_id: UUID) -> int:
        row, groups = await self._claimed(tenant_id, channel_id)
        if not groups:
            return 0
        for group in groups:
            try:
                await self._one(tenant_id, row, group)
            except DeliveryFailed as error:
                await self._failed(tenant_id, row, group, error)
            except Unavailable:
                await self._failed(tenant_id, row, group, DeliveryFailed(L("身份服务不可用", "Identity is away")))
        return sum(len(group) for group in groups)

    async def _claimed(self, tenant_id: str, channel_id: UUID) -> tuple[dict[str, Any] | None, list[list[Any]]]:
        """The channel and the deliveries that go now, those of one digest together."""
        tenant, now = UUID(tenant_id), self._engine.clock()
        async with self._engine.database.transaction(tenant_id) as connection:
            # Replicas count together, so that the pace holds for all of them.
            await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"notify {channel_id}")
            row = await self._row(connection, tenant, channel_id)
            pace = AT_ONCE
            if row is not None:
                used = await connection.fetchval(_USED, tenant, channel_id, now)
                pace = min(AT_ONCE, (row["per_minute"] or STANDARD_PER_MINUTE[row["type"]]) - used)
            if pace <= 0:
                return row, []
            claimed = await connection.fetch(_CLAIM, tenant, channel_id, now, pace)
            groups: dict[Any, list[Any]] = {}
            for item in claimed:
                key = item["id"] if item["digest_at"] is None else (item["user_id"], item["digest_at"])
                groups.setdefault(key, []).append(item)
            for key, group in groups.items():
                if isinstance(key, tuple):
                    group.extend(await connection.fetch(_GATHER, tenant, channel_id, now, *key))
        return row, list(groups.values())

    async def _row(self, connection: Any, tenant: UUID, channel_id: UUID) -> dict[str, Any] | None:
        from cellkit.db.shape import shape_of  # noqa: PLC0415
        from cellkit.pipeline.tracked import ColumnWriter  # noqa: PLC0415

        shape = shape_of(self._engine.tables[f"{self._engine.cell}.notification_channel"])
        columns = ", ".join(f'"{name}"' for name in shape.public)
        record = await connection.fetchrow(
            f"SELECT {columns} FROM kit_notification_channel WHERE tenant_id = $1 AND id = $2", tenant, channel_id
        )
        if record is None:
            return None
        row = dict(record)
        ColumnWriter(self._engine.keys, str(tenant)).reveal(shape, row)
        return row

    async def _one(self, tenant_id: str, row: dict[str, Any] | None, group: list[Any]) -> None:
        if row is None:
            raise DeliveryFailed(L("渠道已删除", "The channel is gone"), permanent=True)
        ready = await self._ready(tenant_id, row, group)
        if ready is None:
            reason = L(
                "接收人已停用、未设邮箱或通知已清除", "The recipient is disabled, has no address, or the notice is gone"
            )
            await self._done(tenant_id, group, "discarded", reason)
            return
        target = Target.of(row)
        now = self._engine.clock().timestamp()
        try:
            async with asyncio.timeout(LEASE_SECONDS / 2):
                if target.type == "email":
                    await mail.send(self._networks, target, ready.message)
                elif target.type == "webhook":
                    await webhook.send(self._poster, target, ready.message, int(now))
                else:
                    await robots.send(self._poster, target, ready.message, now)
        except TimeoutError as error:
            raise DeliveryFailed(L("发送超时", "It took too long")) from error
        await self._done(tenant_id, group, "sent", None)

    async def _ready(self, tenant_id: str, row: dict[str, Any], group: list[Any]) -> _Ready | None:
        """The message as its reader may see it: the user himself, or whoever owns a group's channel."""
        personal = row["type"] in PERSONAL
        reader = group[0]["user_id"] if personal else row["owner_id"]
        try:
            role = await (self._engine.offline_roles or self._engine.roles).get(tenant_id, reader or "")
        except Unauthorized:
            if personal:
                return None
            raise DeliveryFailed(
                L("渠道负责人已停用，请更换负责人", "The channel's owner is disabled; choose another"), permanent=True
            ) from None
        tenant = UUID(tenant_id)
        async with self._engine.database.session(tenant_id) as connection:
            notices: Any = await connection.fetch(
                _NOTICES, tenant, [item["notification_id"] for item in group], not personal
            )
            recipient = await self._address(connection, tenant, row, reader) if personal else ""
            if not notices or recipient is None:
                return None
            if not row["active"] and notices[0]["kind"] != TEST_KIND:
                raise DeliveryFailed(L("渠道已停用", "The channel is switched off"), permanent=True)
            language = role.language if personal else row["language"] or role.language
            shown = await Reader(self._engine, connection, role, language).show(notices)
        items = tuple(_item(notice, seen, row["link_base"]) for notice, seen in zip(notices, shown, strict=True))
        identity = str(min(item["id"] for item in group))
        created = min(item["created_at"] for item in notices)
        message = Message(
            identity, self._engine.cell, tenant_id, created, items, language, recipient or "", group[0]["user_id"]
        )
        return _Ready(group, message)

    async def _address(self, connection: Any, tenant: UUID, row: dict[str, Any], user_id: str) -> str | None:
        settings = await connection.fetchval(
            "SELECT settings FROM kit_notification_preference WHERE tenant_id = $1 AND user_id = $2", tenant, user_id
        )
        address: str | None = (settings or {}).get("email")
        domains = (row["allowed_domains"] or "").lower().split()
        if address and domains and address.rpartition("@")[2].lower() not in domains:
            raise DeliveryFailed(L("收件域名不在允许范围", "The recipient's domain is not allowed"), permanent=True)
        return address

    async def _failed(
        self, tenant_id: str, row: dict[str, Any] | None, group: list[Any], error: DeliveryFailed
    ) -> None:
        pause = None if error.permanent else pause_after(group[0]["attempts"])
        reason = error.reason
        if row is not None:
            target = Target.of(row)
            reason = Label(target.scrub(reason.zh), target.scrub(reason.en))
        if pause is None:
            log.warning("delivery_dead", channel=str(group[0]["channel_id"]), reason=reason.en)
            await self._done(tenant_id, group, "dead", reason)
            return
        await self._done(tenant_id, group, "pending", reason, max(pause, error.after_seconds or 0))

    async def _done(
        self, tenant_id: str, group: Sequence[Any], state: str, reason: Label | None, pause_seconds: int | None = None
    ) -> None:
        from datetime import timedelta  # noqa: PLC0415

        again = None if pause_seconds is None else self._engine.clock() + timedelta(seconds=pause_seconds)
        told = None if reason is None else f"{reason.zh[:400]}\n{reason.en[:400]}"
        async with self._engine.database.session(tenant_id) as connection:
            await connection.execute(_DONE, UUID(tenant_id), [item["id"] for item in group], state, told, again)


def _item(notice: Any, seen: dict[str, Any], base: str | None) -> Item:
    link = seen["link"]
    if link and link.startswith("/"):
        link = base.rstrip("/") + link if base else None
    return Item(
        kind=notice["kind"],
        title=seen["title"],
        text=seen["text"] or "",
        link=link,
        entity=notice["entity"],
        entity_id=notice["entity_id"],
        must_read=notice["must_read"],
    )
