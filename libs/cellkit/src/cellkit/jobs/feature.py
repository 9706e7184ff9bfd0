"""Jobs and schedules as an ability of every cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellkit.features import Context, Feature, features
from cellkit.jobs.declare import Job
from cellkit.jobs.described import job_paths
from cellkit.jobs.metrics import JobMetrics
from cellkit.jobs.tables import STATEMENTS, metadata
from cellkit.settings import Settings, SettingsError

if TYPE_CHECKING:
    from cellkit.cell import Cell
    from cellkit.ops.access import RoleDocument

_VERBS = ("read", "cancel", "retry", "schedule")


def jobs_of(cell: Cell) -> dict[str, Job]:
    """Every job that a cell runs, its own and the kit's, by name; the same name twice is a programming error."""
    found: dict[str, Job] = {}
    for item in (*cell.jobs, *(item for feature in features() for item in feature.jobs)):
        if found.setdefault(item.name, item) is not item:
            message = f"two jobs are called {item.name}"
            raise ValueError(message)
    return found


def _permissions(cell: Cell) -> list[str]:
    return [f"{cell.name}.job.{verb}" for verb in _VERBS]


def _metadata(cell: Cell, role: RoleDocument, language: str) -> dict[str, Any]:
    known = jobs_of(cell)
    held = [verb for verb in _VERBS if role.allows(f"{cell.name}.job.{verb}")]
    if not held:
        return {}
    return {
        "path": f"/api/v1/{cell.name}/_jobs",
        "permissions": held,
        "names": {name: item.label.text(language) for name, item in known.items()},
    }


def _install(context: Context) -> None:
    from cellkit.jobs.routes import JobRoutes  # noqa: PLC0415 - not before a cell is made
    from cellkit.jobs.runner import Runner  # noqa: PLC0415
    from cellkit.jobs.schedule_routes import ScheduleRoutes  # noqa: PLC0415
    from cellkit.jobs.schedules import Scheduler  # noqa: PLC0415
    from cellkit.jobs.worker import CONCURRENCY, Worker  # noqa: PLC0415

    app, engine, settings = context.app, context.engine, context.app.settings
    known = jobs_of(context.cell)
    metrics = JobMetrics(app.metrics)
    worker = Worker(
        engine.database,
        Runner(engine, known, metrics),
        concurrency=max(2, int(_number(settings, "JOB_CONCURRENCY", CONCURRENCY))),
        heartbeat_seconds=_number(settings, "JOB_HEARTBEAT_SECONDS", 30),
    )
    scheduler = Scheduler(
        engine, known, worker, metrics, keep_hours=max(1.0, _number(settings, "JOB_KEEP_HOURS", 30 * 24))
    )
    engine.wake_jobs = worker.wake
    engine.cancel_job = worker.runner.cancel
    app.jobs = worker
    JobRoutes(engine, known, worker).add_to(app.router)
    ScheduleRoutes(engine, known, worker).add_to(app.router)
    app.extra_paths |= job_paths(engine.cell)
    app.lifespan(worker.lifespan)
    app.background("schedules", scheduler.run)


def _number(settings: Settings, name: str, usual: float) -> float:
    text = settings.environment.get(name, "")
    try:
        value = float(text) if text else usual
    except ValueError:
        value = 0
    if value <= 0:
        message = f"{name} must be a number above 0, not {text!r}"
        raise SettingsError(message)
    return value


FEATURE = Feature(
    name="jobs",
    tables=metadata,
    statements=STATEMENTS,
    permissions=_permissions,
    metadata=_metadata,
    install=_install,
)
