"""Jobs and schedules as resources below ``/api/v1/<cell>/_jobs``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cellkit.declare.fields import FieldError, parse_uuid
from cellkit.errors import BadRequest, Conflict, NotFound
from cellkit.http.messages import Reply, Request, json_reply
from cellkit.jobs.declare import Job
from cellkit.jobs.queue import put_entry
from cellkit.jobs.rules import OPEN_STATES, STATES
from cellkit.jobs.worker import Worker
from cellkit.labels import L, Label
from cellkit.messaging import pages
from cellkit.ops.access import RoleDocument
from cellkit.pipeline.engine import Engine
from cellkit.pipeline.execute import Answer, execute
from cellkit.pipeline.flush import Kept, body_hash
from cellkit.pipeline.work import Work

ENTITY = "kit.job"
STATE_LABELS = {
    "waiting": L("等待中", "Waiting"),
    "running": L("执行中", "Running"),
    "succeeded": L("已完成", "Succeeded"),
    "failed": L("失败", "Failed"),
    "cancelled": L("已取消", "Cancelled"),
}
_COLUMNS = (
    "id, name, state, schedule, result, error, attempts, failures, done, total, note, asked_by, created_at, run_at, "
    "started_at, finished_at, cancel_asked_at, cancel_asked_by"
)
_READ = f"SELECT {_COLUMNS} FROM kit_job WHERE tenant_id = $1 AND id = $2"
_CANCEL = f"""
UPDATE kit_job SET cancel_asked_at = $3::timestamptz, cancel_asked_by = $4,
    state = CASE state WHEN 'waiting' THEN 'cancelled' ELSE state END,
    finished_at = CASE state WHEN 'waiting' THEN $3::timestamptz END
WHERE tenant_id = $1 AND id = $2 RETURNING {_COLUMNS}
"""
_AGAIN = f"""
UPDATE kit_job SET state = 'waiting', failures = 0, losses = 0, error = NULL, result = NULL, done = NULL, total = NULL,
    note = NULL, run_at = $3, started_at = NULL, finished_at = NULL, cancel_asked_at = NULL, cancel_asked_by = NULL,
    queue_id = $4
