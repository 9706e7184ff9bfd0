"""Schedules as resources below ``/api/v1/<cell>/_jobs/schedules``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from cellkit.errors import NotFound, ValidationFailed, problem
from cellkit.http.messages import Reply, Request, json_reply
from cellkit.jobs.declare import Job
from cellkit.jobs.queue import put
from cellkit.jobs.routes import no_body
from cellkit.jobs.rules import check_cron
from cellkit.jobs.schedules import SCHEDULE_KEY, by_schedule, next_of, zone_name
from cellkit.jobs.worker import Worker
from cellkit.messaging import pages
from cellkit.pipeline.engine import DEFAULT_TIME_ZONE, Engine
from cellkit.pipeline.execute import Answer, execute
from cellkit.pipeline.flush import Kept, body_hash
from cellkit.pipeline.work import Work

ENTITY = "kit.job_schedule"
_COLUMNS = "name, enabled, cron, time_zone, next_at, last_at, last_job_id, updated_at, updated_by"
_LINES = f"SELECT {_COLUMNS} FROM kit_job_schedule WHERE tenant_id = $1"
_SAVE = f"""
INSERT INTO kit_job_schedule (tenant_id, name, enabled, cron, time_zone, next_at, updated_at, updated_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (tenant_id, name) DO UPDATE SET enabled = excluded.enabled, cron = excluded.cron,
    time_zone = excluded.time_zone, next_at = excluded.next_at, updated_at = excluded.updated_at,
    updated_by = excluded.updated_by
RETURNING {_COLUMNS}
"""
_STARTED = """
INSERT INTO kit_job_schedule (tenant_id, name, next_at, last_at, last_job_id) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, name) DO UPDATE SET last_at = excluded.last_at, last_job_id = excluded.last_job_id
"""


class ScheduleRoutes:
    """The routes of schedules."""

    def __init__(self, engine: Engine, jobs: Mapping[str, Job], worker: Worker) -> None:
        self._engine = engine
        self._jobs = {name: item for name, item in jobs.items() if item.schedule is not None}
        self._worker = worker

    def add_to(self, router: Any) -> None:
        """Add the routes."""
        base = f"/api/v1/{self._engine.cell}/_jobs/schedules"
        router.add("GET", base, self.listing)
        router.add("PATCH", f"{base}/{{name}}", self.change)
        router.add("POST", f"{base}/{{name}}/run", self.start)

    async def listing(self, request: Request) -> Reply:
        """The tenant's schedules; ``next_at`` is empty where one is switched off."""
        role = await self._engine.role_of(request.caller)
        role.require(f"{self._engine.cell}.job.read")
        pages.check_query(request.query, ())
        async with self._engine.database.session(request.caller.tenant_id) as connection:
            records = await connection.fetch(_LINES, UUID(request.caller.tenant_id))
        lines = {record["name"]: dict(record) for record in records}
        shown = [self._shown(job, lines.get(name), request.caller.language) for name, job in self._jobs.items()]
        return json_reply({"items": shown, "next": None, "total": len(shown)})

    async def change(self, request: Request) -> Reply:
        """Switch a schedule on or off, give it another cron expression or time zone (null: the usual one)."""
        role = await self._engine.role_of(request.caller)
        role.require(f"{self._engine.cell}.job.schedule")
        body = await request.json_object()
        job = self._job(request)
        _check(body)

        async def operation(work: Work) -> Answer:
            line = await self._line(work, job)
            line |= body
            following = next_of(job, line["cron"], line["time_zone"], work.now)
            saved = await work.connection.fetchrow(
                _SAVE, work.tenant_id, job.name, line["enabled"], line["cron"], line["time_zone"], following, work.now,
                work.caller.user_id,
            )  # fmt: skip
            work.record(f"{self._engine.cell}.job.schedule", ENTITY, job.name, body)
            return lambda _made: json_reply(self._shown(job, saved, request.caller.language))

        return await self._once(request, role, operation)

    async def start(self, request: Request) -> Reply:
        """Run a schedule's job now, switched on or not."""
        role = await self._engine.role_of(request.caller)
        role.require(f"{self._engine.cell}.job.schedule")
        await no_body(request)
        job = self._job(request)

        async def operation(work: Work) -> Answer:
            line = await self._line(work, job)
            asked = by_schedule(self._engine.cell, zone_name(line))
            identity = await put(
                work.connection, work.tenant_id, job, {}, asked, work.now, key=SCHEDULE_KEY, scheduled=True
            )
            following = next_of(job, line["cron"], line["time_zone"], work.now)
            await work.connection.execute(_STARTED, work.tenant_id, job.name, following, work.now, identity)
            work.record(f"{self._engine.cell}.job.run", ENTITY, job.name, {"job_id": str(identity)})
            return lambda _made: json_reply({"job_id": identity}, status=202)

        reply = await self._once(request, role, operation)
        self._worker.wake()
        return reply

    async def _once(self, request: Request, role: Any, operation: Any) -> Reply:
        kept = Kept(request.method, request.path, body_hash(await request.body()))
        reply = await execute(self._engine, request.caller, role, operation, kept)
        assert reply is not None  # noqa: S101 - the operation always makes one
        return reply

    async def _line(self, work: Work, job: Job) -> dict[str, Any]:
        await work.begin()
        found = await work.row(f"{_LINES} AND name = $2 FOR UPDATE", job.name)
        return found or {"name": job.name, "enabled": True, "cron": None, "time_zone": None}

    def _job(self, request: Request) -> Job:
        found = self._jobs.get(request.parameters["name"])
        if found is None:
            raise NotFound
        return found

    def _shown(self, job: Job, line: dict[str, Any] | None, language: str) -> dict[str, Any]:
        known = line or {}
        enabled = known.get("enabled", True)
        following = known.get("next_at") or next_of(job, None, None, self._engine.clock())
        return {
            "name": job.name,
            "label": job.label.text(language),
            "enabled": enabled,
            "cron": known.get("cron") or job.schedule,
            "time_zone": known.get("time_zone") or DEFAULT_TIME_ZONE,
            "changed": bool(known.get("cron") or known.get("time_zone")),
            "next_at": following if enabled else None,
            **{name: known.get(name) for name in ("last_at", "last_job_id", "updated_at", "updated_by")},
        }


def _check(body: dict[str, Any]) -> None:
    found = [
        problem(name[:60], "unknown", "未知字段", "Unknown field")
        for name in sorted(body.keys() - {"enabled", "cron", "time_zone"})
    ]
    if "enabled" in body and not isinstance(body["enabled"], bool):
        found.append(problem("enabled", "type", "应为 true 或 false", "true or false"))
    cron = body.get("cron")
    if cron is not None and not (isinstance(cron, str) and check_cron(cron)):
        zh, en = "应为五段的 cron 表达式，如 0 8 * * 1-5", "A cron expression of five fields, like 0 8 * * 1-5"
        found.append(problem("cron", "format", zh, en))
    zone = body.get("time_zone")
    if zone is not None and (not isinstance(zone, str) or zone not in available_timezones()):
        found.append(problem("time_zone", "format", "应为时区名，如 Asia/Shanghai", "A time zone like Asia/Shanghai"))
    if found or not body:
        nothing = [problem("", "required", "没有要修改的内容", "Nothing to change")]
        raise ValidationFailed(found or nothing)
