"""Scheduled reports: what is due goes into the queue, a job for each recipient runs it under his own rights."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from cellkit.context import Caller
from cellkit.db.kit_tables import SYSTEM_TENANT
from cellkit.errors import Forbidden, NotFound, ServiceError, Unauthorized, Unavailable
from cellkit.expression import FieldNotReadable
from cellkit.http.messages import Reply, Request, json_reply
from cellkit.ids import uuid7
from cellkit.jobs import JobContext, job
from cellkit.jobs.rules import next_time
from cellkit.labels import DEFAULT_LANGUAGE, L, Label
from cellkit.log import get_logger
from cellkit.ops.access import RoleDocument, RoleDocuments, service_document
from cellkit.pipeline.engine import DEFAULT_TIME_ZONE, Engine, zone
from cellkit.pipeline.execute import execute
from cellkit.pipeline.work import Work
from cellkit.reporting.catalogue import Catalogue, Known
from cellkit.reporting.documents import SUBSCRIPTION
from cellkit.reporting.errors import ReportFigureTooLarge, ReportTooLarge, ReportTooSlow
from cellkit.reporting.files import file_of
from cellkit.reporting.run import Reports, Result
from cellkit.views.personal import row_id

LOOK_EVERY_SECONDS = 30
PURGE_EVERY = 120
KEEP = timedelta(days=30)
_BATCH = 200
_DUE = f"""
SELECT tenant_id, id FROM kit_{SUBSCRIPTION} WHERE active AND next_at <= $1 ORDER BY next_at LIMIT {_BATCH}
"""
_ONE = f"SELECT * FROM kit_{SUBSCRIPTION} WHERE tenant_id = $1 AND id = $2"
_KEPT = """
INSERT INTO kit_report_delivery (tenant_id, id, user_id, subscription_id, name, format, content, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
"""
_OWN = """
SELECT id, name, format, subscription_id, length(content) AS size, created_at FROM kit_report_delivery
WHERE tenant_id = $1 AND user_id = $2 ORDER BY id DESC LIMIT 200
"""
_CONTENT = "SELECT name, format, content FROM kit_report_delivery WHERE tenant_id = $1 AND id = $2 AND user_id = $3"
log = get_logger("reports")


@dataclass(slots=True)
class Due:
    """Looks for subscriptions whose time has come; several processes may do so at once."""

    engine: Engine

    async def run(self) -> None:
        """For as long as the service runs."""
        rounds = 0
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            await self.look()
            rounds += 1
            if rounds % PURGE_EVERY == 0:
                await self.purge()

    async def look(self) -> int:
        """Put what is due into the queue; how many subscriptions that were."""
        async with self.engine.database.session(SYSTEM_TENANT) as connection:
            found = await connection.fetch(_DUE, self.engine.clock())
        for record in found:
            try:
                await self._start(str(record["tenant_id"]), record["id"])
            except ServiceError as error:
                log.warning("subscription_not_started", code=error.code, subscription=str(record["id"]))
        return len(found)

    async def purge(self) -> None:
        """Delete what was delivered long ago."""
        async with self.engine.database.session(SYSTEM_TENANT) as connection:
            await connection.execute(
                "DELETE FROM kit_report_delivery WHERE created_at < $1", self.engine.clock() - KEEP
            )

    async def _start(self, tenant_id: str, key: UUID) -> None:
        engine = self.engine
        owner_zone = await self._zone(tenant_id, key)
        caller = _service(engine, tenant_id, f"subscription-{key}")

        async def operation(work: Work) -> None:
            row = await work.get(f"{engine.cell}.{SUBSCRIPTION}", key, lock=True)
            due = row["next_at"]
            if not row["active"] or due is None or due > work.now:
                return
            # What was missed while the cell was down is made up for once.
            row["last_at"], row["next_at"] = work.now, next_time(row["cron"], work.now, zone(owner_zone))
            work.change(row)
            for user in row["recipients"]:
                payload = {"subscription": str(key), "user": user, "due": due.isoformat()}
                await work.enqueue(deliver_report, payload, key=f"{key}:{user}")

        await execute(engine, caller, service_document(tenant_id, caller.user_id), operation)

    async def _zone(self, tenant_id: str, key: UUID) -> str:
        """The time zone of who made the subscription; the usual one when he is gone or unknown now."""
        async with self.engine.database.session(tenant_id) as connection:
            row = await connection.fetchrow(_ONE, UUID(tenant_id), key)
        try:
            role = await offline(self.engine).get(tenant_id, row["owner_id"]) if row is not None else None
        except (Unauthorized, Unavailable):
            role = None
        return role.time_zone if role is not None else DEFAULT_TIME_ZONE


@job("report-delivery", label=L("发送报表", "Deliver a report"), attempts=5, timeout_seconds=300)
async def deliver_report(context: JobContext, payload: dict[str, Any]) -> dict[str, Any]:
    """Run a subscription for one recipient, keep the file for him and tell him."""
    engine, tenant_id, user = context.engine, context.tenant_id, payload["user"]
    key = UUID(payload["subscription"])
    async with engine.database.session(tenant_id) as connection:
        row = await connection.fetchrow(_ONE, UUID(tenant_id), key)
    if row is None or user not in row["recipients"]:
        return {"skipped": "subscription"}
    try:
        role = await offline(engine).get(tenant_id, user)
    except Unauthorized:
        return {"skipped": "user"}
    reports = Reports(engine)
    try:
        known = await Catalogue(engine, reports).find(row["report"], role)
        role.require(f"{known.definition.entity}.export")
        result = await reports.run(known.definition, role, role.language, row["parameters"] or {})
    except (Forbidden, FieldNotReadable, NotFound, ReportTooLarge, ReportTooSlow, ReportFigureTooLarge) as error:
        # Whatever the author may see: the recipient may not, and is told so instead of getting it.
        reason = error.label()
        await context.step("refused", lambda work: _refused(work, user, row["name"], reason))
        return {"refused": error.code}
    if (
        not row["when_empty"]
        and not any(place[0] or place[1] for place in result.groups.found)
        and result.bound.dimensions
    ):
        return {"skipped": "empty"}
    content = await asyncio.to_thread(file_of, result, row["format"], row["name"])
    identity = await context.step("deliver", lambda work: _deliver(work, row, role, known, result, content))
    return {"delivery": identity}


async def _deliver(work: Work, row: Any, role: RoleDocument, known: Known, result: Result, content: bytes) -> str:
    identity = uuid7()
    day = work.engine.today(role.time_zone, work.now).isoformat()
    name = f"{row['name']}-{day}.{row['format']}"
    await work.begin()
    await work.connection.execute(
        _KEPT, work.tenant_id, identity, role.user_id, row["id"], name, row["format"], content, work.now
    )
    told = {"format": row["format"], "report": known.id, "groups": len(result.groups.found), "recipient": role.user_id}
    work.record(f"{work.engine.cell}.report.deliver", result.bound.table.key, str(identity), told)
    work.notify(
        [role.user_id],
        f"{work.engine.cell}.report.delivered",
        L("报表：{report}", "Report: {report}"),
        L("定时报表“{report}”已生成，可下载。", "The scheduled report “{report}” is ready to be downloaded."),
        link=f"/api/v1/{work.engine.cell}/_reports/deliveries/{identity}",
        values={"report": row["name"]},
    )
    return str(identity)


async def _refused(work: Work, user: str, name: str, reason: Label) -> None:
    work.notify(
        [user],
        f"{work.engine.cell}.report.refused",
        L("报表未能生成：{report}", "Report not made: {report}"),
        L("{reason_zh}", "{reason_en}"),
        values={"report": name, "reason_zh": reason.zh, "reason_en": reason.en},
    )


class Deliveries:
    """What was delivered to the caller: list and download."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def listed(self, request: Request) -> Reply:
        """The caller's own, newest first."""
        from cellkit.reporting.routes import refuse_unknown  # noqa: PLC0415 - routes know deliveries

        role = await self._engine.role_of(request.caller)
        refuse_unknown(request.query, set())
        async with self._engine.database.session(role.tenant_id) as connection:
            records = await connection.fetch(_OWN, UUID(role.tenant_id), role.user_id)
        base = f"/api/v1/{self._engine.cell}/_reports/deliveries"
        return json_reply({"items": [{**dict(record), "path": f"{base}/{record['id']}"} for record in records]})

    async def read(self, request: Request) -> Reply:
        """The file; nobody but its recipient gets it."""
        from cellkit.exchange.exporting import attachment  # noqa: PLC0415 - beside its one use
        from cellkit.reporting.routes import content_type  # noqa: PLC0415 - routes know deliveries

        role = await self._engine.role_of(request.caller)
        async with self._engine.database.session(role.tenant_id) as connection:
            record = await connection.fetchrow(_CONTENT, UUID(role.tenant_id), row_id(request), role.user_id)
        if record is None:
            raise NotFound
        headers = [
            (b"content-disposition", attachment(record["name"], f"report.{record['format']}")),
            (b"cache-control", b"no-store"),
        ]
        return Reply(record["content"], content_type=content_type(record["format"]), headers=headers)


def _service(engine: Engine, tenant_id: str, request_id: str) -> Caller:
    return Caller(
        tenant_id=tenant_id,
        user_id=f"cell:{engine.cell}",
        request_id=request_id[:128],
        traceparent="",
        language=DEFAULT_LANGUAGE,
        address="",
    )


def offline(engine: Engine) -> RoleDocuments:
    """Rights of users who may be logged out."""
    return engine.offline_roles or engine.roles
