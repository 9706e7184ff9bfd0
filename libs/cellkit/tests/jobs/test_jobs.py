"""Jobs on a real queue: asked for in a transaction, run, tried again, cancelled, listed."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import jobs_cell
import pytest
import pytest_asyncio

from cellkit.db.kit_tables import SYSTEM_TENANT
from cellkit.jobs import rules, runner
from cellkit.testing.cells import Api, Clock


@pytest_asyncio.fixture(autouse=True)
async def fresh(api: Api) -> AsyncIterator[None]:
    jobs_cell.seen.clear()
    jobs_cell.gates.clear()
    yield
    for gate in jobs_cell.gates.values():
        gate.set()


async def ask(api: Api, name: str, text: str = "a", *, key: str | None = None, **extension: Any) -> str:
    note = await api.must("POST", "/notes", {"text": text, "extension": extension or None})
    answer = await api.must("POST", f"/notes/{note['id']}/plan", {"job": name, "key": key})
    return str(answer["result"]["job"])


async def until(api: Api, job: str, *states: str, seconds: float = 10) -> dict[str, Any]:
    async with asyncio.timeout(seconds):
        while True:
            found = await api.must("GET", f"/_jobs/{job}")
            if found["state"] in states:
                return found
            await asyncio.sleep(0.02)


async def test_runs_after_the_commit_and_as_who_asked(api: Api) -> None:
    job = await ask(api, "write-note", "hello")
    done = await until(api, job, "succeeded")
    assert done["result"]["by"] == api.user_id == done["asked_by"]
    assert done["progress"] == {"done": 2, "total": 2, "note": None}
    assert (done["label"], done["attempts"], done["failures"]) == ("写便条", 1, 0)
    written = await api.must("GET", f"/notes/{done['result']['id']}")
    assert written["created_by"] == api.user_id
    [entry] = (await api.must("GET", f"/_audit?entity_id={done['result']['id']}"))["items"]
    assert entry["request_id"] == f"job-{job}"


async def test_what_is_undone_asks_for_nothing(api: Api) -> None:
    note = await api.must("POST", "/notes", {"text": "undo"})
    answer = await api.post(f"/notes/{note['id']}/plan", {"job": "write-note", "key": None})
    assert answer.status == 422
    assert (await api.must("GET", "/_jobs"))["items"] == []


async def test_an_error_is_tried_again_and_told_without_secrets(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "PAUSES_SECONDS", (0.05,))
    logged: list[dict[str, Any]] = []
    monkeypatch.setattr(runner, "log", SimpleNamespace(error=lambda _event, **facts: logged.append(facts)))
    job = await ask(api, "stumble", "x")
    done = await until(api, job, "succeeded")
    assert (done["attempts"], done["failures"], done["result"]) == (2, 1, {"attempt": 2})
    job = await ask(api, "stumble", "y", times=9)
    failed = await until(api, job, "failed")
    assert (failed["attempts"], failed["failures"]) == (2, 2)
    assert failed["error"]["code"] == "INTERNAL"
    assert "hunter2" not in str(failed)
    assert jobs_cell.seen == ["x 1", "x 2", "y 1", "y 2"]
    assert [facts["attempt"] for facts in logged] == [1, 1, 2]
    again = await api.must("POST", f"/_jobs/{job}/retry")
    assert (again["state"], again["failures"], again["error"]) == ("waiting", 0, None)
    assert (await until(api, job, "failed"))["attempts"] == 4


async def test_a_refusal_of_the_business_is_final(api: Api) -> None:
    failed = await until(api, await ask(api, "refuse"), "failed")
    assert failed["error"] == {"code": "NO_MORE", "message": "不能再多了"}
    assert failed["attempts"] == 1


async def test_too_long(api: Api) -> None:
    failed = await until(api, await ask(api, "deaf"), "failed")
    assert failed["error"]["code"] == "JOB_TIMEOUT"


async def test_cancelled_while_it_runs(api: Api) -> None:
    job = await ask(api, "endless")
    await until(api, job, "running")
    answer = await api.must("POST", f"/_jobs/{job}/cancel")
    assert answer["cancel_asked_by"] == api.user_id
    await until(api, job, "cancelled")
    assert (await api.post(f"/_jobs/{job}/cancel")).status == 409


async def test_cancelled_while_it_waits(api: Api) -> None:
    jobs_cell.gates.update(a=asyncio.Event(), b=asyncio.Event(), c=asyncio.Event())
    running = [await ask(api, "gated", text) for text in "ab"]
    for job in running:
        await until(api, job, "running")
    waiting = await ask(api, "gated", "c")
    assert (await api.must("POST", f"/_jobs/{waiting}/cancel"))["state"] == "cancelled"
    for gate in jobs_cell.gates.values():
        gate.set()
    for job in running:
        await until(api, job, "succeeded")
    await asyncio.sleep(0.3)
    assert "in c" not in jobs_cell.seen


async def test_no_more_at_once_than_there_are_places(api: Api) -> None:
    jobs_cell.gates.update({text: asyncio.Event() for text in "abc"})
    jobs = [await ask(api, "gated", text) for text in "abc"]
    await until(api, jobs[0], "running")
    await until(api, jobs[1], "running")
    await asyncio.sleep(0.3)
    assert (await api.must("GET", f"/_jobs/{jobs[2]}"))["state"] == "waiting"
    jobs_cell.gates["a"].set()
    await until(api, jobs[2], "running")


async def test_once_per_tenant_at_a_time(api: Api) -> None:
    jobs_cell.gates.update({text: asyncio.Event() for text in "abz"})
    first, second = await ask(api, "alone", "a"), await ask(api, "alone", "b")
    other = await ask(api.tenant_b, "alone", "z")
    await until(api, first, "running")
    await until(api.tenant_b, other, "running")
    assert (await api.must("GET", f"/_jobs/{second}"))["state"] == "waiting"
    jobs_cell.gates["a"].set()
    jobs_cell.gates["z"].set()
    await until(api, second, "running")
    jobs_cell.gates["b"].set()
    await until(api, second, "succeeded")
    assert [word for word in jobs_cell.seen if "z" not in word] == ["in a", "out a", "in b", "out b"]


async def test_at_most_one_waits_with_a_key(api: Api) -> None:
    jobs_cell.gates.update({text: asyncio.Event() for text in "abcd"})
    blocking = [await ask(api, "gated", text) for text in "ab"]
    for job in blocking:
        await until(api, job, "running")
    first = await ask(api, "gated", "c", key="k")
    assert await ask(api, "gated", "d", key="k") == first
    assert await ask(api, "gated", "d", key="other") != first
    assert await ask(api.tenant_b, "gated", "d", key="k") != first


async def test_tenants_take_turns(api: Api) -> None:
    jobs_cell.gates.update({text: asyncio.Event() for text in ("x", "y")})
    for text in ("x", "y"):
        await until(api, await ask(api, "gated", text), "running")
    mine = [await ask(api, "write-note", f"mine {number}") for number in range(4)]
    theirs = await ask(api.tenant_b, "write-note", "theirs")
    for gate in jobs_cell.gates.values():
        gate.set()
    await until(api.tenant_b, theirs, "succeeded")
    for job in mine:
        await until(api, job, "succeeded")
    order = [word for word in jobs_cell.seen if word.startswith(("mine", "theirs"))]
    assert order.index("theirs") <= 2


async def test_a_step_happens_once(api: Api) -> None:
    done = await until(api, await ask(api, "twice"), "succeeded")
    assert done["result"]["first"] == done["result"]["second"]
    assert len((await api.must("GET", '/notes?filter={"text":"once"}'))["items"]) == 1


async def test_given_back_when_the_process_stops(api: Api, cell: Any, cell_settings: Any) -> None:
    other = cell.create_app(cell_settings, role_source=api.source)
    other.jobs.runner.stop_grace_seconds = 0.1
    jobs_cell.gates["a"] = asyncio.Event()
    here = api.app.jobs
    # Only the other process runs jobs until it stops.
    here.runner.jobs, known = {}, here.runner.jobs
    await other.start()
    job = await ask(Api(other, "desk", api.source, api.tenant_id, api.user_id), "gated", "a")
    await until(api, job, "running")
    await other.stop()
    found = await api.must("GET", f"/_jobs/{job}")
    assert (found["state"], found["attempts"], found["failures"]) == ("waiting", 1, 0)
    here.runner.jobs = known
    async with api.app.engine.database.session(SYSTEM_TENANT) as connection:
        await connection.execute("UPDATE kit_pgqueuer SET execute_after = now() WHERE status = 'queued'")
    here.wake()
    await until(api, job, "running")
    jobs_cell.gates["a"].set()
    done = await until(api, job, "succeeded")
    assert done["attempts"] == 2


async def test_a_job_without_its_queue_entry_is_found(api: Api, cell_app: Any) -> None:
    jobs_cell.gates["a"] = asyncio.Event()
    jobs_cell.gates["a"].set()
    later = datetime.now(UTC) + timedelta(hours=1)
    async with cell_app.engine.database.transaction(api.tenant_id) as connection:
        from cellkit.jobs.queue import Asked, put

        asked = Asked(api.user_id, "zh-CN", "Asia/Shanghai", "", "r", "00-0-0-01")
        job = await put(connection, uuid.UUID(api.tenant_id), jobs_cell.gated, {"text": "a"}, asked, later)
    async with cell_app.engine.database.session(SYSTEM_TENANT) as connection:
        await connection.execute("DELETE FROM kit_pgqueuer")
        await connection.execute("UPDATE kit_job SET created_at = now() - interval '1 hour', run_at = now()")
    scheduler = scheduler_of(cell_app)
    assert await scheduler.recover() >= 1
    await until(api, str(job), "succeeded")


async def test_who_sees_what(api: Api) -> None:
    job = await until(api, await ask(api, "write-note"), "succeeded")
    path = f"/_jobs/{job['id']}"
    reader = api.as_user(["desk.job.read"])
    nobody = api.as_user(["desk.note.read"])
    assert [item["id"] for item in (await reader.must("GET", "/_jobs?name=write-note"))["items"]] == [job["id"]]
    assert (await nobody.get(path)).status == 403
    assert (await nobody.get("/_jobs")).status == 403
    assert (await nobody.must("GET", "/_jobs?mine=true"))["items"] == []
    assert (await reader.post(f"{path}/retry")).status == 403
    assert (await api.tenant_b.get(path)).status == 404
    plain = api.as_user(["desk.note.*"])
    own = await until(plain, await ask(plain, "write-note"), "succeeded")
    assert [item["id"] for item in (await plain.must("GET", "/_jobs?mine=true"))["items"]] == [own["id"]]
    for query in ("state=gone", "unknown=1", "limit=0", "cursor=x"):
        assert (await reader.get(f"/_jobs?{query}")).status == 400
    page = await reader.must("GET", "/_jobs?limit=1&total=true&state=succeeded")
    assert (page["total"], len(page["items"])) == (2, 1)
    following = await reader.must("GET", f"/_jobs?limit=1&state=succeeded&cursor={page['next']}")
    assert following["items"][0]["id"] == job["id"]
    english = await reader.call("GET", path, headers={"accept-language": "en-US"})
    assert english.json["state_label"] == "Succeeded"
    metadata = await api.must("GET", "/api/v1/desk/_meta")
    assert metadata["jobs"]["names"]["write-note"] == "写便条"


def scheduler_of(app: Any) -> Any:
    from cellkit.jobs.metrics import JobMetrics
    from cellkit.jobs.schedules import Scheduler
    from cellkit.ops.metrics import Metrics

    worker = app.jobs
    return Scheduler(app.engine, worker.runner.jobs, worker, JobMetrics(Metrics()))


async def nightly_line(api: Api) -> dict[str, Any]:
    lines = (await api.must("GET", "/_jobs/schedules"))["items"]
    return next(line for line in lines if line["name"] == "nightly")


async def test_schedules(api: Api, cell_app: Any, clock: Clock) -> None:
    await ask(api, "write-note")
    await cell_app.messaging.sealer.seal()
    scheduler = scheduler_of(cell_app)
    await scheduler.adopt()
    line = await nightly_line(api)
    assert (line["name"], line["enabled"], line["time_zone"]) == ("nightly", True, "Asia/Shanghai")
    # Missed three nights: it runs once.
    clock.advance(days=3)
    while await scheduler.start_due():
        continue
    line = await nightly_line(api)
    done = await until(api, line["last_job_id"], "succeeded")
    assert done["asked_by"] == "cell:desk"
    assert done["schedule"] is True
    assert jobs_cell.seen.count(f"nightly {api.tenant_id} cell:desk") == 1
    off = await api.must("PATCH", "/_jobs/schedules/nightly", {"enabled": False})
    assert off["next_at"] is None
    clock.advance(days=1)
    while await scheduler.start_due():
        continue
    assert jobs_cell.seen.count(f"nightly {api.tenant_id} cell:desk") == 1
    started = await api.call("POST", "/_jobs/schedules/nightly/run")
    assert started.status == 202
    await until(api, started.json["job_id"], "succeeded")
    changed = await api.must(
        "PATCH", "/_jobs/schedules/nightly", {"enabled": True, "cron": "30 6 * * 1", "time_zone": "Europe/Paris"}
    )
    assert (changed["cron"], changed["changed"]) == ("30 6 * * 1", True)
    for wrong in ({}, {"cron": "@daily"}, {"time_zone": "Mars"}, {"enabled": 1}, {"x": 1}):
        assert (await api.patch("/_jobs/schedules/nightly", wrong)).status == 422, wrong
    assert (await api.patch("/_jobs/schedules/none", {"enabled": True})).status == 404
    assert (await api.as_user(["desk.job.read"]).patch("/_jobs/schedules/nightly", {"enabled": True})).status == 403
    actions = [entry["action"] for entry in (await api.must("GET", "/_audit?entity=kit.job_schedule"))["items"]]
    assert actions == ["desk.job.schedule", "desk.job.run", "desk.job.schedule"]


async def test_old_jobs_are_forgotten(api: Api, cell_app: Any) -> None:
    job = await until(api, await ask(api, "write-note"), "succeeded")
    scheduler = scheduler_of(cell_app)
    await scheduler.purge()
    assert (await api.get(f"/_jobs/{job['id']}")).status == 200
    scheduler.keep_hours = 0
    assert await scheduler.purge() >= 1
    assert (await api.get(f"/_jobs/{job['id']}")).status == 404


async def test_the_librarys_own_log_keeps_nothing(api: Api, cell_app: Any) -> None:
    await until(api, await ask(api, "refuse"), "failed")
    async with cell_app.engine.database.session(SYSTEM_TENANT) as connection:
        assert await connection.fetchval("SELECT count(*) FROM kit_pgqueuer_log") == 0


async def test_metrics(api: Api) -> None:
    await until(api, await ask(api, "write-note"), "succeeded")
    text = (await api.call("GET", "/metrics")).body.decode()
    assert 'jobs_ended_total{job="write-note",outcome="succeeded"} 1.0' in text
    assert "jobs_waiting" in text
