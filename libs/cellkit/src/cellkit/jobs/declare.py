"""What a job's author writes."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cellkit.jobs.rules import check_cron
from cellkit.labels import Label

if TYPE_CHECKING:
    from cellkit.jobs.context import JobContext

JobFunction = Callable[["JobContext", dict[str, Any]], Awaitable[dict[str, Any] | None]]
_NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of job. Made by :func:`job`; given as ``Cell(jobs=[…])`` or ``Feature.jobs``."""

    name: str
    label: Label
    function: JobFunction
    attempts: int
    timeout_seconds: float
    once_per_tenant: bool
    schedule: str | None


def job(
    name: str,
    *,
    label: Label,
    attempts: int = 3,
    timeout_seconds: float = 3600,
    once_per_tenant: bool = False,
    schedule: str | None = None,
) -> Callable[[JobFunction], Job]:
    """Declare a job: ``async def run(context: JobContext, payload: dict) -> dict | None``.

    ``payload`` and what it returns (its result, shown to who may see the job) are JSON. A job runs at least once: when
    its process is killed it runs again, so its effects must be the same when repeated (``context.step`` helps). An
    error that is not the business's refusal is tried again with growing pauses, ``attempts`` times in all; each try
    may take ``timeout_seconds``. ``once_per_tenant``: no two of a tenant at a time. ``schedule``: a cron expression of
    five fields in the tenant's time zone; it then runs for every tenant that has data in the cell, never two at a
    time, and runs missed while the cell was down are made up for once.
    """
    if not _NAME.fullmatch(name):
        message = f"a job is named like import-commit, not {name!r}"
        raise ValueError(message)
    if attempts < 1 or timeout_seconds <= 0:
        message = f"job {name}: attempts and timeout_seconds must be positive"
        raise ValueError(message)
    if schedule is not None and not check_cron(schedule):
        message = f"job {name}: no cron expression of five fields: {schedule!r}"
        raise ValueError(message)

    def decorate(function: JobFunction) -> Job:
        return Job(
            name=name,
            label=label,
            function=function,
            attempts=attempts,
            timeout_seconds=timeout_seconds,
            once_per_tenant=once_per_tenant or schedule is not None,
            schedule=schedule,
        )

    return decorate