WHERE tenant_id = $1 AND id = $2 RETURNING {_COLUMNS}
"""


class JobRoutes:
    """The routes of jobs. Whoever started a job sees and cancels it without a permission."""

    def __init__(self, engine: Engine, jobs: Mapping[str, Job], worker: Worker) -> None:
        self._engine = engine
        self._jobs = jobs
        self._worker = worker

    def add_to(self, router: Any) -> None:
        """Add the routes."""
        base = f"/api/v1/{self._engine.cell}/_jobs"
        router.add("GET", base, self.listing)
        router.add("GET", f"{base}/{{id}}", self.read)
        router.add("POST", f"{base}/{{id}}/cancel", self.cancel)
        router.add("POST", f"{base}/{{id}}/retry", self.retry)

    async def listing(self, request: Request) -> Reply:
        """Jobs, newest first; ``state``, ``name`` and ``mine=true`` narrow."""
        role = await self._engine.role_of(request.caller)
        query = request.query
        pages.check_query(query, ("state", "name", "mine", "limit", "cursor", "total"))
        mine = query.get("mine") in ("true", "1")
        if not mine:
            role.require(f"{self._engine.cell}.job.read")
        limit = pages.limit_of(query)
        after = pages.read_cursor(query, UUID)
        parameters: list[Any] = [UUID(request.caller.tenant_id)]
        where = "tenant_id = $1"
        if query.get("state"):
            if query["state"] not in STATES:
                raise BadRequest(reason=L(f"state 应为：{'、'.join(STATES)}", f"state: one of {', '.join(STATES)}"))
            where += f" AND state = {_place(parameters, query['state'])}"
        if query.get("name"):
            where += f" AND name = {_place(parameters, query['name'])}"
        if mine:
            where += f" AND asked_by = {_place(parameters, request.caller.user_id)}"
        counting, counted = f"SELECT count(*) FROM kit_job WHERE {where}", len(parameters)
        if after is not None:
            where += f" AND id < {_place(parameters, after[0])}"
        text = f"SELECT {_COLUMNS} FROM kit_job WHERE {where} ORDER BY id DESC LIMIT {limit + 1}"
        total = None
        async with self._engine.database.session(request.caller.tenant_id) as connection:
            records = await connection.fetch(text, *parameters)
            if pages.wants_total(query):
                total = await connection.fetchval(counting, *parameters[:counted])
        following = None
        if len(records) > limit:
            records = records[:limit]
            following = pages.make_cursor(records[-1]["id"])
        shown = [self._shown(record, request.caller.language) for record in records]
        return pages.page_reply(shown, following, total)

    async def read(self, request: Request) -> Reply:
        """One job."""
        role = await self._engine.role_of(request.caller)
        pages.check_query(request.query, ())
        async with self._engine.database.session(request.caller.tenant_id) as connection:
            record = await connection.fetchrow(_READ, UUID(request.caller.tenant_id), job_id(request))
        self._allow(role, "read", record)
        if record is None:
            raise NotFound
        return json_reply(self._shown(record, request.caller.language))

    async def cancel(self, request: Request) -> Reply:
        """Cancel a job: one that waits at once, one that runs as soon as it lets itself be ended."""
        return await self._change(request, "cancel", OPEN_STATES)

    async def retry(self, request: Request) -> Reply:
        """Run a job again that failed or was cancelled."""
        return await self._change(request, "retry", ("failed", "cancelled"))

    async def _change(self, request: Request, verb: str, states: tuple[str, ...]) -> Reply:
        role = await self._engine.role_of(request.caller)
        await no_body(request)
        identity = job_id(request)

        async def operation(work: Work) -> Answer:
            await work.begin()
            found = await work.row(f"{_READ} FOR UPDATE", identity)
            self._allow(role, verb, found)
            if found is None:
                raise NotFound
            if found["state"] not in states:
                state = STATE_LABELS[found["state"]]
                raise Conflict(reason=L(f"任务状态为“{state.zh}”", f"the job is in state “{state.en}”"))
            changed = await self._changed(work, verb, identity)
            work.record(f"{self._engine.cell}.job.{verb}", ENTITY, str(identity), {"name": found["name"]})
            return lambda _made: json_reply(self._shown(changed, request.caller.language))

        kept = Kept(request.method, request.path, body_hash(await request.body()))
        reply = await execute(self._engine, request.caller, role, operation, kept)
        assert reply is not None  # noqa: S101 - the operation always makes one
        if verb == "cancel":
            self._worker.runner.cancel(identity)
        else:
            self._worker.wake()
        return reply

    async def _changed(self, work: Work, verb: str, identity: UUID) -> Any:
        if verb == "cancel":
            return await work.row(_CANCEL, identity, work.now, work.caller.user_id)
        entry = await put_entry(work.connection, work.tenant_id, identity, 0, 0.0)
        return await work.row(_AGAIN, identity, work.now, entry)

    def _allow(self, role: RoleDocument, verb: str, record: Any) -> None:
        if record is None or record["asked_by"] != role.user_id:
            role.require(f"{self._engine.cell}.job.{verb}")

    def _shown(self, record: Any, language: str) -> dict[str, Any]:
        shown = dict(record)
        known = self._jobs.get(shown["name"])
        shown["label"] = known.label.text(language) if known is not None else shown["name"]
        shown["state_label"] = STATE_LABELS[shown["state"]].text(language)
        note = shown.pop("note")
        shown["progress"] = {
            "done": shown.pop("done"),
            "total": shown.pop("total"),
            "note": None if note is None else Label(note["zh"], note["en"]).text(language),
        }
        error = shown["error"]
        if error is not None:
            shown["error"] = {"code": error["code"], "message": Label(error["zh"], error["en"]).text(language)}
        return shown


def job_id(request: Request) -> UUID:
    """The id in the path; what is none names nothing."""
    try:
        return parse_uuid(request.parameters["id"])
    except FieldError:
        raise NotFound from None


async def no_body(request: Request) -> None:
    """These take no body, or an empty object."""
    body = await request.json_object()
    if body:
        name = min(body)[:60]
        raise BadRequest(reason=L(f"不接受的字段 {name}", f"field {name} is not taken"))


def _place(parameters: list[Any], value: Any) -> str:
    parameters.append(value)
    return f"${len(parameters)}"
