"""Which way a notice goes: the tenant's template, channels by kind, what each user wants and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cellkit.errors import Unauthorized, Unavailable
from cellkit.http.messages import from_json
from cellkit.ids import uuid7
from cellkit.notifications.checks import TEST_KIND
from cellkit.notifications.rules import PERSONAL, due_at, matches, wants
from cellkit.pipeline.engine import DEFAULT_TIME_ZONE, zone

if TYPE_CHECKING:
    from cellkit.pipeline.engine import Engine

AT_ONCE = 200
_UNROUTED = f"""
SELECT id, user_id, batch_id, kind, channels, must_read FROM kit_notification
WHERE tenant_id = $1 AND routed_at IS NULL ORDER BY id LIMIT {AT_ONCE} FOR UPDATE SKIP LOCKED
"""
_CHANNELS = "SELECT id, code, type, kinds, active FROM kit_notification_channel WHERE tenant_id = $1 ORDER BY code"
_TEMPLATES = """
SELECT kind, title_zh, title_en, text_zh, text_en, must_read FROM kit_notification_template
WHERE tenant_id = $1 AND active AND kind = ANY($2)
"""
_PREFERENCES = "SELECT user_id, settings FROM kit_notification_preference WHERE tenant_id = $1 AND user_id = ANY($2)"
_ROUTED = "UPDATE kit_notification SET routed_at = now() WHERE tenant_id = $1 AND id = ANY($2)"
_WORDED = """
UPDATE kit_notification SET title_zh = $3, title_en = $4, text_zh = $5, text_en = $6,
    must_read = must_read OR ($7 AND read_at IS NULL AND user_id <> '')
WHERE tenant_id = $1 AND id = ANY($2)
"""
_DELIVERY = """
INSERT INTO kit_notification_delivery
    (tenant_id, id, notification_id, channel_id, user_id, state, next_at, digest_at, created_at)
VALUES ($1, $2, $3, $4, $5, 'pending', $6, $7, $8) ON CONFLICT DO NOTHING
"""


class Router:
    """Gives notices the tenant's words and makes their deliveries, in one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def route(self, tenant_id: str) -> int:
        """Route the tenant's oldest notices; returns how many there were."""
        tenant = UUID(tenant_id)
        async with self._engine.database.transaction(tenant_id) as connection:
            notices = await connection.fetch(_UNROUTED, tenant)
            if not notices:
                return 0
            templates = {
                record["kind"]: record
                for record in await connection.fetch(_TEMPLATES, tenant, list({item["kind"] for item in notices}))
            }
            must_read = await self._word(connection, tenant, notices, templates)
            channels = await connection.fetch(_CHANNELS, tenant)
            if channels:
                users = list({item["user_id"] for item in notices})
                settings = {
                    item["user_id"]: item["settings"] for item in await connection.fetch(_PREFERENCES, tenant, users)
                }
                rows = [
                    row
                    for notice in notices
                    for channel in channels
                    if _takes(channel, notice)
                    and (
                        row := await self._delivery(tenant, notice, channel, settings, urgent=notice["id"] in must_read)
                    )
                ]
                await connection.executemany(_DELIVERY, rows)
            await connection.execute(_ROUTED, tenant, [item["id"] for item in notices])
            return len(notices)

    async def _word(self, connection: Any, tenant: UUID, notices: list[Any], templates: Mapping[str, Any]) -> set[UUID]:
        """Put the templates' words into the notices, for good; returns those that must be read."""
        urgent = {item["id"] for item in notices if item["must_read"]}
        for kind, template in templates.items():
            ids = [item["id"] for item in notices if item["kind"] == kind]
            words = [template[name] or "" for name in ("title_zh", "title_en", "text_zh", "text_en")]
            await connection.execute(_WORDED, tenant, ids, *words, template["must_read"])
            if template["must_read"]:
                urgent.update(ids)
        return urgent

    async def _delivery(
        self,
        tenant: UUID,
        notice: Any,
        channel: Any,
        settings: Mapping[str, Any],
        urgent: bool,  # noqa: FBT001 - one caller
    ) -> tuple[Any, ...] | None:
        now: datetime = self._engine.clock()
        if channel["type"] not in PERSONAL:
            # Once for all users of the batch.
            return tenant, uuid7(), notice["batch_id"], channel["id"], "", now, None, now
        wanted = settings.get(notice["user_id"])
        if not wanted or not wanted.get("email"):
            return None
        if notice["kind"] == TEST_KIND:
            return tenant, uuid7(), notice["id"], channel["id"], notice["user_id"], now, None, now
        if not wants(wanted, notice["kind"], channel["type"]):
            return None
        where = await self._zone(str(tenant), notice["user_id"], wanted)
        due, gathered = due_at(wanted, now, where, urgent=urgent)
        digest_at = due if gathered else None
        return tenant, uuid7(), notice["id"], channel["id"], notice["user_id"], due, digest_at, now

    async def _zone(self, tenant_id: str, user_id: str, wanted: Mapping[str, Any]) -> Any:
        if wanted.get("quiet") is None and wanted.get("digest") != "daily":
            return zone(DEFAULT_TIME_ZONE)
        try:
            role = await (self._engine.offline_roles or self._engine.roles).get(tenant_id, user_id)
        except (Unauthorized, Unavailable):
            return zone(DEFAULT_TIME_ZONE)
        return zone(role.time_zone)


def _takes(channel: Any, notice: Any) -> bool:
    if notice["channels"] is not None:
        named = channel["code"] in from_json(notice["channels"])
        return named and (channel["active"] or notice["kind"] == TEST_KIND)
    return bool(channel["active"]) and matches(notice["kind"], channel["kinds"] or ())
